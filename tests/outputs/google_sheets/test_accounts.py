"""Who calls Google: what the operator's files may be, and that nothing of them leaks."""

import asyncio
import json
import logging
import threading
from dataclasses import replace

import pytest

from bot.core.errors import StockTrackerError
from bot.outputs.google_sheets import GoogleConfig, GoogleSetupError, open_google_sheets
from bot.sandbox.google import Fault
from tests.outputs.google_sheets.conftest import ROBOT, SELLER, Desk
from tests.outputs.google_sheets.test_publishing import READ, WRITE


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read"),
        ("no json", "not a JSON file"),
        ("[]", "not a JSON object"),
        ("{}", "not the key of a Google service account"),
        ('{"client_email": "a@b", "token_uri": "x", "private_key": "nonsense"}', "not the key"),
    ],
)
def test_an_unusable_credentials_file_is_one_clear_sentence(tmp_path, clock, content, words):
    path = tmp_path / "credentials.json"
    if content is not None:
        path.write_text(content)

    with pytest.raises(GoogleSetupError) as wrong:
        open_google_sheets(GoogleConfig((path,)), clock, marker_secret=b"x")

    sentence = str(wrong.value)
    assert sentence.startswith("GOOGLE_CREDENTIALS_FILE")
    assert words in sentence
    assert "nonsense" not in sentence


def test_no_account_at_all(clock):
    with pytest.raises(GoogleSetupError):
        open_google_sheets(GoogleConfig(), clock, marker_secret=b"x")


def test_a_token_file_without_a_refresh_token(tmp_path, clock):
    path = tmp_path / "token.json"
    path.write_text("{}")

    with pytest.raises(GoogleSetupError, match="GOOGLE_TOKEN_FILE"):
        open_google_sheets(GoogleConfig(token_file=path), clock, marker_secret=b"x")


async def test_an_owner_creates_and_the_service_account_writes(google, config, clock, tmp_path):
    token = await asyncio.to_thread(google.owner_file, tmp_path / "token.json")
    google.drive.add_shared_drive("unused", {})
    folder = google.drive.add_shared_drive(
        "Tables", {google.owner_email: "fileOrganizer", ROBOT: "writer"}
    )
    sheets = open_google_sheets(
        replace(config, token_file=token, folder_id=folder), clock, marker_secret=b"x"
    )
    desk = Desk(google, sheets)
    await desk.publish()

    calls = [call for call in google.calls if call.api != "oauth2"]
    assert calls[0].method == "drive.files.get"  # once: what kind of place the folder is in
    principals = [call.principal for call in calls[1:]]
    assert principals == [google.owner_email, ROBOT, ROBOT, google.owner_email]
    sheets.close()


async def test_an_owner_alone_does_everything_in_his_own_drive(google, config, clock, tmp_path):
    token = await asyncio.to_thread(google.owner_file, tmp_path / "token.json")
    alone = replace(config, credentials_files=(), token_file=token, folder_id=None)
    sheets = open_google_sheets(alone, clock, marker_secret=b"x")
    desk = Desk(google, sheets)
    await desk.publish()

    assert await desk.publish() == [READ, WRITE]
    assert desk.seller.shared_with()[SELLER] == "writer"
    sheets.close()


async def test_bodies_are_plain_where_the_operator_wants_it(google, config, clock):
    sheets = open_google_sheets(replace(config, gzip=False), clock, marker_secret=b"x")
    await Desk(google, sheets).publish()

    assert all(call.wire_bytes == call.body_bytes for call in google.calls.of("sheets"))
    sheets.close()


async def test_threads_are_bounded_and_end(google, config, clock):
    before = threading.active_count()
    sheets = open_google_sheets(config, clock, marker_secret=b"x")
    desk = Desk(google, sheets)
    for _ in range(3):
        await desk.publish()

    assert threading.active_count() - before <= config.threads
    sheets.close()


async def test_an_expired_token_is_renewed_without_a_word(desk, google):
    await desk.publish()
    google.accounts.expire_tokens()

    await desk.publish()

    assert desk.rows()[2:]


@pytest.mark.parametrize("fault", list(Fault))
async def test_nothing_secret_in_errors_logs_or_notes(desk, google, caplog, fault):
    caplog.set_level(logging.DEBUG)
    for method in ("drive.*", "sheets.*", "oauth2.*"):
        google.faults.plant(fault, method, seconds=0.01)
    told = []
    for _ in range(4):
        try:
            await desk.publish()
        except StockTrackerError as error:
            told.append(repr(error))
    stored = json.dumps([dict(state.notes) for state in desk.kept]) + repr(desk.destination)

    for secret in (SELLER, ROBOT, "ya29.", "PRIVATE KEY", "assertion"):
        assert secret not in "".join(told)
        assert secret not in stored
        assert secret not in caplog.text

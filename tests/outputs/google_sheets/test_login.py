"""`google-login` against the twin: consent, a token that only its owner reads, a folder."""

import asyncio
import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from bot.outputs.google_sheets import GoogleConfig, GoogleSetupError, open_google_sheets
from bot.outputs.google_sheets.login import (
    SCOPE,
    LoginRefusedError,
    ask_consent,
    read_client,
    write_token_file,
)
from tests.outputs.google_sheets.conftest import ROBOT, SELLER, Desk
from tests.outputs.google_sheets.test_publishing import READ, WRITE

ROOT = Path(__file__).parents[3]


@pytest.fixture
async def client(google, tmp_path):
    path = await asyncio.to_thread(google.oauth_client_file, tmp_path / "oauth_client.json")
    return read_client(path)


async def browse(address, **changes):
    """Do what a browser does: the consent page, then wherever it sends us."""
    async with httpx.AsyncClient(trust_env=False) as browser:
        redirect = httpx.URL((await browser.get(address)).headers["location"])
        return await browser.get(redirect.copy_merge_params(changes))


async def test_consent_brings_a_refresh_token_for_own_files_only(client):
    shown = asyncio.Queue()
    asking = asyncio.ensure_future(ask_consent(client, shown.put_nowait))
    address = await shown.get()
    query = httpx.URL(address).params
    assert query["scope"] == SCOPE
    assert SCOPE.endswith("drive.file")
    assert (query["access_type"], query["code_challenge_method"]) == ("offline", "S256")
    assert httpx.URL(query["redirect_uri"]).host == "127.0.0.1"

    page = await browse(address)

    assert page.status_code == 200
    token = await asking
    assert token["refresh_token"].startswith("1//")
    assert token["token_uri"] == client.token_uri


async def test_a_redirect_of_another_login_is_sent_away(client):
    shown = asyncio.Queue()
    asking = asyncio.ensure_future(ask_consent(client, shown.put_nowait))
    address = await shown.get()

    assert (await browse(address, state="forged")).status_code == 400
    assert not asking.done()
    await browse(address)
    assert (await asking)["refresh_token"]


@pytest.mark.parametrize("changes", [{"code": "made-up"}, {"code": ""}])
async def test_a_code_that_google_does_not_know(client, changes):
    shown = asyncio.Queue()
    asking = asyncio.ensure_future(ask_consent(client, shown.put_nowait))
    await browse(await shown.get(), **changes)

    with pytest.raises(LoginRefusedError):
        await asking


async def test_a_no_is_a_sentence(client):
    shown = asyncio.Queue()
    asking = asyncio.ensure_future(ask_consent(client, shown.put_nowait))
    params = httpx.URL(await shown.get()).params
    async with httpx.AsyncClient(trust_env=False) as browser:
        answer = {"state": params["state"], "error": "access_denied"}
        await browser.get(params["redirect_uri"], params=answer)

    with pytest.raises(LoginRefusedError, match="access_denied"):
        await asking


async def test_nobody_comes(client):
    with pytest.raises(LoginRefusedError, match="in time"):
        await ask_consent(client, lambda _address: None, patience_seconds=0.01)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"installed": {"client_id": "x"}}'])
def test_a_file_that_is_no_client_is_one_sentence(tmp_path, content):
    path = tmp_path / "oauth_client.json"
    path.write_text(content)

    with pytest.raises(GoogleSetupError, match="GOOGLE_OAUTH_CLIENT_FILE"):
        read_client(path)


def test_the_token_is_read_by_its_owner_alone(tmp_path):
    path = tmp_path / "deep" / "token.json"
    write_token_file(path, {"a": 1})
    path.chmod(0o644)
    write_token_file(path, {"a": 2})

    assert path.stat().st_mode & 0o777 == 0o600
    assert json.loads(path.read_text()) == {"a": 2}
    assert len(list(path.parent.iterdir())) == 1


async def test_the_command_from_consent_to_a_table(google, clock, tmp_path):
    """The whole of way b: log in, put the folder into the settings, make and refresh a table."""
    sa = await asyncio.to_thread(google.service_account_file, tmp_path / "sa.json", ROBOT)
    client_file = await asyncio.to_thread(google.oauth_client_file, tmp_path / "client.json")
    names = {
        "GOOGLE_OAUTH_CLIENT_FILE": str(client_file),
        "GOOGLE_TOKEN_FILE": str(tmp_path / "token.json"),
        "GOOGLE_CREDENTIALS_FILE": str(sa),
        "GOOGLE_DRIVE_URL": google.url,
        "GOOGLE_SHEETS_URL": google.url,
        "PYTHONPATH": str(ROOT),
        "PATH": os.defpath,
    }

    printed = await _logged_in(names, tmp_path)

    assert (tmp_path / "token.json").stat().st_mode & 0o777 == 0o600
    folder = printed[-1].removeprefix("GOOGLE_DRIVE_FOLDER_ID=")
    assert google.drive.files[folder].name == "Stock Tracker"
    assert google.drive.rank(google.drive.files[folder], ROBOT) >= 3
    assert google.drive.mails == []

    config = GoogleConfig((sa,), tmp_path / "token.json", folder, google.url, google.url)
    sheets = open_google_sheets(replace(config, threads=4), clock, marker_secret=b"x")
    desk = Desk(google, sheets)
    assert await desk.publish() == ["create", "batchUpdate", WRITE, "create"]
    desk.book.tomorrow()
    assert await desk.publish() == [READ, WRITE]
    assert google.calls[-1].principal == ROBOT
    file = google.drive.files[desk.file_id]
    assert (file.owner, file.writers_can_share) == (google.owner_email, False)
    assert desk.seller.shared_with()[SELLER] == "writer"
    sheets.close()

    again = await _logged_in(names | {"GOOGLE_DRIVE_FOLDER_ID": folder}, tmp_path)
    assert again[-1] == f"GOOGLE_DRIVE_FOLDER_ID={folder}"


async def _logged_in(environment, folder):
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "google-login",
        "--no-browser",
        env=environment,
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    lines = []
    while line := (await process.stdout.readline()).decode().strip():
        lines.append(line)
        if line.startswith("http"):
            await browse(line)
    assert await process.wait() == 0, (await process.stderr.read()).decode()
    return lines

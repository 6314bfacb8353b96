"""Canary secrets through every path, also the ones that fail; then a look into every output."""

import asyncio
import base64
import io
import json
import logging
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import quote

import httpx
import pytest
import structlog
from sqlalchemy import text

from bot.core.errors import StockTrackerError
from bot.observability.logs import configure_logs
from bot.sandbox.telegram.faults import Fault, FaultKind
from bot.sandbox.telegram.keyboards import buttons
from bot.sandbox.wildberries import make_key
from bot.sandbox.wildberries.harms import replace, server_error
from bot.storage.tables import metadata
from bot.wiring.backups import backup
from tests.e2e.stage import (
    PATIENCE_SECONDS,
    REFRESH,
    ROBOT,
    SELLER_EMAIL,
    SELLER_NAME,
    SELLER_PHONE,
    connect,
    open_stage,
    register,
    small_shop,
)
from tests.security.parrot import parrot

SELLER, STRANGER, ADMIN = 700500, 700501, 700502
CLIENT_SECRET = "canary-client-secret-0123456789"
PHONE_DIGITS = SELLER_PHONE.removeprefix("+")
PERSONAL = (SELLER_EMAIL, SELLER_PHONE, PHONE_DIGITS, SELLER_NAME)


@dataclass
class Outputs:
    """What came out of a run: the log as it is written, errors as they are raised."""

    log: io.StringIO = field(default_factory=io.StringIO)
    errors: list[str] = field(default_factory=list)


class _Errors(logging.Handler):
    """Collects the texts of our own errors before anything scrubs them."""

    def __init__(self, outputs):
        super().__init__()
        self._outputs = outputs

    def emit(self, record):
        error = record.exc_info[1] if record.exc_info else None
        while error is not None:
            if isinstance(error, StockTrackerError):
                self._outputs.errors.append(f"{error} {error.detail} {error!r}")
            error = error.__cause__ or error.__context__


@pytest.fixture
def outputs():
    """The log at DEBUG, in the form in which an operator keeps it; set back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logging.root.manager.loggerDict}
    collected = Outputs()
    configure_logs("DEBUG", "json", collected.log)
    root.addHandler(_Errors(collected))
    yield collected
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in logging.root.manager.loggerDict:
        logging.getLogger(name).setLevel(levels.get(name, logging.NOTSET))
    structlog.reset_defaults()
    logging.captureWarnings(capture=False)


@asynccontextmanager
async def open_scene(folder, url):
    """Start the twins, with every secret that the settings know."""
    async with open_stage(folder, url, with_google=True, shops=[small_shop()]) as stage:
        stage.extra |= {"wb_client_secret": CLIENT_SECRET, "admin_ids": frozenset({ADMIN})}
        yield stage


@pytest.fixture
async def scene(tmp_path, database_url):
    async with open_scene(tmp_path, database_url) as stage:
        yield stage


@pytest.fixture
async def small_scene(tmp_path):
    """The same where the database makes no difference."""
    async with open_scene(tmp_path, f"sqlite:///{tmp_path / 'bot.db'}") as stage:
        yield stage


def key_of(stage):
    (sid,) = stage.wb.world.shops
    return make_key(sid=sid)


def secrets_of(stage, key):
    """Return every secret that no output at all may hold."""
    account = json.loads((stage.folder / "credentials.json").read_text())
    private = "".join(account["private_key"].split("-----")[2].split())
    return (
        *key.split(".")[1:],
        stage.tg.token,
        stage.encryption_key,
        CLIENT_SECRET,
        private[40:100],
    )


def shapes_of(plant):
    """Return the forms in which a text may hide."""
    raw = plant.encode()
    return {
        plant,
        json.dumps(plant)[1:-1],
        quote(plant, safe=""),
        base64.b64encode(raw).decode().rstrip("="),
        base64.urlsafe_b64encode(raw).decode().rstrip("="),
    }


def assert_free_of(where, said, plants):
    assert said, f"{where}: there is nothing to look at"
    for plant in plants:
        for shape in shapes_of(plant):
            at = said.find(shape)
            assert at < 0, f"{where}: …{said[max(0, at - 160) : at + 40]}…"


def assert_log_is_clean(outputs, stage, key):
    secrets = (*secrets_of(stage, key), SELLER_EMAIL, SELLER_PHONE, PHONE_DIGITS, ROBOT)
    assert_free_of("log", outputs.log.getvalue(), secrets)
    assert_free_of("errors", "\n".join(outputs.errors) or "-", secrets)


def assert_chats_are_clean(stage, key):
    """The key nowhere; e-mail and phone in the seller's own profile screen alone."""
    for chat in stage.tg.world.chats.values():
        for message in (one for one in chat.messages.values() if one.from_bot):
            assert_free_of("chat", message.source or "-", secrets_of(stage, key))
            if "Профиль" not in (message.source or ""):
                plants = (SELLER_EMAIL, SELLER_PHONE, PHONE_DIGITS)
                assert_free_of("chat", message.source or "-", plants)
            for button in buttons(message.markup):
                data = button.get("callback_data", "-")
                assert_free_of("button", data, (*secrets_of(stage, key), *PERSONAL))


async def assert_rows_are_clean(bot, stage, key):
    """Every column of every table."""
    async with bot.backstage.database.read() as connection:
        rows = [
            row
            for table in metadata.tables
            for row in await connection.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608 - our own table names
        ]
    said = "\n".join(_readable(value) for row in rows for value in row)
    assert "gAAAA" in said
    assert_free_of("database", said, (*secrets_of(stage, key), *PERSONAL))


def assert_sheets_are_clean(stage, key):
    for sheet in stage.google.tables():
        cells = [
            str(cell)
            for tab in ("Остатки", "История", "О таблице")
            for row in sheet.grid(tab)
            for cell in row
        ]
        plants = (*secrets_of(stage, key), SELLER_EMAIL, SELLER_PHONE, PHONE_DIGITS)
        assert_free_of("sheet", "\n".join(cells), plants)


async def assert_pages_are_clean(bot, stage, key):
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{bot.health.port}") as http:
        for page in ("/healthz", "/readyz", "/metrics"):
            said = (await http.get(page)).text
            assert_free_of(page, said, (*secrets_of(stage, key), *PERSONAL))


def _readable(value):
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "replace")
    return str(value)


@asynccontextmanager
async def without_table(bot, name):
    """Take a table away: the database breaks under whoever needs it."""
    for old, new in ((name, f"{name}_gone"), (f"{name}_gone", name)):
        async with bot.backstage.database.write() as connection:
            await connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))
        if old == name:
            yield


async def every_trouble(bot, stage, user, key):
    """One path after the other that may repeat what it was told."""
    heard = f"{key} {SELLER_EMAIL} {SELLER_PHONE}"
    page = replace(500, f"<html>{heard}</html>", "text/html")
    refusal = replace(400, {"title": heard, "detail": heard})
    for fault in (page, server_error(), refusal, replace(200, heard)):
        stage.wb.faults.plant(fault, "/api", count=None)
        user.press(REFRESH)
        await user.wait_for("Обновляю", timeout_seconds=PATIENCE_SECONDS)
        await asyncio.sleep(0.3)
        stage.wb.faults.clear()
    for kind in (FaultKind.BAD_GATEWAY, FaultKind.RESET, FaultKind.CUT_BODY, FaultKind.LOST):
        stage.tg.faults.add(Fault(kind, methods=("sendMessage", "editMessageText"), times=2))
        user.send(f"/menu {heard}")
        user.send(heard)
        await asyncio.sleep(0.2)
        stage.tg.faults.clear()
    user.send_poison(heard)
    user.send_document("key.txt", heard.encode(), caption=heard)
    user.edit(user.send("слово"), heard)
    async with without_table(bot, "drafts"):
        user.send(SELLER_EMAIL)
        user.send(key)
        user.press(REFRESH)
        await asyncio.sleep(0.5)
    stranger = stage.tg.user(STRANGER)
    stranger.start()
    stranger.send(heard)
    bot.backstage.tasks.start("canary", crash(heard, stage))
    await asyncio.sleep(0.3)


async def crash(heard, stage):
    """What a library of tomorrow may do."""
    in_a_frame = f"{heard} {stage.encryption_key}"
    cause = OSError(f"https://api.telegram.org/bot{stage.tg.token}/getMe {in_a_frame}")
    raise RuntimeError(f"Authorization: {heard}") from cause


async def test_no_output_of_a_bad_day_holds_a_secret(scene, outputs, tmp_path):
    key = key_of(scene)
    configure_logs(
        "DEBUG", "json", outputs.log, secrets=[scene.encryption_key, CLIENT_SECRET, scene.tg.token]
    )
    logging.getLogger().addHandler(_Errors(outputs))
    user = scene.tg.user(SELLER)
    async with scene.bot() as bot:
        bot.backstage.observe.add(lambda event: outputs.errors.append(repr(event)))
        await register(user)
        await connect(user, key)
        await every_trouble(bot, scene, user, key)
        user.send("👤 Профиль")
        await user.wait_for(SELLER_EMAIL, timeout_seconds=PATIENCE_SECONDS)
        user.press(REFRESH)
        await user.wait_for("готова", timeout_seconds=PATIENCE_SECONDS)
        await assert_rows_are_clean(bot, scene, key)
        await assert_pages_are_clean(bot, scene, key)
        if bot.backstage.database.is_sqlite:
            await backup(scene.settings(), tmp_path / "copy.db", lambda _line: None)
            copied = (tmp_path / "copy.db").read_bytes().decode("latin-1")
            latin = [plant.encode().decode("latin-1") for plant in PERSONAL]
            assert_free_of("backup", copied, (*secrets_of(scene, key), *latin))
    assert "canary" in outputs.log.getvalue()
    assert "RuntimeError" in outputs.log.getvalue()
    assert_log_is_clean(outputs, scene, key)
    assert_chats_are_clean(scene, key)
    assert_sheets_are_clean(scene, key)


@pytest.mark.parametrize("vendor", ["wildberries", "google"])
@pytest.mark.parametrize(("status", "as_html"), [(400, False), (500, True), (403, False)])
async def test_a_vendor_that_repeats_what_it_hears(small_scene, outputs, vendor, status, as_html):
    key, user = key_of(small_scene), small_scene.tg.user(SELLER)
    async with small_scene.bot():
        await register(user)
        await connect(user, key)
    async with parrot(status, as_html=as_html) as address:
        hosts = {
            "wildberries": ("wb_analytics_url", "wb_statistics_url", "wb_marketplace_url",
                            "wb_common_url", "wb_content_url"),
            "google": ("google_sheets_url", "google_drive_url"),
        }  # fmt: skip
        small_scene.extra |= dict.fromkeys(hosts[vendor], address)
        async with small_scene.bot() as bot:
            bot.backstage.observe.add(lambda event: outputs.errors.append(repr(event)))
            user.press(REFRESH)
            await user.wait_for("Обновляю", timeout_seconds=PATIENCE_SECONDS)
            user.send("Проверить")
            await asyncio.sleep(1.5)
            user.send("/status")
            await user.wait_for("Данные", timeout_seconds=PATIENCE_SECONDS)
            await assert_rows_are_clean(bot, small_scene, key)
            await assert_pages_are_clean(bot, small_scene, key)
    assert_log_is_clean(outputs, small_scene, key)
    assert_chats_are_clean(small_scene, key)


async def test_a_telegram_that_repeats_the_token(small_scene, outputs):
    key = key_of(small_scene)
    for as_html in (False, True):
        async with parrot(401, as_html=as_html) as address:
            small_scene.extra["telegram_api_url"] = address
            async with small_scene.bot():
                await asyncio.sleep(1.0)
    assert "telegram" in outputs.log.getvalue()
    assert_log_is_clean(outputs, small_scene, key)

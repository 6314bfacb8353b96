"""Error reports over a real socket: they come, and bring no secret."""

import asyncio
import gzip
import logging
from contextlib import asynccontextmanager

import pytest
import sentry_sdk
import structlog
from aiohttp import web

from bot.observability.logs import configure_logs
from bot.observability.sentry import reporting

TOKEN = "123456:AAplantplantplantplantplantplantplant"
EMAIL, PHONE = "plant@example.ru", "+79161234567"
PLANTS = (TOKEN, EMAIL, PHONE, "79161234567", "hidden-word-of-a-frame", "client-plant-secret")


@pytest.fixture
def own_logs():
    """The log set-up of before is back afterwards."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield configure_logs("DEBUG", "json", secrets=["client-plant-secret"])
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()
    logging.captureWarnings(capture=False)


@asynccontextmanager
async def sentry():
    """A server that takes reports."""
    got = []

    async def take(request):
        body = await request.read()
        packed = body.startswith(b"\x1f\x8b")
        got.append((gzip.decompress(body) if packed else body).decode())
        return web.json_response({})

    app = web.Application()
    app.router.add_post("/api/7/envelope/", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://public@127.0.0.1:{runner.addresses[0][1]}/7", got
    finally:
        await runner.cleanup()


def fail_with_plants():
    in_a_frame = "hidden-word-" + "of-a-frame"
    raise RuntimeError(f"https://api.telegram.org/bot{TOKEN}/x {EMAIL} {len(in_a_frame)}")


async def report(dsn):
    """Log as the product does, in a thread: the SDK's closing waits for its own."""
    log = structlog.get_logger("plants")
    with reporting(dsn, secrets=["client-plant-secret"]):
        log.info("breadcrumb", phone=PHONE, number=79161234567)
        log.error("defect.found", detail=f"client-plant-secret {EMAIL}", password="x" * 9)
        try:
            fail_with_plants()
        except RuntimeError:
            logging.getLogger("library").exception("broke at %s", PHONE)


@pytest.mark.usefixtures("own_logs")
async def test_reports_come_without_secrets_and_variables():

    async with sentry() as (dsn, got):
        await asyncio.to_thread(lambda: asyncio.run(report(dsn)))
    said = "\n".join(got)
    assert "defect.found" in said
    assert "RuntimeError" in said
    assert "fail_with_plants" in said
    assert '"vars"' not in said
    for plant in PLANTS:
        assert plant not in said


@pytest.mark.usefixtures("own_logs")
async def test_without_an_address_nothing_is_reported(monkeypatch):
    async with sentry() as (dsn, got):
        monkeypatch.setenv("SENTRY_DSN", dsn)  # which the SDK would take by itself
        await asyncio.to_thread(lambda: asyncio.run(report(None)))
        await asyncio.to_thread(sentry_sdk.flush)
    assert got == []


@pytest.mark.usefixtures("own_logs")
async def test_afterwards_nothing_is_reported(monkeypatch):
    async def log_afterwards(dsn):
        await report(dsn)
        reported = len(got)
        structlog.get_logger("plants").error("nobody hears it")
        sentry_sdk.flush()
        assert 0 < reported == len(got)

    async with sentry() as (dsn, got):
        monkeypatch.setenv("SENTRY_DSN", dsn)
        await asyncio.to_thread(lambda: asyncio.run(log_afterwards(dsn)))


@pytest.mark.usefixtures("own_logs")
def test_an_address_that_is_none_costs_a_warning(capsys):
    configure_logs("INFO", "json")
    with reporting("nonsense"):
        structlog.get_logger("plants").error("goes on")
    said = capsys.readouterr().out
    assert "sentry.dsn_not_understood" in said
    assert "goes on" in said

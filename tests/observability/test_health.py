"""The operator's window over real sockets."""

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from bot.kit.clock import ManualClock
from bot.observability.checks import holds, loop_is_responsive, recent
from bot.observability.health import Checks, HealthServer
from bot.observability.metrics import Metrics

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


async def fine():
    return None


async def broken():
    raise ConnectionError("postgresql://bot:pa55word@db/bot is away")


async def endless():
    await asyncio.Event().wait()


@pytest.fixture
async def serve(logged):
    """Start servers with given checks; return a function that asks one of their pages."""
    logged.configure()
    servers = []

    async def start(checks, **options):
        server = HealthServer("127.0.0.1", 0, checks, Metrics().render, **options)
        servers.append(server)
        await server.start()
        return lambda path: ask(server.port, path)

    yield start
    for server in servers:
        await server.stop()


async def ask(port, path):
    url = f"http://127.0.0.1:{port}{path}"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.text(), answer.headers


async def test_all_is_well(serve):
    get = await serve(Checks(alive={"loop": fine}, ready={"database": fine}))
    status, text, headers = await get("/healthz")
    assert (status, json.loads(text)) == (200, {"status": "ok", "checks": {"loop": "ok"}})
    assert headers["Cache-Control"] == "no-store"
    status, text, _ = await get("/readyz")
    assert (status, json.loads(text)["checks"]) == (200, {"loop": "ok", "database": "ok"})


async def test_a_database_that_is_away_is_not_ready_but_alive(serve):
    get = await serve(Checks(alive={"loop": fine}, ready={"database": broken}))
    assert (await get("/healthz"))[0] == 200
    status, text, _ = await get("/readyz")
    assert status == 503
    assert json.loads(text) == {
        "status": "failing",
        "checks": {"loop": "ok", "database": "ConnectionError"},
    }


async def test_a_silent_telegram_only_degrades(serve):
    clock = ManualClock(NOON)
    polling = recent(lambda: 0.0, clock, most_seconds=90)
    get = await serve(Checks(ready={"database": fine}, degraded={"telegram": polling}))
    assert json.loads((await get("/readyz"))[1])["status"] == "ok"
    await clock.advance(91)
    status, text, _ = await get("/readyz")
    assert (status, json.loads(text)["status"]) == (200, "degraded")
    assert json.loads(text)["checks"]["telegram"] == "last 91 s ago"
    assert (await get("/healthz"))[0] == 200


async def test_a_heartbeat_that_stopped_is_not_alive(serve):
    clock = ManualClock(NOON)
    ticks = [0.0]
    get = await serve(Checks(alive={"tick": recent(lambda: ticks[-1], clock, most_seconds=180)}))
    await clock.advance(179)
    assert (await get("/healthz"))[0] == 200
    await clock.advance(2)
    assert (await get("/healthz"))[0] == 503
    ticks.append(181.0)
    assert (await get("/healthz"))[0] == 200


@pytest.mark.parametrize("jump", [timedelta(days=-1), timedelta(days=1)])
async def test_a_wall_clock_that_is_set_feigns_and_hides_no_standstill(jump):
    clock = ManualClock(NOON)
    check = recent(lambda: 0.0, clock, most_seconds=180)
    clock._now += jump
    assert await check() is None
    await clock.advance(181)
    assert await check() == "last 181 s ago"


async def test_before_the_first_heartbeat_there_is_time(serve):
    clock = ManualClock(NOON)
    get = await serve(Checks(alive={"tick": recent(lambda: None, clock, most_seconds=180)}))
    assert (await get("/healthz"))[0] == 200
    await clock.advance(200)
    status, text, _ = await get("/healthz")
    assert (status, json.loads(text)["checks"]["tick"]) == (503, "not once since 200 s ago")


async def test_a_check_without_an_answer_does_not_hold_the_page(serve):
    get = await serve(Checks(ready={"database": endless, "keys": fine}), check_seconds=0.05)
    status, text, _ = await get("/readyz")
    assert status == 503
    assert json.loads(text)["checks"] == {"database": "no answer in 0.05 s", "keys": "ok"}


async def test_a_question_of_yes_or_no(serve):
    migrated = asyncio.Event()

    async def is_at_head():
        return migrated.is_set()

    get = await serve(Checks(ready={"migrations": holds(is_at_head, "not at head")}))
    assert json.loads((await get("/readyz"))[1])["checks"] == {"migrations": "not at head"}
    migrated.set()
    assert (await get("/readyz"))[0] == 200


async def test_a_loop_that_is_held_up_is_noticed():
    assert await loop_is_responsive(most_seconds=5)() is None
    check = asyncio.ensure_future(loop_is_responsive(most_seconds=0.05)())
    await asyncio.sleep(0)
    time.sleep(0.2)  # noqa: ASYNC251, TID251 - holding the loop up is the point
    assert (await check).startswith("late by")


async def test_metrics_are_shown(serve):
    get = await serve(Checks())
    status, text, headers = await get("/metrics")
    assert status == 200
    assert headers["Content-Type"].startswith("text/plain; version=")
    assert "stock_tracker_totals_differ_total 0.0" in text


async def test_anything_else_is_not_found(serve):
    get = await serve(Checks())
    assert (await get("/"))[0] == 404


async def test_a_free_port_is_taken_and_named(serve, logged):
    await serve(Checks())
    (entry,) = [json.loads(line) for line in logged]
    assert entry["event"] == "health.listening"
    assert entry["port"] > 0


async def test_a_taken_port_is_one_warning_and_life_goes_on(logged):
    logged.configure()
    first = HealthServer("127.0.0.1", 0, Checks(), Metrics().render)
    await first.start()
    second = HealthServer("127.0.0.1", first.port, Checks(), Metrics().render)
    await second.start()
    assert second.port is None
    await second.stop()
    warned = [json.loads(line) for line in logged if "warning" in line]
    assert [entry["event"] for entry in warned] == ["health.not_listening"]
    assert warned[0]["port"] == first.port
    assert (await ask(first.port, "/healthz"))[0] == 200
    await first.stop()


async def test_after_the_stop_nobody_answers(logged):
    logged.configure()
    server = HealthServer("127.0.0.1", 0, Checks(), Metrics().render)
    await server.start()
    port = server.port
    await server.stop()
    with pytest.raises(aiohttp.ClientConnectorError):
        await ask(port, "/healthz")

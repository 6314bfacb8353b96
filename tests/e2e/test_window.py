"""The operator's pages of a bot that lives."""

import httpx
import pytest

from bot.kit.clock import SystemClock
from tests.e2e.stage import PATIENCE_SECONDS, connect, register
from tests.e2e.test_story import key_of

GAUGES = (
    "open_runs", "oldest_figures_seconds", "stale_shops", "outbox_pending",
    "outbox_oldest_seconds", "blocked_users", "polling_age_seconds",
)  # fmt: skip


async def page(bot, path):
    async with httpx.AsyncClient(trust_env=False) as http:
        return await http.get(f"http://127.0.0.1:{bot.health.port}{path}")


async def test_the_pages_of_a_bot_at_work(google_stage):
    user = google_stage.tg.user(700100)
    async with google_stage.bot() as bot:
        await register(user)
        await connect(user, key_of(google_stage))
        ready = await until_ready(bot)
        metrics = (await page(bot, "/metrics")).text
    assert ready["checks"]["keys"] == "ok"
    for name in GAUGES:
        assert f"stock_tracker_{name} " in metrics
    for name in ("google", "telegram", "wildberries.analytics"):
        assert f'stock_tracker_breaker_open{{name="{name}"}} 0.0' in metrics
    assert 'stock_tracker_runs_total{code="none",kind="first",outcome="done"} 1.0' in metrics
    assert "stock_tracker_handler_seconds_count" in metrics


async def test_a_key_that_opens_nothing_is_not_ready(google_stage):
    user = google_stage.tg.user(700100)
    async with google_stage.bot() as bot:
        await register(user)
        async with bot.backstage.database.write() as connection:
            await connection.exec_driver_sql(
                "UPDATE sellers SET profile_sealed = 'v1:0000000000000000:gAAAAnonsense'"
            )
        answer = await page(bot, "/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["keys"] != "ok"


async def test_without_telegram_it_lives(google_stage):
    await google_stage.tg.stop()
    async with google_stage.bot() as bot:
        ready = await until_ready(bot)
    assert ready["checks"]["telegram"] != "no answer in 5 s"


async def until_ready(bot):
    clock = SystemClock()
    until = clock.monotonic() + PATIENCE_SECONDS
    while clock.monotonic() < until:
        answer = await page(bot, "/readyz")
        if answer.status_code == 200:
            return answer.json()
        await clock.sleep(0.2)
    return pytest.fail(f"it never was ready: {answer.text}")

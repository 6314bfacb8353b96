"""The ticks: whatever becomes of one, the next comes, and the health check sees them."""

from datetime import UTC, datetime

import pytest

from bot.core.errors import Code
from bot.core.events import DefectFound
from bot.kit.clock import ManualClock
from bot.kit.tasks import Tasks
from bot.kit.wakeup import Wakeup
from bot.observability.checks import TICK_MOST_SECONDS, recent
from bot.scheduler import HEARTBEAT_SECONDS, Scheduler
from bot.storage.errors import StorageUnreachable
from bot.usecases.ensure_day import Night


@pytest.mark.parametrize("error", [StorageUnreachable("away"), ValueError("nobody expects it")])
async def test_a_scheduler_whose_ticks_fail_is_alive_and_says_so(error):
    async def broken():
        raise error

    clock, events, tasks = ManualClock(datetime(2026, 11, 20, tzinfo=UTC)), [], Tasks(print)
    scheduler = Scheduler(
        broken, Wakeup(clock), tasks, clock, events.append,
        refresh_at=Night().begins, timezone="Europe/Moscow",
    )  # fmt: skip
    alive = recent(lambda: scheduler.last_tick, clock, most_seconds=TICK_MOST_SECONDS)
    await scheduler.start()
    beats = int(TICK_MOST_SECONDS / HEARTBEAT_SECONDS) + 1
    await clock.advance(beats * HEARTBEAT_SECONDS)
    assert await alive() is None
    code = error.code if isinstance(error, StorageUnreachable) else Code.INTERNAL
    assert {type(event) for event in events} == {DefectFound}
    assert {(event.where, event.problem) for event in events} == {("scheduler", code)}
    assert len(events) == beats + 1
    scheduler.stop()
    await clock.advance(2 * TICK_MOST_SECONDS)
    assert await alive() is not None
    await tasks.close()

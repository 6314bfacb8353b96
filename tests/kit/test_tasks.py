"""Background tasks have one owner, and none of them dies in silence."""

import asyncio
from datetime import UTC, datetime

from bot.kit.clock import ManualClock, settle
from bot.kit.tasks import Tasks
from bot.kit.wakeup import Wakeup


async def test_a_failure_is_told_by_name():
    told = []
    tasks = Tasks(lambda name, error: told.append((name, repr(error))))

    async def breaks():
        raise ValueError("no")

    tasks.start("fragile", breaks())
    await tasks.drain(1)
    assert told == [("fragile", "ValueError('no')")]
    assert len(tasks) == 0


async def test_close_ends_what_still_runs():
    tasks = Tasks(lambda _name, _error: None)
    tasks.start("endless", asyncio.Event().wait())
    assert not await tasks.drain(0.01)
    await tasks.close()
    assert len(tasks) == 0


async def test_a_bell_ends_a_wait_early_and_is_remembered():
    clock = ManualClock(datetime(2026, 11, 20, tzinfo=UTC))
    bell = Wakeup(clock)
    waiting = asyncio.ensure_future(bell.wait(60))
    await settle()
    assert not waiting.done()
    bell.ring()
    await waiting
    bell.ring()
    async with asyncio.timeout(1):
        await bell.wait(60)
    waiting = asyncio.ensure_future(bell.wait(60))
    await settle()
    await clock.advance(60)
    assert waiting.done()

"""The manual clock wakes sleepers at their own deadlines and in their order."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.kit.clock import ManualClock, settle

START = datetime(2026, 11, 20, 0, 1, tzinfo=UTC)


async def test_sleepers_wake_in_the_order_of_their_deadlines():
    clock, woken = ManualClock(START), []

    async def sleeper(seconds):
        await clock.sleep(seconds)
        woken.append((seconds, clock.now() - START))

    async with asyncio.TaskGroup() as group:
        for seconds in (30, 10, 20):
            group.create_task(sleeper(seconds))
        await settle()
        await clock.advance(60)
    assert woken == [(s, timedelta(seconds=s)) for s in (10, 20, 30)]


async def test_nobody_wakes_too_early():
    clock = ManualClock(START)
    sleeper = asyncio.ensure_future(clock.sleep(10))
    await clock.advance(9.9)
    assert not sleeper.done()
    await clock.advance(0.2)
    assert sleeper.done()


async def test_autorun_lets_hours_pass_at_once():
    clock = ManualClock(START)
    async with clock.autorun(), asyncio.timeout(5):
        for _ in range(3):
            await clock.sleep(3600)
    assert clock.now() == START + timedelta(hours=3)
    assert clock.monotonic() == 3 * 3600


async def test_autorun_waits_for_who_is_busy():
    clock, looks = ManualClock(START), iter([True] * 6)
    sleeper = asyncio.ensure_future(clock.sleep(10))
    async with clock.autorun(idle_seconds=0.001, busy=lambda: next(looks, False)):
        await sleeper
    assert next(looks, None) is None


async def test_autorun_waits_for_a_loop_at_work():
    clock, rounds = ManualClock(START), 0
    sleeper = asyncio.ensure_future(clock.sleep(10))
    async with clock.autorun(idle_seconds=0.001):
        while rounds < 300:
            sum(range(20_000))  # a part of some work: it takes the loop, and lets go of it
            await asyncio.sleep(0)
            rounds += 1
            assert not sleeper.done(), rounds
        await sleeper


async def test_an_abandoned_sleeper_holds_nobody_up():
    clock = ManualClock(START)
    abandoned = asyncio.ensure_future(clock.sleep(5))
    await settle()
    abandoned.cancel()
    other = asyncio.ensure_future(clock.sleep(10))
    await clock.advance(10)
    assert other.done()

"""P1: each shop is refreshed once per Moscow day, whatever the clock and the process did."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.core.runs import ProgressMessage, RunKind, RunStatus
from bot.kit.tasks import Tasks
from bot.kit.wakeup import Wakeup
from bot.scheduler import HEARTBEAT_SECONDS, Scheduler
from bot.storage.tables import runs
from bot.usecases.ensure_day import SPREAD_SECONDS, EnsureDay, Night
from tests.storage.people import TODAY
from tests.support.databases import NIGHT
from tests.support.nights import shops_of_the_night


@pytest.fixture
def ensure(storage):
    stores = storage.stores
    return EnsureDay(stores.shops, stores.runs, storage.clock, Night())


async def nights_of(storage):
    """Return how many nightly runs there are for each day, per shop."""
    query = (
        select(runs.c.day, func.count())
        .where(runs.c.kind == RunKind.NIGHTLY)
        .group_by(runs.c.day, runs.c.shop_id)
    )
    async with storage.database.read() as connection:
        return (await connection.execute(query)).all()


async def finish_all(storage):
    while claim := await storage.stores.runs.claim(
        "me", now=storage.clock.now() + timedelta(hours=1), lease_seconds=45
    ):
        await storage.stores.runs.finish(
            claim, RunStatus.DONE, problem=None, at=storage.clock.now()
        )


async def test_before_the_night_there_is_nothing_to_do(storage, ensure):
    await shops_of_the_night(storage, 1)
    storage.clock._now = NIGHT - timedelta(seconds=1)
    assert await ensure() == 0


async def test_the_night_is_spread_over_its_first_minutes(storage, ensure):
    shops = await shops_of_the_night(storage, 40)
    assert await ensure() == 40
    opened = [await storage.stores.runs.open_run(one.id) for one in shops]
    offsets = sorted((run.next_try_at - NIGHT).total_seconds() for run in opened)
    assert 0 <= offsets[0] < 60
    assert SPREAD_SECONDS - 60 < offsets[-1] <= SPREAD_SECONDS


async def test_a_night_that_was_slept_through_is_caught_up_once(storage, ensure):
    await shops_of_the_night(storage, 2)
    await storage.clock.advance(9 * 3600)  # down from before 00:01 until nine
    assert [await ensure() for _ in range(3)] == [2, 0, 0]
    assert await nights_of(storage) == [(TODAY, 1), (TODAY, 1)]


async def test_of_three_nights_away_only_the_last_is_caught_up(storage, ensure):
    await shops_of_the_night(storage, 1)
    await ensure()
    await storage.clock.advance(3 * 24 * 3600)
    await ensure()
    await finish_all(storage)
    assert await nights_of(storage) == [(TODAY, 1), (TODAY + timedelta(days=3), 1)]
    assert await ensure() == 0


async def test_an_open_run_of_yesterday_gives_way_and_hands_its_message_on(storage, ensure):
    (one,) = await shops_of_the_night(storage, 1)
    now = storage.clock.now()
    tapped, _ = await storage.stores.runs.request(one, RunKind.TAPPED, day=TODAY, now=now)
    message = ProgressMessage(1001, 7)
    await storage.stores.runs.set_progress(tapped.id, message)
    await storage.clock.advance(24 * 3600)
    await ensure()
    fresh = await storage.stores.runs.open_run(one.id)
    assert (fresh.kind, fresh.progress) == (RunKind.NIGHTLY, message)
    old = await storage.stores.runs.by_id(tapped.id)
    assert old.status is RunStatus.SUPERSEDED
    assert await storage.stores.outbox.due(now=storage.clock.now(), limit=9) == []


async def test_a_clock_set_back_makes_no_second_night(storage, ensure):
    await shops_of_the_night(storage, 1)
    await ensure()
    await finish_all(storage)
    storage.clock._now -= timedelta(hours=2)
    assert await ensure() == 0
    storage.clock._now += timedelta(hours=2)
    assert await ensure() == 0
    assert await nights_of(storage) == [(TODAY, 1)]


@pytest.mark.parametrize("jump", [timedelta(hours=-3), timedelta(days=2)])
async def test_the_heartbeat_outlives_a_jump_of_the_wall_clock(storage, ensure, jump):
    await shops_of_the_night(storage, 1)
    bell, tasks, events = Wakeup(storage.clock), Tasks(lambda *_: None), []
    settings_of_night = Night()
    scheduler = Scheduler(
        ensure, bell, tasks, storage.clock, events.append,
        refresh_at=settings_of_night.begins, timezone="Europe/Moscow",
    )  # fmt: skip
    await scheduler.start()
    storage.clock._now += jump
    await storage.clock.advance(HEARTBEAT_SECONDS)
    for _ in range(50):
        await tasks.drain(0.02)
        if scheduler.last_tick == storage.clock.now():
            break
    assert scheduler.last_tick == storage.clock.now()
    scheduler.stop()
    await tasks.close()
    assert events == []


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(hours=st.lists(st.integers(0, 96), max_size=6))
async def test_for_any_instants_there_is_at_most_one_night_per_day(storage, ensure, hours):
    if not await storage.stores.sellers.by_telegram_id(1001):
        await shops_of_the_night(storage, 1)
    for hour in hours:
        storage.clock._now = NIGHT + timedelta(hours=hour)
        await ensure()
    found = await nights_of(storage)
    assert len({day for day, _ in found}) == len(found)
    assert all(isinstance(day, date) and number == 1 for day, number in found)

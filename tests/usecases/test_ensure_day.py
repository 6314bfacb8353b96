"""P1: each shop is refreshed once per Moscow day, whatever the clock and the process did."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.core.errors import Code
from bot.core.events import NoticeKind
from bot.core.period import MOSCOW, moscow_day
from bot.core.products import Source
from bot.core.runs import ProgressMessage, RunKind, RunStatus, SourceOutcome, Stage
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


@pytest.mark.parametrize("has_waited", [False, True])
async def test_a_night_that_was_cut_short_is_worked_to_its_end(storage, ensure, has_waited):
    (one,) = await shops_of_the_night(storage, 1)
    stores, now = storage.stores, storage.clock.now()
    await ensure()
    night = await stores.runs.open_run(one.id)
    if has_waited:
        later = now + timedelta(hours=1)
        claim = await stores.runs.claim("me", now=later, lease_seconds=45)
        await stores.runs.note_outcomes(claim, {Source.REMAINS: SourceOutcome(Stage.ARRIVED)})
        await stores.runs.note_published(claim, now)
        waits = {"problem": Code.RATE_LIMITED, "counts": True}
        await stores.runs.postpone(claim, now + timedelta(hours=6), **waits)
    await stores.shops.set_paused(one.id, paused=True, now=now)
    await stores.shops.set_period(one.id, 30, now=now)
    assert await ensure() == 0
    await stores.shops.set_paused(one.id, paused=False, now=now)
    assert [await ensure() for _ in range(2)] == [1, 0]
    again = await stores.runs.open_run(one.id)
    assert again == replace(night, period_days=30)
    await finish_all(storage)
    assert (await stores.runs.last_finished(one.id)).id == night.id
    assert await ensure() == 0
    assert await nights_of(storage) == [(TODAY, 1)]


async def test_a_run_that_asks_for_nothing_does_not_stand_for_the_night(storage, ensure):
    (one,) = await shops_of_the_night(storage, 1)
    runs_, shops, now = storage.stores.runs, storage.stores.shops, storage.clock.now()
    await ensure()
    night = await runs_.open_run(one.id)
    await shops.set_period(one.id, 14, now=now)
    settled = {Source.REMAINS: SourceOutcome(Stage.ARRIVED)}
    rebuilt, _ = await runs_.request(one, RunKind.TAPPED, day=TODAY, now=now, outcomes=settled)
    assert await ensure() == 0
    assert await runs_.open_run(one.id) == rebuilt
    await finish_all(storage)
    assert await ensure() == 1
    assert (await runs_.open_run(one.id)).id == night.id
    await storage.clock.advance(60)
    await finish_all(storage)
    assert (await runs_.last_finished(one.id)).id == night.id


async def test_what_no_night_takes_over_ends_as_well(storage, ensure):
    one, other, third = await shops_of_the_night(storage, 3)
    stores = storage.stores
    for each in (one, other):
        await stores.shops.set_paused(each.id, paused=True, now=storage.clock.now())
    await storage.clock.advance(12 * 3600)
    noon = storage.clock.now()
    left, _ = await stores.runs.request(one, RunKind.TAPPED, day=TODAY, now=noon)
    await stores.runs.set_progress(left.id, ProgressMessage(1001, 7))
    await storage.clock.advance(12 * 3600)
    midnight = storage.clock.now()
    # A setting was changed: yesterday's figures are shown again, this moment.
    again, _ = await stores.runs.request(other, RunKind.TAPPED, day=TODAY, now=midnight)
    joined, was_open = await stores.runs.request(one, RunKind.TAPPED, day=TODAY, now=midnight)
    assert (joined.id, was_open) == (left.id, True)
    assert [await ensure() for _ in range(2)] == [1, 0]
    ended = await stores.runs.by_id(left.id)
    assert (ended.status, ended.problem) == (RunStatus.SUPERSEDED, Code.PAUSED)
    (notice,) = await stores.outbox.due(now=midnight, limit=9)
    assert (notice.kind, notice.payload["code"]) == (NoticeKind.RUN_FINISHED, Code.PAUSED)
    assert await stores.runs.open_run(other.id) == again
    tomorrow = moscow_day(midnight)
    fresh, was_open = await stores.runs.request(one, RunKind.TAPPED, day=tomorrow, now=midnight)
    assert (fresh.day, was_open) == (tomorrow, False)
    assert (await stores.runs.open_run(third.id)).day == tomorrow


@pytest.mark.parametrize("ahead", [timedelta(hours=25), timedelta(days=30)])
async def test_a_clock_that_was_ahead_takes_no_night_away(storage, ensure, ahead):
    one, paused = await shops_of_the_night(storage, 2)
    stores, clock = storage.stores, storage.clock
    await ensure()  # this night has begun, and waits
    night = await stores.runs.open_run(one.id)
    await stores.runs.set_progress(night.id, ProgressMessage(1001, 7))
    await stores.shops.set_paused(paused.id, paused=True, now=clock.now())
    clock._now += ahead
    await ensure()
    wrong = moscow_day(clock.now())
    await stores.runs.request(paused, RunKind.TAPPED, day=wrong, now=clock.now())
    clock._now -= ahead
    assert [await ensure() for _ in range(2)] == [1, 0]
    again = await stores.runs.open_run(one.id)
    assert (again.id, again.day, again.progress) == (night.id, TODAY, ProgressMessage(1001, 7))
    assert await stores.runs.open_run(paused.id) is None
    await finish_all(storage)
    for number in range(1, 4):
        await clock.advance(24 * 3600)
        assert await ensure() == 1
        assert (await stores.runs.open_run(one.id)).day == TODAY + timedelta(days=number)
        await finish_all(storage)


@pytest.mark.parametrize("jump", [timedelta(hours=-3), timedelta(days=2)])
async def test_the_heartbeat_outlives_a_jump_of_the_wall_clock(storage, ensure, jump):
    (one,) = await shops_of_the_night(storage, 1)
    await storage.clock.advance(24 * 3600)
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
        if scheduler.last_tick == storage.clock.monotonic():
            break
    assert scheduler.last_tick == storage.clock.monotonic()
    scheduler.stop()
    await tasks.close()
    assert events == []
    night = await storage.stores.runs.open_run(one.id)
    assert (night.kind, night.day) == (RunKind.NIGHTLY, moscow_day(storage.clock.now()))


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(hours=st.lists(st.integers(0, 96), max_size=6))
async def test_for_any_instants_there_is_at_most_one_night_per_day(storage, ensure, hours):
    runs_, shops = storage.stores.runs, storage.stores.shops
    if not await storage.stores.sellers.by_telegram_id(1001):
        await shops_of_the_night(storage, 1)
    owner = await storage.stores.sellers.by_telegram_id(1001)
    (one,) = await shops.of_seller(owner.id)
    for hour in hours:
        storage.clock._now = NIGHT + timedelta(hours=hour)
        await ensure()
        night, today = await runs_.open_run(one.id), moscow_day(storage.clock.now())
        early = {today + timedelta(days=1)} if hour % 24 == 23 else set()  # clocks may differ
        assert night.kind is RunKind.NIGHTLY
        assert night.day in {today, *early}
    found = await nights_of(storage)
    assert len({day for day, _ in found}) == len(found)
    assert all(isinstance(day, date) and number == 1 for day, number in found)


@pytest.mark.parametrize(
    ("begins", "zone", "in_moscow"),
    [
        (time(0, 1), "Europe/Moscow", time(0, 1)),
        (time(0, 1), "Asia/Vladivostok", time(17, 1)),
        (time(22, 0), "America/New_York", time(6, 0)),
    ],
)
def test_every_moscow_day_has_its_night_wherever_the_hour_is_read(begins, zone, in_moscow):
    night = Night(begins, ZoneInfo(zone))
    for day in (date(2026, 11, 20), date(2026, 12, 31), date(2027, 1, 1)):
        start = datetime.combine(day, in_moscow, MOSCOW)
        assert night.start(start) == start
        assert night.start(start - timedelta(seconds=1)) is None
        assert night.last(start) == (day, start)


@pytest.mark.parametrize(
    ("begins", "zone"),
    [
        (time(16, 30), "America/New_York"),
        (time(22, 30), "Europe/Berlin"),
        (time(21, 30), "Europe/London"),
        (time(0, 1), "Europe/Moscow"),
    ],
)
def test_no_moscow_day_of_a_year_is_without_its_night(begins, zone):
    night, nights = Night(begins, ZoneInfo(zone)), []
    for number in range(366):
        day = date(2026, 1, 1) + timedelta(days=number)
        day_ends = datetime.combine(day, time(23, 59, 59), MOSCOW)
        nights.append(night.start(day_ends))
        assert moscow_day(nights[-1]) == day
    assert nights == sorted(nights)

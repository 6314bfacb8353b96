"""P10: who runs the bot learns of a missed night without asking."""

from datetime import time, timedelta

import pytest

from bot.core.errors import Code, Transient
from bot.core.events import DefectFound, NightMissed
from bot.core.runs import RunStatus
from bot.core.vitals import NightState
from bot.kit.clock import ManualClock
from bot.kit.tasks import Tasks
from bot.storage.errors import StorageUnreachable
from bot.usecases.alarm import Alarm
from bot.usecases.ensure_day import EnsureDay, Night
from bot.usecases.watch_night import LOOK_SECONDS, WatchNight
from tests.storage.people import remains
from tests.support.databases import NIGHT
from tests.support.nights import FakeMarketplace, house, shops_of_the_night

HOUR = 3600
LIMITED = Transient(Code.RATE_LIMITED, "429", retry_after_seconds=2 * HOUR)


class Outside:
    """A watchman that hears, unless he is deaf."""

    def __init__(self):
        self.heard, self.words, self.is_deaf = [], [], False

    async def ping(self, what, words=""):
        if not self.is_deaf:
            self.heard.append(what)
            self.words += [words] if words else []
        return not self.is_deaf


@pytest.fixture
def outside():
    return Outside()


@pytest.fixture
def events():
    return []


@pytest.fixture
def watch(storage, outside, events):
    return WatchNight(storage.stores.vitals, Night(), storage.clock, events.append, outside.ping)


async def make_runs(storage):
    stores = storage.stores
    await EnsureDay(stores.shops, stores.runs, storage.clock, Night(), time_scale=1e9)()


async def end_one(storage, status=RunStatus.DONE):
    now = storage.clock.now() + timedelta(seconds=1)
    claim = await storage.stores.runs.claim("me", now=now, lease_seconds=45)
    await storage.stores.runs.finish(claim, status, problem=Code.INTERNAL, at=now)


async def test_a_good_night_is_told_once(storage, watch, outside, events):
    await shops_of_the_night(storage, 2)
    await watch.look()
    await make_runs(storage)
    await end_one(storage)
    await watch.look()
    assert outside.heard == ["start"]
    await end_one(storage, RunStatus.FAILED)  # ended, with a reason
    for _ in range(3):
        await watch.look()
    assert outside.heard == ["start", "done"]
    await storage.clock.advance(7 * 3600)
    await watch.look()
    assert (outside.heard, events) == (["start", "done"], [])


async def test_a_wait_for_the_rest_is_no_missed_night(storage, watch, outside, events):
    await shops_of_the_night(storage, 1)
    await make_runs(storage)
    now = storage.clock.now() + timedelta(seconds=1)
    runs, snapshots = storage.stores.runs, storage.stores.snapshots
    claim = await runs.claim("me", now=now, lease_seconds=45)
    await snapshots.replace(claim, "sid-1", 7, remains(1))
    await runs.note_published(claim, now)
    await runs.postpone(claim, now + timedelta(hours=9), problem=Code.BUDGET_SPENT, counts=False)
    await watch.look()
    await storage.clock.advance(7 * HOUR)
    await watch.look()
    assert (outside.heard, events) == (["start", "done"], [])


@pytest.mark.parametrize("nights_before", [0, 1])
async def test_a_night_of_waits_with_nothing_new_is_missed(
    storage, watch, outside, events, nights_before
):
    await shops_of_the_night(storage, 3)
    wildberries = FakeMarketplace()
    async with house(storage, marketplace=wildberries) as here:
        for _ in range(nights_before):
            await make_runs(storage)
            await here.work(24 * HOUR)
        for number in (1, 2, 3):  # old figures are shown again, and bring nothing new
            wildberries.moods[f"sid-{number}"] = [LIMITED, LIMITED, LIMITED, None]
        await make_runs(storage)
        for told in ([], [], [NightMissed(Code.INTERNAL, NightState(waiting=3))]):
            await here.work(2 * HOUR - 10)
            await watch.look()
            assert events == told
            await storage.clock.advance(10)
        assert outside.heard == ["start", "fail"]
        assert outside.words == ["0 shops without a run, 0 unfinished, 3 waiting with nothing new"]
        await here.work()
    for _ in range(2):
        await watch.look()
    assert (outside.heard, len(events)) == (["start", "fail", "done"], 1)


async def test_at_six_it_is_looked_at_anew(storage, watch, outside):
    (one,) = await shops_of_the_night(storage, 1)
    await storage.stores.shops.set_paused(one.id, paused=True, now=storage.clock.now())
    await watch.look()
    assert outside.heard == ["start", "done"], "nobody was to be served"
    await storage.stores.shops.set_paused(one.id, paused=False, now=storage.clock.now())
    await storage.clock.advance(6 * HOUR)
    await watch.look()
    assert outside.heard == ["start", "done", "fail"]
    await make_runs(storage)
    await end_one(storage)
    await watch.look()
    assert outside.heard == ["start", "done", "fail", "done"]


async def test_a_database_away_for_a_moment_does_not_unmake_a_night(storage, outside, events):
    class Away:
        vitals, is_away = storage.stores.vitals, False

        async def night(self, *args, **kwargs):
            if self.is_away:
                raise StorageUnreachable("test")
            return await self.vitals.night(*args, **kwargs)

    flaky = Away()
    watch = WatchNight(flaky, Night(), storage.clock, events.append, outside.ping)
    await watch.look()
    await storage.clock.advance(6 * HOUR)
    for flaky.is_away in (True, False):
        await watch.look()
    assert (outside.heard, events) == (["start", "done"], [])


async def test_after_six_a_shop_that_comes_back_is_no_missed_night(storage, watch, outside):
    (one,) = await shops_of_the_night(storage, 1)
    await storage.stores.shops.set_paused(one.id, paused=True, now=storage.clock.now())
    await storage.clock.advance(6 * HOUR)
    await watch.look()
    await storage.stores.shops.set_paused(one.id, paused=False, now=storage.clock.now())
    await watch.look()
    assert outside.heard == ["start", "done"]


async def test_a_scheduler_that_stands_still_is_noticed_at_six(storage, watch, outside, events):
    await shops_of_the_night(storage, 1)
    await watch.look()
    await storage.clock.advance(5.9 * 3600)
    await watch.look()
    assert events == []
    await storage.clock.advance(0.1 * 3600)
    for _ in range(3):
        await watch.look()
    assert outside.heard == ["start", "fail"]
    assert events == [NightMissed(Code.INTERNAL, NightState(missing=1))]


async def test_the_operator_s_alarm_tells_how_many(storage, outside):
    await shops_of_the_night(storage, 2)
    tasks = Tasks(lambda *_: None)
    alarm = Alarm(storage.stores.outbox, storage.clock, tasks)
    await storage.clock.advance(6 * HOUR)
    await WatchNight(storage.stores.vitals, Night(), storage.clock, alarm, outside.ping).look()
    await tasks.drain(5)
    (notice,) = await storage.stores.outbox.due(now=storage.clock.now(), limit=9)
    assert (notice.telegram_id, notice.payload["where"]) == (0, "night.missed")
    assert {notice.payload[name] for name in ("unfinished", "waiting")} == {0}
    assert notice.payload["missing"] == 2


async def test_a_database_that_is_away_at_six_is_noticed(storage, outside, events):
    class Away:
        async def night(self, *_args, **_kwargs):
            raise StorageUnreachable("test")

    watch = WatchNight(Away(), Night(), storage.clock, events.append, outside.ping)
    await storage.clock.advance(6 * 3600)
    await watch.look()
    assert outside.heard == ["start", "fail"]
    assert events == [NightMissed(Code.STORAGE_UNREACHABLE)]


async def test_what_nobody_expects_at_six_is_noticed(storage, outside, events):
    class Broken:
        async def night(self, *_args, **_kwargs):
            raise ValueError("test")

    watch = WatchNight(Broken(), Night(), storage.clock, events.append, outside.ping)
    await storage.clock.advance(6 * HOUR)
    await watch.look()
    assert outside.heard == ["start", "fail"]
    assert events == [NightMissed(Code.INTERNAL)]


async def test_the_watch_outlives_whatever_breaks_and_says_so(events):
    async def broken(_what, _words=""):
        raise ImportError("socksio")

    clock, tasks = ManualClock(NIGHT), Tasks(lambda *_: None)
    tasks.start("watch", WatchNight(None, Night(), clock, events.append, broken).forever())
    await clock.advance(LOOK_SECONDS)
    assert events == [DefectFound("night.watch", Code.INTERNAL, "ImportError")] * 2
    assert len(tasks) == 1
    await tasks.close()


async def test_what_was_not_heard_is_said_again(watch, outside):
    outside.is_deaf = True
    await watch.look()
    outside.is_deaf = False
    await watch.look()
    assert outside.heard == ["start", "done"]


async def test_a_night_that_begins_late_is_judged_on_the_next_day(storage, outside, events):
    stores, clock, late = storage.stores, storage.clock, Night(time(22, 0))
    await shops_of_the_night(storage, 2)
    await clock.advance(22 * HOUR)  # 22:01, of the day after their connection
    await EnsureDay(stores.shops, stores.runs, clock, late, time_scale=1e9)()
    await end_one(storage)
    watch = WatchNight(stores.vitals, late, clock, events.append, outside.ping)
    for told in ([], [NightMissed(Code.INTERNAL, NightState(unfinished=1))]):
        await watch.look()
        assert events == told
        await clock.advance(6 * HOUR)
    await end_one(storage)
    await watch.look()
    assert (outside.heard, len(events)) == (["start", "fail", "done"], 1)


async def test_until_the_night_begins_yesterday_s_is_watched(storage, watch, outside):
    (one,) = await shops_of_the_night(storage, 1)
    await storage.stores.shops.set_paused(one.id, paused=True, now=storage.clock.now())
    storage.clock._now = NIGHT + timedelta(hours=23, minutes=59, seconds=59)
    for heard in (["start", "done"], ["start", "done"], ["start", "done"] * 2):
        await watch.look()
        assert outside.heard == heard
        await storage.clock.advance(0.5)


async def test_every_night_is_a_new_one(storage, watch, outside):
    await watch.look()
    await storage.clock.advance(24 * 3600)
    await watch.look()
    assert outside.heard == ["start", "done"] * 2

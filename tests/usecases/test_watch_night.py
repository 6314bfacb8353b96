"""P10: who runs the bot learns of a missed night without asking."""

from datetime import timedelta

import pytest

from bot.core.errors import Code
from bot.core.events import DefectFound
from bot.core.runs import RunStatus
from bot.storage.errors import StorageUnreachable
from bot.usecases.ensure_day import EnsureDay, Night
from bot.usecases.watch_night import WatchNight
from tests.support.databases import NIGHT
from tests.support.nights import shops_of_the_night


class Outside:
    """A watchman that hears, unless he is deaf."""

    def __init__(self):
        self.heard, self.is_deaf = [], False

    async def ping(self, what):
        if not self.is_deaf:
            self.heard.append(what)
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


async def test_a_wait_that_has_a_name_is_no_missed_night(storage, watch, outside):
    await shops_of_the_night(storage, 1)
    await make_runs(storage)
    now = storage.clock.now() + timedelta(seconds=1)
    claim = await storage.stores.runs.claim("me", now=now, lease_seconds=45)
    until = now + timedelta(hours=2)
    await storage.stores.runs.postpone(claim, until, problem=Code.BUDGET_SPENT, counts=False)
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
    (event,) = events
    assert event == DefectFound(
        "night.not_done", Code.INTERNAL, "1 shops without a run, 0 unfinished"
    )


async def test_a_database_that_is_away_at_six_is_noticed(storage, outside, events):
    class Away:
        async def night(self, *_args, **_kwargs):
            raise StorageUnreachable("test")

    watch = WatchNight(Away(), Night(), storage.clock, events.append, outside.ping)
    await storage.clock.advance(6 * 3600)
    await watch.look()
    assert outside.heard == ["start", "fail"]


async def test_what_was_not_heard_is_said_again(watch, outside):
    outside.is_deaf = True
    await watch.look()
    outside.is_deaf = False
    await watch.look()
    assert outside.heard == ["start", "done"]


async def test_before_the_night_nothing_is_said(storage, watch, outside):
    storage.clock._now = NIGHT - timedelta(seconds=1)
    await watch.look()
    assert outside.heard == []


async def test_every_night_is_a_new_one(storage, watch, outside):
    await watch.look()
    await storage.clock.advance(24 * 3600)
    await watch.look()
    assert outside.heard == ["start", "done"] * 2

"""The worker: one shop's trouble touches no other, and whatever dies is taken over."""

import asyncio
from datetime import timedelta

import pytest

from bot.core.errors import Code
from bot.core.events import DefectFound, LeaseRescued, NoticeKind, RunFinished
from bot.core.runs import SUSPECT_CRASHES, ProgressMessage, RunKind, RunStatus
from bot.storage.errors import StorageUnreachable
from bot.usecases.work_due import MOST_CRASHES
from tests.storage.people import TODAY
from tests.support.databases import world
from tests.support.nights import (
    AWAY,
    GARBAGE,
    REFUSED,
    FakeMarketplace,
    FakePublisher,
    Gate,
    house,
    shops_of_the_night,
)

LEASE = timedelta(seconds=45)


async def ask(storage, one, kind=RunKind.TAPPED):
    run, _ = await storage.stores.runs.request(one, kind, day=TODAY, now=storage.clock.now())
    return run


async def test_one_of_fifty_hangs_one_talks_garbage_one_is_refused(storage):
    shops = await shops_of_the_night(storage, 50)
    hang = Gate()
    moods = {"sid-1": [hang], "sid-2": [GARBAGE], "sid-3": [REFUSED], "sid-4": [AWAY]}
    async with house(storage, marketplace=FakeMarketplace(moods)) as here:
        await here.ensure_day()
        await storage.clock.advance(300)
        await here.worker._claim_and_nap()
        await hang.reached.wait()
        while len(here.worker._working) > 1:
            await storage.clock.advance(0.01)
        runs = [await storage.stores.runs.last_finished(one.id) for one in shops]
        statuses = [run and run.status for run in runs]
        assert statuses[:4] == [None, RunStatus.FAILED, RunStatus.NEEDS_SELLER, None]
        assert statuses[4:] == [RunStatus.DONE] * 46
        hang.open()


async def test_a_pass_without_an_end_is_ended(storage):
    (one,) = await shops_of_the_night(storage, 1)
    await ask(storage, one)
    hangs = FakeMarketplace({"sid-1": [Gate()]})
    async with house(storage, marketplace=hangs, pass_seconds=0.05) as here:
        await here.work()
    run = await storage.stores.runs.open_run(one.id)
    assert (run.attempts, run.problem) == (1, Code.INTERNAL)


async def test_poison_ends_with_a_code_and_an_alarm(storage):
    (one,) = await shops_of_the_night(storage, 1)
    run = await ask(storage, one)
    await storage.stores.runs.set_progress(run.id, ProgressMessage(1001, 5))
    async with house(storage, marketplace=FakeMarketplace({"sid-1": [ValueError()]})) as here:
        for _ in range(3):
            await here.work(seconds=600)
        ended = await storage.stores.runs.by_id(run.id)
        assert (ended.status, ended.problem) == (RunStatus.FAILED, Code.INTERNAL)
        assert any(isinstance(event, DefectFound) for event in here.events)
        assert isinstance(here.events[-1], RunFinished)
    (notice,) = await storage.stores.outbox.due(now=storage.clock.now(), limit=9)
    assert (notice.kind, notice.payload["status"]) == (NoticeKind.RUN_FINISHED, "failed")


async def test_what_kills_its_process_again_and_again_ends_too(storage):
    (one,) = await shops_of_the_night(storage, 1)
    run = await ask(storage, one)
    for _ in range(MOST_CRASHES + 1):
        claim = await storage.stores.runs.claim("dies", now=storage.clock.now(), lease_seconds=45)
        assert claim is not None
        await storage.clock.advance(46)
    async with house(storage) as here:
        await here.work()
    assert (await storage.stores.runs.by_id(run.id)).status is RunStatus.FAILED


async def test_who_dies_beside_it_is_not_taken_for_it(storage):
    """One shop kills every process that works it; the others come no further in their lives."""
    poison, *others = await shops_of_the_night(storage, 12)
    for one in (poison, *others):
        await ask(storage, one)
    runs, lives = storage.stores.runs, 0
    while claims := await claim_all(storage, f"life {lives}"):
        lives += 1
        worst = next((each for each in claims if each.run.crashes >= MOST_CRASHES), None)
        if worst is not None:
            assert worst.shop_id == poison.id
            await runs.finish(worst, RunStatus.FAILED, problem=None, at=storage.clock.now())
        elif poison.id not in {each.shop_id for each in claims}:
            for each in claims:
                await runs.finish(each, RunStatus.DONE, problem=None, at=storage.clock.now())
        await storage.clock.advance(46)
    ended = [await runs.last_finished(one.id) for one in (poison, *others)]
    assert [run.status for run in ended] == [RunStatus.FAILED] + [RunStatus.DONE] * len(others)


async def test_a_suspect_goes_last_also_when_a_person_waits_for_it(storage):
    waited_for, other = await shops_of_the_night(storage, 2)
    await ask(storage, waited_for)
    for life in range(SUSPECT_CRASHES):
        await claim_all(storage, f"life {life}")
        await storage.clock.advance(46)
    await ask(storage, other, RunKind.NIGHTLY)
    assert [claim.shop_id for claim in await claim_all(storage, "me")] == [other.id, waited_for.id]


async def claim_all(storage, owner):
    claims = []
    while True:
        claim = await storage.stores.runs.claim(owner, now=storage.clock.now(), lease_seconds=45)
        if claim is None:
            return claims
        claims.append(claim)


async def test_a_suspect_waits_without_a_busy_loop_while_another_is_worked(storage):
    shops = await shops_of_the_night(storage, 2)
    for one in shops:
        await ask(storage, one)
    for life in range(SUSPECT_CRASHES):
        assert len(await claim_all(storage, f"life {life}")) == len(shops)
        await storage.clock.advance(46)
    (claim,) = await claim_all(storage, "me")
    assert await storage.stores.runs.next_due("me") is None
    assert await storage.stores.runs.next_due("other") <= storage.clock.now()
    now = storage.clock.now()
    await storage.stores.runs.finish(claim, RunStatus.DONE, problem=None, at=now)
    assert await storage.stores.runs.next_due("me") <= now


async def test_a_dead_owners_work_is_taken_over_within_ninety_seconds(storage):
    (one,) = await shops_of_the_night(storage, 1)
    run = await ask(storage, one)
    await storage.stores.runs.claim("dead", now=storage.clock.now(), lease_seconds=45)
    async with house(storage) as here:
        here.tasks.start("worker", here.worker.forever())
        for _ in range(90):
            await storage.clock.advance(1)
            await here.tasks.drain(0.02)
        await here.worker.stop(5)
        assert LeaseRescued(run.id, one.id) in here.events
    assert (await storage.stores.runs.by_id(run.id)).status is RunStatus.DONE


@pytest.mark.parametrize("place", ["marketplace", "table"])
async def test_an_owner_paused_past_its_lease_stores_and_publishes_nothing(migrated_url, place):
    hang, files = Gate(), FakePublisher()
    async with world(migrated_url) as one_side, world(migrated_url, vault=one_side.vault) as other:
        (one,) = await shops_of_the_night(one_side, 1)
        run = await ask(one_side, one)
        slow_wb = FakeMarketplace({"sid-1": [hang]}, stock=9)
        slow_files = FakePublisher(before_write=hang)
        paused = {
            "marketplace": {"marketplace": slow_wb, "publisher": files},
            "table": {"publisher": slow_files},
        }[place]
        async with house(one_side, owner="paused", **paused) as here:
            await here.worker._claim_and_nap()
            await hang.reached.wait()
            await other.clock.advance(60)
            async with house(other, owner="other", publisher=files) as there:
                await there.work()
            stored = await other.stores.tables.figures(one.id)
            written = list(files.written)
            hang.open()
            await here.worker._working.drain(5)
            assert slow_files.written == []
            assert files.written == written
        assert await other.stores.tables.figures(one.id) == stored
        assert len(stored.metrics) == 1
        ended = await other.stores.runs.by_id(run.id)
        assert ended.status is RunStatus.DONE


async def test_an_owner_that_was_overtaken_changes_nothing_while_the_run_goes_on(migrated_url):
    hang = Gate()
    async with (
        world(migrated_url) as one_side,
        world(migrated_url, vault=one_side.vault) as other,
    ):
        (one,) = await shops_of_the_night(one_side, 1)
        run = await ask(one_side, one)
        slow = FakeMarketplace({"sid-1": [hang]}, stock=1)
        files = FakePublisher()
        async with house(one_side, owner="paused", marketplace=slow, publisher=files) as here:
            await here.worker._claim_and_nap()
            await hang.reached.wait()
            await other.clock.advance(60)
            away = FakePublisher(error=AWAY)
            newer = FakeMarketplace(stock=5)
            async with house(other, owner="other", marketplace=newer, publisher=away) as there:
                await there.work()
            hang.open()
            await here.worker._working.drain(5)
        stored = await other.stores.tables.figures(one.id)
        assert len(stored.metrics) == 5
        assert files.made == {}
        assert (await other.stores.runs.by_id(run.id)).status is RunStatus.OPEN


class Failing:
    """A store whose methods fail while `away`."""

    def __init__(self, store):
        self._store, self.away = store, False

    def __getattr__(self, name):
        real = getattr(self._store, name)

        async def call(*args, **kwargs):
            if self.away:
                raise StorageUnreachable("test")
            return await real(*args, **kwargs)

        return call if name != "memo" else real


async def test_a_claim_that_was_lost_on_the_way_runs_out(storage):
    (one,) = await shops_of_the_night(storage, 1)
    run = await ask(storage, one)
    await storage.stores.runs.claim("me", now=storage.clock.now(), lease_seconds=45)
    async with house(storage, owner="me") as here:  # its heart beats, but it knows of no claim
        here.tasks.start("leases", here.worker.keep_leases())
        for _ in range(6):
            await storage.clock.advance(10)
            await here.tasks.drain(0.05)  # the heartbeat reaches the database
    taken = await storage.stores.runs.claim("other", now=storage.clock.now(), lease_seconds=45)
    assert taken.run.id == run.id


async def test_what_is_in_hand_keeps_its_lease(storage):
    (one,) = await shops_of_the_night(storage, 1)
    await ask(storage, one)
    hang = Gate()
    async with house(storage, marketplace=FakeMarketplace({"sid-1": [hang]})) as here:
        here.tasks.start("leases", here.worker.keep_leases())
        await here.worker._claim_and_nap()
        await hang.reached.wait()
        for _ in range(12):
            await storage.clock.advance(10)
            await here.tasks.drain(0.05)  # the heartbeat reaches the database
        now = storage.clock.now()
        assert await storage.stores.runs.claim("other", now=now, lease_seconds=45) is None
        hang.open()


async def test_an_old_pass_that_ends_does_not_take_the_new_one_off_the_heartbeat(storage):
    (one,) = await shops_of_the_night(storage, 1)
    await ask(storage, one)
    first, second = Gate(), Gate()
    wb = FakeMarketplace({"sid-1": [first, second, Gate()]})
    async with house(storage, marketplace=wb) as here:
        here.tasks.start("leases", here.worker.keep_leases())
        await here.worker._claim_and_nap()
        await first.reached.wait()
        await storage.stores.shops.set_period(one.id, 14, now=storage.clock.now())
        await ask(storage, await storage.stores.shops.by_id(one.id))
        await here.worker._claim_and_nap()
        await second.reached.wait()
        first.open()  # what was superseded ends
        while len(here.worker._working) > 1:
            await storage.clock.advance(0.01)
        for _ in range(6):
            await storage.clock.advance(10)
            await here.tasks.drain(0.05)  # the heartbeat reaches the database
        now = storage.clock.now()
        assert await storage.stores.runs.claim("other", now=now, lease_seconds=45) is None
        second.open()


async def test_a_database_away_for_a_minute_makes_nobody_rescue_his_own_work(storage):
    (one,) = await shops_of_the_night(storage, 1)
    run = await ask(storage, one)
    hang = Gate()
    wb = FakeMarketplace({"sid-1": [hang, Gate()]})
    async with house(storage, marketplace=wb) as here:
        await here.worker._claim_and_nap()
        await hang.reached.wait()
        await storage.clock.advance(61)  # no heartbeat has reached the database meanwhile
        await here.worker._claim_and_nap()
        assert len(here.worker._working) == 1
        hang.open()
        await here.worker._working.drain(5)
    ended = await storage.stores.runs.by_id(run.id)
    assert (ended.status, ended.crashes) == (RunStatus.DONE, 0)


async def test_a_claim_on_its_way_at_the_stop_is_given_back(storage):
    (one,) = await shops_of_the_night(storage, 1)
    await ask(storage, one)
    gate, hang = Gate(), Gate()
    async with house(storage, marketplace=FakeMarketplace({"sid-1": [hang]})) as here:
        here.worker._runs = Slow(storage.stores.runs, gate)
        here.tasks.start("worker", here.worker.forever())
        await gate.reached.wait()
        stopping = asyncio.ensure_future(here.worker.stop(0.01))
        gate.open()
        await stopping
        now = storage.clock.now()
        claim = await storage.stores.runs.claim("next", now=now, lease_seconds=45)
        assert (claim.run.crashes, claim.is_rescue) == (0, False)
        hang.open()


class Slow:
    """A store whose claims wait at a gate."""

    def __init__(self, store, gate):
        self._store, self._gate = store, gate

    def __getattr__(self, name):
        return getattr(self._store, name)

    async def claim(self, *args, **kwargs):
        await self._gate()
        return await self._store.claim(*args, **kwargs)


async def test_what_could_not_be_given_back_is_given_back_first(storage):
    (one,) = await shops_of_the_night(storage, 1)
    run = await ask(storage, one)
    async with house(storage) as here:
        failing = Failing(storage.stores.runs)

        async def goes_away(_claim):
            failing.away = True
            raise StorageUnreachable("test")

        here.worker._runs, refresh = failing, here.worker._refresh_shop
        here.worker._refresh_shop = goes_away
        await here.work()
        assert await here.worker._claim_and_nap() < 20  # tries again soon
        failing.away, here.worker._refresh_shop = False, refresh
        await here.work()
    ended = await storage.stores.runs.by_id(run.id)
    assert (ended.status, ended.attempts, ended.crashes) == (RunStatus.DONE, 0, 0)


async def test_an_orderly_stop_leaves_the_run_where_it_stands(storage):
    (one,) = await shops_of_the_night(storage, 1)
    run = await ask(storage, one)
    hang = Gate()
    async with house(storage, marketplace=FakeMarketplace({"sid-1": [hang]})) as here:
        await here.worker._claim_and_nap()
        await hang.reached.wait()
        await here.worker.stop(0.05)
    claim = await storage.stores.runs.claim("next", now=storage.clock.now(), lease_seconds=45)
    assert (claim.run.id, claim.run.crashes, claim.run.attempts) == (run.id, 0, 0)


async def test_a_database_that_talks_nonsense_does_not_end_the_worker(storage):
    (one,) = await shops_of_the_night(storage, 1)
    run = await ask(storage, one)
    async with house(storage) as here:
        real, here.worker._runs = here.worker._runs, None
        here.tasks.start("worker", here.worker.forever())
        await storage.clock.advance(1)
        here.worker._runs = real
        for _ in range(50):
            await storage.clock.advance(1)
            await here.tasks.drain(0.02)
            if await storage.stores.runs.last_finished(one.id):
                break
        await here.worker.stop(5)
    assert (await storage.stores.runs.by_id(run.id)).status is RunStatus.DONE

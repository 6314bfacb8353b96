"""Two processes and one shop: what is on its way to the table lands before anything newer."""

from dataclasses import dataclass, replace

import pytest

from bot.core.errors import Code, Defect, SellerMustAct, Transient
from bot.core.events import DefectFound
from bot.core.runs import ProgressMessage, RunKind, RunStatus
from bot.storage.errors import StorageUnreachable
from bot.usecases.refresh_shop import TURN_WAIT_SECONDS
from bot.usecases.turns import PROLONG_SECONDS, TURN_SECONDS
from bot.usecases.work_due import HEARTBEAT_SECONDS, LEASE_SECONDS
from tests.storage.people import TODAY, access
from tests.support.nights import FakeMarketplace, FakePublisher, Gate, house, shops_of_the_night

OLD, NEW = 1, 2  # products in a table


@dataclass
class Google(FakePublisher):
    """Takes its time with a write, once: our look at the fence was before that."""

    slow: Gate | None = None

    async def publish(self, report, destination, keep, *, guard, urgent=False):  # noqa: ARG002 - the port's
        if self.error is not None:
            raise self.error
        await guard()
        slow, self.slow = self.slow, None
        if slow is not None:
            await slow()
        self.written.append(len(report.rows))
        return destination.state


class Locks:
    """The real ones, until `holds` says otherwise of whoever prolongs his lock."""

    def __init__(self, real):
        self._real, self.holds, self._seen = real, None, set()

    async def hold(self, name, owner, *, seconds):
        if self.holds is None or owner not in self._seen:
            self._seen.add(owner)
            return await self._real.hold(name, owner, seconds=seconds)
        if isinstance(self.holds, Exception):
            raise self.holds
        return self.holds

    async def let_go(self, name, owner):
        await self._real.let_go(name, owner)


@pytest.fixture
async def shop(storage):
    (one,) = await shops_of_the_night(storage, 1)
    return one


@pytest.fixture
def processes(storage):
    """Open a process on the database, at the one and only Google."""

    def open_one(owner, google, stock=OLD, **changes):
        around = replace(storage, stores=replace(storage.stores, **changes))
        marketplace = FakeMarketplace(stock=stock)
        return house(around, marketplace=marketplace, publisher=google, owner=owner)

    return open_one


async def ask(storage, shop):
    run, _ = await storage.stores.runs.request(
        shop, RunKind.TAPPED, day=TODAY, now=storage.clock.now()
    )
    return await storage.stores.runs.by_id(run.id)


async def switch_period(storage, shop):
    await storage.stores.shops.set_period(shop.id, 14, now=storage.clock.now())


async def replace_key(storage, shop):
    key = access("sid-1", key="another.key.text")
    await storage.stores.shops.connect(shop.seller_id, key, now=storage.clock.now())


async def begin(process, slow):
    await process.worker._claim_and_nap()
    await slow.reached.wait()


async def held(rows_of, storage):
    return [row.name for row in (await rows_of(storage))["locks"]]


@pytest.mark.parametrize("owner", ["other", "me"])
@pytest.mark.parametrize("cut", [switch_period, replace_key])
async def test_an_old_write_lands_before_anything_newer(  # noqa: PLR0913, PLR0917 - fixtures
    storage, rows_of, processes, shop, cut, owner
):
    slow = Gate()
    google = Google(slow=slow)
    await ask(storage, shop)
    async with processes("me", google) as old, processes(owner, google, stock=NEW) as new:
        await begin(old, slow)
        await cut(storage, shop)
        run = await ask(storage, shop)
        await storage.stores.runs.set_progress(run.id, ProgressMessage(1001, 5))
        for _ in range(15):  # longer than a turn that nobody prolongs
            await new.work(seconds=TURN_WAIT_SECONDS)
            assert google.written == []

        waits = await storage.stores.runs.by_id(run.id)
        assert (waits.status, waits.attempts, waits.problem) == (RunStatus.OPEN, 0, None)
        assert (await storage.stores.tables.figures(shop.id)).metrics[-1].nm_id == NEW
        assert not [e for e in old.events + new.events if isinstance(e, DefectFound)]
        assert await storage.stores.outbox.due(now=storage.clock.now(), limit=9) == []

        slow.open()
        await old.worker._working.drain(20)
        await new.work()
    assert google.written == [OLD, NEW]
    assert (await storage.stores.runs.by_id(run.id)).status is RunStatus.DONE
    assert await held(rows_of, storage) == []


async def test_the_turn_of_a_process_that_died_holds_no_rescue_up(storage, processes, shop):
    """Whichever of its last heartbeats came last: its death goes on being counted."""
    assert TURN_SECONDS + HEARTBEAT_SECONDS < LEASE_SECONDS
    slow = Gate()
    google = Google(slow=slow)
    run = await ask(storage, shop)
    async with processes("dies", google) as old:
        await begin(old, slow)
        await storage.clock.advance(HEARTBEAT_SECONDS)  # the turn is prolonged, the lease is not
        await storage.stores.runs.by_id(run.id)
    await storage.clock.advance(LEASE_SECONDS - HEARTBEAT_SECONDS)
    async with processes("other", google, stock=NEW) as new:
        await new.work()
    assert google.written == [OLD]  # what was asked of the marketplace is not asked again
    assert (await storage.stores.runs.by_id(run.id)).status is RunStatus.DONE


async def test_who_is_stopped_in_a_write_leaves_it_the_time_to_land(storage, processes, shop):
    slow = Gate()
    google = Google(slow=slow)
    run = await ask(storage, shop)
    async with processes("stopped", google) as old:
        await begin(old, slow)
        await old.worker.stop(0)
    async with processes("other", google, stock=NEW) as new:
        await new.work()
        assert google.written == []
        await storage.clock.advance(TURN_SECONDS)
        await new.work()
    assert len(google.written) == 1
    assert (await storage.stores.runs.by_id(run.id)).status is RunStatus.DONE


@pytest.mark.parametrize(
    "error",
    [
        None,
        Transient(Code.GOOGLE_UNREACHABLE),
        SellerMustAct(Code.SHEET_GONE),
        Defect(Code.INTERNAL),
        ValueError(),
    ],
)
async def test_whatever_ends_a_publishing_ends_its_turn(storage, rows_of, processes, shop, error):
    google = Google(error=error)
    await ask(storage, shop)
    async with processes("me", google) as here:
        await here.work()
    assert await held(rows_of, storage) == []


@pytest.mark.parametrize("is_erased", [False, True])
async def test_who_is_superseded_lets_go(storage, rows_of, processes, shop, is_erased):
    slow = Gate()
    await ask(storage, shop)
    async with processes("me", Google(slow=slow)) as here:
        await begin(here, slow)
        assert await held(rows_of, storage) == [f"publish:{shop.id}"]
        if is_erased:
            await storage.stores.sellers.erase(shop.seller_id)
        else:
            await switch_period(storage, shop)
        slow.open()
        await here.worker._working.drain(20)
    assert await held(rows_of, storage) == []


@pytest.mark.parametrize("holds", [False, StorageUnreachable("test")])
async def test_who_may_have_lost_the_turn_writes_no_more(storage, rows_of, processes, shop, holds):
    slow, locks = Gate(), Locks(storage.stores.locks)
    google = Google(slow=slow)
    run = await ask(storage, shop)
    async with processes("me", google, locks=locks) as here:
        await begin(here, slow)
        locks.holds = holds
        await storage.clock.advance(PROLONG_SECONDS)
        assert await here.worker._working.drain(20)
    run = await storage.stores.runs.by_id(run.id)
    assert (run.status, run.attempts, google.written) == (RunStatus.OPEN, 0, [])
    assert run.next_try_at > storage.clock.now()
    assert await held(rows_of, storage) == [f"publish:{shop.id}"], "it runs out by itself"


async def test_without_google_nothing_is_held(storage, processes, shop):
    run = await ask(storage, shop)
    async with processes("me", None, locks=None) as here:
        here.worker._refresh_shop._publisher = None
        await here.work()
    assert (await storage.stores.runs.by_id(run.id)).status is RunStatus.DONE

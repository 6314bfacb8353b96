"""What cuts into a refresh begins the next one in the same step: no crash lies between."""

from datetime import timedelta
from random import Random

import pytest

from bot.core.errors import Code, SellerMustAct
from bot.core.events import NoticeKind
from bot.core.period import start_of_day
from bot.core.ports import TableState
from bot.core.runs import RunKind, RunStatus
from bot.core.sellers import ShopState
from bot.core.table_file import Host, Invitation, Trouble
from bot.usecases.adopt_sheet import AdoptSheet
from bot.usecases.connect_shop import ConnectShop
from bot.usecases.ensure_day import EnsureDay, Night
from bot.usecases.mend_table import MendTable
from bot.usecases.request_refresh import OpenGate, RequestRefresh
from bot.usecases.switch_period import SwitchPeriod
from tests.storage.people import TODAY, access, claimed, seller
from tests.support.nights import (
    AWAY,
    FakeMarketplace,
    FakePublisher,
    house,
    shops_of_the_night,
)

MORNING = start_of_day(TODAY, hour=9)
LINK = "https://docs.google.com/spreadsheets/d/a-sheet-of-the-sellers-own/edit"


class DiedError(Exception):
    """The process is no more."""


class DyingRuns:
    """A process that dies right after its cut was stored."""

    async def request(self, *_args, **_more):
        raise DiedError


class ClosedGate:
    """Nobody may."""

    async def allows(self, _shop):
        return False


class Wildberries:
    """Takes every key for one of that seller id."""

    def __init__(self, sid):
        self._sid = sid

    def read_key(self, text):
        return access(self._sid, key=text)

    async def verify(self, _access):
        """Accept it."""


class Google:
    """Takes every file."""

    async def examine(self, _invitation, file_id, before):
        return TableState(file_id=file_id, sharing=before.sharing)

    def anew(self, _state):
        return TableState()


class Desk:
    """Every use case that cuts in, in a process that dies after the cut."""

    def __init__(self, storage, gate=None, runs=None):
        stores, clock, gate = storage.stores, storage.clock, gate or OpenGate()
        self.storage, runs = storage, runs or DyingRuns()
        request = RequestRefresh(stores.shops, runs, gate, clock, self.wake)
        self.switch = SwitchPeriod(stores.shops, request, clock)
        self.adopt = AdoptSheet(
            stores.shops, stores.tables, Google(), request_refresh=request, clock=clock,
            random=Random(1),  # noqa: S311 - a test's own code
        )  # fmt: skip
        self.mend = MendTable(stores.shops, stores.tables, Google(), request, clock)

    def wake(self):
        """Ring no bell: nobody is there to hear it."""

    def connect(self, sid):
        stores = self.storage.stores
        clock = self.storage.clock
        return ConnectShop(Wildberries(sid), stores.shops, DyingRuns(), clock, self.wake)


async def replace_key(desk, owner, one):
    await desk.connect(one.sid)(owner, "another.key")


async def switch_period(desk, owner, one):
    await desk.switch(owner, one.id, 30)


async def adopt(desk, owner, one):
    expires_at = desk.storage.clock.now() + timedelta(hours=1)
    invitation = Invitation(one.id, Host("k", "robot@example.org"), "ST-ABCD-2345", expires_at)
    await desk.adopt(owner, invitation, LINK)


async def make_anew(desk, owner, one):
    trouble = Trouble(Code.SHEET_GONE, desk.storage.clock.now())
    await desk.storage.stores.tables.set_trouble(one.id, trouble)
    await desk.mend.make_new(owner, one.id)


CUTS = [replace_key, switch_period, adopt, make_anew]


async def cut_and_die(storage, one, cut, gate=None):
    owner = await storage.stores.sellers.by_id(one.seller_id)
    with pytest.raises(DiedError):
        await cut(Desk(storage, gate), owner, one)


@pytest.mark.parametrize("cut", CUTS)
async def test_the_next_run_is_there(storage, cut):
    claim = await claimed(storage)
    one = await storage.stores.shops.by_id(claim.shop_id)
    await cut_and_die(storage, one, cut)
    assert (await storage.stores.runs.by_id(claim.run.id)).status is RunStatus.SUPERSEDED
    run = await storage.stores.runs.open_run(one.id)
    kind = RunKind.FIRST if cut is replace_key else RunKind.TAPPED
    days = 30 if cut is switch_period else 7
    assert (run.kind, run.day, run.period_days) == (kind, TODAY, days)
    assert await storage.stores.runs.claim("me", now=storage.clock.now(), lease_seconds=45)


@pytest.mark.parametrize("cut", CUTS)
async def test_the_night_that_was_cut_short_goes_on(storage, cut):
    (one,) = await shops_of_the_night(storage, 1)
    stores = storage.stores
    ensure = EnsureDay(stores.shops, stores.runs, storage.clock, Night(), time_scale=1e9)
    assert await ensure() == 1
    night = await stores.runs.open_run(one.id)
    await cut_and_die(storage, one, cut)
    again = await stores.runs.open_run(one.id)
    assert (again.id, again.kind, again.status) == (night.id, RunKind.NIGHTLY, RunStatus.OPEN)
    assert await ensure() == 0
    async with house(storage) as here:
        await here.work()
    ended = await stores.runs.last_finished(one.id)
    assert (ended.id, ended.status) == (night.id, RunStatus.DONE)
    assert await stores.outbox.due(now=storage.clock.now(), limit=9) == []  # it is night
    (morning,) = await stores.outbox.due(now=MORNING, limit=9)
    assert morning.kind is NoticeKind.MORNING_TABLE
    assert await ensure() == 0
    assert await stores.runs.open_run(one.id) is None


async def test_the_night_that_begins_anew_is_the_next_run_to_an_answer_without_rows(storage):
    (one,) = await shops_of_the_night(storage, 1)
    stores, wildberries, google = storage.stores, FakeMarketplace(stock=100), FakePublisher()
    owner = await stores.sellers.by_id(one.seller_id)
    request = RequestRefresh(stores.shops, stores.runs, OpenGate(), storage.clock, lambda: None)
    switch = SwitchPeriod(stores.shops, request, storage.clock)
    async with house(storage, marketplace=wildberries, publisher=google) as here:
        await stores.runs.request(one, RunKind.TAPPED, day=TODAY, now=storage.clock.now())
        await here.work()
        wildberries.stock, google.error = 0, AWAY
        ensure = EnsureDay(stores.shops, stores.runs, storage.clock, Night(), time_scale=1e9)
        assert await ensure() == 1
        await storage.clock.advance(1)
        await here.work()
        held = await stores.snapshots.load(one.id, one.sid, 7)
        assert len(held.remains.rows) == 100, "doubted"
        night = await stores.runs.open_run(one.id)
        assert (await switch(owner, one.id, 14)).requested.run.id == night.id
        await here.work()
        held = await stores.snapshots.load(one.id, one.sid, 14)
        assert len(held.remains.rows) == 0, "believed"


async def test_a_new_shop_has_its_first_run(storage):
    owner = await seller(storage)
    with pytest.raises(DiedError):
        await Desk(storage).connect("sid-7")(owner, "its.first.key")
    (one,) = await storage.stores.shops.of_seller(owner.id)
    assert (await storage.stores.runs.open_run(one.id)).kind is RunKind.FIRST


async def test_who_asks_afterwards_joins_the_run_of_the_cut(storage):
    (one,) = await shops_of_the_night(storage, 1)
    stores, clock = storage.stores, storage.clock
    request = RequestRefresh(stores.shops, stores.runs, OpenGate(), clock, lambda: None)
    switch = SwitchPeriod(stores.shops, request, clock)
    owner = await stores.sellers.by_id(one.seller_id)
    switched = await switch(owner, one.id, 14)
    assert switched.requested.run == await stores.runs.open_run(one.id)


@pytest.mark.parametrize("cut", [switch_period, adopt, make_anew])
async def test_a_shop_without_a_working_key_gets_none(storage, cut):
    claim = await claimed(storage)
    await storage.stores.shops.set_state(claim, ShopState.NEEDS_KEY)
    one = await storage.stores.shops.by_id(claim.shop_id)
    owner = await storage.stores.sellers.by_id(one.seller_id)
    await cut(Desk(storage, runs=storage.stores.runs), owner, one)
    assert await storage.stores.runs.open_run(one.id) is None


@pytest.mark.parametrize("cut", [switch_period, adopt, make_anew])
async def test_a_shop_that_the_gate_keeps_out_gets_none(storage, cut):
    (one,) = await shops_of_the_night(storage, 1)
    owner = await storage.stores.sellers.by_id(one.seller_id)
    await cut(Desk(storage, ClosedGate()), owner, one)
    assert await storage.stores.runs.open_run(one.id) is None


async def test_a_file_that_is_another_shops_cuts_nothing(storage):
    one, other = await shops_of_the_night(storage, 2)
    claim = await claimed(storage, one)
    await storage.stores.tables.put_state(
        other.id, TableState(file_id=LINK.split("/")[-2]), now=storage.clock.now()
    )
    owner = await storage.stores.sellers.by_id(one.seller_id)
    with pytest.raises(SellerMustAct):
        await adopt(Desk(storage), owner, one)
    await storage.stores.runs.check(claim)

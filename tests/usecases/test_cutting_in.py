"""What cuts into a running refresh: nothing of the old one is stored, and its watcher is told."""

import asyncio

import pytest

from bot.core.errors import Code, SellerMustAct, Transient
from bot.core.events import DefectFound, NoticeKind
from bot.core.ports import Superseded, TableState
from bot.core.runs import ProgressMessage, RunKind, RunStatus
from bot.core.sellers import ShopState
from bot.kit.tasks import Tasks
from bot.usecases.connect_shop import DeleteKey
from bot.usecases.delete_account import DeleteAccount
from bot.usecases.pause_shop import PauseShop
from bot.usecases.request_refresh import AttachProgress, OpenGate, RequestRefresh
from bot.usecases.switch_period import SwitchPeriod
from tests.storage.people import NOW, TODAY, access, card, claimed, save, seller, shop

WATCHED = ProgressMessage(77, 501)


class Around:
    """The use cases on one database, and how often the worker was woken."""

    def __init__(self, storage, output=None):
        stores, clock = storage.stores, storage.clock
        self.stores, self.woken, self.events = stores, 0, []
        request = RequestRefresh(stores.shops, stores.runs, OpenGate(), clock, self._wake)
        self.switch = SwitchPeriod(stores.shops, request, clock)
        self.pause = PauseShop(stores.shops, clock, self._wake)
        self.delete_key = DeleteKey(stores.shops, clock)
        self.attach = AttachProgress(stores.runs, clock)
        self.delete_account = DeleteAccount(
            sellers=stores.sellers,
            shops=stores.shops,
            tables=stores.tables,
            output=output,
            tasks=Tasks(lambda *_: None),
            clock=clock,
            observe=self.events.append,
            leave_seconds=1,
        )

    def _wake(self):
        self.woken += 1

    async def owed(self):
        return await self.stores.outbox.due(now=NOW, limit=20)


@pytest.fixture
def around(storage):
    return Around(storage)


async def watched_claim(storage, one=None):
    claim = await claimed(storage, one)
    await storage.stores.runs.set_progress(claim.run.id, WATCHED)
    return claim


async def owner_of(storage, one):
    return await storage.stores.sellers.by_id(one.seller_id)


async def switch(around, owner, one):
    await around.switch(owner, one.id, 30)


async def pause(around, owner, one):
    await around.pause(owner, one.id)


async def delete_key(around, owner, one):
    await around.delete_key(owner, one.id)


async def replace_key(around, owner, _one):
    await around.stores.shops.connect(owner.id, access(key="new.key.text"), now=NOW)


@pytest.mark.parametrize(
    ("cut", "why"),
    [
        (switch, Code.SUPERSEDED),
        (pause, Code.PAUSED),
        (delete_key, Code.KEY_MISSING),
        (replace_key, Code.SUPERSEDED),
    ],
)
async def test_a_late_step_is_worthless_and_the_watched_message_gets_its_end(
    storage, around, cut, why
):
    one = await shop(storage)
    claim = await watched_claim(storage, one)
    await cut(around, await owner_of(storage, one), one)
    with pytest.raises(Superseded):
        await save(storage, claim, [card(1)])
    (notice,) = await around.owed()
    assert notice.kind is NoticeKind.RUN_FINISHED
    assert notice.payload["status"] == RunStatus.SUPERSEDED
    assert notice.payload["code"] == why
    assert (await storage.stores.runs.by_id(claim.run.id)).status is RunStatus.SUPERSEDED


async def test_a_message_that_is_attached_too_late_gets_its_end(storage, around):
    one = await shop(storage)
    claim = await claimed(storage, one)
    await around.pause(await owner_of(storage, one), one.id)
    assert await around.owed() == []
    await around.attach(claim.run.id, WATCHED)
    (notice,) = await around.owed()
    assert (notice.payload["status"], notice.payload["code"]) == ("superseded", Code.PAUSED)


async def test_a_new_period_is_collected_at_once(storage, around):
    one = await shop(storage)
    await claimed(storage, one)
    switched = await around.switch(await owner_of(storage, one), one.id, 14)
    run = switched.requested.run
    assert (run.status, run.period_days, run.kind) == (RunStatus.OPEN, 14, RunKind.TAPPED)
    assert switched.shop.period_days == 14
    assert around.woken == 1


async def test_the_same_period_again_disturbs_nothing(storage, around):
    one = await shop(storage)
    claim = await watched_claim(storage, one)
    switched = await around.switch(await owner_of(storage, one), one.id, one.period_days)
    assert switched.requested is None
    await storage.stores.runs.check(claim)


async def test_a_shop_without_a_key_only_remembers_its_period(storage, around):
    one = await shop(storage)
    owner = await owner_of(storage, one)
    await around.delete_key(owner, one.id)
    switched = await around.switch(owner, one.id, 30)
    assert switched.requested is None
    assert switched.shop.state is ShopState.WITHOUT_KEY
    assert switched.shop.period_days == 30


@pytest.mark.parametrize("days", [0, 1, 8, 365, -7])
async def test_no_other_period_is_taken(storage, around, days):
    one = await shop(storage)
    with pytest.raises(SellerMustAct):
        await around.switch(await owner_of(storage, one), one.id, days)
    assert (await storage.stores.shops.by_id(one.id)).period_days == one.period_days


async def test_a_paused_shop_has_no_night_until_it_is_resumed(storage, around):
    one = await shop(storage)
    owner = await owner_of(storage, one)
    await around.pause(owner, one.id)
    eligible = storage.stores.shops.eligible
    assert await eligible(before=NOW, gone_since=NOW) == []
    assert (await around.pause.resume(owner, one.id)).paused is False
    assert [each.id for each in await eligible(before=NOW, gone_since=NOW)] == [one.id]


class Output:
    """An output that lets go, or cannot."""

    def __init__(self, error=None):
        self.left, self._error = [], error

    async def leave(self, destination):
        if self._error:
            raise self._error
        self.left.append((destination.shop_id, destination.state.url))


async def with_a_table(storage):
    one = await shop(storage)
    claim = await watched_claim(storage, one)
    await save(storage, claim, [card(1)])
    await storage.stores.tables.save_state(claim, TableState("https://x/1", {"file": "1"}))
    return one, claim


async def test_nothing_of_a_deleted_account_stays(storage, rows_of):
    output = Output()
    around = Around(storage, output)
    one, claim = await with_a_table(storage)
    owner = await owner_of(storage, one)
    await storage.stores.drafts.save_state("42:77:77", "RegistrationStates:GET_NAME", now=NOW)
    erased = await around.delete_account(owner)
    assert erased.watched == (WATCHED,)
    assert erased.left_behind == ()
    assert output.left == [(one.id, "https://x/1")]
    rows = await rows_of(storage)
    assert {name: held for name, held in rows.items() if held} == {}
    with pytest.raises(Superseded):
        await save(storage, claim, [card(2)])
    assert await storage.stores.runs.claim("me", now=NOW, lease_seconds=45) is None


@pytest.mark.parametrize(
    ("error", "left_behind"),
    [
        (Transient(Code.GOOGLE_UNREACHABLE), ("https://x/1",)),
        (SellerMustAct(Code.SHEET_GONE), ()),
    ],
)
async def test_a_table_that_cannot_be_left_holds_up_no_erasure(storage, error, left_behind):
    around = Around(storage, Output(error))
    one, _ = await with_a_table(storage)
    erased = await around.delete_account(await owner_of(storage, one))
    assert erased.left_behind == left_behind
    assert await storage.stores.sellers.by_telegram_id(77) is None
    assert [type(event) for event in around.events] == [DefectFound] * len(left_behind)


async def test_a_silent_google_holds_up_no_erasure_however_many_shops(storage):
    around = Around(storage, Silent())
    for number in range(12):
        one = await shop(storage, sid=f"sid-{number}")
    async with asyncio.timeout(8):  # one second for them all; each its own would make twelve
        await around.delete_account(await owner_of(storage, one))
    assert await storage.stores.sellers.by_telegram_id(77) is None


class Silent:
    """An output that never answers."""

    async def leave(self, _destination):
        await asyncio.Event().wait()


async def test_another_account_is_not_touched(storage):
    around = Around(storage)
    one = await shop(storage)
    other = await shop(storage, telegram_id=88, sid="sid-2")
    claim = await claimed(storage, other)
    await around.delete_account(await owner_of(storage, one))
    await storage.stores.runs.check(claim)
    assert [each.id for each in await storage.stores.shops.of_seller(other.seller_id)] == [
        other.id
    ]
    assert await storage.stores.shops.access(other.id) is not None


async def test_who_comes_back_begins_anew(storage):
    around = Around(storage)
    one = await shop(storage)
    await around.delete_account(await owner_of(storage, one))
    again = await seller(storage, 77)
    assert await storage.stores.shops.of_seller(again.id) == []
    new = await shop(storage)
    assert new.id != one.id
    assert await storage.stores.runs.open_run(new.id) is None
    assert (await storage.stores.runs.request(new, RunKind.TAPPED, day=TODAY, now=NOW))[1] is False

"""An account goes while its refresh goes on: no message and no file of it is left behind."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from bot.core.errors import Code, SellerMustAct, Transient
from bot.core.ports import ShopErased, Superseded, TableState
from bot.core.runs import ProgressMessage, RunKind
from bot.kit.tasks import Tasks
from bot.outputs.google_sheets import GoogleConfig, open_google_sheets
from bot.sandbox.google import Fault, GoogleTwin
from bot.storage.sellers import SqlSellerStore
from bot.usecases.delete_account import DeleteAccount
from bot.usecases.request_refresh import AttachProgress
from tests.storage.people import NOW, TODAY, claimed, seller, shop
from tests.storage.test_outbox import LosesAnAnswer
from tests.storage.test_unreadable_rows import table_of_tomorrow
from tests.support.nights import house

MESSAGE = ProgressMessage(77, 501)
ROBOT = "robot@stock-tracker.iam.gserviceaccount.com"
CREATE = "drive.files.create"
CREATE_SECONDS = 30.0


# ── messages ─────────────────────────────────────────────────────────────────────────────────


class First:
    """A neighbour of which some calls come only after something else."""

    def __init__(self, real, name, before):
        self._real, self._name, self._before = real, name, before

    def __getattr__(self, name):
        found = getattr(self._real, name)

        async def call(*args, **words):
            await self._before()
            return await found(*args, **words)

        return call if name == self._name else found


class Tables:
    """An output that fails as often as it has errors."""

    def __init__(self, *errors):
        self.errors, self.asked = list(errors), 0

    async def leave(self, _destination):
        self.asked += 1
        if self.errors:
            raise self.errors.pop()


@pytest.mark.parametrize(
    ("neighbour", "call"),
    [("sellers", "begin_erasing"), ("output", "leave"), ("sellers", "erase")],
)
async def test_a_message_that_comes_at_any_moment_gets_its_end(storage, neighbour, call):
    claim = await claimed(storage)

    async def attach():
        await AttachProgress(storage.stores.runs, storage.clock)(claim.run.id, MESSAGE)

    erased = await delete(storage, **{neighbour: lambda real: First(real, call, attach)})
    assert erased.watched == (MESSAGE,)


async def test_an_end_that_was_owed_and_not_yet_told_is_not_forgotten(storage):
    claim = await claimed(storage)
    await storage.stores.runs.set_progress(claim.run.id, MESSAGE)
    await storage.stores.shops.set_paused(claim.shop_id, paused=True, now=NOW)
    assert (await delete(storage)).watched == (MESSAGE,)


async def test_a_message_that_has_had_its_end_keeps_it(storage):
    claim = await claimed(storage)
    await storage.stores.runs.set_progress(claim.run.id, MESSAGE)
    await storage.stores.shops.set_paused(claim.shop_id, paused=True, now=NOW)
    (end,) = await storage.stores.outbox.due(now=NOW, limit=9)
    await storage.stores.outbox.settle(end.id, delivered=True)
    assert (await delete(storage)).watched == ()


async def test_a_message_and_the_erasure_never_miss_each_other(storage, rows_of):
    for number in range(12):
        owner = await seller(storage)
        claim = await claimed(storage, await shop(storage))
        attach = AttachProgress(storage.stores.runs, storage.clock)
        erasing = asyncio.ensure_future(storage.stores.sellers.erase(owner.id))
        if number % 3:
            await asyncio.sleep(0)
        refused = None
        try:
            await attach(claim.run.id, MESSAGE)
        except SellerMustAct as refusal:
            refused = refusal.code
        watched = await erasing
        assert (watched, refused) in [((MESSAGE,), None), ((), Code.SHOP_UNKNOWN)]
        assert (await rows_of(storage))["outbox"] == []


async def test_a_message_gets_its_end_though_the_answer_to_the_erasure_is_lost(storage):
    owner, claim = await seller(storage), await claimed(storage)
    await storage.stores.runs.set_progress(claim.run.id, MESSAGE)
    database = LosesAnAnswer(storage.database.engine)
    watched = await SqlSellerStore(database, storage.vault, storage.clock).erase(owner.id)
    assert (database.is_lost, watched) == (True, (MESSAGE,))
    assert await storage.stores.sellers.by_id(owner.id) is None


@pytest.mark.parametrize("erased", [False, True])
async def test_a_late_step_learns_that_its_shop_is_gone(storage, erased):
    one = await shop(storage)
    claim = await claimed(storage, one)
    if erased:
        await storage.stores.sellers.erase(one.seller_id)
    else:
        await storage.stores.shops.delete_key(one.id, now=NOW)
    for step in (
        storage.stores.runs.check(claim),
        storage.stores.tables.save_state(claim, TableState()),
    ):
        with pytest.raises(Superseded) as refused:
            await step
        assert isinstance(refused.value, ShopErased) is erased


async def delete(storage, **around):
    """Delete the account of 77; `around` wraps the neighbours that it names."""
    stores, tasks = storage.stores, Tasks(lambda *_: None)
    parts = {"sellers": stores.sellers, "shops": stores.shops, "output": Tables()}
    delete_account = DeleteAccount(
        **{name: around.get(name, lambda real: real)(part) for name, part in parts.items()},
        tables=stores.tables,
        tasks=tasks,
        clock=storage.clock,
        observe=storage.events.append,
    )
    erased = await delete_account(await stores.sellers.by_telegram_id(77))
    assert await tasks.drain(20)
    return erased


# ── files ────────────────────────────────────────────────────────────────────────────────────


class Making:
    """A shop whose file Google is about to make, and takes its time."""

    def __init__(self, storage, here, google, sheets):
        self.storage, self.here, self.google, self.sheets = storage, here, google, sheets

    async def begin(self):
        """Have the file asked for."""
        one, now = await shop(self.storage), self.storage.clock.now()
        await self.storage.stores.runs.request(one, RunKind.TAPPED, day=TODAY, now=now)
        await self.here.worker._claim_and_nap()
        while not self.google.calls.of("drive"):
            await self.here.worker._working.drain(0.01)

    async def end(self):
        """Have Google answer, and the refresh come to its end."""
        await self.storage.clock.advance(CREATE_SECONDS)
        assert await self.here.worker._working.drain(20)

    def files(self):
        return [key for key in self.google.drive.books if not self.google.drive.files[key].trashed]


@asynccontextmanager
async def making(storage, tmp_path, fault):
    async with GoogleTwin(storage.clock) as google:
        key = await asyncio.to_thread(google.service_account_file, tmp_path / "sa.json", ROBOT)
        folder = google.drive.add_shared_drive("Tables", {ROBOT: "fileOrganizer"})
        config = GoogleConfig((key,), None, folder, sheets_url=google.url, drive_url=google.url)
        sheets = open_google_sheets(config, storage.clock, marker_secret=b"of the tests")
        google.faults.plant(fault, CREATE, seconds=CREATE_SECONDS)
        async with house(storage, publisher=sheets) as here:
            yield Making(storage, here, google, sheets)
        sheets.close()


@pytest.mark.parametrize(("url", "asked", "left_behind"), [(None, 2, 0), ("https://x/1", 1, 1)])
async def test_a_file_that_has_no_link_yet_is_tried_again(storage, url, asked, left_behind):
    claim, away = await claimed(storage), Tables(Transient(Code.GOOGLE_UNREACHABLE))
    await storage.stores.tables.save_state(claim, TableState(url, {"file": "1"}, "1"))
    erased = await delete(storage, output=lambda _: away)
    assert away.asked == asked
    assert len(erased.left_behind) == left_behind


async def test_a_table_of_another_version_is_told_and_erased_like_any_other(storage, rows_of):
    claim, tables = await claimed(storage), Tables()
    await storage.stores.tables.save_state(claim, TableState("https://x/1", {"file": "1"}, "1"))
    await table_of_tomorrow(storage, claim.shop_id)
    await delete(storage, output=lambda _: tables)
    assert [(event.problem, event.shop_id) for event in storage.events] == [
        (Code.INTERNAL, claim.shop_id)
    ]
    assert tables.asked == 0
    assert (await rows_of(storage))["sellers"] == []


@pytest.mark.parametrize("fault", [Fault.STALL, Fault.STALL_AFTER])
@pytest.mark.parametrize("moment", ["before we look", "before we erase", "after we erase"])
async def test_a_file_that_google_takes_long_to_make_does_not_stay(
    storage, tmp_path, fault, moment
):
    async with making(storage, tmp_path, fault) as file:
        await file.begin()
        cut = First(file.sheets, "leave", file.end) if moment == "before we look" else file.sheets
        sellers = storage.stores.sellers
        if moment == "before we erase":
            sellers = First(sellers, "erase", file.end)
        erased = await delete(storage, sellers=lambda _: sellers, output=lambda _: cut)
        if moment == "after we erase":
            await file.end()
        assert file.files() == []
        assert erased.left_behind == ()
        assert storage.events == file.here.events == []


async def test_a_file_that_stays_after_all_is_told_to_the_operator(storage, tmp_path):
    async with making(storage, tmp_path, Fault.STALL) as file:
        await file.begin()
        await delete(storage, output=lambda _: file.sheets)
        file.google.faults.plant(Fault.SERVICE_DISABLED, "drive.files.delete")
        await file.end()
        assert [event.problem for event in file.here.events] == [Code.GOOGLE_DISABLED]

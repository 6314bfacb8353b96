"""Two processes at one Google: what the old run has sent lands before the new run writes."""

import asyncio

import pytest

from bot.core.runs import RunKind, RunStatus
from bot.outputs.google_sheets import open_google_sheets
from bot.sandbox.google import Fault, GoogleTwin
from tests.sandbox.google.discovery import check_request
from tests.storage.people import TODAY
from tests.support.nights import FakeMarketplace, house, shops_of_the_night

CREATE, VALUES = "drive.files.create", "sheets.spreadsheets.values.batchUpdateByDataFilter"
OLD, NEW, HEADER_ROWS = 1, 2, 2  # a table's products, and what stands above them
SLOW_SECONDS = 60.0
TABS = ("Остатки", "История", "О таблице")


@pytest.fixture
def clock(storage):
    return storage.clock


@pytest.fixture
async def google(storage):
    clock = storage.clock

    async def beat():  # so that the clock makes no great leaps while real sockets are at work
        while True:
            await clock.sleep(1)

    async with GoogleTwin(clock, validate=check_request) as twin, clock.autorun(busy=storage.busy):
        beating = asyncio.ensure_future(beat())
        yield twin
        beating.cancel()


@pytest.fixture
async def processes(storage, config):
    """Open processes, each with a way to Google of its own."""
    opened = []

    def open_one(owner, stock):
        sheets = open_google_sheets(config, storage.clock, marker_secret=b"of the tests")
        opened.append(sheets)
        marketplace = FakeMarketplace(stock=stock)
        return house(storage, marketplace=marketplace, publisher=sheets, owner=owner)

    yield open_one
    for sheets in opened:
        sheets.close()


async def ask(storage, shop):
    run, _ = await storage.stores.runs.request(
        shop, RunKind.TAPPED, day=TODAY, now=storage.clock.now()
    )
    return run.id


async def until_done(storage, process, run_id):
    while (await storage.stores.runs.by_id(run_id)).status is RunStatus.OPEN:
        await process.work()
        await storage.clock.sleep(1)


async def shown(storage, google, shop):
    state = await storage.stores.tables.state(shop.id)
    return {tab: google.hands(state.notes["spreadsheet_id"]).grid(tab) for tab in TABS}


@pytest.mark.parametrize("slow", [VALUES, CREATE])
async def test_a_slow_call_lands_before_the_new_run_writes(storage, google, processes, slow):
    (shop,) = await shops_of_the_night(storage, 1)
    async with processes("old", OLD) as old, processes("new", NEW) as new:
        if slow is VALUES:
            await until_done(storage, old, await ask(storage, shop))
        seen = len(google.calls)
        google.faults.plant(Fault.STALL, slow, seconds=SLOW_SECONDS)
        await ask(storage, shop)
        await old.worker._claim_and_nap()
        while not any(call.method == slow for call in list(google.calls)[seen:]):
            await storage.clock.sleep(0.1)
        await storage.stores.shops.set_period(shop.id, 14, now=storage.clock.now())

        await until_done(storage, new, await ask(storage, shop))

        table = await shown(storage, google, shop)
        assert len(table[TABS[0]]) == HEADER_ROWS + NEW
        assert await old.worker._working.drain(20)
        assert await shown(storage, google, shop) == table
    assert len([f for f in google.drive.books if not google.drive.files[f].trashed]) == 1

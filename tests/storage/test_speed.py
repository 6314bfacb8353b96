"""A big shop is stored and read without holding up the event loop."""

import asyncio
import gc

import pytest

from bot.core.products import Remains, Snapshot, Source
from bot.core.report import history_row
from tests.storage.people import NOW, card, claimed, figures_of

CARDS = 10_000
PLACES = [f"Склад с длинным названием {number}" for number in range(40)]
LONGEST_BLOCK_SECONDS = 0.1


class Pulse:
    """Beats every few milliseconds and remembers the longest silence, by the loop's clock."""

    async def __aenter__(self):
        self.longest = 0.0
        self._task = asyncio.ensure_future(self._beat())
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *_):
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _beat(self):
        clock = asyncio.get_running_loop().time
        while True:
            before = clock()
            await asyncio.sleep(0.002)
            self.longest = max(self.longest, clock() - before - 0.002)


def _metrics():
    stock = [dict.fromkeys(PLACES, nm_id % 90 + 1) for nm_id in range(100)]
    return [
        card(
            nm_id,
            orders_by_warehouse=dict(stock[nm_id % 100]),
            stocks_by_warehouse=dict(stock[nm_id % 97]),
        )
        for nm_id in range(1, CARDS + 1)
    ]


@pytest.fixture
def _small_heap():
    """Leave what the whole test session holds out of garbage collection, as a started bot does."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("_small_heap")
async def test_ten_thousand_cards_by_forty_warehouses(storage):
    """Our own work blocks in each of three tries; a busy machine does not."""
    claim = await claimed(storage)
    figures = figures_of(_metrics())
    longest = [await _there_and_back(storage, claim, figures) for _ in range(3)]
    assert min(longest) < LONGEST_BLOCK_SECONDS


async def _there_and_back(storage, claim, figures):
    """Store and read everything; return the longest time that the loop was blocked."""
    cards = figures.metrics
    rows = {one.nm_id: Remains(one.nm_id, by_warehouse=one.stocks_by_warehouse) for one in cards}
    shelves = Snapshot(Source.REMAINS, NOW, rows)
    day = history_row(cards, figures.period)
    async with Pulse() as pulse:
        await storage.stores.snapshots.replace(claim, "sid-1", 7, shelves)
        await storage.stores.tables.save_figures(claim, figures, day)
        loaded = await storage.stores.snapshots.load(claim.shop_id, "sid-1", 7)
        found = await storage.stores.tables.figures(claim.shop_id)
        table = await storage.stores.tables.table(claim.shop_id)
    assert loaded.remains == shelves
    assert found == figures
    assert table.layout == figures.layout
    return pulse.longest

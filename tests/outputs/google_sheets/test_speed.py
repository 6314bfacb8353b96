"""Counts, sizes and times at the size of a big shop."""

import asyncio
import time

import pytest

from bot.outputs.google_sheets import layout, values
from bot.outputs.google_sheets.anchors import places_of
from bot.outputs.google_sheets.notes import Notes
from bot.outputs.google_sheets.placement import Placement
from tests.outputs.google_sheets.shop import ShopBook
from tests.outputs.google_sheets.test_publishing import READ, WRITE

BIG = {"products": 1000, "places": 29}  # and «Маркетплейс»: 30 groups


@pytest.fixture
def big(desk):
    desk.book = ShopBook(**BIG)
    return desk


async def test_a_thousand_products_in_thirty_warehouses(big, google):
    report = big.book.report()
    assert (len(report.rows), len(report.columns)) == (1000, 99)
    assert await big.publish(report) == ["create", "batchUpdate", WRITE, "create"]
    big.book.tomorrow()

    assert await big.publish(big.book.report(seed=2)) == [READ, WRITE]

    written = google.calls.to(WRITE)[-1]
    assert 100_000 < written.body_bytes < 800_000
    assert written.wire_bytes < written.body_bytes / 2
    structure = google.calls.to("spreadsheets.batchUpdate")[-1]
    assert structure.body_bytes < 200_000


async def test_the_event_loop_stays_free(big):
    report = big.book.report()
    await big.publish(report)

    assert await _stays_free(lambda: big.publish(report))


async def test_the_biggest_table_is_built_beside_the_loop(sheets):
    report = ShopBook(products=10_000, places=39).report()
    notes = Notes(places=places_of(report))
    placement = Placement.fresh(report)

    async def build():
        body = await sheets.client.run(values.body_of, report, placement, notes)
        await sheets.client.run(layout.own_file, report, notes, 0)
        assert len(body) < 8_000_000

    assert await _stays_free(build)


async def _stays_free(work):
    """Try it up to 20 times: other programs work on the same cores, and the twin in this loop."""
    for _ in range(20):
        if await _longest_block(work()) < 0.1:
            return True
    return False


async def _longest_block(work):
    lateness = []
    watching = asyncio.ensure_future(_watch(lateness))
    await work
    watching.cancel()
    return max(lateness)


async def _watch(lateness):
    loop = asyncio.get_running_loop()
    while True:
        before = loop.time()
        await asyncio.sleep(0.005)
        lateness.append(loop.time() - before - 0.005)


def test_encoding_takes_ten_milliseconds():
    report = ShopBook(**BIG).report()
    notes = Notes(places=places_of(report))
    placement = Placement.fresh(report)

    def timed():
        start = time.thread_time()
        values.body_of(report, placement, notes)
        return time.thread_time() - start

    assert min(timed() for _ in range(10)) < 0.010

"""A refresh takes what the vendor's limits take: facts/wildberries.md §7, × 1.1 + 2 s."""

import asyncio

import pytest

from bot.core.products import Source
from bot.sandbox.wildberries import make_shop
from tests.marketplaces.wildberries.conftest import SID


@pytest.fixture
def cards(request):
    return request.param


@pytest.fixture
def shop(clock, cards):
    return make_shop(now=clock.now(), cards=cards, warehouses=40, orders=8_000, sid=SID)


@pytest.mark.parametrize(
    ("cards", "bound_seconds"),
    [(500, 25), (2_999, 25), (3_000, 25), (10_000, 160)],
    indirect=["cards"],
)
async def test_a_full_key(wb, bound_seconds):
    began = wb.clock.monotonic()
    await asyncio.gather(*(wb.bring(source) for source in Source))
    assert wb.clock.monotonic() - began <= bound_seconds * 1.1 + 2
    assert wb.twin.too_many == 0


@pytest.mark.parametrize("cards", [500, 999], indirect=True)
async def test_a_base_key(wb, base):
    wb.twin.behaviour.remains_generation_seconds = 60.0
    began = wb.clock.monotonic()
    sources = wb.adapter.sources(base.facts)
    await asyncio.gather(*(wb.bring(source, access=base) for source in sources))
    assert wb.clock.monotonic() - began <= 60 * 1.1 + 2
    assert wb.twin.too_many == 0
    assert Source.SELLER_STOCKS not in sources

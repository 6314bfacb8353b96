"""A whole refresh takes what the vendor's limits take: facts/wildberries.md §7, × 1.1 + 2 s."""

import pytest

from bot.core.runs import RunStatus
from bot.sandbox.wildberries import KeyKind
from tests.support.refreshing import refreshing

GENERATION_SECONDS = 20.0


async def seconds_of(home, shop):
    clock = home.world.clock
    async with home.process() as here:
        began = clock.monotonic()
        run = await home.request(shop)
        done = await home.until_done(here, run.id)
    assert done.status is RunStatus.DONE
    assert all(outcome.problem is None for outcome in done.outcomes.values())
    assert home.twin.too_many == 0
    return clock.monotonic() - began


@pytest.mark.parametrize(
    ("cards", "bound_seconds"), [(500, 25), (2_999, 25), (3_000, 25), (10_000, 160)]
)
async def test_a_full_key(storage, cards, bound_seconds):
    if not storage.database.is_sqlite:
        pytest.skip("limits are the same on both databases")
    async with refreshing(storage, cards=cards, warehouses=40, orders=8_000) as home:
        home.twin.behaviour.remains_generation_seconds = GENERATION_SECONDS
        shop = await home.connect(kind=KeyKind.PERSONAL)
        assert await seconds_of(home, shop) <= bound_seconds * 1.1 + 2


@pytest.mark.parametrize(
    ("cards", "bound_seconds"),
    [(500, 60), (999, 60), (1_000, 1800), (2_999, 3600), (3_000, 5400), (10_000, 18_000)],
)
async def test_a_base_key(storage, cards, bound_seconds):
    if not storage.database.is_sqlite:
        pytest.skip("limits are the same on both databases")
    async with refreshing(storage, cards=cards, warehouses=12, orders=2_000) as home:
        home.twin.behaviour.remains_generation_seconds = 60.0
        shop = await home.connect()
        assert await seconds_of(home, shop) <= bound_seconds * 1.1 + 2

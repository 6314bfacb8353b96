"""The last good answer: keyed by shop, sid, source and period length."""

from datetime import timedelta

from bot.core.period import Period
from bot.core.products import (
    CardOrders,
    Remains,
    SalesFunnel,
    SellerStock,
    Snapshot,
    Snapshots,
    Source,
)
from tests.storage.people import NOW, TODAY, WEEK, claimed, remains

FUNNEL = Snapshot(
    Source.FUNNEL,
    NOW,
    {5: SalesFunnel(5, "Бренд", "Кружки", "a", orders=0, orders_rub=12.5, buyouts=None)},
    period=WEEK,
)
ORDERS = Snapshot(
    Source.ORDERS,
    NOW,
    {6: CardOrders(6, placed=3, fbs=1, by_warehouse={"Тула": 2}, by_district={"ЦФО": 2})},
    period=WEEK,
    emptied_in_run=4,
)
STOCKS = Snapshot(Source.SELLER_STOCKS, NOW, {7: SellerStock(7, 2**40)})
SHELVES = Snapshot(
    Source.REMAINS,
    NOW,
    {8: Remains(8, by_warehouse={"Тула": 1, "Казань": 0}, reported_total=1)},
)


async def test_answers_come_out_as_they_went_in(storage):
    claim = await claimed(storage)
    for got in (FUNNEL, ORDERS, STOCKS, SHELVES):
        await storage.stores.snapshots.replace(claim, "sid-1", 7, got)
    found = await storage.stores.snapshots.load(claim.shop_id, "sid-1", 7)
    assert found == Snapshots(funnel=FUNNEL, orders=ORDERS, seller_stocks=STOCKS, remains=SHELVES)


async def test_an_answer_without_rows_is_an_answer(storage):
    claim = await claimed(storage)
    await storage.stores.snapshots.replace(claim, "sid-1", 7, remains())
    found = await storage.stores.snapshots.load(claim.shop_id, "sid-1", 7)
    assert found.remains == remains()
    assert found.orders is None


async def test_figures_of_a_period_are_not_used_for_another_and_stock_is_for_all(storage):
    claim = await claimed(storage)
    for got in (FUNNEL, SHELVES):
        await storage.stores.snapshots.replace(claim, "sid-1", 7, got)
    found = await storage.stores.snapshots.load(claim.shop_id, "sid-1", 14)
    assert found == Snapshots(remains=SHELVES)


async def test_another_sid_has_learned_nothing(storage):
    claim = await claimed(storage)
    await storage.stores.snapshots.replace(claim, "sid-1", 7, SHELVES)
    assert await storage.stores.snapshots.load(claim.shop_id, "sid-2", 7) == Snapshots()


async def test_a_new_answer_takes_the_place_of_the_old_one(storage):
    claim = await claimed(storage)
    await storage.stores.snapshots.replace(claim, "sid-1", 7, remains(1, 2))
    await storage.stores.snapshots.replace(claim, "sid-1", 7, remains(2))
    found = await storage.stores.snapshots.load(claim.shop_id, "sid-1", 7)
    assert found.remains == remains(2)


async def test_a_funnel_short_of_pages_stands_beside_the_last_whole_one(storage):
    claim = await claimed(storage)
    tomorrow = Period.ending_before(TODAY + timedelta(days=1), 7)
    short = Snapshot(Source.FUNNEL, NOW, {9: SalesFunnel(9)}, period=tomorrow, complete=False)
    await storage.stores.snapshots.replace(claim, "sid-1", 7, FUNNEL)
    await storage.stores.snapshots.replace(claim, "sid-1", 7, short)
    found = await storage.stores.snapshots.load(claim.shop_id, "sid-1", 7)
    assert (found.funnel, found.funnel_so_far) == (FUNNEL, short)
    whole = Snapshot(Source.FUNNEL, NOW, {9: SalesFunnel(9)}, period=tomorrow)
    await storage.stores.snapshots.replace(claim, "sid-1", 7, whole)
    found = await storage.stores.snapshots.load(claim.shop_id, "sid-1", 7)
    assert (found.funnel, found.funnel_so_far) == (whole, None)

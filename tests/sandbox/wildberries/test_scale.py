from bot.sandbox.wildberries import make_shop
from bot.sandbox.wildberries.remains_rows import TOTAL

from .calls import create, download, orders, products
from .conftest import SID


async def test_a_shop_of_ten_thousand_cards_is_served_whole(clock, twin, api):
    twin.behaviour.limits_on = False
    twin.behaviour.remains_generation_seconds = 0
    twin.behaviour.orders_boundary = "later"
    shop = make_shop(
        1,
        now=clock.now(),
        cards=10_000,
        warehouses=40,
        orders=100_000,
        sid=SID,
        warehouses_hidden=False,
    )
    twin.world.add(shop)
    last = await products(api, limit=1000, offset=9000)
    assert len(last) == 1000

    rows = (await download(api, await create(api))).json()
    assert len(rows) == 10_000
    totals = {
        row["nmId"]: one["quantity"]
        for row in rows
        for one in row["warehouses"]
        if one["warehouseName"] == TOTAL
    }
    assert totals == {card.nm_id: sum(card.stock.values()) for card in shop.cards}

    first = (await orders(api, "2026-01-01")).json()
    assert 80_000 <= len(first) < 80_100
    rest = (await orders(api, first[-1]["lastChangeDate"])).json()
    assert {row["srid"] for row in first + rest} == {order.srid for order in shop.orders}

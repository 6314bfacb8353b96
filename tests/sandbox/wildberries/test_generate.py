from datetime import UTC, datetime

from bot.sandbox.wildberries import make_shop
from bot.sandbox.wildberries.world import OrderStatus

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def test_the_same_seed_makes_the_same_shop():
    one, two, other = (make_shop(seed, now=NOW) for seed in (1, 1, 2))
    assert (one.sid, one.cards, one.orders) == (two.sid, two.cards, two.orders)
    assert one.sid != other.sid


def test_a_shop_has_what_breaks_tables():
    shop = make_shop(1, now=NOW, cards=20, warehouses=45)
    codes = {card.vendor_code for card in shop.cards}
    assert '=HYPERLINK("http://x";"y")' in codes
    assert any("\xa0" in name for name in shop.warehouses)
    assert any(card.seller_stock for card in shop.cards)
    assert len({card.nm_id for card in shop.cards}) == 20


def test_orders_are_in_the_past_and_of_every_fate():
    shop = make_shop(1, now=NOW, orders=2000, days=30)
    end = NOW.timestamp()
    assert all(order.created_s <= order.changed_s <= end for order in shop.orders)
    assert all(order.created_s >= end - 30 * 86_400 for order in shop.orders)
    assert {order.status for order in shop.orders} == set(OrderStatus)
    assert len({order.srid for order in shop.orders}) == 2000
    assert any(order.warehouse.seller for order in shop.orders)


def test_small_worlds():
    empty = make_shop(1, now=NOW, cards=0)
    assert (empty.cards, list(empty.orders)) == ([], [])
    own_only = make_shop(1, now=NOW, cards=3, warehouses=0, orders=10)
    assert all(order.warehouse.seller for order in own_only.orders)
    assert len([w for w in make_shop(1, now=NOW, warehouses=60).warehouses if w]) == 62

"""Every rule of design §4, as examples; what must hold for all shops, as properties."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.metrics import ProductMetrics, merge, per_day, sum_of_known, turnover_days
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

PERIOD = Period.ending_before(date(2026, 11, 20), 7)
EARLIER = Period.ending_before(date(2026, 11, 19), 7)
AT = datetime(2026, 11, 20, tzinfo=UTC)


def funnel(*rows, period=PERIOD, complete=True):
    cards = {row.nm_id: row for row in rows}
    return Snapshot(Source.FUNNEL, AT, cards, period, complete=complete)


def remains(*rows):
    return Snapshot(Source.REMAINS, AT, {row.nm_id: row for row in rows})


def orders(*rows, period=PERIOD):
    return Snapshot(Source.ORDERS, AT, {row.nm_id: row for row in rows}, period)


def seller_stocks(*rows):
    return Snapshot(Source.SELLER_STOCKS, AT, {row.nm_id: row for row in rows})


def one(snapshots: Snapshots, **kwargs) -> ProductMetrics:
    (card,) = merge(snapshots, PERIOD, **kwargs)
    return card


def test_the_contracts_fields_and_no_others():
    assert " ".join(field.name for field in fields(ProductMetrics)) == (
        "brand subject vendor_code nm_id "
        "orders_total orders_wb_warehouses orders_fbs_warehouses orders_by_warehouse "
        "stocks_total stocks_wb stocks_mp stocks_by_warehouse "
        "in_transit_to_customer in_transit_to_wb_warehouse "
        "turnover_days avg_orders_per_day conversion_to_cart buyout_percent"
    )


def test_products_are_the_union_ordered_by_number():
    got = merge(
        Snapshots(
            funnel=funnel(SalesFunnel(3)),
            remains=remains(Remains(1)),
            orders=orders(CardOrders(2, placed=1)),
        ),
        PERIOD,
    )
    assert [card.nm_id for card in got] == [1, 2, 3]


def test_no_source_no_products():
    assert merge(Snapshots(), PERIOD) == []


def test_a_whole_card():
    card = one(
        Snapshots(
            funnel=funnel(
                SalesFunnel(
                    1,
                    "Б",
                    "П",
                    "V",
                    orders=21,
                    add_to_cart_percent=12,
                    buyout_percent=88,
                    stocks_wb=210,
                    stocks_mp=15,
                )
            ),
            remains=remains(
                Remains(
                    1,
                    by_warehouse={"Склад WB РФ": 150, "Минск": 66},
                    in_transit_to_customer=9,
                    in_transit_to_wb_warehouse=2,
                    reported_total=216,
                )
            ),
            orders=orders(CardOrders(1, placed=20, fbs=3, by_warehouse={"Склад WB РФ": 15})),
        )
    )
    assert card == ProductMetrics(
        brand="Б",
        subject="П",
        vendor_code="V",
        nm_id=1,
        orders_total=21,
        orders_wb_warehouses=15,
        orders_fbs_warehouses=3,
        orders_by_warehouse={"Склад WB РФ": 15},
        stocks_total=231,
        stocks_wb=216,
        stocks_mp=15,
        stocks_by_warehouse={"Склад WB РФ": 150, "Минск": 66},
        in_transit_to_customer=9,
        in_transit_to_wb_warehouse=2,
        turnover_days=77.0,
        avg_orders_per_day=3.0,
        conversion_to_cart=12,
        buyout_percent=88,
    )


def test_names_are_the_first_non_empty_ones():
    card = one(
        Snapshots(
            funnel=funnel(SalesFunnel(1, brand="", subject="Ф")),
            remains=remains(Remains(1, brand="О", subject="О", vendor_code="")),
            orders=orders(CardOrders(1, brand="З", subject="З", vendor_code="З")),
        )
    )
    assert (card.brand, card.subject, card.vendor_code) == ("О", "Ф", "З")


class TestMissingFromASourceThatAnswered:
    def test_counts_are_zero_and_percents_unknown(self):
        card = one(Snapshots(funnel=funnel(), remains=remains(Remains(1)), orders=orders()))
        assert (card.orders_total, card.orders_wb_warehouses, card.orders_fbs_warehouses) == (
            0,
            0,
            0,
        )
        assert (card.stocks_mp, card.orders_by_warehouse) == (0, {})
        assert (card.conversion_to_cart, card.buyout_percent) == (None, None)

    def test_orders_total_counts_the_orders(self):
        card = one(Snapshots(funnel=funnel(), orders=orders(CardOrders(1, placed=5))))
        assert card.orders_total == 5

    def test_a_whole_funnel_without_the_card_is_an_answer(self):
        card = one(Snapshots(funnel=funnel(), remains=remains(Remains(1))))
        assert card.orders_total == 0
        assert card.orders_wb_warehouses is None

    def test_stocks_wb_takes_the_funnels(self):
        got = Snapshots(funnel=funnel(SalesFunnel(1, stocks_wb=7)), remains=remains())
        card = one(got)
        assert (card.stocks_wb, card.stocks_by_warehouse) == (7, {})
        assert (card.in_transit_to_customer, card.in_transit_to_wb_warehouse) == (0, 0)

    def test_from_remains_and_funnel_there_is_no_stock(self):
        card = one(Snapshots(remains=remains(), orders=orders(CardOrders(1, placed=1))))
        assert card.stocks_wb == 0


class TestASourceThatNeverAnswered:
    def test_remains(self):
        card = one(Snapshots(orders=orders(CardOrders(1, placed=4))))
        assert card.stocks_wb is None
        assert card.stocks_by_warehouse is None
        assert card.in_transit_to_customer is None
        assert card.in_transit_to_wb_warehouse is None
        assert card.turnover_days is None
        assert card.orders_total == 4

    def test_orders(self):
        card = one(Snapshots(remains=remains(Remains(1, by_warehouse={"А": 1}))))
        assert card.orders_by_warehouse is None
        assert card.orders_wb_warehouses is None
        assert card.orders_fbs_warehouses is None
        assert card.orders_total is None
        assert card.avg_orders_per_day is None

    def test_a_null_of_the_funnel_is_not_a_zero(self):
        card = one(Snapshots(funnel=funnel(SalesFunnel(1))))
        assert (card.orders_total, card.stocks_wb, card.stocks_mp) == (None, None, None)
        assert card.stocks_total is None

    def test_a_sum_with_an_unknown_part_is_that_of_the_known_ones(self):
        card = one(Snapshots(remains=remains(Remains(1, by_warehouse={"А": 5}))))
        assert (card.stocks_wb, card.stocks_mp, card.stocks_total) == (5, None, 5)


class TestAFunnelStillShortOfPages:
    def test_it_speaks_only_for_the_cards_it_brought(self):
        got = merge(
            Snapshots(
                funnel_so_far=funnel(
                    SalesFunnel(1, orders=3, stocks_mp=2, buyout_percent=50), complete=False
                ),
                remains=remains(Remains(1), Remains(2)),
            ),
            PERIOD,
        )
        assert [(c.orders_total, c.stocks_mp, c.buyout_percent) for c in got] == [
            (3, 2, 50),
            (None, None, None),
        ]

    def test_it_goes_before_the_last_good_one(self):
        snapshots = Snapshots(
            funnel_so_far=funnel(SalesFunnel(1, orders=3), complete=False),
            funnel=funnel(SalesFunnel(1, orders=9), SalesFunnel(2, orders=9), period=EARLIER),
        )
        assert [card.orders_total for card in merge(snapshots, PERIOD)] == [3, 9]


class TestLastGood:
    stale = funnel(
        SalesFunnel(1, orders=50, stocks_wb=8, stocks_mp=4, buyout_percent=70), period=EARLIER
    )

    def test_orders_of_this_period_beat_a_funnel_of_an_earlier_one(self):
        card = one(Snapshots(funnel=self.stale, orders=orders(CardOrders(1, placed=5))))
        assert card.orders_total == 5
        assert (card.buyout_percent, card.stocks_mp) == (70, 4)

    def test_a_card_that_did_not_sell_this_period_has_no_orders(self):
        assert one(Snapshots(funnel=self.stale, orders=orders())).orders_total == 0

    def test_a_stale_funnel_is_better_than_none(self):
        assert one(Snapshots(funnel=self.stale)).orders_total == 50

    def test_stale_orders_do_not_beat_a_stale_funnel(self):
        old = orders(CardOrders(1, placed=5), period=EARLIER)
        assert one(Snapshots(funnel=self.stale, orders=old)).orders_total == 50

    def test_the_funnel_of_this_period_beats_orders(self):
        got = Snapshots(
            funnel=funnel(SalesFunnel(1, orders=21)), orders=orders(CardOrders(1, placed=20))
        )
        assert one(got).orders_total == 21

    def test_without_the_funnels_count_cancelled_orders_are_counted_too(self):
        got = Snapshots(orders=orders(CardOrders(1, placed=6, by_warehouse={"А": 4})))
        card = one(got)
        assert (card.orders_total, card.orders_wb_warehouses) == (6, 4)


class TestStock:
    def test_the_sellers_own_report_goes_before_the_funnel(self):
        held = Snapshots(
            funnel=funnel(SalesFunnel(1, stocks_mp=15)),
            seller_stocks=seller_stocks(SellerStock(1, 11)),
        )
        assert one(held).stocks_mp == 11
        assert one(replace(held, seller_stocks=seller_stocks())).stocks_mp == 0
        assert one(replace(held, seller_stocks=None)).stocks_mp == 15

    def test_remains_go_before_the_funnel(self):
        got = Snapshots(
            funnel=funnel(SalesFunnel(1, stocks_wb=210)),
            remains=remains(Remains(1, by_warehouse={"А": 216}, reported_total=300)),
        )
        assert one(got).stocks_wb == 216

    def test_uncounted_warehouses_leave_totals_and_turnover_but_not_their_column(self):
        got = Snapshots(
            remains=remains(Remains(1, by_warehouse={"А": 10, "Коледино": 90})),
            orders=orders(CardOrders(1, placed=7)),
        )
        card = one(got, uncounted_warehouses=["Коледино"])
        assert (card.stocks_wb, card.stocks_total, card.turnover_days) == (10, 10, 10.0)
        assert card.stocks_by_warehouse == {"А": 10, "Коледино": 90}

    def test_fbs_orders_are_in_no_wb_column(self):
        card = one(Snapshots(orders=orders(CardOrders(1, placed=5, fbs=5))))
        assert (card.orders_wb_warehouses, card.orders_fbs_warehouses) == (0, 5)
        assert card.orders_by_warehouse == {}


@pytest.mark.parametrize(
    ("stock", "placed", "days", "lasts"),
    [
        (100, 14, 7, 50.0),
        (0, 14, 7, 0.0),
        (5, 0, 7, None),
        (0, 0, 7, None),
        (5, None, 7, None),
        (None, 5, 7, None),
        (1, 3, 7, 2.3),
        (1, 4, 7, 1.8),  # 1.75: half up
        (1, 20, 7, 0.4),  # 0.35: half up, from unrounded values
        (210, 21, 30, 300.0),
    ],
)
def test_turnover(stock, placed, days, lasts):
    assert turnover_days(stock, placed, days) == lasts


@pytest.mark.parametrize(
    ("placed", "days", "average"),
    [(21, 7, 3.0), (1, 7, 0.14), (0, 7, 0.0), (None, 7, None), (1, 30, 0.03), (9, 8, 1.13)],
)
def test_average(placed, days, average):
    assert per_day(placed, days) == average


def test_sums_of_what_is_known():
    assert sum_of_known(None, None) is None
    assert sum_of_known(None, 0) == 0
    assert sum_of_known(3, None, 4) == 7


ids = st.integers(1, 6)
pieces = st.integers(0, 99)
maybe = st.none() | pieces
names = st.sampled_from(["Тула", "Минск", "Склад WB РФ"])
by_name = st.dictionaries(names, pieces, max_size=3)


def rows_of(row):
    return st.lists(row, max_size=5, unique_by=lambda r: r.nm_id)


funnels = st.none() | st.builds(
    lambda rows, period: funnel(*rows, period=period),
    rows_of(st.builds(SalesFunnel, ids, orders=maybe, stocks_wb=maybe, stocks_mp=maybe)),
    st.sampled_from([PERIOD, EARLIER]),
)
all_remains = st.none() | st.builds(
    lambda rows: remains(*rows),
    rows_of(st.builds(Remains, ids, by_warehouse=by_name, in_transit_to_customer=pieces)),
)
all_orders = st.none() | st.builds(
    lambda rows, period: orders(*rows, period=period),
    rows_of(
        st.builds(
            lambda nm_id, fbs, by: CardOrders(
                nm_id, placed=fbs + sum(by.values()), fbs=fbs, by_warehouse=by
            ),
            ids,
            pieces,
            by_name,
        )
    ),
    st.sampled_from([PERIOD, EARLIER]),
)
stocks = st.none() | st.builds(
    lambda rows: seller_stocks(*rows), rows_of(st.builds(SellerStock, ids, pieces))
)
worlds = st.builds(
    Snapshots, funnel=funnels, remains=all_remains, orders=all_orders, seller_stocks=stocks
)


def total(numbers) -> int:
    return sum(number or 0 for number in numbers)


@given(worlds)
def test_merging_loses_no_product(world):
    held = (world.funnel, world.remains, world.orders)
    known = {nm_id for source in held if source for nm_id in source.rows}
    assert [card.nm_id for card in merge(world, PERIOD)] == sorted(known)


@given(worlds)
def test_merging_loses_no_piece(world):
    cards = merge(world, PERIOD)
    if world.remains:
        shelves = [row.by_warehouse for row in world.remains.rows.values()]
        assert total(sum((c.stocks_by_warehouse or {}).values()) for c in cards) == total(
            sum(shelf.values()) for shelf in shelves
        )
        assert total(c.in_transit_to_customer for c in cards) == total(
            row.in_transit_to_customer for row in world.remains.rows.values()
        )
    if world.orders:
        placed = [row.placed for row in world.orders.rows.values()]
        both = total(c.orders_wb_warehouses for c in cards) + total(
            c.orders_fbs_warehouses for c in cards
        )
        assert both == total(placed)


@given(worlds, st.sets(names))
def test_counted_warehouses_sum_to_stocks_wb(world, uncounted):
    for card in merge(world, PERIOD, uncounted_warehouses=uncounted):
        if world.remains and card.nm_id in world.remains.rows:
            counted = [n for name, n in card.stocks_by_warehouse.items() if name not in uncounted]
            assert card.stocks_wb == sum(counted)


OWN = {
    Source.FUNNEL: {"conversion_to_cart", "buyout_percent"},
    Source.REMAINS: {
        "stocks_by_warehouse",
        "in_transit_to_customer",
        "in_transit_to_wb_warehouse",
    },
    Source.ORDERS: {"orders_by_warehouse", "orders_wb_warehouses", "orders_fbs_warehouses"},
}


@given(worlds, st.sampled_from(list(OWN)))
def test_a_failed_source_changes_no_figure_of_another(world, failed):
    whole = {card.nm_id: card for card in merge(world, PERIOD)}
    without = merge(replace(world, **{failed.value: None}), PERIOD)
    others = {name for source, fields_ in OWN.items() if source is not failed for name in fields_}
    for card in without:
        for name in others:
            assert getattr(card, name) == getattr(whole[card.nm_id], name)


@given(worlds, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(world, dice):
    def shuffled(snapshot):
        if snapshot is None:
            return None
        return replace(
            snapshot, rows=dict(dice.sample(list(snapshot.rows.items()), len(snapshot.rows)))
        )

    mixed = Snapshots(
        funnel=shuffled(world.funnel),
        remains=shuffled(world.remains),
        orders=shuffled(world.orders),
        seller_stocks=shuffled(world.seller_stocks),
    )
    assert merge(mixed, PERIOD) == merge(world, PERIOD)


@given(worlds)
def test_totals_are_the_sum_of_their_known_parts(world):
    for card in merge(world, PERIOD):
        assert card.stocks_total == sum_of_known(card.stocks_wb, card.stocks_mp)
        assert card.turnover_days == turnover_days(card.stocks_total, card.orders_total, 7)

"""The table as a seller reads it: stable columns and rows, honest cells, the stamp."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.core.metrics import ProductMetrics
from bot.core.period import Period
from bot.core.report import Format, KnownPlace, Layout, build, history_row, lay_out

PERIOD = Period(date(2026, 11, 13), date(2026, 11, 19))
AT = datetime(2026, 11, 19, 21, 7, tzinfo=UTC)  # 00:07 in Moscow
BLANK = ProductMetrics(
    brand="Фотолавка",
    subject="Фотоальбомы",
    vendor_code="ALB-77/синий",
    nm_id=1,
    orders_total=21,
    orders_wb_warehouses=14,
    orders_fbs_warehouses=0,
    orders_by_warehouse={"Склад WB РФ": 14},
    stocks_total=216,
    stocks_wb=216,
    stocks_mp=0,
    stocks_by_warehouse={"Склад WB РФ": 150, "Минск": 66},
    in_transit_to_customer=9,
    in_transit_to_wb_warehouse=2,
    turnover_days=72.0,
    avg_orders_per_day=3.0,
    conversion_to_cart=12,
    buyout_percent=88,
)


def card(nm_id, **changes):
    return replace(BLANK, nm_id=nm_id, **changes)


def table(metrics, layout=None, **changes):
    options = {"title": "Магазин 1", "period": PERIOD, "refreshed_at": AT, "is_partial": False}
    return build(metrics, layout or lay_out(Layout(), metrics), **options | changes)


def groups(report):
    return [group.title for group in report.groups][2:]


def place_cells(report, place, row=0):
    start = 9 + 3 * groups(report).index(place)
    return report.rows[row][start : start + 3]


def test_the_identity_and_the_totals_stand_as_the_contract_says():
    report = table([card(187654321)])
    titles = [column.title for column in report.columns]
    assert titles[:9] == [
        "Бренд",
        "Предмет",
        "Артикул продавца",
        "NM ID",
        "В пути до покупателя",
        "В пути конв. на склад WB",
        "Заказы (всего)",
        "Остатки (всего)",
        "Оборачиваемость (дни)",
    ]
    assert titles[9:12] == ["Остатки", "Заказы", "Оборач."]
    assert report.rows[0][:9] == (
        "Фотолавка",
        "Фотоальбомы",
        "ALB-77/синий",
        187654321,
        9,
        2,
        21,
        216,
        72.0,
    )
    assert [column.format for column in report.columns[3:9]] == [
        Format.ID,
        *[Format.COUNT] * 4,
        Format.DAYS,
    ]


@pytest.mark.parametrize("is_partial", [False, True])
def test_the_stamp_is_moscow_time_and_says_when_a_source_is_stale(is_partial):
    title = table([card(1)], is_partial=is_partial).groups[0].title
    stamp = "Основная информация · обновлено 20.11.2026 00:07 МСК"
    assert title == stamp + (" · частично" if is_partial else "")


def test_warehouses_stand_by_stock_with_the_sellers_own_before_them():
    metrics = [card(1), card(2, stocks_mp=5, stocks_by_warehouse={"Минск": 500})]
    assert groups(table(metrics)) == ["Маркетплейс", "Минск", "Склад WB РФ"]


def test_the_sellers_own_column_comes_only_with_figures_of_its_own():
    assert "Маркетплейс" not in groups(table([card(1, stocks_mp=None)]))
    assert "Маркетплейс" in groups(table([card(1, orders_fbs_warehouses=3)]))


def test_a_new_warehouse_comes_at_the_right_edge_and_nothing_moves():
    first = lay_out(Layout(), [card(1)])
    metrics = [card(1, stocks_by_warehouse={"Алматы": 9999}, stocks_mp=7)]
    second = lay_out(first, metrics)
    assert groups(table(metrics, second)) == [
        "Склад WB РФ",
        "Минск",
        "Маркетплейс",
        "Алматы",
    ]


def test_a_warehouse_that_vanished_stays_with_zeros():
    first = lay_out(Layout(), [card(1)])
    metrics = [card(1, stocks_by_warehouse={}, orders_by_warehouse={})]
    report = table(metrics, lay_out(first, metrics))
    assert place_cells(report, "Минск") == (0, 0, None)


def test_a_product_that_vanished_stays_with_zeros_and_its_names():
    first = lay_out(Layout(), [card(1), card(2, vendor_code="ушёл")])
    metrics = [card(1), card(3)]
    report = table(metrics, lay_out(first, metrics))
    assert report.nm_ids == (1, 2, 3)
    assert report.rows[1][2:9] == ("ушёл", 2, 0, 0, 0, 0, None)


def test_new_products_come_at_the_bottom_though_they_sell_best():
    first = lay_out(Layout(), [card(5), card(4, orders_total=99)])
    metrics = [card(4), card(5), card(6, orders_total=1000)]
    assert table(metrics, lay_out(first, metrics)).nm_ids == (4, 5, 6)


def test_a_name_that_only_orders_know_has_unknown_stock():
    metrics = [card(1, orders_by_warehouse={"Обухово": 7})]
    report = table(metrics)
    assert place_cells(report, "Обухово") == (None, 7, None)


def test_once_a_stock_report_has_named_it_its_absence_is_zero():
    metrics = [card(1, orders_by_warehouse={"Обухово": 7})]
    layout = Layout(places=(KnownPlace("Обухово", has_stock_rows=True),))
    report = table(metrics, lay_out(layout, metrics))
    assert place_cells(report, "Обухово") == (0, 7, 0.0)


def test_a_source_that_never_answered_leaves_cells_empty():
    unknown = card(1, stocks_by_warehouse=None, orders_by_warehouse=None, stocks_total=None)
    layout = Layout(places=(KnownPlace("Минск", has_stock_rows=True),))
    report = table([unknown], lay_out(layout, [unknown]))
    assert place_cells(report, "Минск") == (None, None, None)
    assert report.rows[0][7] is None


def test_the_history_row_sums_what_is_known():
    metrics = [
        card(1),
        card(2, stocks_total=0, orders_total=4, in_transit_to_customer=None),
        card(3, stocks_total=None, orders_total=None),
    ]
    row = history_row(metrics, PERIOD)
    assert row.cells() == ("2026-11-19", 3, 216, 25, 24, 1)


def test_no_products_make_a_table_without_rows():
    report = table([])
    assert report.rows == ()
    assert len(report.columns) == 9

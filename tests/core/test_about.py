"""«О таблице» says how fresh each part is and why, and what does not add up."""

from datetime import UTC, date, datetime

from bot.core.about import about, is_partial
from bot.core.errors import Code
from bot.core.metrics import merge
from bot.core.period import Period
from bot.core.products import (
    CardOrders,
    PlaceKind,
    Remains,
    SalesFunnel,
    Snapshot,
    Snapshots,
    Source,
)
from bot.core.reconciliation import reconcile
from bot.core.report import Layout, build, lay_out
from bot.core.runs import SourceOutcome, Stage
from bot.core.table_words import HIDDEN_PLACES
from bot.marketplaces.wildberries.mapping import place_kind

PERIOD = Period(date(2026, 11, 13), date(2026, 11, 19))
EARLIER = Period(date(2026, 11, 12), date(2026, 11, 18))
NOW = datetime(2026, 11, 19, 21, 7, tzinfo=UTC)
YESTERDAY = datetime(2026, 11, 18, 21, 5, tzinfo=UTC)
ARRIVED = SourceOutcome(Stage.ARRIVED, rows=1)


def remains(shelves, total):
    row = Remains(1, by_warehouse={"Минск": shelves}, reported_total=total)
    return Snapshot(Source.REMAINS, NOW, {1: row})


def page(snapshots, outcomes, **changes):
    metrics = merge(snapshots, PERIOD)
    options = {"period": PERIOD, "refreshed_at": NOW}
    return dict(about(snapshots, outcomes, metrics, **options | changes))


def test_fresh_sources_are_told_with_their_time_and_rows():
    lines = page(Snapshots(remains=remains(5, 5)), {Source.REMAINS: ARRIVED})
    expected = "данные на 20.11.2026 00:07 МСК, товаров: 1"
    assert lines["Источник: остатки на складах WB"] == expected
    assert lines["Период"] == "13.11.2026 – 19.11.2026, дней: 7"
    assert "сходится" in lines["Сверка остатков"]


def test_a_stale_source_says_from_when_it_is_of_which_days_and_why():
    old = Snapshot(Source.FUNNEL, YESTERDAY, {1: SalesFunnel(1, orders=2)}, period=EARLIER)
    outcome = SourceOutcome(Stage.LATE, Code.VENDOR_FAILED, NOW)
    text = page(Snapshots(funnel=old), {Source.FUNNEL: outcome})["Источник: воронка продаж"]
    assert "данные на 19.11.2026 00:05 МСК" in text
    assert "за 12.11.2026 – 18.11.2026" in text
    assert "Wildberries отвечает ошибкой" in text


def test_a_source_that_never_answered_is_told():
    outcome = SourceOutcome(Stage.LATE, Code.BUDGET_SPENT, NOW)
    text = page(Snapshots(), {Source.ORDERS: outcome})["Источник: заказы"]
    assert text.startswith("ещё не получены")


def test_a_funnel_short_of_pages_says_so():
    short = Snapshot(Source.FUNNEL, NOW, {1: SalesFunnel(1)}, period=PERIOD, complete=False)
    outcome = SourceOutcome(Stage.LATE, Code.BUDGET_SPENT, NOW)
    text = page(Snapshots(funnel_so_far=short), {Source.FUNNEL: outcome})[
        "Источник: воронка продаж"
    ]
    assert "не все карточки" in text


def test_shelves_that_do_not_add_up_are_shown():
    check = reconcile(remains(5, 7))
    assert (check.shelves, check.total, check.cards) == (5, 7, 1)
    lines = page(Snapshots(remains=remains(5, 7)), {Source.REMAINS: ARRIVED})
    assert "товаров с расхождением: 1" in lines["Сверка остатков"]


def test_sums_with_an_unknown_part_are_told():
    lines = page(Snapshots(remains=remains(5, 5)), {Source.REMAINS: ARRIVED})
    assert "у 1 товаров" in lines["Неполные суммы"]


def test_uncounted_warehouses_are_named():
    lines = page(Snapshots(), {}, uncounted_warehouses=["Самара", "Котовск"])
    assert "Самара, Котовск" in lines["Склады вне итогов"]


def test_a_table_is_partial_while_a_source_is_stale():
    late = SourceOutcome(Stage.LATE, Code.RATE_LIMITED, NOW)
    closed = SourceOutcome(Stage.CLOSED, Code.METHOD_CLOSED_FOR_KEY)
    assert not is_partial({Source.REMAINS: ARRIVED, Source.FUNNEL: ARRIVED})
    assert is_partial({Source.REMAINS: ARRIVED, Source.FUNNEL: late})
    assert is_partial({Source.REMAINS: closed})
    assert not is_partial({Source.REMAINS: ARRIVED, Source.SELLER_STOCKS: closed})


def test_orders_of_this_period_are_told_without_days():
    orders = Snapshot(Source.ORDERS, NOW, {1: CardOrders(1, placed=3)}, period=PERIOD)
    text = page(Snapshots(orders=orders), {Source.ORDERS: ARRIVED})["Источник: заказы"]
    assert ", за " not in text


def both(funnel_rows, orders_rows, *, complete=True, funnel_period=PERIOD):
    told = Snapshot(
        Source.FUNNEL, NOW, {r.nm_id: r for r in funnel_rows}, funnel_period, complete=complete
    )
    counted = Snapshot(Source.ORDERS, NOW, {r.nm_id: r for r in orders_rows}, PERIOD)
    return Snapshots(
        funnel=told if complete else None,
        funnel_so_far=None if complete else told,
        orders=counted,
    )


def test_orders_that_agree_are_told_with_what_the_columns_leave_out():
    counted = CardOrders(1, placed=9, fbs=2, by_warehouse={"Минск": 6})
    text = page(both([SalesFunnel(1, orders=9)], [counted]), {})["Сверка заказов"]
    assert text.startswith("воронка: 9 шт., посчитано по заказам: 9 шт. – сходится")
    assert "отменено позже: 1" in text
    assert "(FBS): 2" in text


def test_orders_that_differ_are_told_with_the_reason():
    fewer = both([SalesFunnel(1, orders=9)], [CardOrders(1, placed=7)])
    assert "неоплаченных" in page(fewer, {})["Сверка заказов"]
    more = both([SalesFunnel(1, orders=7)], [CardOrders(1, placed=9), CardOrders(2, placed=1)])
    text = page(more, {})["Сверка заказов"]
    assert "товаров с расхождением: 2" in text
    assert "дополняется" in text


def test_orders_of_different_days_are_not_compared():
    stale = both([SalesFunnel(1, orders=9)], [CardOrders(1, placed=7)], funnel_period=EARLIER)
    lines = page(stale, {})
    assert "воронка за 12.11.2026 – 18.11.2026" in lines["Сверка заказов"]
    assert "Сверка заказов в день" not in lines


def test_orders_per_day_against_the_funnels_own():
    good = SalesFunnel(1, orders=10, orders_per_day=1.43)
    odd = SalesFunnel(2, orders=10, orders_per_day=1.25)
    assert "совпадают" in page(both([good], []), {})["Сверка заказов в день"]
    assert "1 из 2" in page(both([good, odd], []), {})["Сверка заказов в день"]


def test_rows_that_the_funnel_has_not_reached_are_named():
    rows = [CardOrders(n, placed=1) for n in range(1, 31)]
    text = page(both([SalesFunnel(1, orders=1)], rows, complete=False), {})["Ждут воронку продаж"]
    assert text.startswith("товаров: 29;")
    assert text.endswith("и ещё 9")
    assert "Ждут воронку продаж" not in page(both([SalesFunnel(1, orders=1)], rows), {})


def test_columns_that_stand_for_many_warehouses_are_explained_and_marked():
    row = Remains(1, by_warehouse={"Склад WB РФ": 3, "Минск": 2}, reported_total=5)
    held = Snapshots(remains=Snapshot(Source.REMAINS, NOW, {1: row}))
    lines = page(held, {Source.REMAINS: ARRIVED})
    assert lines["«Склад WB РФ»"].startswith("Сумма складов WB в России")
    assert "«Минск»" not in lines
    metrics = merge(held, PERIOD)
    report = build(
        metrics,
        lay_out(Layout(), metrics),
        title="",
        period=PERIOD,
        refreshed_at=NOW,
        is_partial=False,
    )
    notes = {group.title: group.columns[0].note for group in report.groups[2:]}
    assert notes["Склад WB РФ"].startswith("Сумма складов WB в России")
    assert notes["Минск"] == "Штуки на этом складе"


def test_every_aggregate_of_the_vendor_has_its_words():
    known = {name for name in HIDDEN_PLACES if place_kind(name) is PlaceKind.AGGREGATE}
    assert known == set(HIDDEN_PLACES) == {"склад wb рф", "склад wb сгт рф", "склад wb"}


def test_a_source_that_is_late_says_when_it_is_asked_again():
    outcome = SourceOutcome(Stage.LATE, Code.BUDGET_SPENT, NOW)
    text = page(Snapshots(), {Source.FUNNEL: outcome})["Источник: воронка продаж"]
    assert "спросим снова в 20.11.2026 00:07 МСК" in text

"""«О таблице» says how fresh each part is and why, and what does not add up."""

from datetime import UTC, date, datetime

from bot.core.about import about, is_partial
from bot.core.errors import Code
from bot.core.metrics import merge
from bot.core.period import Period
from bot.core.products import CardOrders, Remains, SalesFunnel, Snapshot, Snapshots, Source
from bot.core.reconciliation import reconcile
from bot.core.runs import SourceOutcome, Stage

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

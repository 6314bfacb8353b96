"""Reports that look like a real shop's: plausible names, sold-out and slow products."""

import random
from datetime import UTC, date, datetime, timedelta

from bot.core.metrics import ProductMetrics, per_day, sum_of_known, turnover_days
from bot.core.period import Period
from bot.core.report import HistoryRow, Layout, Report, build, history_row, lay_out

DAY = date(2026, 11, 20)
REFRESHED_AT = datetime(2026, 11, 19, 21, 7, tzinfo=UTC)  # 20.11.2026 00:07 in Moscow
PLACES = ("Склад WB РФ", "Склад WB СГТ РФ", "Коледино", "Минск", "Казань", "Электросталь")
_GOODS = (
    ("Северный лён", "Пледы", "PLED-LN"),
    ("Северный лён", "Постельное белье", "КПБ-сатин"),
    ("Тёплый дом", "Термокружки", "termo_450"),
    ("Тёплый дом", "Кофейные наборы", "COFFEE-SET"),
    ("Лесная мастерская", "Разделочные доски", "доска-дуб"),
    ("Лесная мастерская", "Менажницы", "MENAZH"),
    ("ORBITA", "Рюкзаки городские", "ORB-BP"),
    ("ORBITA", "Сумки поясные", "ORB-WB"),
    ("Мишка и Ко", "Боди для малышей", "body_muslin"),
    ("Мишка и Ко", "Муслиновые пелёнки", "mus_pel"),
)
_COLOURS = ("белый", "графит", "олива", "120x200", "XL", "набор-2")


def make_metrics(products=25, places=5, seed=1, *, period_days=7, fbs=True):
    """Return one record per product; `places` are warehouses beside «Маркетплейс»."""
    chance = random.Random(seed)  # noqa: S311 - test data, not a secret
    names = place_names(places)
    return [_card(chance, at, names, period_days, fbs=fbs) for at in range(products)]


def make_report(products=25, places=5, seed=1, *, is_partial=False, about=None):
    """Return the report of `make_metrics`, laid out for the first time."""
    return report_of(make_metrics(products, places, seed), is_partial=is_partial, about=about)


def report_of(metrics, *, before=None, is_partial=False, about=None) -> Report:
    """Return a report of these records with ten days of history, laid out after `before`."""
    period = Period.ending_before(DAY, 7)
    return build(
        metrics,
        lay_out(before or Layout(), metrics),
        title="Stock Tracker – Тёплый дом",
        period=period,
        refreshed_at=REFRESHED_AT,
        is_partial=is_partial,
        history=[*_earlier_days(history_row(metrics, period)), history_row(metrics, period)],
        about=ABOUT if about is None else about,
    )


def place_names(count):
    """Return that many warehouse names: known ones first."""
    return [*PLACES, *(f"Склад {number}" for number in range(7, count + 1))][:count]


ABOUT = (
    ("Период", "7 дней: 13.11.2026 – 19.11.2026"),
    ("Воронка продаж", "данные на 20.11.2026 00:05 МСК"),
    ("Остатки на складах WB", "данные на 20.11.2026 00:07 МСК"),
    ("Заказы", "данные на 20.11.2026 00:06 МСК"),
    ("Сверка", "Сумма складов сходится с итогом Wildberries у всех товаров"),
)


def _card(chance, at, names, period_days, *, fbs):
    brand, subject, code = _GOODS[at % len(_GOODS)]
    speed = chance.choice((0, 1, 2, 4, 7, 12, 20, 40))
    share = {name: max(1, 6 - 2 * rank) for rank, name in enumerate(names)}
    shelves = {
        name: share[name] * _stock(chance, speed, at == 3)
        for name in names
        if name == names[0] or chance.random() < 0.8
    }
    orders = {name: share[name] * chance.randint(0, speed) for name in names if speed}
    own_stock = chance.randint(0, 3 * speed) if fbs else 0
    own_orders = chance.randint(0, speed) if fbs else 0
    in_all = sum(orders.values()) + own_orders
    stocks_wb = sum(shelves.values())
    stock = sum_of_known(stocks_wb, own_stock)
    return ProductMetrics(
        brand=brand,
        subject=subject,
        vendor_code=f"{code}-{_COLOURS[at % len(_COLOURS)]}-{at + 1:02d}",
        nm_id=178_204_310 + at * 7_919,
        orders_total=in_all,
        orders_wb_warehouses=sum(orders.values()),
        orders_fbs_warehouses=own_orders,
        orders_by_warehouse=orders,
        stocks_total=stock,
        stocks_wb=stocks_wb,
        stocks_mp=own_stock,
        stocks_by_warehouse=shelves,
        in_transit_to_customer=chance.randint(0, 2 * speed),
        in_transit_to_wb_warehouse=chance.randint(0, speed),
        turnover_days=turnover_days(stock, in_all, period_days),
        avg_orders_per_day=per_day(in_all, period_days),
        conversion_to_cart=round(chance.uniform(2, 18), 1),
        buyout_percent=round(chance.uniform(60, 98), 1),
    )


def _stock(chance, speed, sold_out):
    return 0 if sold_out else chance.randint(0, 6 * speed + 5)


def _earlier_days(today):
    chance = random.Random(7)  # noqa: S311 - test data, not a secret
    return [
        HistoryRow(
            day=today.day - timedelta(days=back),
            products=today.products,
            stock=_near(chance, today.stock),
            orders=_near(chance, today.orders),
            in_transit=_near(chance, today.in_transit),
            sold_out=chance.randint(0, 3),
        )
        for back in range(9, 0, -1)
    ]


def _near(chance, figure):
    return None if figure is None else round(figure * chance.uniform(0.85, 1.1))

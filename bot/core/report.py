"""The report: a table that knows nothing of Google or Excel.

Column and row order are stable: what a shop has once shown keeps its place, new warehouses come
at the right edge, new products at the bottom, and what vanished stays with zeros.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.core import table_words as words
from bot.core.metrics import ProductMetrics, sum_of_known, turnover_days
from bot.core.period import MOSCOW, Period

Cell = str | int | float | None


class Format(StrEnum):
    """How the cells of a column are shown."""

    TEXT = "text"
    ID = "id"  # a whole number without separators
    COUNT = "count"
    DAYS = "days"  # one decimal, with the colour scale


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header, the sentence that explains it, and how its cells are shown."""

    title: str
    note: str
    format: Format


@dataclass(frozen=True, slots=True)
class Group:
    """Columns under one merged header cell."""

    title: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class KnownProduct:
    """A product that the table has shown before."""

    nm_id: int
    brand: str
    subject: str
    vendor_code: str


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A warehouse column that the table has; `has_stock_rows` once a stock report named it."""

    name: str
    has_stock_rows: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """What the table has shown so far, in the order of its columns and rows."""

    places: tuple[KnownPlace, ...] = ()
    products: tuple[KnownProduct, ...] = ()


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One day of the shop; `day` is the last day of the period that the figures speak of."""

    day: date
    products: int
    stock: int | None
    orders: int | None
    in_transit: int | None
    sold_out: int

    def cells(self) -> tuple[Cell, ...]:
        """Return the row as the tab «История» shows it; the day as ISO text."""
        return (
            self.day.isoformat(),
            self.products,
            self.stock,
            self.orders,
            self.in_transit,
            self.sold_out,
        )


@dataclass(frozen=True, slots=True)
class Report:
    """A whole table. Every row has one cell per column; row i is the product `nm_ids[i]`.

    `history` holds the rows to write, oldest first; `about` is the text of «О таблице», a title
    and a text per line.
    """

    title: str
    period: Period
    refreshed_at: datetime
    is_partial: bool
    groups: tuple[Group, ...]
    nm_ids: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]
    history: tuple[HistoryRow, ...] = ()
    about: tuple[tuple[str, str], ...] = field(default=())

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns from left to right."""
        return tuple(column for group in self.groups for column in group.columns)


def lay_out(before: Layout, metrics: Sequence[ProductMetrics]) -> Layout:
    """Return the layout that holds `before` unchanged and whatever `metrics` bring anew after it.

    On the first occasion warehouses stand by stock, most first, with «Маркетплейс» before them,
    and products by orders, most first.
    """
    return Layout(_places(before.places, metrics), _products(before.products, metrics))


def build(  # noqa: PLR0913 - a report is made of exactly these
    metrics: Sequence[ProductMetrics],
    layout: Layout,
    *,
    title: str,
    period: Period,
    refreshed_at: datetime,
    is_partial: bool,
    history: Sequence[HistoryRow] = (),
    about: Sequence[tuple[str, str]] = (),
) -> Report:
    """Return the table of `metrics` in the order of `layout` (which must hold all of them)."""
    by_nm_id = {card.nm_id: card for card in metrics}
    cards = [by_nm_id.get(known.nm_id) or _vanished(known) for known in layout.products]
    return Report(
        title=title,
        period=period,
        refreshed_at=refreshed_at,
        is_partial=is_partial,
        groups=_groups(layout.places, refreshed_at, is_partial=is_partial),
        nm_ids=tuple(card.nm_id for card in cards),
        rows=tuple(_cells(card, layout.places, period.days) for card in cards),
        history=tuple(history),
        about=tuple(about),
    )


def history_row(metrics: Sequence[ProductMetrics], period: Period) -> HistoryRow:
    """Return the day's totals; a total with an unknown part is the sum of the known parts."""
    return HistoryRow(
        day=period.last,
        products=len(metrics),
        stock=sum_of_known(*(card.stocks_total for card in metrics)),
        orders=sum_of_known(*(card.orders_total for card in metrics)),
        in_transit=sum_of_known(
            *(card.in_transit_to_customer for card in metrics),
            *(card.in_transit_to_wb_warehouse for card in metrics),
        ),
        sold_out=sum(1 for card in metrics if card.stocks_total == 0 and card.orders_total),
    )


def _groups(
    places: Sequence[KnownPlace], refreshed_at: datetime, *, is_partial: bool
) -> tuple[Group, ...]:
    moment = refreshed_at.astimezone(MOSCOW).strftime("%d.%m.%Y %H:%M")
    stamp = words.REFRESHED.format(moment=moment) + (words.PARTIAL if is_partial else "")
    identity = Group(
        words.GROUP_IDENTITY + stamp,
        (
            Column(*words.BRAND, Format.TEXT),
            Column(*words.SUBJECT, Format.TEXT),
            Column(*words.VENDOR_CODE, Format.TEXT),
            Column(*words.NM_ID, Format.ID),
        ),
    )
    totals = Group(
        words.GROUP_TOTALS,
        (
            Column(*words.TO_CUSTOMER, Format.COUNT),
            Column(*words.TO_WAREHOUSE, Format.COUNT),
            Column(*words.ORDERS_TOTAL, Format.COUNT),
            Column(*words.STOCKS_TOTAL, Format.COUNT),
            Column(*words.TURNOVER, Format.DAYS),
        ),
    )
    return (identity, totals, *(Group(place.name, _place_columns(place)) for place in places))


def _place_columns(place: KnownPlace) -> tuple[Column, Column, Column]:
    """Return the columns of a place; one that stands for many says so in its notes."""
    hidden = words.HIDDEN_PLACES.get(place.name.casefold())
    stock, orders, turnover = words.PLACE_STOCK, words.PLACE_ORDERS, words.PLACE_TURNOVER
    return (
        Column(stock[0], hidden or stock[1], Format.COUNT),
        Column(orders[0], orders[1] if hidden is None else f"{orders[1]}. {hidden}", Format.COUNT),
        Column(*turnover, Format.DAYS),
    )


def _cells(card: ProductMetrics, places: Sequence[KnownPlace], days: int) -> tuple[Cell, ...]:
    cells: list[Cell] = [
        card.brand,
        card.subject,
        card.vendor_code,
        card.nm_id,
        card.in_transit_to_customer,
        card.in_transit_to_wb_warehouse,
        card.orders_total,
        card.stocks_total,
        card.turnover_days,
    ]
    for place in places:
        cells.extend(_place_cells(card, place, days))
    return tuple(cells)


def _place_cells(card: ProductMetrics, place: KnownPlace, days: int) -> tuple[Cell, Cell, Cell]:
    """Return stock, orders and turnover of one card at one place."""
    if place.name == words.GROUP_SELLER_WAREHOUSES:
        stock, orders = card.stocks_mp, card.orders_fbs_warehouses
    else:
        stock = _at(card.stocks_by_warehouse, place.name) if place.has_stock_rows else None
        orders = _at(card.orders_by_warehouse, place.name)
    return stock, orders, turnover_days(stock, orders, days)


def _at(by_warehouse: Mapping[str, int] | None, name: str) -> int | None:
    return None if by_warehouse is None else by_warehouse.get(name, 0)


def _vanished(known: KnownProduct) -> ProductMetrics:
    return ProductMetrics(
        brand=known.brand,
        subject=known.subject,
        vendor_code=known.vendor_code,
        nm_id=known.nm_id,
        orders_total=0,
        orders_wb_warehouses=0,
        orders_fbs_warehouses=0,
        orders_by_warehouse={},
        stocks_total=0,
        stocks_wb=0,
        stocks_mp=0,
        stocks_by_warehouse={},
        in_transit_to_customer=0,
        in_transit_to_wb_warehouse=0,
        turnover_days=None,
        avg_orders_per_day=0.0,
        conversion_to_cart=None,
        buyout_percent=None,
    )


def _places(
    before: Sequence[KnownPlace], metrics: Sequence[ProductMetrics]
) -> tuple[KnownPlace, ...]:
    stock: dict[str, int] = {}
    for name, pieces in _stock_rows(metrics):
        stock[name] = stock.get(name, 0) + pieces
    shown = {place.name for place in before}
    kept = [
        KnownPlace(place.name, place.has_stock_rows or place.name in stock) for place in before
    ]
    ordered_from = {name for card in metrics for name in (card.orders_by_warehouse or {})}
    fresh = sorted((stock.keys() | ordered_from) - shown, key=lambda n: (-stock.get(n, 0), n))
    new = [KnownPlace(name, name in stock) for name in fresh]
    if _has_seller_figures(metrics) and words.GROUP_SELLER_WAREHOUSES not in shown:
        new.insert(0, KnownPlace(words.GROUP_SELLER_WAREHOUSES, has_stock_rows=True))
    return (*kept, *new)


def _stock_rows(metrics: Sequence[ProductMetrics]) -> Iterator[tuple[str, int]]:
    for card in metrics:
        yield from (card.stocks_by_warehouse or {}).items()


def _has_seller_figures(metrics: Sequence[ProductMetrics]) -> bool:
    return any(card.stocks_mp or card.orders_fbs_warehouses for card in metrics)


def _products(
    before: Sequence[KnownProduct], metrics: Sequence[ProductMetrics]
) -> tuple[KnownProduct, ...]:
    current = {card.nm_id: card for card in metrics}
    kept = [_renamed(known, current.get(known.nm_id)) for known in before]
    shown = {known.nm_id for known in before}
    fresh = [card for card in metrics if card.nm_id not in shown]
    fresh.sort(key=lambda card: (-(card.orders_total or 0), card.nm_id))
    return (*kept, *map(_known, fresh))


def _known(card: ProductMetrics) -> KnownProduct:
    return KnownProduct(card.nm_id, card.brand, card.subject, card.vendor_code)


def _renamed(known: KnownProduct, card: ProductMetrics | None) -> KnownProduct:
    return known if card is None else _known(card)

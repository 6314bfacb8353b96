"""From the vendor's words to ours: nothing beyond this file speaks of `nmId` or `srid` fields.

Rules: pseudo-warehouses are told by name without case; a name is an identity, its spaces are
normalised and nothing more (lookalikes are never merged).

Sources: https://dev.wildberries.ru/openapi/analytics, /openapi/reports (read 2026-11-20)
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from msgspec import UnsetType

from bot.core.products import Order, Place, PlaceKind, Remains, SalesFunnel
from bot.marketplaces.wildberries import wire
from bot.marketplaces.wildberries.reading import not_understood

TO_CUSTOMER = "в пути до получателей"
TO_WAREHOUSE = "в пути возвраты на склад wb"
TOTAL = "всего находится на складах"
ANY_WAY = "в пути"
ANY_WB_WAREHOUSE = "Склад WB"
_AGGREGATES = frozenset({"склад wb рф", "склад wb сгт рф", "склад wb"})
_SPACES = re.compile(r"\s+")
_FEED_STATUSES = frozenset({"created", "buyout", "cancel", "return", "returndefective"})
_CANCELLED = "cancel"


def normal_name(written: str) -> str:
    """Return a warehouse's name: NFC, every run of spaces one space, none at the ends."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", written)).strip()


def place_kind(name: str) -> PlaceKind:
    """Say whether a normalised name of the vendor's is one warehouse or stands for many."""
    is_aggregate = name.casefold() in _AGGREGATES
    return PlaceKind.AGGREGATE if is_aggregate else PlaceKind.WAREHOUSE


def sales_funnel(row: wire.FunnelRow) -> SalesFunnel | None:
    """Return one card of the funnel, `None` for a row of no card."""
    product = row.product or wire.FunnelProduct()
    nm_id = wire.identity(product.nm_id, "product.nmId")
    if nm_id is None:
        return None
    selected = (row.statistic or wire.FunnelStatistic()).selected or wire.FunnelFigures()
    percents = selected.conversions or wire.FunnelConversions()
    stocks = product.stocks or wire.FunnelStocks()
    return SalesFunnel(
        nm_id=nm_id,
        brand=wire.text(product.brand_name),
        subject=wire.text(product.subject_name),
        vendor_code=wire.text(product.vendor_code),
        opens=wire.whole(selected.open_count, "openCount"),
        cart_adds=wire.whole(selected.cart_count, "cartCount"),
        orders=wire.whole(selected.order_count, "orderCount"),
        orders_rub=wire.number(selected.order_sum, "orderSum"),
        buyouts=wire.whole(selected.buyout_count, "buyoutCount"),
        add_to_cart_percent=wire.number(percents.add_to_cart_percent, "addToCartPercent"),
        cart_to_order_percent=wire.number(percents.cart_to_order_percent, "cartToOrderPercent"),
        buyout_percent=wire.number(percents.buyout_percent, "buyoutPercent"),
        orders_per_day=wire.number(selected.avg_orders_count_per_day, "avgOrdersCountPerDay"),
        stocks_wb=wire.whole(stocks.wb, "stocks.wb"),
        stocks_mp=wire.whole(stocks.mp, "stocks.mp"),
    )


class Names:
    """Normalised names of one answer, each reckoned and kept once: they come by the thousand."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._places: dict[tuple[str, str], Place] = {}

    def normal(self, written: str) -> str:
        """Return the normalised name."""
        found = self._known.get(written)
        if found is None:
            found = self._known[written] = normal_name(written)
        return found

    def place(self, written: str, warehouse_type: str) -> Place:
        """Return where an order left from, by the vendor's type of warehouse.

        Raises:
            Defect: a type that we do not know: it could be either's warehouse.
        """
        found = self._places.get((written, warehouse_type))
        if found is None:
            found = _place(self.normal(written), is_seller=_is_seller_type(warehouse_type))
            self._places[written, warehouse_type] = found
        return found


def _is_seller_type(warehouse_type: str) -> bool:
    told = normal_name(warehouse_type).casefold()
    if "продавц" in told:
        return True
    if not told or told.startswith("склад w"):
        return False
    raise not_understood("warehouseType")


def _place(name: str, *, is_seller: bool) -> Place:
    if is_seller:
        return Place(name, PlaceKind.SELLER)
    known = name or ANY_WB_WAREHOUSE
    return Place(known, place_kind(known))


def order(row: wire.OrderRow, names: Names) -> Order | None:
    """Return one piece of `supplier/orders`, `None` for a row of no card.

    Raises:
        Defect: it cannot be told apart from others, or placed on a day.
    """
    nm_id = wire.identity(row.nm_id, "nmId")
    if nm_id is None:
        return None
    placed_at = wire.instant(row.date, "date")
    if placed_at is None:
        raise not_understood("date")
    return Order(
        srid=_srid(row.srid),
        nm_id=nm_id,
        placed_at=placed_at,
        changed_at=wire.instant(row.last_change_date, "lastChangeDate") or placed_at,
        place=names.place(wire.text(row.warehouse_name), wire.text(row.warehouse_type)),
        is_cancelled=_is_cancelled(row),
        brand=wire.text(row.brand),
        subject=wire.text(row.subject),
        vendor_code=wire.text(row.supplier_article),
        district=names.normal(wire.text(row.oblast_okrug_name)),
    )


def feed_order(row: wire.FeedRow, names: Names) -> Order | None:
    """Return one piece of the order feed, `None` for a row of no card.

    Raises:
        Defect: it cannot be told apart from others, placed on a day, or its status is unknown.
    """
    nm_id = wire.identity(row.nm_id, "nmId")
    if nm_id is None:
        return None
    placed_at = wire.instant(row.created_at, "createdAt")
    if placed_at is None:
        raise not_understood("createdAt")
    status = wire.text(row.status).strip().casefold()
    if status not in _FEED_STATUSES:
        raise not_understood("status")
    name = names.normal(wire.text(row.warehouse_name))
    return Order(
        srid=_srid(row.srid),
        nm_id=nm_id,
        placed_at=placed_at,
        changed_at=wire.instant(row.updated_at, "updatedAt") or placed_at,
        place=_place(name, is_seller=bool(row.is_mp)),
        is_cancelled=status == _CANCELLED,
        district=names.normal(wire.text(row.destination_district)),
    )


def _srid(value: wire.Text) -> str:
    srid = wire.text(value).strip()
    if not srid:
        raise not_understood("srid")
    return srid


def _is_cancelled(row: wire.OrderRow) -> bool:
    if row.is_cancel is None:
        return wire.instant(row.cancel_date, "cancelDate") is not None
    if isinstance(row.is_cancel, str):
        return row.is_cancel.strip().casefold() in {"true", "1"}
    return bool(row.is_cancel)


def seller_stock(row: wire.StockRow) -> tuple[int, int] | None:
    """Return a card and its pieces in one of the seller's warehouses, `None` for no card.

    Raises:
        Defect: the pieces are not there.
    """
    nm_id = wire.identity(row.nm_id, "nmId")
    if isinstance(row.quantity, UnsetType):
        raise not_understood("quantity")
    return None if nm_id is None else (nm_id, wire.whole(row.quantity, "quantity") or 0)


@dataclass(slots=True)
class _Shelves:
    """One card of the remains report, its rows summed."""

    brand: str = ""
    subject: str = ""
    vendor_code: str = ""
    by_warehouse: dict[str, int] = field(default_factory=dict)
    to_customer: int = 0
    to_warehouse: int = 0
    total: int | None = None

    def put(self, name: str, pieces: int) -> None:
        """Add an entry of the vendor's list: a shelf, a way, or his own total."""
        told = name.casefold()
        if told == TO_CUSTOMER:
            self.to_customer += pieces
        elif told == TO_WAREHOUSE:
            self.to_warehouse += pieces
        elif told == TOTAL:
            self.total = (self.total or 0) + pieces
        else:
            self.by_warehouse[name] = self.by_warehouse.get(name, 0) + pieces


class RemainsTally:
    """Takes the rows of a remains report in any order; rows of one card are summed.

    `unknown_ways` collects «В пути …» entries that we do not know: not stock, and left out.
    """

    def __init__(self) -> None:
        self.unknown_ways: set[str] = set()
        self._rows = self._lists = self._entries = self._numbers = 0
        self._cards: dict[int, _Shelves] = {}
        self._names = Names()

    def add(self, rows: Iterable[wire.RemainsRow]) -> None:
        """Take rows.

        Raises:
            Defect: an entry without name or pieces.
        """
        for row in rows:
            nm_id = wire.identity(row.nm_id, "nmId")
            if nm_id is not None:
                self._add(self._cards.setdefault(nm_id, _Shelves()), row)

    def check(self) -> None:
        """Refuse a report in which no card has what makes it one: it would read as no stock.

        Raises:
            Defect: not a single list of shelves, or no number of pieces in any.
        """
        if self._rows and not self._lists:
            raise not_understood("warehouses")
        if self._entries and not self._numbers:
            raise not_understood("warehouses.quantity")

    def cards(self) -> Iterator[Remains]:
        """Yield one record per card, ordered by nm_id."""
        for nm_id in sorted(self._cards):
            card = self._cards[nm_id]
            yield Remains(
                nm_id=nm_id,
                brand=card.brand,
                subject=card.subject,
                vendor_code=card.vendor_code,
                by_warehouse=card.by_warehouse,
                in_transit_to_customer=card.to_customer,
                in_transit_to_wb_warehouse=card.to_warehouse,
                reported_total=card.total,
            )

    def _add(self, card: _Shelves, row: wire.RemainsRow) -> None:
        card.brand = card.brand or wire.text(row.brand)
        card.subject = card.subject or wire.text(row.subject_name)
        card.vendor_code = card.vendor_code or wire.text(row.vendor_code)
        self._rows += 1
        if isinstance(row.warehouses, UnsetType):
            return
        self._lists += 1
        for entry in row.warehouses or ():
            self._enter(card, entry)

    def _enter(self, card: _Shelves, entry: wire.RemainsEntry) -> None:
        pieces = entry.quantity
        if isinstance(pieces, UnsetType):
            raise not_understood("warehouses.quantity")
        number = wire.whole(pieces, "warehouses.quantity")
        self._entries += 1
        self._numbers += number is not None
        name = self._names.normal(wire.text(entry.warehouse_name))
        if not name:
            raise not_understood("warehouses.warehouseName")
        if _is_unknown_way(name):
            self.unknown_ways.add(name)
        else:
            card.put(name, number or 0)


def _is_unknown_way(name: str) -> bool:
    told = name.casefold()
    return told.startswith(ANY_WAY) and told not in {TO_CUSTOMER, TO_WAREHOUSE}

"""The figures of the table: how three sources become one record per product.

The rules are design §4. A source that never answered gives `None`; zero is a measurement.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from bot.core.period import Period
from bot.core.products import CardOrders, R, Remains, SalesFunnel, Snapshot, Snapshots


@dataclass(frozen=True, slots=True)
class ProductMetrics:
    """All figures of one card. Pieces; percents 0–100; `None` = not known."""

    brand: str
    subject: str
    vendor_code: str
    nm_id: int
    orders_total: int | None
    orders_wb_warehouses: int | None
    orders_fbs_warehouses: int | None
    orders_by_warehouse: Mapping[str, int] | None
    stocks_total: int | None
    stocks_wb: int | None
    stocks_mp: int | None
    stocks_by_warehouse: Mapping[str, int] | None
    in_transit_to_customer: int | None
    in_transit_to_wb_warehouse: int | None
    turnover_days: float | None
    avg_orders_per_day: float | None
    conversion_to_cart: float | None
    buyout_percent: float | None


def merge(
    snapshots: Snapshots, period: Period, *, uncounted_warehouses: Collection[str] = ()
) -> list[ProductMetrics]:
    """Return one record per card of any source, ordered by nm_id.

    `snapshots` are the last good answers; those of another period than `period` count as stale.
    Stock on `uncounted_warehouses` stays in its column and leaves the totals.
    """
    view = _View(snapshots, period, frozenset(uncounted_warehouses))
    return [view.metrics(nm_id) for nm_id in sorted(view.cards())]


def turnover_days(stock: int | None, orders: int | None, days: int) -> float | None:
    """Return for how many days `stock` lasts at `orders` per `days`: 1 decimal, half up.

    `None` without orders or when a part is unknown; 0.0 when sold out.
    """
    if stock is None or not orders:
        return None
    return _half_up(stock * days, orders, 10)


def per_day(orders: int | None, days: int) -> float | None:
    """Return orders per day: 2 decimals, half up."""
    return None if orders is None else _half_up(orders, days, 100)


def sum_of_known(*parts: int | None) -> int | None:
    """Return the sum of what is known, `None` when nothing is."""
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


def _half_up(numerator: int, denominator: int, scale: int) -> float:
    return (2 * scale * numerator + denominator) // (2 * denominator) / scale


class _View:
    """The snapshots of one shop, asked card by card."""

    def __init__(self, snapshots: Snapshots, period: Period, uncounted: frozenset[str]) -> None:
        self._snapshots = snapshots
        self._period = period
        self._uncounted = uncounted
        self._orders_are_current = _is_of(snapshots.orders, period)

    def cards(self) -> set[int]:
        """Return the cards of all sources; deleted ones live only in remains and orders."""
        held = self._snapshots
        sources = (held.funnel_so_far, held.funnel, held.remains, held.orders)
        return {nm_id for source in sources if source is not None for nm_id in source.rows}

    def metrics(self, nm_id: int) -> ProductMetrics:
        remains, orders = _row(self._snapshots.remains, nm_id), self._orders(nm_id)
        funnel, _ = self._funnel(nm_id)
        orders_total = self._orders_total(nm_id)
        stocks_wb, stocks_mp = self._stocks_wb(nm_id), self._stocks_mp(nm_id)
        stocks_total = sum_of_known(stocks_wb, stocks_mp)
        brand, subject, vendor_code = self._names(nm_id)
        shelves = self._snapshots.remains is not None
        return ProductMetrics(
            brand=brand,
            subject=subject,
            vendor_code=vendor_code,
            nm_id=nm_id,
            orders_total=orders_total,
            orders_wb_warehouses=sum(orders.by_warehouse.values()) if orders else None,
            orders_fbs_warehouses=orders.fbs if orders else None,
            orders_by_warehouse=orders.by_warehouse if orders else None,
            stocks_total=stocks_total,
            stocks_wb=stocks_wb,
            stocks_mp=stocks_mp,
            stocks_by_warehouse=(remains.by_warehouse if remains else {}) if shelves else None,
            in_transit_to_customer=(
                (remains.in_transit_to_customer if remains else 0) if shelves else None
            ),
            in_transit_to_wb_warehouse=(
                (remains.in_transit_to_wb_warehouse if remains else 0) if shelves else None
            ),
            turnover_days=turnover_days(stocks_total, orders_total, self._period.days),
            avg_orders_per_day=per_day(orders_total, self._period.days),
            conversion_to_cart=funnel.add_to_cart_percent if funnel else None,
            buyout_percent=funnel.buyout_percent if funnel else None,
        )

    def _funnel(self, nm_id: int) -> tuple[SalesFunnel | None, Snapshot[SalesFunnel] | None]:
        """Return the card's newest funnel row and the snapshot that speaks for the card.

        The snapshot is `None` when no funnel has spoken of this card at all.
        """
        so_far = self._snapshots.funnel_so_far
        if so_far is not None and nm_id in so_far.rows:
            return so_far.rows[nm_id], so_far
        last_good = self._snapshots.funnel
        return _row(last_good, nm_id), last_good

    def _orders(self, nm_id: int) -> CardOrders | None:
        if self._snapshots.orders is None:
            return None
        return self._snapshots.orders.rows.get(nm_id) or CardOrders(nm_id)

    def _orders_total(self, nm_id: int) -> int | None:
        funnel, spoken_by = self._funnel(nm_id)
        orders = self._orders(nm_id)
        funnel_is_older = self._orders_are_current and not _is_of(spoken_by, self._period)
        if funnel is not None and funnel.orders is not None and not funnel_is_older:
            return funnel.orders
        if orders is not None:
            return orders.placed
        return 0 if funnel is None and spoken_by is not None else None

    def _stocks_wb(self, nm_id: int) -> int | None:
        remains = _row(self._snapshots.remains, nm_id)
        if remains is not None:
            counted = remains.by_warehouse.items()
            return sum(pieces for name, pieces in counted if name not in self._uncounted)
        funnel, spoken_by = self._funnel(nm_id)
        if funnel is not None and funnel.stocks_wb is not None:
            return funnel.stocks_wb
        answered = self._snapshots.remains is not None
        return 0 if answered or (funnel is None and spoken_by is not None) else None

    def _stocks_mp(self, nm_id: int) -> int | None:
        if self._snapshots.seller_stocks is not None:
            own = self._snapshots.seller_stocks.rows.get(nm_id)
            return own.quantity if own else 0
        funnel, spoken_by = self._funnel(nm_id)
        if funnel is not None:
            return funnel.stocks_mp
        return 0 if spoken_by is not None else None

    def _names(self, nm_id: int) -> tuple[str, str, str]:
        """Return brand, subject and vendor code: the first source that has each."""
        rows = list(self._named_rows(nm_id))
        return (
            next((row.brand for row in rows if row.brand), ""),
            next((row.subject for row in rows if row.subject), ""),
            next((row.vendor_code for row in rows if row.vendor_code), ""),
        )

    def _named_rows(self, nm_id: int) -> Iterator[SalesFunnel | Remains | CardOrders]:
        funnel, _ = self._funnel(nm_id)
        remains = _row(self._snapshots.remains, nm_id)
        orders = self._orders(nm_id)
        for row in (funnel, remains, orders):
            if row is not None:
                yield row


def _is_of(snapshot: Snapshot[SalesFunnel] | Snapshot[CardOrders] | None, period: Period) -> bool:
    return snapshot is not None and snapshot.period == period


def _row(snapshot: Snapshot[R] | None, nm_id: int) -> R | None:
    return None if snapshot is None else snapshot.rows.get(nm_id)

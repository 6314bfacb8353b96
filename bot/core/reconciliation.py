"""Our figures against the marketplace's own: what adds up, what does not, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.core.metrics import per_day
from bot.core.period import Period
from bot.core.products import CardOrders, Remains, SalesFunnel, Snapshot, Snapshots

_ROUNDED_AWAY = 0.0101  # both averages are rounded to 2 decimals


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Shelves against the marketplace's own total, pieces; `cards` differ."""

    shelves: int
    total: int
    cards: int


@dataclass(frozen=True, slots=True)
class OrdersCheck:
    """The funnel's orders against those that we counted, pieces; `cards` differ.

    `is_same_period`: False when the two speak of different days and cannot be compared.
    `cancelled` later and `fbs` are parts of `counted`.
    """

    funnel_period: Period
    orders_period: Period
    funnel: int
    counted: int
    cards: int
    cancelled: int
    fbs: int

    @property
    def is_same_period(self) -> bool:
        """Whether the two can be compared at all."""
        return self.funnel_period == self.orders_period


@dataclass(frozen=True, slots=True)
class AverageCheck:
    """Our orders per day against the marketplace's, over `cards` of which `differing` differ."""

    cards: int
    differing: int


def reconcile(remains: Snapshot[Remains] | None) -> Reconciliation | None:
    """Compare the sum of real warehouses with «Всего находится на складах», card by card."""
    if remains is None:
        return None
    rows = [row for row in remains.rows.values() if row.reported_total is not None]
    shelves = [sum(row.by_warehouse.values()) for row in rows]
    totals = [row.reported_total or 0 for row in rows]
    different = sum(1 for left, right in zip(shelves, totals, strict=True) if left != right)
    return Reconciliation(sum(shelves), sum(totals), different)


def compare_orders(snapshots: Snapshots) -> OrdersCheck | None:
    """Compare the newest funnel with the orders; one short of pages only for its own cards."""
    funnel, orders = newest_funnel(snapshots), snapshots.orders
    if funnel is None or orders is None or funnel.period is None or orders.period is None:
        return None
    cards = funnel.rows.keys() | (orders.rows.keys() if funnel.complete else set())
    pairs = [(_told(funnel.rows.get(n)), orders.rows.get(n) or CardOrders(n)) for n in cards]
    compared = [(told, counted) for told, counted in pairs if told is not None]
    return OrdersCheck(
        funnel_period=funnel.period,
        orders_period=orders.period,
        funnel=sum(told for told, _ in compared),
        counted=sum(counted.placed for _, counted in compared),
        cards=sum(1 for told, counted in compared if told != counted.placed),
        cancelled=sum(_cancelled(counted) for _, counted in compared),
        fbs=sum(counted.fbs for _, counted in compared),
    )


def compare_averages(snapshots: Snapshots, period: Period) -> AverageCheck | None:
    """Compare orders per day, as we reckon them, with what the funnel of `period` says."""
    funnel = newest_funnel(snapshots)
    if funnel is None or funnel.period != period:
        return None
    pairs = list(_averages(funnel.rows, period))
    differing = sum(1 for ours, theirs in pairs if abs(ours - theirs) > _ROUNDED_AWAY)
    return AverageCheck(len(pairs), differing)


def newest_funnel(snapshots: Snapshots) -> Snapshot[SalesFunnel] | None:
    """Return the funnel that speaks first: this run's, though it may be short of pages."""
    return snapshots.funnel_so_far or snapshots.funnel


def _averages(rows: Mapping[int, SalesFunnel], period: Period) -> Iterator[tuple[float, float]]:
    for row in rows.values():
        ours = per_day(row.orders, period.days)
        if ours is not None and row.orders_per_day is not None:
            yield ours, row.orders_per_day


def _told(row: SalesFunnel | None) -> int | None:
    """Return the funnel's count; a card that a whole funnel does not name has none."""
    return 0 if row is None else row.orders


def _cancelled(card: CardOrders) -> int:
    return card.placed - card.fbs - sum(card.by_warehouse.values())

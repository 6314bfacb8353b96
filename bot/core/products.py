"""What a marketplace tells us about products, in our own words: one record per card and source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from bot.core.period import Period


class Source(StrEnum):
    """Where figures come from; each is collected, stored and fails on its own."""

    FUNNEL = "funnel"
    REMAINS = "remains"
    ORDERS = "orders"
    SELLER_STOCKS = "seller_stocks"


class PlaceKind(StrEnum):
    """What a name in a stock report or an order stands for."""

    WAREHOUSE = "warehouse"
    AGGREGATE = "aggregate"
    SELLER = "seller"


@dataclass(frozen=True, slots=True)
class Place:
    """A place of stock. The name is its identity: spaces normalised, nothing more."""

    name: str
    kind: PlaceKind


@dataclass(frozen=True, slots=True)
class SalesFunnel:
    """One card's funnel over a period. Pieces; percents 0–100; `None` = the field was null.

    `stocks_wb` and `stocks_mp` are pieces at the time of the answer, not of the period.
    """

    nm_id: int
    brand: str = ""
    subject: str = ""
    vendor_code: str = ""
    opens: int | None = None
    cart_adds: int | None = None
    orders: int | None = None
    orders_rub: float | None = None
    buyouts: int | None = None
    add_to_cart_percent: float | None = None
    cart_to_order_percent: float | None = None
    buyout_percent: float | None = None
    orders_per_day: float | None = None
    stocks_wb: int | None = None
    stocks_mp: int | None = None


@dataclass(frozen=True, slots=True)
class Remains:
    """One card's stock on the marketplace's shelves right now, pieces.

    `by_warehouse` holds places only (never transit, never the total); `reported_total` is the
    marketplace's own sum, kept as a check.
    """

    nm_id: int
    brand: str = ""
    subject: str = ""
    vendor_code: str = ""
    by_warehouse: Mapping[str, int] = field(default_factory=dict)
    in_transit_to_customer: int = 0
    in_transit_to_wb_warehouse: int = 0
    reported_total: int | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One ordered piece. `placed_at` and `changed_at` are aware; `srid` is its identity."""

    srid: str
    nm_id: int
    placed_at: datetime
    changed_at: datetime
    place: Place
    is_cancelled: bool = False
    brand: str = ""
    subject: str = ""
    vendor_code: str = ""
    district: str = ""


@dataclass(frozen=True, slots=True)
class CardOrders:
    """One card's orders placed in a period, counted.

    `placed` includes pieces cancelled later, as the marketplace's own funnel does; the other
    counts leave them out. `by_warehouse` holds marketplace warehouses only, `fbs` the seller's.
    """

    nm_id: int
    brand: str = ""
    subject: str = ""
    vendor_code: str = ""
    placed: int = 0
    fbs: int = 0
    by_warehouse: Mapping[str, int] = field(default_factory=dict)
    by_district: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SellerStock:
    """One card's stock on the seller's own warehouses, pieces."""

    nm_id: int
    quantity: int


Row = SalesFunnel | Remains | CardOrders | SellerStock
R = TypeVar("R", SalesFunnel, Remains, CardOrders, SellerStock)


@dataclass(frozen=True, slots=True)
class Snapshot(Generic[R]):
    """The last good answer of one source, one row per card.

    `period` is the period that the figures speak of (`None` for stock: it is of `taken_at`).
    `complete` is False while pages of the funnel are still to come: it then speaks only for the
    cards that it holds. `emptied_in_run` is the run in which this source answered without a row
    although 100 or more are held: believed when the next run says so too.
    """

    source: Source
    taken_at: datetime
    rows: Mapping[int, R]
    period: Period | None = None
    complete: bool = True
    emptied_in_run: int | None = None


@dataclass(frozen=True, slots=True)
class Snapshots:
    """The last good answers of a shop; `None` = that source has never answered.

    `funnel_so_far` is this run's funnel while it is short of pages; for the cards that it holds
    it goes before `funnel`.
    """

    funnel_so_far: Snapshot[SalesFunnel] | None = None
    funnel: Snapshot[SalesFunnel] | None = None
    remains: Snapshot[Remains] | None = None
    orders: Snapshot[CardOrders] | None = None
    seller_stocks: Snapshot[SellerStock] | None = None

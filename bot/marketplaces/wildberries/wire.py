"""The vendor's answers as he spells them: every field optional, numbers in any clothes.

Sources: https://dev.wildberries.ru/openapi/analytics, /openapi/reports (read 2026-11-20)
"""

import math
from datetime import datetime

from msgspec import UNSET, Raw, Struct, UnsetType

from bot.core.period import MOSCOW
from bot.marketplaces.wildberries.reading import not_understood

Number = int | float | str | bool | None
Text = str | int | float | bool | None
_NO_DATE_BEFORE_YEAR = 1990
_EXACT_FLOATS = 2**53
_LARGEST_ID = 2**63
_LARGEST_COUNT = 10**12


class Object(Struct, rename="camel", gc=False):
    """An object of the vendor's; unknown fields are ignored."""


# ── sales funnel ─────────────────────────────────────────────────────────────────────────────


class FunnelStocks(Object):
    """Pieces now."""

    wb: Number = None
    mp: Number = None


class FunnelProduct(Object):
    """Who the card is."""

    nm_id: Number = None
    vendor_code: Text = None
    brand_name: Text = None
    subject_name: Text = None
    stocks: FunnelStocks | None = None


class FunnelConversions(Object):
    """Percents."""

    add_to_cart_percent: Number = None
    cart_to_order_percent: Number = None
    buyout_percent: Number = None


class FunnelFigures(Object):
    """One period."""

    open_count: Number = None
    cart_count: Number = None
    order_count: Number = None
    order_sum: Number = None
    buyout_count: Number = None
    avg_orders_count_per_day: Number = None
    conversions: FunnelConversions | None = None


class FunnelStatistic(Object):
    """The periods that were asked for; we ask for one."""

    selected: FunnelFigures | None = None


class FunnelRow(Object):
    """One card of the funnel."""

    product: FunnelProduct | None = None
    statistic: FunnelStatistic | None = None


class FunnelData(Object):
    """One page of the funnel."""

    products: list[Raw] | UnsetType | None = UNSET


class FunnelAnswer(Object):
    """The funnel's envelope."""

    data: FunnelData


# ── warehouse remains ────────────────────────────────────────────────────────────────────────


class TaskId(Object):
    """A report that was ordered."""

    task_id: str


class TaskCreated(Object):
    """Its envelope."""

    data: TaskId


class TaskStatus(Object):
    """How far a report is: new, processing, done, purged, canceled."""

    status: str


class TaskState(Object):
    """Its envelope."""

    data: TaskStatus


class RemainsEntry(Object):
    """A shelf, a way or the total: the list mixes them."""

    warehouse_name: Text = None
    quantity: Number | UnsetType = UNSET


class RemainsRow(Object):
    """One card, or one size of it."""

    nm_id: Number = None
    brand: Text = None
    subject_name: Text = None
    vendor_code: Text = None
    warehouses: list[RemainsEntry] | UnsetType | None = UNSET


# ── orders ───────────────────────────────────────────────────────────────────────────────────


class OrderRow(Object):
    """One ordered piece; a date without a zone is Moscow time."""

    date: Text = None
    last_change_date: Text = None
    warehouse_name: Text = None
    warehouse_type: Text = None
    oblast_okrug_name: Text = None
    supplier_article: Text = None
    nm_id: Number = None
    subject: Text = None
    brand: Text = None
    is_cancel: Number = None
    cancel_date: Text = None
    srid: Text = None


class FeedRow(Object):
    """One ordered piece in the order feed."""

    nm_id: Number = None
    srid: Text = None
    created_at: Text = None
    updated_at: Text = None
    status: Text = None
    warehouse_name: Text = None
    is_mp: bool | None = None
    destination_district: Text = None


class FeedData(Object):
    """One page of the order feed."""

    snapshot_time: str | None = None
    orders: list[Raw] | UnsetType | None = UNSET


class FeedAnswer(Object):
    """Its envelope."""

    data: FeedData


# ── the seller's own warehouses, the seller ──────────────────────────────────────────────────


class StockRow(Object):
    """One size in one of the seller's warehouses."""

    nm_id: Number = None
    quantity: Number | UnsetType = UNSET


class StockData(Object):
    """One page of them."""

    items: list[Raw] | UnsetType | None = UNSET


class StockAnswer(Object):
    """Its envelope."""

    data: StockData


class SellerInfo(Object):
    """Who the seller is."""

    name: Text = None
    trade_mark: Text = None


# ── clothes ──────────────────────────────────────────────────────────────────────────────────


def listed(rows: list[Raw] | UnsetType | None, field: str) -> list[Raw]:
    """Return an array; `null` has no rows, one that is not there was renamed.

    Raises:
        Defect: the array is not there.
    """
    if isinstance(rows, UnsetType):
        raise not_understood(field)
    return rows or []


def number(value: Number, field: str) -> float | int | None:
    """Return a number that may come as text, with a comma too; `None` for null and "".

    Raises:
        Defect: it is no number.
    """
    if value is None or isinstance(value, bool):
        return None if value is None else int(value)
    if isinstance(value, str):
        return _number_of(value, field)
    if not math.isfinite(value):
        raise not_understood(field)
    return value


def whole(value: Number, field: str) -> int | None:
    """Return a whole number that may come as a float or as text.

    Raises:
        Defect: it is no number, or counts more than there can be.
    """
    found = number(value, field)
    if found is not None and abs(found) > _LARGEST_COUNT:
        raise not_understood(field)
    return None if found is None else round(found)


def identity(value: Number, field: str) -> int | None:
    """Return the vendor's number of a thing, `None` for null and 0.

    Raises:
        Defect: it is no number, or has lost digits on its way.
    """
    found = number(value, field)
    if isinstance(found, float) and (abs(found) > _EXACT_FLOATS or found != int(found)):
        raise not_understood(field)
    if found is not None and found >= _LARGEST_ID:
        raise not_understood(field)
    return int(found) if found is not None and found > 0 else None


def text(value: Text) -> str:
    """Return a text as it is; null is empty."""
    return value if isinstance(value, str) else "" if value is None else str(value)


def instant(value: Text, field: str) -> datetime | None:
    """Return an aware instant; one without a zone is Moscow time; `None` for null and year 1.

    Raises:
        Defect: it is no instant.
    """
    written = text(value).strip()
    if not written:
        return None
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        raise not_understood(field) from None
    if found.year < _NO_DATE_BEFORE_YEAR:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=MOSCOW)


def _number_of(written: str, field: str) -> float | int | None:
    plain = "".join(written.split()).replace(",", ".")
    if not plain:
        return None
    try:
        return int(plain)
    except ValueError:
        pass
    try:
        found = float(plain)
    except ValueError:
        raise not_understood(field) from None
    if not math.isfinite(found):
        raise not_understood(field)
    return found


def first_name(info: SellerInfo) -> str | None:
    """Return what the seller is called, on one line, `None` when he is not."""
    names = (" ".join(text(name).split()) for name in (info.name, info.trade_mark))
    return next((name for name in names if name), None)

"""`supplier/orders`: one row per ordered piece.

Source: https://dev.wildberries.ru/openapi/reports (read 2026-11-20)
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.sandbox.wildberries import problems
from bot.sandbox.wildberries.answers import Answer, Ask, as_json_rows
from bot.sandbox.wildberries.behaviour import Behaviour
from bot.sandbox.wildberries.oddities import odd_row
from bot.sandbox.wildberries.world import (
    MOSCOW_OFFSET_SECONDS,
    Card,
    Order,
    OrderStatus,
    Shop,
)

_DAY_SECONDS = 86_400
_NO_DATE = "0001-01-01T00:00:00"


def orders(shop: Shop, ask: Ask, behaviour: Behaviour) -> Answer:
    """Answer one page by change (flag 0) or one Moscow day by placement (flag 1)."""
    flag = ask.query.get("flag", "0")
    if "dateFrom" not in ask.query:
        return problems.statistics_error(["dateFrom: field required"])
    if flag not in {"0", "1"}:
        return problems.statistics_error(["flag: Value not validated"])
    try:
        since_s = _instant_s(ask.query["dateFrom"])
    except ValueError:
        return problems.statistics_error("dateFrom: Value not validated")
    oldest = int((ask.now - timedelta(days=behaviour.orders_kept_days)).timestamp())
    page = _day(shop, since_s) if flag == "1" else _changed(shop, since_s, behaviour)
    return as_json_rows(_rows(shop, (order for order in page if order.created_s >= oldest)))


def _changed(shop: Shop, since_s: int, behaviour: Behaviour) -> Sequence[Order]:
    """Return the page after an instant; a cut never divides rows of the same second."""
    ordered = shop.orders_by_change
    strict = bisect_right(ordered, since_s, key=_change)
    loose = bisect_left(ordered, since_s, key=_change)
    boundary = behaviour.orders_boundary
    repeat = boundary == "later_or_equal" or (boundary == "repeat" and strict < len(ordered))
    first = loose if repeat else strict
    # rows that are sent again must not fill the page, or its reader would never get on
    last = min(max(first + behaviour.orders_page_rows, strict + 1), len(ordered))
    if last < len(ordered) and last > first:
        last = bisect_right(ordered, ordered[last - 1].changed_s, key=_change)
    return ordered[first:last]


def _change(order: Order) -> int:
    return order.changed_s


def _day(shop: Shop, since_s: int) -> Sequence[Order]:
    day = (since_s + MOSCOW_OFFSET_SECONDS) // _DAY_SECONDS
    start = day * _DAY_SECONDS - MOSCOW_OFFSET_SECONDS
    return [order for order in shop.orders if start <= order.created_s < start + _DAY_SECONDS]


def _rows(shop: Shop, page: Iterator[Order]) -> Iterator[dict[str, Any]]:
    cards = {card.nm_id: card for card in shop.cards}
    for order in page:
        row = _row(order, cards.get(order.nm_id), hidden=shop.warehouses_hidden)
        yield odd_row(row, shop.oddities, order.created_s) if shop.oddities else row


def _row(order: Order, card: Card | None, *, hidden: bool) -> dict[str, Any]:
    gone = order.status is OrderStatus.CANCEL
    return {
        "date": _moscow(order.created_s),
        "lastChangeDate": _moscow(order.changed_s),
        "warehouseName": order.warehouse.name_in_orders(hidden=hidden),
        "warehouseType": "Склад продавца" if order.warehouse.seller else "Склад WB",
        "countryName": order.destination.country,
        "oblastOkrugName": order.destination.district,
        "regionName": order.destination.region,
        "supplierArticle": card.vendor_code if card else "",
        "nmId": order.nm_id,
        "barcode": card.barcode if card else "",
        "category": card.category if card else "",
        "subject": card.subject if card else "",
        "brand": card.brand if card else "",
        "techSize": card.sizes[0] if card else "0",
        "incomeID": 0,
        "isSupply": False,
        "isRealization": True,
        "totalPrice": order.price_rub * 2,
        "discountPercent": 50,
        "spp": 26,
        "finishedPrice": round(order.price_rub * 0.74, 2),
        "priceWithDisc": order.price_rub,
        "isCancel": gone,
        "cancelDate": _moscow(order.changed_s) if gone else _NO_DATE,
        "sticker": "",
        "gNumber": f"{order.created_s}{order.nm_id}",
        "srid": order.srid,
    }


def _moscow(seconds: int) -> str:
    return datetime.fromtimestamp(seconds + MOSCOW_OFFSET_SECONDS, UTC).isoformat()[:19]


def _instant_s(text: str) -> int:
    """Return the Unix second of an RFC 3339 text; without a zone it is Moscow time."""
    read = datetime.fromisoformat(text.replace(" ", "+"))
    if read.tzinfo is None:
        return int(read.replace(tzinfo=UTC).timestamp()) - MOSCOW_OFFSET_SECONDS
    return int(read.timestamp())

"""The order feed, declared replacement of `supplier/orders`.

Source: https://dev.wildberries.ru/openapi/analytics (read 2026-11-20)
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.sandbox.wildberries import checks
from bot.sandbox.wildberries.answers import Answer, Ask, BadRequestError, as_json
from bot.sandbox.wildberries.behaviour import Behaviour
from bot.sandbox.wildberries.oddities import odd_row
from bot.sandbox.wildberries.world import Order, OrderStatus, Shop

DEFAULT_PAGE = 50
LARGEST_PAGE = 10_000
_MOST_FILTERS = 50
_SNAPSHOTS_KEPT = 8


class OrderFeed:
    """Pages of the feed; a page of an earlier snapshot sees the feed as it was then."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._snapshots: dict[tuple[str, str], Sequence[Order]] = {}

    def page(self, shop: Shop, ask: Ask) -> Answer:
        """Answer one page, newest status first."""
        body = checks.body_object(ask.body)
        start, end = self._period(body, ask.now)
        pagination = checks.body_object(body.get("pagination") or {})
        limit = checks.whole(pagination, "limit", DEFAULT_PAGE, most=LARGEST_PAGE)
        offset = checks.whole(pagination, "offset", 0)
        snapshot, feed = self._snapshot(shop, pagination.get("snapshotTime"), ask.now)
        wanted = _wanted(shop, body)
        matching = [
            order
            for order in feed
            if start <= order.status_s <= end and (wanted is None or order.nm_id in wanted)
        ]
        rows = [_row(shop, order) for order in matching[offset : offset + limit]]
        data = {"snapshotTime": snapshot, "currency": "RUB", "orders": rows}
        return as_json({"data": data})

    def _period(self, body: dict[str, Any], now: datetime) -> tuple[float, float]:
        period = body.get("selectedPeriod")
        if not isinstance(period, dict) or "start" not in period:
            raise BadRequestError("invalid: selectedPeriod (field required)")
        start = checks.instant(period["start"], "selectedPeriod.start")
        end = checks.instant(period["end"], "selectedPeriod.end") if period.get("end") else now
        if start < now - timedelta(days=self._behaviour.feed_kept_days):
            raise BadRequestError(
                "invalid: selectedPeriod.start (must be within the last 31 days)"
            )
        if start > end:
            raise BadRequestError("invalid: selectedPeriod.start (must not be later than end)")
        return start.timestamp(), end.timestamp()

    def _snapshot(self, shop: Shop, asked: Any, now: datetime) -> tuple[str, Sequence[Order]]:
        if asked is None:
            name, until = _stamp(now), now
        else:
            until = checks.instant(asked, "pagination.snapshotTime")
            name = _stamp(until)
        known = self._snapshots.get((shop.sid, name))
        if known is None or asked is None:
            latest = until.timestamp()
            there = [order for order in shop.orders if order.status_s <= latest]
            known = sorted(there, key=lambda order: order.status_s, reverse=True)
            self._keep((shop.sid, name), known)
        return name, known

    def _keep(self, key: tuple[str, str], feed: Sequence[Order]) -> None:
        self._snapshots[key] = feed
        while len(self._snapshots) > _SNAPSHOTS_KEPT:
            del self._snapshots[next(iter(self._snapshots))]


def _wanted(shop: Shop, body: dict[str, Any]) -> set[int] | None:
    """Return the card numbers that the filters leave, None without filters."""
    nm_ids = checks.numbers(body, "nmIds", most=1000)
    subjects = checks.numbers(body, "subjectIds", most=_MOST_FILTERS)
    brands = checks.texts(body, "brandNames", most=_MOST_FILTERS)
    tags = checks.numbers(body, "tagIds", most=_MOST_FILTERS)
    if not (nm_ids or subjects or brands or tags):
        return None
    return {
        card.nm_id
        for card in shop.cards
        if (not nm_ids or card.nm_id in nm_ids)
        and (not subjects or card.subject_id in subjects)
        and (not brands or card.brand in brands)
        and not tags
    }


def _row(shop: Shop, order: Order) -> dict[str, Any]:
    hidden = shop.warehouses_hidden and not order.warehouse.seller
    name = order.warehouse.name_in_analytics(hidden=shop.warehouses_hidden)
    row = {
        "nmId": order.nm_id,
        "chrtId": order.nm_id * 2 + 7,
        "srid": order.srid,
        "createdAt": _stamp(datetime.fromtimestamp(order.created_s, UTC)),
        "updatedAt": _stamp(datetime.fromtimestamp(order.status_s, UTC)),
        "status": order.status.value,
        "warehouseName": name,
        "warehouseRegion": name if hidden else order.warehouse.region,
        "isMp": order.warehouse.seller,
        "destinationCity": order.destination.city,
        "destinationDistrict": order.destination.district or order.destination.country,
        "sellerPrice": order.price_rub,
        "isB2b": False,
    }
    if order.status is OrderStatus.CANCEL:
        row["cancelType"] = "app"
    return odd_row(row, shop.oddities, order.created_s) if shop.oddities else row


def _stamp(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")

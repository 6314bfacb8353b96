"""The sales funnel, version 3.

Source: https://dev.wildberries.ru/openapi/analytics (read 2026-11-20)
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from bot.sandbox.wildberries import checks
from bot.sandbox.wildberries.answers import Answer, Ask, BadRequestError, as_json
from bot.sandbox.wildberries.behaviour import Behaviour
from bot.sandbox.wildberries.figures import NOTHING, Figures, reckon
from bot.sandbox.wildberries.funnel_rows import product_row
from bot.sandbox.wildberries.oddities import odd_row
from bot.sandbox.wildberries.world import Card, Order, Shop

DEFAULT_PAGE = 50
LARGEST_PAGE = 1000
MOST_NM_IDS = 1000

Period: TypeAlias = tuple[date, date]
_SORTS: Mapping[str, Callable[[Card, Figures], float]] = {
    "openCard": lambda card, figures: figures.opens(card.nm_id),
    "addToCart": lambda card, figures: figures.carts(card.nm_id),
    "orderCount": lambda _card, figures: figures.orders,
    "orderSum": lambda _card, figures: figures.orders_rub,
    "buyoutCount": lambda _card, figures: figures.buyouts,
    "buyoutSum": lambda _card, figures: figures.buyouts_rub,
    "cancelCount": lambda _card, figures: figures.cancels,
    "cancelSum": lambda _card, figures: figures.cancels_rub,
    "avgPrice": lambda card, _figures: card.price_rub,
    "stockMpQty": lambda card, _figures: sum(card.seller_stock.values()),
    "stockWbQty": lambda card, _figures: sum(card.stock.values()),
}


class Funnel:
    """Pages of the funnel; figures of a period are reckoned once and kept until orders change."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._known: dict[tuple[str, Period], tuple[Sequence[Order], Mapping[int, Figures]]] = {}
        self._pages_served = 0

    def products(self, shop: Shop, ask: Ask) -> Answer:
        """Answer one page."""
        body = checks.body_object(ask.body)
        selected = checks.days(body, "selectedPeriod", ask.now)
        past = checks.days(body, "pastPeriod", ask.now) if body.get("pastPeriod") else None
        limit = checks.whole(body, "limit", DEFAULT_PAGE, most=LARGEST_PAGE)
        offset = checks.whole(body, "offset", 0)
        figures = self._figures(shop, selected)
        cards = self._ordered(_chosen(shop, body), figures, body.get("orderBy"))
        earlier = self._figures(shop, past) if past else {}
        revenue = sum(one.orders_rub for one in figures.values())
        rows = [
            product_row(
                card,
                (selected, figures.get(card.nm_id, NOTHING)),
                (past, earlier.get(card.nm_id, NOTHING)) if past else None,
                revenue,
            )
            for card in cards[offset : offset + limit]
        ]
        if shop.oddities:
            rows = [odd_row(row, shop.oddities, row["product"]["nmId"]) for row in rows]
        return as_json({"data": {"products": rows, "currency": "RUB"}})

    def _figures(self, shop: Shop, period: Period) -> Mapping[int, Figures]:
        key, orders = (shop.sid, period), shop.orders_by_change
        known = self._known.get(key)
        if known is None or known[0] is not orders:
            known = (orders, reckon(shop, *period))
            self._known[key] = known
        return known[1]

    def _ordered(
        self, cards: list[Card], figures: Mapping[int, Figures], order_by: Any
    ) -> list[Card]:
        sort, descending = _sort(order_by)
        ordered = sorted(
            cards,
            key=lambda card: (sort(card, figures.get(card.nm_id, NOTHING)), card.nm_id),
            reverse=descending,
        )
        self._pages_served += 1
        if self._behaviour.unstable_funnel and ordered:
            turn = self._pages_served % len(ordered)
            return ordered[turn:] + ordered[:turn]
        return ordered


def _sort(order_by: Any) -> tuple[Callable[[Card, Figures], float], bool]:
    if order_by is None:
        return _SORTS["openCard"], True
    if not isinstance(order_by, dict) or order_by.get("field") not in _SORTS:
        raise BadRequestError("invalid: orderBy.field (unknown value)")
    if order_by.get("mode") not in {"asc", "desc"}:
        raise BadRequestError("invalid: orderBy.mode (must be asc or desc)")
    return _SORTS[order_by["field"]], order_by["mode"] == "desc"


def _chosen(shop: Shop, body: dict[str, Any]) -> list[Card]:
    nm_ids = checks.numbers(body, "nmIds", most=MOST_NM_IDS)
    brands = checks.texts(body, "brandNames", most=MOST_NM_IDS)
    subjects = checks.numbers(body, "subjectIds", most=MOST_NM_IDS)
    tags = checks.numbers(body, "tagIds", most=MOST_NM_IDS)
    alive = bool(body.get("skipDeletedNm"))
    return [
        card
        for card in shop.cards
        if card.in_funnel
        and not (alive and card.deleted)
        and (not nm_ids or card.nm_id in nm_ids)
        and (not brands or card.brand in brands)
        and (not subjects or card.subject_id in subjects)
        and not tags
    ]

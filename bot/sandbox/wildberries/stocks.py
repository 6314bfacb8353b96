"""Current stock per size and warehouse: the vendor's and the seller's own.

Source: https://dev.wildberries.ru/openapi/analytics (read 2026-11-20)
"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from bot.sandbox.wildberries import checks
from bot.sandbox.wildberries.answers import Answer, Ask, as_json
from bot.sandbox.wildberries.oddities import odd_row
from bot.sandbox.wildberries.places import HIDDEN_ID, WB_ANY
from bot.sandbox.wildberries.world import Card, Shop

LARGEST_PAGE = 250_000


def wb_warehouses(shop: Shop, ask: Ask) -> Answer:
    """Answer what buyers can put into the basket from the vendor's warehouses."""
    return _page(shop, ask, _hidden_rows if shop.warehouses_hidden else _shown_rows)


def seller_warehouses(shop: Shop, ask: Ask) -> Answer:
    """Answer what lies in the seller's own warehouses."""
    return _page(shop, ask, _seller_rows)


def _page(shop: Shop, ask: Ask, rows: Callable[[Shop, Card], Iterator[dict[str, Any]]]) -> Answer:
    body = checks.body_object({} if ask.body is None else ask.body)
    limit = checks.whole(body, "limit", LARGEST_PAGE, most=LARGEST_PAGE)
    offset = checks.whole(body, "offset", 0)
    nm_ids = checks.numbers(body, "nmIds", most=1000)
    chrt_ids = checks.numbers(body, "chrtIds", most=LARGEST_PAGE)
    every = (
        row
        for card in shop.cards
        if not nm_ids or card.nm_id in nm_ids
        for row in rows(shop, card)
        if not chrt_ids or row["chrtId"] in chrt_ids
    )
    items = list(islice(every, offset, offset + limit))
    if not items:
        return Answer(204)
    if shop.oddities:
        items = [odd_row(row, shop.oddities, row["nmId"]) for row in items]
    return as_json({"data": {"items": items}})


def _hidden_rows(shop: Shop, card: Card) -> Iterator[dict[str, Any]]:
    """One row per card: names, ids and regions are constants since 15 Aug 2026.

    Pieces in places that are still named are not sellable and not counted here.
    """
    phantom = {place.name for place in shop.warehouses.values() if place.still_named}
    pieces = sum(pieces for name, pieces in card.stock.items() if name not in phantom)
    if pieces or card.to_customer or card.from_customer:
        yield {
            "nmId": card.nm_id,
            "chrtId": card.chrt_id,
            "warehouseId": HIDDEN_ID,
            "warehouseName": WB_ANY,
            "regionName": WB_ANY,
            "quantity": pieces,
            "inWayToClient": card.to_customer,
            "inWayFromClient": card.from_customer,
        }


def _shown_rows(shop: Shop, card: Card) -> Iterator[dict[str, Any]]:
    """One row per warehouse; what is on its way is told on the first of them."""
    ways = (card.to_customer, card.from_customer)
    for row in _place_rows(shop, card, card.stock):
        yield row | {"inWayToClient": ways[0], "inWayFromClient": ways[1]}
        ways = (0, 0)


def _seller_rows(shop: Shop, card: Card) -> Iterator[dict[str, Any]]:
    return _place_rows(shop, card, card.seller_stock)


def _place_rows(shop: Shop, card: Card, stock: dict[str, int]) -> Iterator[dict[str, Any]]:
    for name, pieces in stock.items():
        place = shop.warehouses.get(name)
        if pieces:
            yield {
                "nmId": card.nm_id,
                "chrtId": card.chrt_id,
                "warehouseId": place.id if place else 0,
                "warehouseName": name,
                "regionName": place.region if place else "",
                "quantity": pieces,
            }

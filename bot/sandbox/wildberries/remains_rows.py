"""The rows of one card in the remains report."""

from collections.abc import Iterator
from typing import Any

from bot.sandbox.wildberries.oddities import odd_row
from bot.sandbox.wildberries.world import Card, Shop

TO_CUSTOMER = "В пути до получателей"
FROM_CUSTOMER = "В пути возвраты на склад WB"
TOTAL = "Всего находится на складах"

FLAGS = (
    "groupByBrand",
    "groupBySubject",
    "groupBySa",
    "groupByNm",
    "groupByBarcode",
    "groupBySize",
)


def card_rows(
    shop: Shop, card: Card, flags: frozenset[str], rows_per_card: int
) -> Iterator[dict[str, Any]]:
    """Yield the card's rows: one, or one per size when sizes or barcodes are asked for.

    `rows_per_card` above one splits a card all the same, as has been seen. A card without a
    piece anywhere has no row.
    """
    by_size = bool(flags & {"groupByBarcode", "groupBySize"})
    parts = max(rows_per_card, len(card.sizes) if by_size else 1)
    shelves = _shelves(shop, card)
    for part in range(parts):
        places = [(name, _share(pieces, part, parts)) for name, pieces in shelves.items()]
        ways = [
            (TO_CUSTOMER, _share(card.to_customer, part, parts)),
            (FROM_CUSTOMER, _share(card.from_customer, part, parts)),
        ]
        listed = [*ways, (TOTAL, sum(pieces for _, pieces in places)), *places]
        warehouses = [{"warehouseName": n, "quantity": pieces} for n, pieces in listed if pieces]
        if warehouses:
            row = _named(card, part, flags) | {"warehouses": warehouses}
            yield odd_row(row, shop.oddities, card.nm_id) if shop.oddities else row


def _shelves(shop: Shop, card: Card) -> dict[str, int]:
    """Return pieces per name as the report calls the places, the vendor's own only."""
    pieces: dict[str, int] = {}
    for name, quantity in card.stock.items():
        place = shop.warehouses.get(name)
        shown = name if place is None else place.name_in_remains(hidden=shop.warehouses_hidden)
        pieces[shown] = pieces.get(shown, 0) + quantity
    return pieces


def _named(card: Card, part: int, flags: frozenset[str]) -> dict[str, Any]:
    """Return the fields that the asked groupings leave in a row."""
    fields: dict[str, Any] = {}
    if "groupByBrand" in flags:
        fields["brand"] = card.brand
    if "groupBySubject" in flags:
        fields["subjectName"] = card.subject
    if "groupBySa" in flags:
        fields["vendorCode"] = card.vendor_code
    if "groupByNm" in flags:
        fields |= {"nmId": card.nm_id, "volume": card.volume_l}
    if "groupByBarcode" in flags:
        fields["barcode"] = f"{card.barcode}{part or ''}"
    if "groupBySize" in flags:
        fields["techSize"] = card.sizes[part % len(card.sizes)]
    return fields


def _share(pieces: int, part: int, parts: int) -> int:
    """Return the pieces of one part; the parts sum to the whole."""
    return pieces // parts + (1 if part < pieces % parts else 0)

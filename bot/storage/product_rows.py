"""Products as rows of today and as one blob per day; blocking, for a thread of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from bot.core.metrics import ProductMetrics
from bot.core.ports import StoredFigures
from bot.core.report import KnownProduct
from bot.core.runs import Claim
from bot.storage.codec import RowCodec, Words

_IDENTITY = ("brand", "subject", "vendor_code", "nm_id")


@dataclass(frozen=True, slots=True)
class Packed:
    """Figures, ready to be stored: one row per product, the words they refer to, and the day."""

    products: list[dict[str, Any]]
    words: list[Any]
    day: bytes


class ProductRows:
    """Packs and unpacks figures; what tells who a product is stands in columns of its own."""

    def __init__(self) -> None:
        self._figures = RowCodec(ProductMetrics, leave_out=_IDENTITY)
        self._day = RowCodec(ProductMetrics)

    def pack(self, claim: Claim, got: StoredFigures) -> Packed:
        """Return the rows of every product of the layout, in its order."""
        words = Words()
        by_nm_id = {card.nm_id: card for card in got.metrics}
        rows = [
            {
                "shop_id": claim.shop_id,
                "nm_id": known.nm_id,
                "position": position,
                "brand": known.brand,
                "subject": known.subject,
                "vendor_code": known.vendor_code,
                "figures": self._packed(by_nm_id.get(known.nm_id), words),
                "run_id": claim.run.id,
            }
            for position, known in enumerate(got.layout.products)
        ]
        day = self._day.encode(got.metrics)
        return Packed(rows, [self._figures.fields, words.texts], day)

    def unpack(
        self, rows: Sequence[Sequence[Any]], words: Sequence[Sequence[str]]
    ) -> tuple[list[ProductMetrics], tuple[KnownProduct, ...]]:
        """Return the metrics by nm_id, and all products in the order of the table."""
        fields, texts = words
        metrics, listed = [], []
        for nm_id, brand, subject, vendor_code, packed in rows:
            listed.append(KnownProduct(nm_id, brand, subject, vendor_code))
            if packed is None:
                continue
            identity = dict(zip(_IDENTITY, (brand, subject, vendor_code, nm_id), strict=True))
            values = msgspec.msgpack.decode(packed)
            metrics.append(self._figures.unpack(values, texts, fields, **identity))
        metrics.sort(key=lambda card: card.nm_id)
        return metrics, tuple(listed)

    def _packed(self, card: ProductMetrics | None, words: Words) -> bytes | None:
        if card is None:
            return None
        return msgspec.msgpack.encode(self._figures.pack(card, words))

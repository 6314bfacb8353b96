"""Stock on the seller's own warehouses; only Personal and Service keys may read it.

Source: https://dev.wildberries.ru/openapi/analytics (read 2026-11-20): one row per size and
warehouse, 204 without any.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bot.core.errors import Code, Defect
from bot.core.ports import Memo
from bot.core.products import SellerStock, Snapshot, Source
from bot.core.sellers import Access
from bot.kit.clock import Clock
from bot.marketplaces.wildberries import mapping, wire
from bot.marketplaces.wildberries.client import Call, Client
from bot.marketplaces.wildberries.limits import SELLER_WAREHOUSES
from bot.marketplaces.wildberries.pages import packed, unpacked
from bot.marketplaces.wildberries.reading import decoded_rows, not_understood, read_object

ROWS_PER_PAGE = 50_000
_CLOSED = frozenset({Code.METHOD_BLOCKED, Code.METHOD_DISABLED, Code.PATH_NOT_FOUND})


class SellerStocksSource:
    """Brings the pieces on the seller's own warehouses, summed by card."""

    def __init__(self, client: Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    async def collect(self, access: Access, memo: Memo) -> Snapshot[SellerStock]:
        """Return the pieces of every card that has any.

        Raises:
            Defect: among others `METHOD_CLOSED_FOR_KEY`, also for a method that is switched off:
                the funnel's figure takes its place.
        """
        memory = await memo.recall()
        cursor = memory.cursor
        pieces: Counter[int] = Counter()
        async for kept in unpacked(memory.pages, SellerStock, self._clock):
            _add(pieces, kept)
        while not cursor.get("done"):
            offset = int(cursor.get("offset", 0))
            rows, stocks = await self._page(access, offset)
            cursor = {
                "offset": offset + rows,
                "done": int(rows < ROWS_PER_PAGE),
                "at": self._clock.now().isoformat(),
            }
            await memo.keep(cursor, await packed(stocks, self._clock) or None)
            _add(pieces, stocks)
        stock = {nm_id: SellerStock(nm_id, pieces[nm_id]) for nm_id in sorted(pieces)}
        return Snapshot(Source.SELLER_STOCKS, datetime.fromisoformat(str(cursor["at"])), stock)

    async def _page(self, access: Access, offset: int) -> tuple[int, list[SellerStock]]:
        call = Call(SELLER_WAREHOUSES, access, body=request_body(offset))
        try:
            answer = await self._client.ask(call, _read)
        except Defect as error:
            if error.code in _CLOSED:
                raise Defect(Code.METHOD_CLOSED_FOR_KEY, error.detail) from None
            raise
        raws = wire.listed(answer.data.items, "data.items") if answer else []
        stocks: list[SellerStock] = []
        async for rows in decoded_rows(raws, wire.StockRow, self._clock):
            found = (mapping.seller_stock(row) for row in rows)
            stocks += [SellerStock(*stock) for stock in found if stock is not None]
        if raws and not stocks:
            raise not_understood("data.items.nmId")
        return len(raws), stocks


def request_body(offset: int) -> dict[str, Any]:
    """Return what a page is asked by."""
    return {"limit": ROWS_PER_PAGE, "offset": offset}


async def _read(chunks: Any) -> wire.StockAnswer:
    return await read_object(chunks, wire.StockAnswer)


def _add(pieces: Counter[int], stocks: Iterable[SellerStock]) -> None:
    for stock in stocks:
        pieces[stock.nm_id] += stock.quantity

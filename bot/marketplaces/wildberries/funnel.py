"""The sales funnel, page by page; it can take hours on a Base key and goes on where it was.

Source: https://dev.wildberries.ru/openapi/analytics (read 2026-11-20): 1000 cards a page at most,
no total and no flag: a page that is not full is the last one.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bot.core.errors import Transient
from bot.core.period import Period
from bot.core.ports import Memo, Unfinished
from bot.core.products import SalesFunnel, Snapshot, Source
from bot.core.sellers import Access
from bot.kit.clock import Clock
from bot.marketplaces.wildberries import mapping, wire
from bot.marketplaces.wildberries.client import Call, Client
from bot.marketplaces.wildberries.limits import FUNNEL
from bot.marketplaces.wildberries.pages import packed, unpacked
from bot.marketplaces.wildberries.reading import decoded_rows, not_understood, read_object

CARDS_PER_PAGE = 1000


class FunnelSource:
    """Brings the funnel of a period; cards repeated over moving pages replace each other."""

    def __init__(self, client: Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    async def collect(self, access: Access, period: Period, memo: Memo) -> Snapshot[SalesFunnel]:
        """Return the whole funnel.

        Raises:
            Unfinished: a wait is due; `so_far` holds the cards that have come already.
        """
        memory = await memo.recall()
        cursor: Mapping[str, str | int] = memory.cursor
        cards: dict[int, SalesFunnel] = {}
        async for kept in unpacked(memory.pages, SalesFunnel, self._clock):
            cards |= _by_card(kept)
        while not cursor.get("done"):
            offset = int(cursor.get("offset", 0))
            rows, fresh = await self._page(access, period, offset, cards, cursor)
            is_last = rows < CARDS_PER_PAGE or cards.keys() >= fresh.keys()
            cursor = {
                "offset": offset + rows,
                "done": int(is_last),
                "at": self._clock.now().isoformat(),
            }
            page = await packed(list(fresh.values()), self._clock)
            await memo.keep(cursor, page or None)
            cards |= fresh
        return _snapshot(cards, period, cursor, is_whole=True)

    async def _page(
        self,
        access: Access,
        period: Period,
        offset: int,
        cards: Mapping[int, SalesFunnel],
        cursor: Mapping[str, str | int],
    ) -> tuple[int, dict[int, SalesFunnel]]:
        """Return how many rows a page has, and its cards."""
        call = Call(FUNNEL, access, body=request_body(period, offset))
        try:
            answer = await self._client.ask(call, _read)
        except Transient as error:
            if not cards:
                raise
            raise Unfinished(
                error.code,
                error.detail,
                retry_after_seconds=error.retry_after_seconds,
                so_far=_snapshot(cards, period, cursor, is_whole=False),
            ) from None
        raws = wire.listed(answer.data.products, "data.products") if answer else []
        fresh: dict[int, SalesFunnel] = {}
        async for rows in decoded_rows(raws, wire.FunnelRow, self._clock):
            fresh |= _by_card(card for row in rows if (card := mapping.sales_funnel(row)))
        if raws and not fresh:
            raise not_understood("data.products.product.nmId")
        return len(raws), fresh


def request_body(period: Period, offset: int) -> dict[str, Any]:
    """Return what a page is asked by; both ends of the period are in it."""
    return {
        "selectedPeriod": {"start": period.first.isoformat(), "end": period.last.isoformat()},
        "limit": CARDS_PER_PAGE,
        "offset": offset,
    }


async def _read(chunks: Any) -> wire.FunnelAnswer:
    return await read_object(chunks, wire.FunnelAnswer)


def _by_card(cards: Iterable[SalesFunnel]) -> dict[int, SalesFunnel]:
    return {card.nm_id: card for card in cards}


def _snapshot(
    cards: Mapping[int, SalesFunnel],
    period: Period,
    cursor: Mapping[str, str | int],
    *,
    is_whole: bool,
) -> Snapshot[SalesFunnel]:
    taken_at = datetime.fromisoformat(str(cursor["at"]))
    return Snapshot(Source.FUNNEL, taken_at, dict(cards), period, complete=is_whole)

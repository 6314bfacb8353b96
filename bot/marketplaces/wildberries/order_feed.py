"""Orders from the order feed, declared replacement of `supplier/orders`.

Source: https://dev.wildberries.ru/openapi/analytics (read 2026-11-20). Orders come by the time of
their present status, newest first; a status is never earlier than the order, so that all orders
placed in a period are among those whose status dates from its start to now. All pages are asked
with the `snapshotTime` of the first one.
"""

from datetime import datetime
from typing import Any

from bot.core.period import Period
from bot.core.ports import Memo, Memory
from bot.core.products import CardOrders, Snapshot
from bot.core.sellers import Access
from bot.kit.clock import Clock
from bot.marketplaces.wildberries import mapping, wire
from bot.marketplaces.wildberries.client import Call, Client
from bot.marketplaces.wildberries.limits import ORDER_FEED
from bot.marketplaces.wildberries.order_ledger import OrderLedger
from bot.marketplaces.wildberries.pages import PageWriter
from bot.marketplaces.wildberries.reading import decoded_rows, not_understood, read_object

ORDERS_PER_PAGE = 10_000
NAME = "feed"


class OrderFeed:
    """Brings the orders of a period, every page."""

    def __init__(self, client: Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock

    async def collect(
        self, access: Access, period: Period, memo: Memo, memory: Memory
    ) -> Snapshot[CardOrders]:
        """Return the orders placed in `period`, counted by card.

        Raises:
            Unfinished: the next page has to wait; cursor and pages are kept.
        """
        cursor = memory.cursor
        ledger = OrderLedger(self._clock)
        await ledger.recall(memory)
        while not cursor.get("done"):
            offset, snapshot = int(cursor.get("offset", 0)), str(cursor.get("snapshot", ""))
            writer = PageWriter()
            rows, has_news, named = await self._page(
                Call(ORDER_FEED, access, body=request_body(period, offset, snapshot)),
                ledger,
                writer,
            )
            cursor = {
                "via": NAME,
                "snapshot": snapshot or named,
                "offset": offset + rows,
                "done": int(rows < ORDERS_PER_PAGE or not has_news),
                "at": self._clock.now().isoformat(),
            }
            await memo.keep(cursor, writer.page() or None)
        return await ledger.snapshot(period, datetime.fromisoformat(str(cursor["at"])))

    async def _page(
        self, call: Call, ledger: OrderLedger, writer: PageWriter
    ) -> tuple[int, bool, str]:
        """Return how many rows a page has, whether any was news, and its snapshot's name."""
        answer = await self._client.ask(call, _read)
        if answer is None:
            return 0, False, ""
        raws = wire.listed(answer.data.orders, "data.orders")
        names, has_news, found = mapping.Names(), False, 0
        async for rows in decoded_rows(raws, wire.FeedRow, self._clock):
            orders = [o for row in rows if (o := mapping.feed_order(row, names)) is not None]
            has_news = ledger.enter(orders, writer) or has_news
            found += len(orders)
        if raws and not found:
            raise not_understood("data.orders.nmId")
        return len(raws), has_news, answer.data.snapshot_time or ""


def request_body(period: Period, offset: int, snapshot: str) -> dict[str, Any]:
    """Return what a page is asked by; without `snapshot` it is the first one."""
    pagination: dict[str, Any] = {"offset": offset, "limit": ORDERS_PER_PAGE}
    if snapshot:
        pagination["snapshotTime"] = snapshot
    return {"selectedPeriod": {"start": period.start.isoformat()}, "pagination": pagination}


async def _read(chunks: Any) -> wire.FeedAnswer:
    return await read_object(chunks, wire.FeedAnswer)

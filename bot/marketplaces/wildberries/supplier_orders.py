"""Orders from `supplier/orders`, by the time of their last change.

Source: https://dev.wildberries.ru/openapi/reports (read 2026-11-20). A call returns some 80,000
rows that changed later than `dateFrom`; the next one takes the last row's `lastChangeDate`; it is
done on an empty answer. To be switched off some day in favour of the order feed.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core.period import MOSCOW, Period
from bot.core.ports import Memo, Memory
from bot.core.products import CardOrders, Order, Snapshot
from bot.core.sellers import Access
from bot.kit.clock import Clock
from bot.marketplaces.wildberries import mapping, wire
from bot.marketplaces.wildberries.client import Call, Client
from bot.marketplaces.wildberries.limits import ORDERS, Limits, Profile
from bot.marketplaces.wildberries.order_ledger import OrderLedger
from bot.marketplaces.wildberries.pages import PageWriter
from bot.marketplaces.wildberries.reading import not_understood, read_array

FULL_ANSWER_ROWS = 70_000
NAME = "supplier"


@dataclass(slots=True)
class _Page:
    """What one answer brought."""

    rows: int = 0
    orders: int = 0
    has_news: bool = False
    last_change: str = ""
    last_change_at: datetime | None = None
    writer: PageWriter = field(default_factory=PageWriter)

    def note(self, row: wire.OrderRow, order: Order) -> None:
        """Remember the latest change: there the next answer begins."""
        written = wire.text(row.last_change_date)
        if written and (self.last_change_at is None or order.changed_at > self.last_change_at):
            self.last_change, self.last_change_at = written, order.changed_at


class SupplierOrders:
    """Brings the orders of a period, every page."""

    def __init__(self, client: Client, limits: Limits, clock: Clock) -> None:
        self._client = client
        self._limits = limits
        self._clock = clock

    async def collect(
        self, access: Access, period: Period, memo: Memo, memory: Memory
    ) -> Snapshot[CardOrders]:
        """Return the orders placed in `period`, counted by card.

        Raises:
            Unfinished: the next page has to wait; cursor and pages are kept.
            Defect: the method is switched off, among others.
        """
        cursor = memory.cursor
        ledger = OrderLedger(self._clock)
        await ledger.recall(memory)
        while not cursor.get("done"):
            since = str(cursor.get("since", "")) or date_from(period)
            page = await self._page(access, since, ledger)
            cursor = {
                "via": NAME,
                "since": page.last_change or since,
                "done": int(self._is_last(page, since, access)),
                "at": self._clock.now().isoformat(),
            }
            await memo.keep(cursor, page.writer.page() or None)
        return await ledger.snapshot(period, datetime.fromisoformat(str(cursor["at"])))

    async def _page(self, access: Access, since: str, ledger: OrderLedger) -> _Page:
        names = mapping.Names()
        has_news = False  # of any try: a repeated one finds the ledger filled already

        async def read(chunks: AsyncIterator[bytes]) -> _Page:
            nonlocal has_news
            page = _Page()
            async for rows in read_array(chunks, wire.OrderRow, self._clock):
                orders: list[Order] = []
                for row in rows:
                    order = mapping.order(row, names)
                    if order is not None:
                        orders.append(order)
                        page.note(row, order)
                page.rows += len(rows)
                page.orders += len(orders)
                has_news = ledger.enter(orders, page.writer) or has_news
            return page

        call = Call(ORDERS, access, {"dateFrom": since, "flag": "0"})
        page = await self._client.ask(call, read) or _Page()
        page.has_news = has_news
        if page.rows and not page.orders:
            raise not_understood("nmId")
        return page

    def _is_last(self, page: _Page, since: str, access: Access) -> bool:
        """Say whether all has come; a page that leads nowhere is the last one too."""
        is_base = self._limits.profile(access.facts.kind) is Profile.BASE
        if is_base and page.rows < FULL_ANSWER_ROWS:
            return True
        if page.rows >= FULL_ANSWER_ROWS and not page.last_change:
            raise not_understood("lastChangeDate")
        return not page.has_news or page.last_change in {"", since}


def date_from(period: Period) -> str:
    """Return the first `dateFrom`: a second early, for rows "later than" it are given."""
    start = period.start - timedelta(seconds=1)
    return start.astimezone(MOSCOW).replace(tzinfo=None).isoformat(timespec="seconds")

"""What both order sources write into: a book that counts, and a page that is kept."""

from collections.abc import Generator, Iterable
from datetime import datetime
from typing import TypeVar

from msgspec import Struct

from bot.core.orders import OrderBook
from bot.core.period import MOSCOW, Period
from bot.core.ports import Memory
from bot.core.products import CardOrders, Order, Place, PlaceKind, Snapshot, Source
from bot.kit.clock import Clock
from bot.marketplaces.wildberries.pages import PageWriter, unpacked

T = TypeVar("T")


class StoredOrder(Struct, array_like=True, gc=False):
    """An order as a page keeps it; instants are Unix seconds."""

    srid: str
    nm_id: int
    placed_at: float
    changed_at: float
    place: str
    kind: PlaceKind
    is_cancelled: bool
    brand: str
    subject: str
    vendor_code: str
    district: str


class OrderLedger:
    """The orders of one collection, from whichever source they come."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._book = OrderBook()
        self._places: dict[tuple[str, PlaceKind], Place] = {}

    async def recall(self, memory: Memory) -> None:
        """Enter the orders of kept pages."""
        async for rows in unpacked(memory.pages, StoredOrder, self._clock):
            for row in rows:
                self._book.add(self._restored(row))

    def enter(self, orders: Iterable[Order], page: PageWriter) -> bool:
        """Enter some orders and write them to `page`; say whether any was news."""
        rows = []
        is_news = False
        for order in orders:
            is_news = self._book.add(order) or is_news
            rows.append(_stored(order))
        page.add(rows)
        return is_news

    async def snapshot(self, period: Period, taken_at: datetime) -> Snapshot[CardOrders]:
        """Count what was placed in `period`."""
        cards = await self._unhurried(self._book.counting(period))
        return Snapshot(Source.ORDERS, taken_at, cards, period)

    async def _unhurried(self, steps: Generator[None, None, T]) -> T:
        while True:
            try:
                next(steps)
            except StopIteration as done:
                result: T = done.value
                return result
            await self._clock.sleep(0)

    def _restored(self, row: StoredOrder) -> Order:
        key = (row.place, row.kind)
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = Place(*key)
        return Order(
            row.srid,
            row.nm_id,
            datetime.fromtimestamp(row.placed_at, MOSCOW),
            datetime.fromtimestamp(row.changed_at, MOSCOW),
            place,
            row.is_cancelled,
            row.brand,
            row.subject,
            row.vendor_code,
            row.district,
        )


def _stored(order: Order) -> StoredOrder:
    return StoredOrder(
        order.srid,
        order.nm_id,
        order.placed_at.timestamp(),
        order.changed_at.timestamp(),
        order.place.name,
        order.place.kind,
        order.is_cancelled,
        order.brand,
        order.subject,
        order.vendor_code,
        order.district,
    )

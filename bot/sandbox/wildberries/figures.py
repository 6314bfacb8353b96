"""A card's funnel figures, reckoned from the orders of the world."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from bot.sandbox.wildberries.world import MOSCOW_OFFSET_SECONDS, OrderStatus, Shop

_GONE = (OrderStatus.CANCEL, OrderStatus.RETURN)


class Figures(NamedTuple):
    """Pieces and whole roubles of one card in one period."""

    orders: int = 0
    orders_rub: int = 0
    buyouts: int = 0
    buyouts_rub: int = 0
    cancels: int = 0
    cancels_rub: int = 0

    def carts(self, nm_id: int) -> int:
        """Return how often the card was put into a basket: made up, never below the orders."""
        return self.orders * 4 + nm_id % 17

    def opens(self, nm_id: int) -> int:
        """Return how often the card was opened: made up, never below the baskets."""
        return self.carts(nm_id) * 8 + nm_id % 90


NOTHING = Figures()


def day_start_s(day: date) -> int:
    """Return the Unix second at which a Moscow day begins."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) - (
        MOSCOW_OFFSET_SECONDS
    )


def reckon(shop: Shop, start: date, end: date) -> Mapping[int, Figures]:
    """Return the figures per nm_id of orders placed from `start` to `end`, both days included.

    Buy-outs, cancels and returns are booked to the day of the order, as the vendor does.
    """
    first, after = day_start_s(start), day_start_s(end + timedelta(days=1))
    sums: dict[int, list[int]] = {}
    for order in shop.orders:
        if first <= order.created_s < after:
            row = sums.setdefault(order.nm_id, [0] * 6)
            _book(row, 0, order.price_rub)
            if order.status is OrderStatus.BUYOUT:
                _book(row, 2, order.price_rub)
            elif order.status in _GONE:
                _book(row, 4, order.price_rub)
    return {nm_id: Figures(*row) for nm_id, row in sums.items()}


def _book(row: list[int], at: int, price_rub: int) -> None:
    row[at] += 1
    row[at + 1] += price_rub

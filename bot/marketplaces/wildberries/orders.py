"""Orders, from whichever of the vendor's two sources serves this key."""

from datetime import time

from bot.core.errors import Code, Defect
from bot.core.period import Period, next_wall_time
from bot.core.ports import Memo, Memory, Unfinished
from bot.core.products import CardOrders, Snapshot
from bot.core.sellers import Access, Right
from bot.kit.clock import Clock
from bot.marketplaces.wildberries import order_feed, supplier_orders
from bot.marketplaces.wildberries.client import Client
from bot.marketplaces.wildberries.limits import ORDERS, Limits, Profile
from bot.marketplaces.wildberries.order_feed import OrderFeed
from bot.marketplaces.wildberries.supplier_orders import SupplierOrders

_SWITCHED_OFF = frozenset({Code.METHOD_DISABLED, Code.PATH_NOT_FOUND})


class OrdersSource:
    """`supplier/orders` while it lives and the key may read it, else the order feed."""

    def __init__(self, client: Client, limits: Limits, clock: Clock, *, refresh_at: time) -> None:
        self._limits = limits
        self._clock = clock
        self._refresh_at = refresh_at
        self._supplier_orders = SupplierOrders(client, limits, clock)
        self._order_feed = OrderFeed(client, clock)

    async def collect(self, access: Access, period: Period, memo: Memo) -> Snapshot[CardOrders]:
        """Return the orders placed in `period`, counted by card.

        Raises:
            Unfinished: the next call has to wait, or is kept for the night.
        """
        memory = await memo.recall()
        if not memory.cursor.get("done"):
            self._keep_for_the_night(access)
        if memory.cursor.get("via", self._first_choice(access)) == order_feed.NAME:
            return await self._order_feed.collect(access, period, memo, memory)
        try:
            return await self._supplier_orders.collect(access, period, memo, memory)
        except Defect as error:
            if error.code not in _SWITCHED_OFF:
                raise
        await memo.forget()
        await memo.keep({"via": order_feed.NAME})
        return await self._order_feed.collect(access, period, memo, Memory())

    def _first_choice(self, access: Access) -> str:
        may_read = Right.STATISTICS in access.facts.rights
        return supplier_orders.NAME if may_read else order_feed.NAME

    def _keep_for_the_night(self, access: Access) -> None:
        """Spend no call that the nightly refresh would miss: a Base key has one in 3 hours."""
        if self._limits.profile(access.facts.kind) is not Profile.BASE:
            return
        now = self._clock.now()
        night = next_wall_time(now, hour=self._refresh_at.hour, minute=self._refresh_at.minute)
        left = (night - now).total_seconds()
        if left <= self._limits.allowance(ORDERS, access.facts).interval_seconds:
            raise Unfinished(Code.BUDGET_SPENT, "kept for the night", retry_after_seconds=left)

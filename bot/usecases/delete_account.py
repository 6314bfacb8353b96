"""Delete an account: rows, keys and our own files; nothing of the person stays."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.core.errors import Code, Defect, SellerMustAct, StockTrackerError, Transient
from bot.core.events import DefectFound
from bot.core.ports import Destination, Observe, SellerStore, ShopStore, TableStore
from bot.core.runs import ProgressMessage
from bot.core.sellers import Seller, Shop
from bot.kit.clock import Clock
from bot.kit.tasks import Tasks

LEAVE_SECONDS = 20.0  # real ones, for all shops: somebody waits for his account to be gone


class LeavesTables(Protocol):
    """The part of `TablePublisher` that lets go of a shop's table for good."""

    async def leave(self, destination: Destination) -> None:
        """Delete our own file, or take ourselves out of the seller's; again does no harm.

        Raises:
            Transient: it could not be done now.
            Defect: a refusal that is our fault or the operator's.
        """
        ...


@dataclass(frozen=True, slots=True)
class Erased:
    """What a messenger still has to end; `left_behind` are links of tables that stayed."""

    watched: tuple[ProgressMessage, ...]
    left_behind: tuple[str, ...]


class DeleteAccount:
    """Takes the keys and the work first, then leaves the tables, then erases; in doubt it erases.

    One that was cut off is begun anew as often as need be: by whoever asked for it, or by
    `FinishDeletions`.

    What has no link yet, and may be in the making, is left once more afterwards: its file may have
    come between our look and the erasure. One that comes later is deleted by who has asked for it.
    """

    def __init__(  # noqa: PLR0913 - each is a port of its own
        self,
        *,
        sellers: SellerStore,
        shops: ShopStore,
        tables: TableStore,
        output: LeavesTables | None,
        tasks: Tasks,
        clock: Clock,
        observe: Observe,
        leave_seconds: float = LEAVE_SECONDS,
    ) -> None:
        self._sellers = sellers
        self._shops = shops
        self._tables = tables
        self._output = output
        self._tasks = tasks
        self._clock = clock
        self._observe = observe
        self._leave_seconds = leave_seconds

    async def __call__(self, seller: Seller) -> Erased:
        """Erase the seller with everything that is his; the caller has asked him twice.

        A table that cannot be left now does not hold up the erasure: its link is returned.

        Raises:
            Transient: our own storage is away; asking again goes on from there.
        """
        await self._sellers.begin_erasing(seller.id, now=self._clock.now())
        left_behind, unseen = [], []
        until = asyncio.get_running_loop().time() + self._leave_seconds
        for shop in await self._shops.of_seller(seller.id):
            table = await self._table(seller, shop)
            if table is None:
                continue
            is_left = await self._leave(table, until)
            if table.state.url is None:
                unseen.append(table)
            elif not is_left:
                left_behind.append(table.state.url)
        watched = await self._sellers.erase(seller.id)
        self._tasks.start("leave", self._leave_again(unseen))
        return Erased(tuple(watched), tuple(left_behind))

    async def _table(self, seller: Seller, shop: Shop) -> Destination | None:
        try:
            state = await self._tables.state(shop.id)
        except Defect as error:  # sealed by a key that is lost: there is nothing to find it by
            self._tell(shop.id, error)
            return None
        return Destination(shop.id, shop.title, seller.profile.email, state)

    async def _leave_again(self, tables: Sequence[Destination]) -> None:
        for table in tables:
            await self._leave(table, None)

    async def _leave(self, table: Destination, until: float | None) -> bool:
        """Let go of a table by then; say whether it is done."""
        if self._output is None:
            return False
        try:
            async with asyncio.timeout_at(until):
                await self._output.leave(table)
        except TimeoutError:
            self._tell(table.shop_id, Transient(Code.GOOGLE_UNREACHABLE, "no answer in time"))
            return False
        except SellerMustAct:
            return True  # it is gone, or closed to us already
        except (Transient, Defect) as error:
            self._tell(table.shop_id, error)
            return False
        return True

    def _tell(self, shop_id: int, error: StockTrackerError) -> None:
        self._observe(DefectFound("delete_account.leave", error.code, error.detail, shop_id))

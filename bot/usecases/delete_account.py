"""Delete an account: rows, keys and our own files; nothing of the person stays."""

import asyncio
from dataclasses import dataclass
from typing import Protocol

from bot.core.errors import Code, Defect, SellerMustAct, StockTrackerError, Transient
from bot.core.events import DefectFound
from bot.core.ports import (
    Destination,
    Observe,
    RunStore,
    SellerStore,
    ShopStore,
    TableStore,
)
from bot.core.runs import ProgressMessage
from bot.core.sellers import Seller, Shop
from bot.kit.clock import Clock

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
    """Stops the work first, then leaves the tables, then erases; in doubt it erases."""

    def __init__(  # noqa: PLR0913 - each is a port of its own
        self,
        *,
        sellers: SellerStore,
        shops: ShopStore,
        runs: RunStore,
        tables: TableStore,
        output: LeavesTables | None,
        clock: Clock,
        observe: Observe,
        leave_seconds: float = LEAVE_SECONDS,
    ) -> None:
        self._sellers = sellers
        self._shops = shops
        self._runs = runs
        self._tables = tables
        self._output = output
        self._clock = clock
        self._observe = observe
        self._leave_seconds = leave_seconds

    async def __call__(self, seller: Seller) -> Erased:
        """Erase the seller with everything that is his; the caller has asked him twice.

        A table that cannot be left now does not hold up the erasure: its link is returned.

        Raises:
            Transient: our own storage is away; asking again goes on from there.
        """
        watched, left_behind = [], []
        until = asyncio.get_running_loop().time() + self._leave_seconds
        for shop in await self._shops.of_seller(seller.id):
            run = await self._runs.open_run(shop.id)
            if run is not None and run.progress is not None:
                watched.append(run.progress)
            await self._shops.delete_key(shop.id, now=self._clock.now())
            url = await self._leave(seller, shop, until)
            left_behind += [] if url is None else [url]
        await self._sellers.erase(seller.id)
        return Erased(tuple(watched), tuple(left_behind))

    async def _leave(self, seller: Seller, shop: Shop, until: float) -> str | None:
        """Let go of the shop's table by then; return its link if it stays where it is."""
        try:
            state = (await self._tables.table(shop.id)).state
        except Defect as error:  # sealed by a key that is lost: there is nothing to find it by
            self._tell(shop.id, error)
            return None
        if self._output is None:
            return state.url
        email = seller.profile.email
        try:
            async with asyncio.timeout_at(until):
                await self._output.leave(Destination(shop.id, shop.title, email, state))
        except TimeoutError:
            self._tell(shop.id, Transient(Code.GOOGLE_UNREACHABLE, "no answer in time"))
            return state.url
        except SellerMustAct:
            return None  # it is gone, or closed to us already
        except (Transient, Defect) as error:
            self._tell(shop.id, error)
            return state.url
        return None

    def _tell(self, shop_id: int, error: StockTrackerError) -> None:
        self._observe(DefectFound("delete_account.leave", error.code, error.detail, shop_id))

"""Finish deletions of accounts that were cut off by a stop, a kill or an error."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.core.errors import Code, StockTrackerError
from bot.core.events import DefectFound
from bot.core.ports import Observe, SellerStore
from bot.core.sellers import Seller
from bot.kit.clock import Clock
from bot.usecases.delete_account import DeleteAccount, Erased

LOOK_SECONDS = 60.0
CUT_OFF_AFTER = timedelta(minutes=5)  # longer than any deletion that is still under way

Farewell = Callable[[Seller, Erased], Awaitable[None]]


class FinishDeletions:
    """Goes on with what nobody has gone on with for a while; two processes do no harm."""

    def __init__(
        self,
        sellers: SellerStore,
        delete_account: DeleteAccount,
        farewell: Farewell,
        clock: Clock,
        observe: Observe,
    ) -> None:
        self._sellers = sellers
        self._delete_account = delete_account
        self._farewell = farewell
        self._clock = clock
        self._observe = observe

    async def forever(self) -> None:
        """Look again and again; what breaks is told, and that seller's turn comes again."""
        while True:
            try:
                await self()
            except StockTrackerError as error:
                self._observe(DefectFound("finish_deletions", error.code, error.detail))
            except Exception as error:  # noqa: BLE001 - the next deletion must be finished
                self._observe(DefectFound("finish_deletions", Code.INTERNAL, type(error).__name__))
            await self._clock.sleep(LOOK_SECONDS)

    async def __call__(self) -> int:
        """Finish what was cut off, oldest first; return how many accounts are gone by that.

        Raises:
            Transient: our own storage is away.
            Defect: an account cannot be read; the next call begins with the others.
        """
        finished = 0
        while (seller := await self._next()) is not None:
            erased = await self._delete_account(seller)
            await self._farewell(seller, erased)
            finished += 1
        return finished

    async def _next(self) -> Seller | None:
        now = self._clock.now()
        return await self._sellers.take_half_erased(before=now - CUT_OFF_AFTER, now=now)

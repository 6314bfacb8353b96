"""Turns: in whatever process a shop is published, its writes end before the next one's begin."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from bot.core.errors import Code, Transient, gravest
from bot.core.ports import Locks
from bot.core.runs import Claim
from bot.kit.clock import Clock

# Of a dead process the turn runs out before the lease: who takes over does not have to wait.
TURN_SECONDS = 30.0
PROLONG_SECONDS = 10.0


class NotOurTurn(Transient):
    """Another publishing of the shop has not ended yet, or may have begun meanwhile."""

    def __init__(self) -> None:
        super().__init__(Code.SUPERSEDED, "another publishing of the shop")


class Turns:
    """One publishing of a shop at a time, over all processes of the database."""

    def __init__(self, locks: Locks, clock: Clock) -> None:
        self._locks = locks
        self._clock = clock

    @asynccontextmanager
    async def of(self, claim: Claim) -> AsyncIterator[None]:
        """Hold the shop's turn for this claim, and for as long as what is inside goes on.

        Where that is cancelled, or cut off as the turn may be lost, the turn runs out by itself:
        what was on its way to a vendor may still be applied.

        Raises:
            NotOurTurn: somebody else has the turn; also while it goes on, which ends it.
            Transient: our own storage is away.
        """
        name, owner = f"publish:{claim.shop_id}", f"{claim.owner}:{claim.fence}"
        if not await self._locks.hold(name, owner, seconds=TURN_SECONDS):
            raise NotOurTurn
        prolonging: asyncio.Task[None] | None = None
        try:
            async with asyncio.TaskGroup() as group:
                prolonging = group.create_task(self._prolong(name, owner))
                yield
                prolonging.cancel()
        except ExceptionGroup as errors:
            # Where prolonging has failed what is inside was cut off, and may be on its way.
            if prolonging is not None and prolonging.cancelled():
                await self._let_go(name, owner)
            raise gravest(errors) from None
        await self._let_go(name, owner)

    async def _prolong(self, name: str, owner: str) -> None:
        """Prolong the turn again and again; fail before it could be somebody else's."""
        while True:
            await self._clock.sleep(PROLONG_SECONDS)
            try:
                async with asyncio.timeout(PROLONG_SECONDS):
                    is_ours = await self._locks.hold(name, owner, seconds=TURN_SECONDS)
            except TimeoutError:
                raise Transient(Code.STORAGE_UNREACHABLE, "no answer in time") from None
            if not is_ours:
                raise NotOurTurn

    async def _let_go(self, name: str, owner: str) -> None:
        with suppress(Transient):  # it runs out by itself
            await self._locks.let_go(name, owner)

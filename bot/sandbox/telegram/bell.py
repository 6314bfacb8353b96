"""Waiting for a change without polling: whoever changes something rings."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Bell:
    """Wakes everyone who waits, so that each looks again for himself.

    Waits are real time: a long poll that moved an injected clock would move everybody's.
    """

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        """Wake all who wait."""
        waiting, self._waiting = self._waiting, set()
        for waiter in waiting:
            if not waiter.done():
                waiter.set_result(None)

    async def wait_for(self, look: Callable[[], T | None], timeout_seconds: float) -> T | None:
        """Return what `look` finds, now or after a change; None when the time is over."""
        try:
            async with asyncio.timeout(timeout_seconds):
                while (found := look()) is None:
                    await self._next()
                return found
        except TimeoutError:
            return look()

    async def _next(self) -> None:
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(waiter)
        try:
            await waiter
        finally:
            self._waiting.discard(waiter)

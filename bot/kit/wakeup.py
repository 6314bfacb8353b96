"""A bell that ends a wait early."""

import asyncio

from bot.kit.clock import Clock


class Wakeup:
    """Waiting for a while, or until somebody rings."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """End the present wait, or the next one if nobody waits now."""
        self._rung.set()

    async def wait(self, seconds: float) -> None:
        """Return after `seconds`, or as soon as the bell has been rung."""
        bell = asyncio.ensure_future(self._rung.wait())
        timer = asyncio.ensure_future(self._clock.sleep(seconds))
        try:
            await asyncio.wait({bell, timer}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for part in (bell, timer):
                part.cancel()
            await asyncio.gather(bell, timer, return_exceptions=True)
        self._rung.clear()

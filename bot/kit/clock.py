"""Time, as a dependency: everything that waits or asks what time it is gets a `Clock`."""

import asyncio
import heapq
import itertools
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol

# An idle loop goes round that often in far less time than one that has anything to do.
_ROUNDS_OF_AN_IDLE_LOOP = 20
_IDLE_ROUNDS_SECONDS = 0.002


class Clock(Protocol):
    """What time it is, and waiting. Instants are aware UTC; durations are seconds."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never run backwards, for measuring how long something took."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait for that many seconds (0 or less only yields to other tasks)."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """Return the present instant."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return the monotonic seconds of the machine."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Sleep for real."""
        await asyncio.sleep(max(0.0, seconds))


class ManualClock:
    """A clock that moves only when it is told to; sleepers wake in the order of their deadlines.

    `advance` moves it by hand. Inside `async with clock.autorun():` it jumps to the next
    sleeper's deadline by itself whenever the event loop has had nothing to do for a moment,
    so that hours of pacing pass in milliseconds over real sockets.
    """

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)
        self._elapsed = 0.0
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        """Return the instant that this clock stands at."""
        return self._now

    def monotonic(self) -> float:
        """Return the seconds that this clock has moved since its start."""
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock has been moved by that many seconds."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        waker: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._elapsed + seconds, next(self._order), waker))
        await waker

    async def advance(self, seconds: float) -> None:
        """Move on by that many seconds, waking each sleeper at its own deadline on the way."""
        await settle()
        target = self._elapsed + seconds
        while (deadline := self._next_deadline()) is not None and deadline <= target:
            self._jump(deadline)
            await settle()
        self._jump(target)
        await settle()

    @asynccontextmanager
    async def autorun(
        self, *, idle_seconds: float = 0.02, busy: Callable[[], bool] = lambda: False
    ) -> AsyncIterator[None]:
        """Jump to the next deadline whenever the loop was idle for `idle_seconds` of real time.

        `busy` speaks for what the loop does not show: a database at work on its disk.
        """
        driver = asyncio.ensure_future(self._drive(idle_seconds, busy))
        try:
            yield
        finally:
            driver.cancel()
            await asyncio.gather(driver, return_exceptions=True)

    async def _drive(self, idle_seconds: float, busy: Callable[[], bool]) -> None:
        loop = asyncio.get_running_loop()
        while True:
            before, was_busy = loop.time(), busy()
            await asyncio.sleep(idle_seconds)
            woke = loop.time()
            await settle(_ROUNDS_OF_AN_IDLE_LOOP)
            worked = woke - before > idle_seconds * 2 or loop.time() - woke > _IDLE_ROUNDS_SECONDS
            deadline = self._next_deadline()
            if deadline is not None and not (worked or was_busy or busy()):
                self._jump(deadline)

    def _next_deadline(self) -> float | None:
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
        return self._sleepers[0][0] if self._sleepers else None

    def _jump(self, to_elapsed: float) -> None:
        step = max(0.0, to_elapsed - self._elapsed)
        self._elapsed += step
        self._now += timedelta(seconds=step)
        while self._sleepers and self._sleepers[0][0] <= self._elapsed:
            _, _, waker = heapq.heappop(self._sleepers)
            if not waker.done():
                waker.set_result(None)


async def settle(rounds: int = 50) -> None:
    """Let every task that can run do so, without any time passing."""
    for _ in range(rounds):
        await asyncio.sleep(0)

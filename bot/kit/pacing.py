"""How many things may be in flight at once, per key and altogether."""

from asyncio import Semaphore
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.kit.clock import Clock

_KEYS_BEFORE_TIDYING = 1024


@dataclass(slots=True)
class _Lane:
    """The slots of one key, kept for as long as somebody uses or wants one."""

    gate: Semaphore
    users: int = 0


class Slots:
    """At most `per_key` holders for the same key, and at most `in_all` altogether."""

    def __init__(self, *, per_key: int, in_all: int) -> None:
        self._per_key = per_key
        self._all = Semaphore(in_all)
        self._lanes: dict[str, _Lane] = {}

    def __len__(self) -> int:
        """Return how many keys have a slot or wait for one."""
        return len(self._lanes)

    @asynccontextmanager
    async def held(self, key: str) -> AsyncIterator[None]:
        """Hold a slot of `key`; waits until one is free."""
        lane = self._lanes.setdefault(key, _Lane(Semaphore(self._per_key)))
        lane.users += 1
        try:
            async with lane.gate, self._all:
                yield
        finally:
            lane.users -= 1
            if not lane.users:
                del self._lanes[key]


class Spacing:
    """Places in time: `burst` of a key at once, then one every `interval_seconds`."""

    def __init__(self, clock: Clock, *, interval_seconds: float, burst: int) -> None:
        self._clock = clock
        self._interval_seconds = interval_seconds
        self._burst = burst
        self._full_at: dict[str, float] = {}

    def __len__(self) -> int:
        """Return how many keys are remembered."""
        return len(self._full_at)

    def take(self, key: str) -> float:
        """Take the next place of `key` and return the seconds until then."""
        now = self._clock.monotonic()
        if len(self._full_at) >= _KEYS_BEFORE_TIDYING:
            self._full_at = {k: at for k, at in self._full_at.items() if at > now}
        full_at = max(self._full_at.get(key, now), now)
        self._full_at[key] = full_at + self._interval_seconds
        return max(0.0, full_at - (self._burst - 1) * self._interval_seconds - now)

"""How many things may be in flight at once, per key and altogether."""

from asyncio import Semaphore
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass


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

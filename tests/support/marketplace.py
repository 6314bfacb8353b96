"""A marketplace's surroundings in memory: the budget, the notebook, the adapter on a twin."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

import httpx

from bot.core.period import Period
from bot.core.ports import Allowance, AnySnapshot, Bucket, Memory, Unfinished
from bot.core.products import Source
from bot.core.sellers import Access
from bot.kit.clock import Clock, ManualClock
from bot.marketplaces.wildberries import Wildberries, WildberriesUrls, open_wildberries
from bot.sandbox.wildberries import WildberriesTwin

NOON = datetime.fromisoformat("2026-11-20T12:00:00+03:00")


class MemoryBudget:
    """Token buckets by name, full at first; `taken` lists every debit in its order."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._full_at: dict[Bucket, float] = {}
        self._blocked_until: dict[Bucket, float] = {}
        self.taken: list[Bucket] = []
        self.blocked: list[tuple[Bucket, float]] = []

    async def take(self, bucket: Bucket, allowance: Allowance) -> float:
        now = self._clock.monotonic()
        missing = max(0.0, self._full_at.get(bucket, now) - now)
        wait = max(
            missing - (allowance.burst - 1) * allowance.interval_seconds,
            self._blocked_until.get(bucket, now) - now,
        )
        if wait > 1e-6:
            return wait
        self._full_at[bucket] = now + missing + allowance.interval_seconds
        self.taken.append(bucket)
        return 0.0

    async def block(self, bucket: Bucket, seconds: float) -> None:
        self._blocked_until[bucket] = self._clock.monotonic() + seconds
        self.blocked.append((bucket, seconds))


class KilledError(BaseException):
    """The process died here."""


@dataclass
class MemoryMemo:
    """A notebook in memory. `dies_at` counts keeps and forgets: the process dies at that one.

    `after`: it dies when the change is written, not before.
    """

    cursor: dict[str, str | int] = field(default_factory=dict)
    pages: list[bytes] = field(default_factory=list)
    dies_at: int | None = None
    after: bool = True
    changes: int = 0

    async def recall(self) -> Memory:
        return Memory(dict(self.cursor), tuple(self.pages))

    async def keep(self, cursor, page: bytes | None = None) -> None:
        with self._dying():
            self.cursor = dict(cursor)
            if page is not None:
                self.pages.append(page)

    async def forget(self) -> None:
        with self._dying():
            self.cursor, self.pages = {}, []

    def _dying(self) -> "_Dying":
        self.changes += 1
        dies = self.dies_at is not None and self.changes == self.dies_at
        return _Dying(self, dies)


class _Dying:
    def __init__(self, memo: MemoryMemo, dies: bool) -> None:  # noqa: FBT001 - a fact, no switch
        self._memo, self._dies = memo, dies

    def __enter__(self) -> None:
        if self._dies and not self._memo.after:
            raise KilledError

    def __exit__(self, *_: object) -> None:
        if self._dies:
            raise KilledError


def urls_at(url: str) -> WildberriesUrls:
    return WildberriesUrls(url, url, url, url, url)


@asynccontextmanager
async def wildberries_at(url: str, clock: Clock, **kwargs) -> AsyncIterator[Wildberries]:
    """Open the adapter with every address at `url`; keyword arguments as `open_wildberries`."""
    kwargs.setdefault("budget", MemoryBudget(clock))
    # the loopback speaks no TLS; reading the machine's authorities would take most of a test
    kwargs.setdefault("transport", httpx.AsyncHTTPTransport(verify=False))
    kwargs.setdefault("random", Random(1))  # noqa: S311 - jitter, no secret
    adapter = open_wildberries(urls_at(url), clock=clock, **kwargs)
    try:
        yield adapter
    finally:
        await adapter.aclose()


@dataclass
class Setting:
    """The adapter on a twin, on one clock; `access` is of a Personal key."""

    twin: WildberriesTwin
    clock: ManualClock
    budget: MemoryBudget
    adapter: Wildberries
    access: Access
    period: Period

    async def collect(self, source: Source, memo=None, access=None) -> AnySnapshot:
        """Collect a source once."""
        memo = MemoryMemo() if memo is None else memo
        return await self.adapter.collect(source, access or self.access, self.period, memo)

    async def bring(self, source: Source, memo=None, access=None) -> AnySnapshot:
        """Collect a source as a run does: wait where a wait is asked for, then go on."""
        memo = MemoryMemo() if memo is None else memo
        while True:
            try:
                return await self.collect(source, memo, access)
            except Unfinished as waiting:
                await self.clock.sleep(waiting.retry_after_seconds)

    def paths(self) -> list[str]:
        """Return the last words of the paths that were called, in their order."""
        return [call.path.rsplit("/", 1)[1] for call in self.twin.calls]

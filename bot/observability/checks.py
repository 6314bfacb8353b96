"""Questions that the health pages ask; each is answered by `None` or by what is wrong."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.kit.clock import Clock

Check = Callable[[], Awaitable[str | None]]

TICK_MOST_SECONDS = 180.0
POLLING_MOST_SECONDS = 90.0
LOOP_LAG_MOST_SECONDS = 1.0
_PROBE_SECONDS = 0.02


def recent(last: Callable[[], float | None], clock: Clock, *, most_seconds: float) -> Check:
    """Ask whether something that should happen again and again has happened lately.

    `last` returns when it did, in monotonic seconds: a wall clock that is set may neither hide
    a standstill nor feign one. Before the first time the age counts from the check's making.
    """
    since = clock.monotonic()

    async def check() -> str | None:
        happened = last()
        age_seconds = clock.monotonic() - (since if happened is None else happened)
        if age_seconds <= most_seconds:
            return None
        return f"{'not once since' if happened is None else 'last'} {age_seconds:.0f} s ago"

    return check


def loop_is_responsive(*, most_seconds: float = LOOP_LAG_MOST_SECONDS) -> Check:
    """Ask whether the event loop comes back in time (the loop's own clock, real seconds)."""

    async def check() -> str | None:
        loop = asyncio.get_running_loop()
        due = loop.time() + _PROBE_SECONDS
        await asyncio.sleep(_PROBE_SECONDS)
        lag_seconds = loop.time() - due
        return None if lag_seconds <= most_seconds else f"late by {lag_seconds:.1f} s"

    return check


def holds(question: Callable[[], Awaitable[bool]], otherwise: str) -> Check:
    """Ask a question of yes or no; `otherwise` is what a no means."""

    async def check() -> str | None:
        return None if await question() else otherwise

    return check

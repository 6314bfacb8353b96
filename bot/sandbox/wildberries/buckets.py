"""Token buckets on the injected clock."""

import math
from dataclasses import dataclass

from bot.kit.clock import Clock
from bot.sandbox.wildberries.limits import Limit

# what float arithmetic may lose when a client waits exactly as long as it must
_ROUNDING_SECONDS = 1e-6


@dataclass(frozen=True, slots=True)
class Debit:
    """The outcome of one call at its bucket; seconds are whole, rounded up."""

    allowed: bool
    remaining: int
    capacity: int
    retry_seconds: int
    reset_seconds: int

    def headers(self) -> dict[str, str]:
        """Return the rate headers: the remainder, or the three of a 429."""
        if self.allowed:
            return {"X-Ratelimit-Remaining": str(self.remaining)}
        return {
            "X-Ratelimit-Retry": str(self.retry_seconds),
            "X-Ratelimit-Limit": str(self.capacity),
            "X-Ratelimit-Reset": str(self.reset_seconds),
        }


class Buckets:
    """Buckets by name, full at first. `time_scale` divides every interval."""

    def __init__(self, clock: Clock, *, time_scale: float = 1.0) -> None:
        self._clock = clock
        self._time_scale = time_scale
        self._full_at: dict[str, float] = {}

    def take(self, name: str, limit: Limit) -> Debit:
        """Take one token out of the bucket, or say how long there will be none."""
        interval = limit.interval_seconds / self._time_scale
        now = self._clock.monotonic()
        missing_seconds = max(0.0, self._full_at.get(name, now) - now)
        wait = missing_seconds - (limit.burst - 1) * interval
        if wait > _ROUNDING_SECONDS:
            return Debit(
                allowed=False,
                remaining=0,
                capacity=limit.burst,
                retry_seconds=math.ceil(wait - _ROUNDING_SECONDS),
                reset_seconds=math.ceil(missing_seconds - _ROUNDING_SECONDS),
            )
        missing_seconds += interval
        self._full_at[name] = now + missing_seconds
        left = limit.burst - missing_seconds / interval + _ROUNDING_SECONDS
        return Debit(
            allowed=True,
            remaining=max(0, int(left)),
            capacity=limit.burst,
            retry_seconds=0,
            reset_seconds=math.ceil(missing_seconds),
        )

    def clear(self) -> None:
        """Fill every bucket."""
        self._full_at.clear()

"""How fast one user may write to us."""

from dataclasses import dataclass

from bot.kit.clock import Clock

_WARNING_EVERY_SECONDS = 60.0
_REMEMBERED_USERS = 10_000


@dataclass(slots=True)
class _Allowance:
    left: float
    at: float
    warned_at: float | None = None


class Throttle:
    """A bucket per user: `burst` updates at once, then `refill_per_second`."""

    def __init__(self, clock: Clock, *, burst: int, refill_per_second: float) -> None:
        self._clock = clock
        self._burst = burst
        self._refill_per_second = refill_per_second
        self._users: dict[int, _Allowance] = {}

    def admits(self, user_id: int) -> bool:
        """Count one update of a user; say whether it may be handled."""
        mine = self._refilled(user_id)
        if mine.left < 1:
            return False
        mine.left -= 1
        return True

    def may_warn(self, user_id: int) -> bool:
        """Say whether the user is to be told; once a minute at most."""
        mine, now = self._refilled(user_id), self._clock.monotonic()
        if mine.warned_at is not None and now - mine.warned_at < _WARNING_EVERY_SECONDS:
            return False
        mine.warned_at = now
        return True

    def _refilled(self, user_id: int) -> _Allowance:
        now = self._clock.monotonic()
        mine = self._users.get(user_id)
        if mine is None:
            self._forget_the_idle(now)
            mine = self._users[user_id] = _Allowance(float(self._burst), now)
        mine.left = min(self._burst, mine.left + (now - mine.at) * self._refill_per_second)
        mine.at = now
        return mine

    def _forget_the_idle(self, now: float) -> None:
        if len(self._users) < _REMEMBERED_USERS:
            return
        full_again_seconds = self._burst / self._refill_per_second + _WARNING_EVERY_SECONDS
        self._users = {
            user_id: one
            for user_id, one in self._users.items()
            if now - one.at < full_again_seconds
        }

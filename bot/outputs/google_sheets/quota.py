"""How many calls Google allows in a minute, of which planned work takes four fifths.

Google counts reads and writes apart, per account and per project, 60 and 300 a minute; what goes
beyond is announced to cost money. Source: Sheets API limits (read 2026-11-20).
"""

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum

from bot.core.errors import Code, Transient
from bot.kit.clock import Clock

_MINUTE_SECONDS = 60.0


class CallKind(StrEnum):
    """Which of Google's counters a call falls on; Drive's are so wide that we count nothing."""

    READ = "read"
    WRITE = "write"
    DRIVE = "drive"


@dataclass(frozen=True, slots=True)
class _Limit:
    planned: int
    urgent: int


_ACCOUNT = _Limit(planned=48, urgent=60)
_PROJECT = _Limit(planned=240, urgent=300)


@dataclass(slots=True)
class _Window:
    """The calls of the last minute."""

    calls: deque[float] = field(default_factory=deque)

    def wait(self, now: float, limit: int, minute: float) -> float:
        while self.calls and self.calls[0] <= now - minute:
            self.calls.popleft()
        over = len(self.calls) - limit
        return 0.0 if over < 0 else self.calls[over] + minute - now


class Quota:
    """Counts calls in memory and makes planned work wait; a parked account is refused at once.

    All durations are divided by `time_scale`.
    """

    def __init__(self, clock: Clock, time_scale: float = 1.0) -> None:
        self._clock = clock
        self._minute = _MINUTE_SECONDS / time_scale
        self._windows: dict[tuple[str, CallKind], _Window] = {}
        self._parked_until: dict[str, float] = {}

    async def take(self, account: str, kind: CallKind, *, urgent: bool) -> None:
        """Wait until a call may go out, and count it.

        Raises:
            Transient: Google has refused this account or the project until a later moment.

        """
        if kind is CallKind.DRIVE:
            return
        while (wait := self._wait(account, kind, urgent=urgent)) > 0:
            await self._clock.sleep(wait)
        now = self._clock.monotonic()
        for owner in (account, ""):
            self._windows[owner, kind].calls.append(now)

    def park(self, account: str, *, whole_project: bool, seconds: float | None) -> float:
        """Let no call of the account (or of anybody) out for a time; return that time.

        Without `seconds` it is what is left of the clock's minute.
        """
        if seconds is None:
            now = self._clock.now()
            rest = _MINUTE_SECONDS - (now.second + now.microsecond / 1e6)
            seconds = rest * self._minute / _MINUTE_SECONDS
        self._parked_until["" if whole_project else account] = self._clock.monotonic() + seconds
        return seconds

    def parked(self) -> frozenset[str]:
        """Return the keys of the accounts that are refused at present."""
        now = self._clock.monotonic()
        return frozenset(key for key, until in self._parked_until.items() if until > now)

    def _wait(self, account: str, kind: CallKind, *, urgent: bool) -> float:
        now = self._clock.monotonic()
        parked = max(self._parked_until.get(key, now) for key in (account, "")) - now
        if parked > 0:
            raise Transient(Code.GOOGLE_RATE_LIMITED, "still parked", retry_after_seconds=parked)
        waits = []
        for owner, limit in ((account, _ACCOUNT), ("", _PROJECT)):
            window = self._windows.setdefault((owner, kind), _Window())
            waits.append(window.wait(now, limit.urgent if urgent else limit.planned, self._minute))
        return max(waits)

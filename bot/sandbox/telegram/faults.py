"""Planned misbehaviour of the Telegram twin."""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum


class FaultKind(StrEnum):
    """What goes wrong with a call."""

    TOO_MANY = "too_many"
    """429 with `retry_after`."""
    BAD_GATEWAY = "bad_gateway"
    """502 with an HTML body."""
    SERVER_ERROR = "server_error"
    """500 with Telegram's JSON."""
    UNAUTHORIZED = "unauthorized"
    """401, as after a token was revoked."""
    CONFLICT = "conflict"
    """409, as with a second poller."""
    FORBIDDEN = "forbidden"
    """403, as from a user who has blocked the bot."""
    RESET = "reset"
    """The connection breaks before anything was done."""
    STALL = "stall"
    """Nothing comes for `seconds` of the twin's clock, then the call is served."""
    CUT_BODY = "cut_body"
    """The call is done, its JSON ends in the middle."""
    LOST = "lost"
    """The call is done, the connection breaks before the answer."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Which calls go wrong, how, and how often.

    `methods` and `chat_id` narrow it (empty and None: any); the first `skip` matching calls
    are spared, then `times` of them fail (None: until cleared); with a `share` below 1 only
    every so many, evenly (0.2: each fifth).
    """

    kind: FaultKind
    methods: Collection[str] = ()
    chat_id: int | None = None
    times: int | None = 1
    skip: int = 0
    share: float = 1.0
    retry_after: int = 5
    seconds: float = 30.0

    def concerns(self, method: str, chat_id: int | None) -> bool:
        """Say whether a call of `method` (any case) for `chat_id` is meant."""
        names = {name.lower() for name in self.methods}
        right_method = not names or method.lower() in names
        return right_method and self.chat_id in {None, chat_id}


@dataclass(slots=True)
class _Planned:
    fault: Fault
    spared: int = 0
    met: int = 0
    owed: float = 0.0

    def falls_due(self) -> bool:
        if self.fault.times is not None and self.met >= self.fault.times:
            return False
        if self.spared < self.fault.skip:
            self.spared += 1
            return False
        self.owed += self.fault.share
        if self.owed < 1:
            return False
        self.owed -= 1
        self.met += 1
        return True


@dataclass(slots=True)
class Faults:
    """All planned faults, in the order they were planned; one call meets at most one."""

    _planned: list[_Planned] = field(default_factory=list)

    def add(self, fault: Fault) -> Fault:
        """Plan a fault and return it."""
        self._planned.append(_Planned(fault))
        return fault

    def clear(self) -> None:
        """Behave from now on."""
        self._planned.clear()

    def met(self, fault: Fault) -> int:
        """Return how many calls have met `fault`."""
        return sum(one.met for one in self._planned if one.fault is fault)

    def draw(self, method: str, chat_id: int | None) -> Fault | None:
        """Return the fault that this call meets."""
        for planned in self._planned:
            if planned.fault.concerns(method, chat_id) and planned.falls_due():
                return planned.fault
        return None

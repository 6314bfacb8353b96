"""Harm on request: planted faults, matched to calls."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from random import Random
from typing import Any

from bot.sandbox.wildberries.answers import Answer


class Harm(StrEnum):
    """What happens to a call."""

    ANSWER = "answer"  # another answer instead of the real one
    STALL = "stall"  # nothing for a while, then the real answer
    RESET = "reset"  # the connection is reset before a byte
    CUT = "cut"  # the connection is reset in mid-body
    TRUNCATE = "truncate"  # a whole HTTP answer whose JSON ends early
    MUTATE = "mutate"  # the real answer, changed


@dataclass(frozen=True, slots=True)
class Fault:
    """One sort of harm. Only the field that its `harm` needs is looked at."""

    harm: Harm
    answer: Callable[[datetime], Answer] | None = None
    seconds: float = 0.0
    mutate: Callable[[Any], Any] | None = None


@dataclass(slots=True)
class Planted:
    """A fault in wait: for which calls, after how many of them, how often, how likely."""

    fault: Fault
    path: str = "/"
    method: str | None = None
    sid: str | None = None
    after: int = 0
    count: int | None = 1
    probability: float = 1.0
    hits: int = 0

    def concerns(self, method: str, path: str, sid: str | None) -> bool:
        """Say whether it is meant for such a call and not used up."""
        return (
            (self.count is None or self.hits < self.count)
            and self.method in (None, method)
            and path.startswith(self.path)
            and self.sid in (None, sid)
        )


@dataclass(slots=True)
class Faults:
    """The planted faults, in order; the first one that concerns a call strikes it."""

    seed: int = 1
    planted: list[Planted] = field(default_factory=list)
    _dice: Random | None = None

    def plant(  # noqa: PLR0913 - one argument per condition
        self,
        fault: Fault,
        path: str = "/",
        *,
        method: str | None = None,
        sid: str | None = None,
        after: int = 0,
        count: int | None = 1,
        probability: float = 1.0,
    ) -> Planted:
        """Let `fault` strike calls whose path begins with `path`.

        It leaves the first `after` of them alone and strikes `count` times, None for ever, each
        time with that probability. The limits are debited before a fault strikes.
        """
        planted = Planted(fault, path, method, sid, after, count, probability)
        self.planted.append(planted)
        return planted

    def take(self, method: str, path: str, sid: str | None) -> Fault | None:
        """Return the fault that strikes this call, if any."""
        for planted in self.planted:
            if not planted.concerns(method, path, sid):
                continue
            if planted.after > 0:
                planted.after -= 1
            elif self._falls(planted.probability):
                planted.hits += 1
                return planted.fault
        return None

    def clear(self) -> None:
        """Take every fault away."""
        self.planted.clear()

    def _falls(self, probability: float) -> bool:
        if self._dice is None:
            self._dice = Random(self.seed)  # noqa: S311 - repeatable accidents, no secret
        return probability >= 1 or self._dice.random() < probability

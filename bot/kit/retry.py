"""How long to wait between tries."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential back-off with full jitter; `attempts` counts the first try too."""

    dice: Random
    attempts: int = 3
    first_seconds: float = 1.0
    cap_seconds: float = 10.0

    def seconds(self, failures: int) -> float:
        """Return the pause after that many failures (1 or more)."""
        highest = min(self.cap_seconds, self.first_seconds * 2 ** (failures - 1))
        return self.dice.uniform(0.0, highest)


class RetryBudget:
    """Tokens for second tries: when much fails, retrying would only add to the trouble.

    A retry takes `cost`, an answer at the first try gives one back; an empty purse means that a
    failure is final for now. Shared by all calls to one vendor.
    """

    def __init__(self, *, most: float = 500.0, cost: float = 5.0) -> None:
        self._most = most
        self._cost = cost
        self._tokens = most

    def spend(self) -> bool:
        """Pay for one retry; say no when there is nothing left to pay with."""
        if self._tokens < self._cost:
            return False
        self._tokens -= self._cost
        return True

    def earn(self) -> None:
        """An answer has come."""
        self._tokens = min(self._most, self._tokens + 1.0)

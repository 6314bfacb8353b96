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

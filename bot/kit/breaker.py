"""A breaker: what fails several callers in a row is left in peace for a while, then probed."""

from collections import Counter
from collections.abc import Callable, Hashable

from bot.kit.clock import Clock

FAILURES = 10
REST_SECONDS = 30.0


class Breaker:
    """Counts failures in a row of one dependency, and who suffers them.

    Closed: everybody may call. After `failures` in a row it opens; one caller's count for half of
    them at most, so that his trouble alone never stops the others. A caller who is alone thus
    opens nothing: his own back-off is enough.

    Open: who has failed himself may not call for `rest_seconds`, then one of them is let through
    as a probe. Of those who have not, one is let through at once, and one after each such time.
    Any answer closes it. A probe of which nothing is heard is forgotten after the same time.

    `on_change` hears "open" and "closed", each once. Callers are told apart by what is no secret.
    """

    def __init__(
        self,
        name: str,
        clock: Clock,
        on_change: Callable[[str, bool], None],
        *,
        failures: int = FAILURES,
        rest_seconds: float = REST_SECONDS,
    ) -> None:
        self.name = name
        self._clock = clock
        self._on_change = on_change
        self._most_failures = failures
        self._most_of_one = (failures + 1) // 2
        self._rest_seconds = rest_seconds
        self._failures: Counter[Hashable] = Counter()
        self._rests_until: float | None = None
        self._others_from = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the dependency is held to be away."""
        return self._rests_until is not None

    def wait_seconds(self, who: Hashable) -> float:
        """Return 0.0 when `who` may call now, else how long not; 0.0 makes it the probe."""
        if self._rests_until is None:
            return 0.0
        now = self._clock.monotonic()
        has_failed = who in self._failures
        free_at = self._rests_until if has_failed else self._others_from
        if now < free_at:
            return free_at - now
        self._rests_until = now + self._rest_seconds  # the next ones wait for the probe
        if not has_failed:
            self._others_from = self._rests_until
        return 0.0

    def succeeded(self) -> None:
        """An answer has come, whatever it said and to whom."""
        self._failures.clear()
        if self._rests_until is not None:
            self._rests_until = None
            self._on_change(self.name, False)  # noqa: FBT003 - "is it open?": no

    def failed(self, who: Hashable) -> None:
        """No answer has come to `who`, or one that says that nobody is there."""
        self._failures[who] += 1
        if self._rests_until is not None:
            return
        counted = sum(min(times, self._most_of_one) for times in self._failures.values())
        if counted < self._most_failures:
            return
        self._others_from = self._clock.monotonic()
        self._rests_until = self._others_from + self._rest_seconds
        self._on_change(self.name, True)  # noqa: FBT003 - "is it open?": yes

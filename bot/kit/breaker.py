"""A breaker: what fails again and again is left in peace for a while, then probed once."""

from collections.abc import Callable

from bot.kit.clock import Clock

FAILURES = 10
REST_SECONDS = 30.0


class Breaker:
    """Counts failures in a row of one dependency, whoever suffers them.

    Closed: everybody may call. After `failures` in a row it opens: nobody may for `rest_seconds`.
    Then one caller is let through; what becomes of his call closes it or opens it again. A probe
    of which nothing is heard is forgotten after the same time. `on_change` hears "open" and
    "closed", each once.
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
        self._rest_seconds = rest_seconds
        self._failures = 0
        self._closed_until: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether the dependency is held to be away."""
        return self._closed_until is not None

    def wait_seconds(self) -> float:
        """Return 0.0 when a call may be made now, else how long not; 0.0 makes it the probe."""
        if self._closed_until is None:
            return 0.0
        now = self._clock.monotonic()
        if now < self._closed_until:
            return self._closed_until - now
        self._closed_until = now + self._rest_seconds  # others wait for the probe
        return 0.0

    def succeeded(self) -> None:
        """An answer has come, whatever it said."""
        self._failures = 0
        if self._closed_until is not None:
            self._closed_until = None
            self._on_change(self.name, False)  # noqa: FBT003 - "is it open?": no

    def failed(self) -> None:
        """No answer has come, or one that says that nobody is there."""
        self._failures += 1
        if self._failures < self._most_failures:
            return
        was_closed = self._closed_until is None
        self._closed_until = self._clock.monotonic() + self._rest_seconds
        if was_closed:
            self._on_change(self.name, True)  # noqa: FBT003 - "is it open?": yes

"""How the service is, as numbers for the operator."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vitals:
    """One look at what is stored; ages are seconds, `None` where there is nothing of the kind.

    Figures are looked at for shops that are refreshed at night; one without any counts from its
    connection. `stale_shops` have figures older than a day and the night's six hours.
    """

    open_runs: int = 0
    oldest_figures_seconds: float | None = None
    stale_shops: int = 0
    outbox_pending: int = 0
    outbox_oldest_seconds: float | None = None
    blocked_users: int = 0


@dataclass(frozen=True, slots=True)
class NightState:
    """A night's runs: `missing` shops have none yet, `unfinished` ones wait for nothing named."""

    missing: int
    unfinished: int
    waiting: int
    ended: int

    @property
    def is_done(self) -> bool:
        """Whether every run of the night has ended or waits for something that has a name."""
        return not self.missing and not self.unfinished

"""How the service is, as numbers for the operator."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vitals:
    """One look at what is stored; ages are seconds, `None` where there is nothing of the kind.

    Figures are looked at for shops that are refreshed at night; one without any counts from its
    connection. They are as old as the oldest answer of a source that they rest on, however often
    they were reckoned since. `stale_shops` have ones older than a day and the night's six hours.
    """

    open_runs: int = 0
    oldest_figures_seconds: float | None = None
    stale_shops: int = 0
    outbox_pending: int = 0
    outbox_oldest_seconds: float | None = None
    blocked_users: int = 0


@dataclass(frozen=True, slots=True)
class NightState:
    """The shops that a night has not served yet.

    A shop is served when a run of that day has ended, or has shown figures with an answer of its
    own and merely goes on for the rest, or begins anew. Of the others `missing` have no open run,
    `unfinished` are worked or about to be, `waiting` wait for something that has a name.
    """

    missing: int = 0
    unfinished: int = 0
    waiting: int = 0

    @property
    def is_done(self) -> bool:
        """Whether every shop of the night was served."""
        return not (self.missing or self.unfinished or self.waiting)

"""Runs and the last good answers, remembered."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from bot.core.errors import Code
from bot.core.events import Notice
from bot.core.ports.marketplace import Memo
from bot.core.ports.waits import AnySnapshot
from bot.core.products import Snapshots, Source
from bot.core.runs import Claim, ProgressMessage, Run, RunKind, RunStatus, SourceOutcome
from bot.core.sellers import Shop


class RunStore(Protocol):
    """Runs and leases: the database is the schedule's memory.

    Methods that take a `Claim` check the shop's fence and raise `Superseded` when it moved on.
    """

    async def ensure_nightly(
        self, day: date, shops: Sequence[Shop], *, now: datetime, spread_seconds: float = 0.0
    ) -> int:
        """Give each of these shops its nightly run of `day`; return how many were made.

        An open run of an earlier day is superseded (fence bumped, its progress message handed
        on); an open run of the same day becomes the nightly one. Doing it twice changes nothing.
        New ones are due within `spread_seconds` from now, always at the same place for a shop.
        """
        ...

    async def request(
        self,
        shop: Shop,
        kind: RunKind,
        *,
        day: date,
        now: datetime,
        outcomes: Mapping[Source, SourceOutcome] | None = None,
    ) -> tuple[Run, bool]:
        """Return the shop's open run, made now if there is none; True when it was joined.

        `outcomes` are what the sources of a new run have come to already.
        """
        ...

    async def open_run(self, shop_id: int) -> Run | None:
        """Return the shop's open run."""
        ...

    async def last_finished(self, shop_id: int) -> Run | None:
        """Return the newest run that is done, failed or waits for the seller."""
        ...

    async def by_id(self, run_id: int) -> Run | None:
        """Return a run."""
        ...

    async def set_progress(self, run_id: int, message: ProgressMessage) -> None:
        """Remember the chat message that shows this run."""
        ...

    async def claim(self, owner: str, *, now: datetime, lease_seconds: float) -> Claim | None:
        """Lease the next shop whose open run is due: people who wait first, then the oldest.

        Every claim bumps the fence, so that no older claim passes, not even the owner's own;
        taking over an expired lease counts as one crash.
        """
        ...

    async def heartbeat(
        self,
        owner: str,
        *,
        now: datetime,
        lease_seconds: float,
        shop_ids: Collection[int] | None = None,
    ) -> None:
        """Prolong the leases of `owner`: all of them, or those of the shops that it works now.

        Naming them lets a lease run out whose claim, or whose giving back, was lost on the way.
        """
        ...

    async def next_due(self) -> datetime | None:
        """Return when the next unleased open run wants to be worked."""
        ...

    async def note_outcomes(self, claim: Claim, outcomes: Mapping[Source, SourceOutcome]) -> None:
        """Store how far each source has come."""
        ...

    async def note_published(self, claim: Claim, at: datetime) -> None:
        """Remember that this run has published its figures."""
        ...

    async def postpone(
        self,
        claim: Claim,
        until: datetime,
        *,
        problem: Code | None,
        counts: bool,
        notices: Sequence[Notice] = (),
    ) -> None:
        """Give the lease back; the run is due again at `until`. `counts`: one more attempt.

        `notices` go into the outbox with it.
        """
        ...

    async def finish(
        self,
        claim: Claim,
        status: RunStatus,
        *,
        problem: Code | None,
        at: datetime,
        notices: Sequence[Notice] = (),
    ) -> None:
        """Close the run, give the lease back and put `notices` into the outbox, all at once."""
        ...

    async def release(self, owner: str) -> None:
        """Give back every lease of `owner` (an orderly stop); the runs stay due."""
        ...

    async def check(self, claim: Claim) -> None:
        """Raise `Superseded` unless the claim still holds."""
        ...

    def memo(self, claim: Claim, source: Source) -> Memo:
        """Return the notebook of one source in this run."""
        ...


class SnapshotStore(Protocol):
    """The last good answer of each source, keyed by shop, sid, source and period length."""

    async def load(self, shop_id: int, sid: str, period_days: int) -> Snapshots:
        """Return what the shop last learned."""
        ...

    async def replace(self, claim: Claim, sid: str, period_days: int, got: AnySnapshot) -> None:
        """Put a new answer in the place of the old one. Raises: Superseded."""
        ...

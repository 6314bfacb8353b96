"""Runs and the last good answers, remembered."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from bot.core.errors import Code
from bot.core.events import Notice
from bot.core.ports.marketplace import Memo
from bot.core.ports.waits import AnySnapshot
from bot.core.products import Snapshots, Source
from bot.core.runs import (
    NOTHING_HELD,
    Claim,
    Held,
    ProgressMessage,
    Run,
    RunKind,
    RunStatus,
    SourceOutcome,
)
from bot.core.sellers import Shop
from bot.core.table_file import Trouble

News = Callable[[Run], Sequence[Notice]]
"""Says what is owed, given the run as it stands in the very transaction that owes it."""


def no_news(_run: Run) -> Sequence[Notice]:
    """Owe nothing."""
    return ()


class RunStore(Protocol):
    """Runs and leases: the database is the schedule's memory.

    Methods that take a `Claim` check the shop's fence and raise `Superseded` when it moved on.
    """

    async def ensure_nightly(
        self, day: date, shops: Sequence[Shop], *, now: datetime, spread_seconds: float = 0.0
    ) -> int:
        """Give each of these shops its nightly run of `day`; return how many were made.

        An open run of an earlier day is superseded (fence bumped, its progress message handed
        on); an open run of the same day becomes the nightly one; a nightly run that was cut short
        begins anew. Doing it twice changes nothing. New ones are due within `spread_seconds` from
        now, always at the same place for a shop. What other shops have open of an earlier day
        ends as well, and so does what a clock that was ahead has made.
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

        `outcomes` are what the sources of a new run have come to already. Without them a nightly
        run of that day that was cut short begins anew instead.

        Raises:
            SellerMustAct: no such shop any more, or it has no working key.
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

    async def set_progress(
        self, run_id: int, message: ProgressMessage, *, late: News = no_news
    ) -> None:
        """Remember the chat message that shows this run.

        A run that has ended owes the first of what `late` says that was never owed before.

        Raises:
            SellerMustAct: the shop has been erased; nobody else will end the message.
        """
        ...

    async def claim(
        self,
        owner: str,
        *,
        now: datetime,
        lease_seconds: float,
        held: Held = NOTHING_HELD,
    ) -> Claim | None:
        """Lease the next shop whose open run is due: people who wait first, then the oldest.

        `held` is what `owner` works already: it is not claimed anew, also where its lease ran out
        before it could be prolonged. Every claim bumps the fence, so that no older claim passes,
        not even the owner's own; taking over an expired lease counts as one crash. Of runs that
        may have made a process crash (`SUSPECT_CRASHES`) `owner` gets one at a time.
        """
        ...

    async def heartbeat(
        self,
        owner: str,
        *,
        now: datetime,
        lease_seconds: float,
        held: Held,
    ) -> None:
        """Prolong the leases of what `owner` holds, the fence of each shop.

        Naming it lets a lease run out whose claim, or whose giving back, was lost on the way.
        """
        ...

    async def next_due(self, owner: str, *, held: Held = NOTHING_HELD) -> datetime | None:
        """Return when the next open run that `owner` may claim wants to be worked."""
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
        news: News = no_news,
    ) -> None:
        """Give the lease back; the run is due again at `until`. `counts`: one more attempt.

        What `news` says goes into the outbox with it.
        """
        ...

    async def finish(  # noqa: PLR0913 - a run ends with all of it at once
        self,
        claim: Claim,
        status: RunStatus,
        *,
        problem: Code | None,
        at: datetime,
        news: News = no_news,
        trouble: Trouble | None = None,
    ) -> None:
        """Close the run, give the lease back and owe what `news` says, all at once.

        With `trouble` the shop's table waits for the seller from now on.
        """
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

    async def drop(self, claim: Claim, sid: str, source: Source) -> None:
        """Forget what a source of the shop has answered, of any period. Raises: Superseded."""
        ...

"""What else we remember: messages owed, forms, bookmarks, invitations, locks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from bot.core.events import Notice
from bot.core.vitals import NightState, Vitals


class Outbox(Protocol):
    """Messages that are owed to people; written with the change that they speak of."""

    async def put(self, notice: Notice) -> None:
        """Owe one more message; nothing happens when its dedupe key was used before."""
        ...

    async def due(self, *, now: datetime, limit: int) -> Sequence[Notice]:
        """Return undelivered messages whose time has come, oldest first."""
        ...

    async def started(self, notice: Notice, *, until: datetime) -> bool:
        """Count one attempt before the message goes out; its outcome is in doubt until told.

        False: another process has begun it meanwhile. Nobody else sees it before `until`.
        """
        ...

    async def give_up_person(self, telegram_id: int) -> None:
        """Close everything that is owed to a person who cannot be written to."""
        ...

    async def settle(self, notice_id: int, *, delivered: bool) -> None:
        """Close a message: delivered, or given up."""
        ...

    async def postpone(self, notice_id: int, until: datetime) -> None:
        """Try again later; the outcome is no longer in doubt."""
        ...


class VitalSigns(Protocol):
    """How the service is, for the operator's pages and his alarms."""

    async def read(self, now: datetime) -> Vitals:
        """Return how everything is now."""
        ...

    async def night(self, day: date, *, began: datetime, now: datetime) -> NightState:
        """Return how far the night of `day` has come, which began at `began`."""
        ...


class Drafts(Protocol):
    """Half-typed forms of a dialogue; their contents are sealed at rest."""

    async def load(self, key: str) -> tuple[str | None, Mapping[str, Any]]:
        """Return the state's name and what was typed so far."""
        ...

    async def save_state(self, key: str, state: str | None, *, now: datetime) -> None:
        """Set the state's name."""
        ...

    async def save_answers(self, key: str, answers: Mapping[str, Any], *, now: datetime) -> None:
        """Replace what was typed so far."""
        ...


class Bookmarks(Protocol):
    """Places in a vendor's list of changes; they belong to no shop."""

    async def load(self) -> Mapping[str, str]:
        """Return all of them."""
        ...

    async def save(self, bookmarks: Mapping[str, str]) -> None:
        """Set these; others stay."""
        ...


class Invites(Protocol):
    """Invitations, each for one person; a token itself is not kept."""

    async def add(self, token: str, made_by: int, *, now: datetime, expires_at: datetime) -> None:
        """Store an invitation of an admin."""
        ...

    async def is_good(self, token: str, telegram_id: int, *, now: datetime) -> bool:
        """Say whether this person may register by it."""
        ...

    async def redeem(self, token: str, telegram_id: int, *, now: datetime) -> bool:
        """Give the invitation to this person alone; say whether it is his."""
        ...


@dataclass(frozen=True, slots=True)
class KeepSince:
    """What ended or was left before these instants may go."""

    runs: datetime
    notices: datetime
    drafts: datetime
    invites: datetime
    budgets: datetime


class Leftovers(Protocol):
    """What nobody will need any more."""

    async def drop_some(self, keep: KeepSince) -> int:
        """Drop some rows that are older, and return how many; 0: nothing is left.

        What is still open, owed, or needed to know that something was done already, stays.
        """
        ...


class Locks(Protocol):
    """Named locks between the processes of one database; a lock not prolonged runs out.

    Nobody holds one for more than ten minutes at once: that was a clock that was ahead.
    """

    async def hold(self, name: str, owner: str, *, seconds: float) -> bool:
        """Take the lock, or prolong it when it is ours; False while somebody else holds it."""
        ...

    async def let_go(self, name: str, owner: str) -> None:
        """Give the lock back if it is ours; what the dead have left goes with it."""
        ...

    async def is_held(self, name: str) -> bool:
        """Say whether somebody holds the lock now."""
        ...

"""Where tables go: published, kept as files, made as workbooks."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.core.report import Report
from bot.core.table_file import Changes, Host, Invitation, SharingWish, Trouble


@dataclass(frozen=True, slots=True)
class TableState:
    """What is remembered of a shop's table: its link, and the publisher's own notes (JSON).

    `file_id` names the file at the vendor; no two shops have the same one. `sharing` and
    `trouble` are not the publisher's: storing a state leaves them as they are.
    """

    url: str | None = None
    notes: Mapping[str, Any] = field(default_factory=dict)
    file_id: str | None = None
    sharing: SharingWish = field(default_factory=SharingWish)
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a shop's table goes. `reader_email` is never logged."""

    shop_id: int
    title: str
    reader_email: str = field(repr=False)
    state: TableState = field(default_factory=TableState)


class TablePublisher(Protocol):
    """A table that lives somewhere and is written again with every refresh (Google Sheets)."""

    async def publish(
        self,
        report: Report,
        destination: Destination,
        keep: Callable[[TableState], Awaitable[None]],
        *,
        guard: Callable[[], Awaitable[None]],
        urgent: bool = False,
    ) -> TableState:
        """Create the table if it is not there yet, write `report`, return the new state.

        The caller sees to it that one publishing of a shop ends before the next begins.
        `keep` stores a state in between (an intent before a step that cannot be repeated).
        `guard` is asked before each try of each write, after all waiting, and raises when the
        report is no longer wanted. `urgent`: a person waits. Where no file can be made the state
        comes back without a link.

        Raises:
            Superseded: `guard` or `keep` has said so; nothing was written afterwards.
            SellerMustAct: the file is gone, closed to us or protected.
            Transient: Google is away or its quota is spent; or our own storage is, which `guard`
                and `keep` ask (`STORAGE_UNREACHABLE`).
            Defect: a refusal that is our fault or the operator's.
        """
        ...

    async def leave(self, destination: Destination) -> None:
        """Go away for good: our own file is deleted, from a seller's own we take our access.

        A file that is gone already, or closed to us, is left in peace.

        Raises:
            Transient: Google is away.
            Defect: a refusal that is our fault or the operator's.
        """
        ...


class TableFiles(Protocol):
    """The files behind the tables: a seller's own ones, who may see them, what became of them."""

    def host(self, shop_id: int) -> Host | None:
        """Return the account that would work in a file of the seller's; `None`: nobody can."""
        ...

    async def examine(
        self, invitation: Invitation, file_id: str, before: TableState
    ) -> TableState:
        """Look whether a seller's file can hold his table; return what to store. Writes nothing.

        Raises:
            SellerMustAct: no table of Google's, no access, read-only, or a wrong code in A1.
            Transient: Google is away.
        """
        ...

    def anew(self, state: TableState) -> TableState:
        """Return the state of a table that is to be made once more, in a file of its own."""
        ...

    def is_sellers_own(self, state: TableState) -> bool:
        """Say whether the file is one that the seller made himself."""
        ...

    async def share(self, destination: Destination) -> Mapping[str, Any]:
        """Give and take access as `destination.state.sharing` says; return the changed notes.

        Raises:
            SellerMustAct: the file is gone.
            Transient: Google is away.
        """
        ...

    async def restore(self, destination: Destination) -> None:
        """Take the file out of the bin.

        Raises:
            SellerMustAct: only the seller can, or it is gone.
            Transient: Google is away.
        """
        ...

    async def changes(self, bookmarks: Mapping[str, str]) -> Changes:
        """Return what has happened to files since these bookmarks; none yet: from now on.

        Raises:
            Transient: Google is away.
            Defect: a refusal that is the operator's matter.
        """
        ...


class WorkbookMaker(Protocol):
    """The same table as a file (.xlsx)."""

    async def make(self, report: Report) -> bytes:
        """Return the file's bytes."""
        ...

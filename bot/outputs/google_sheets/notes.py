"""What we remember of one shop's spreadsheet between refreshes: the JSON in `TableState.notes`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any, Self

from bot.core.errors import Code, Defect
from bot.core.ports import TableState

LAYOUT_VERSION = "2.0"
HISTORY_ROWS = 400
ABOUT_ROWS = 100
_LISTS = frozenset({"places", "left_behind"})
_IDS = ("main_id", "history_id", "about_id", "staging_id", "protection_id", "metadata_id")


class Sharing(StrEnum):
    """Whether the seller has got access to his table."""

    PENDING = "pending"
    DONE = "done"
    NO_GOOGLE_ACCOUNT = "no_google_account"
    REFUSED = "refused"
    LATER = "later"  # Google limits sharing for hours


@dataclass(frozen=True, slots=True)
class Notes:
    """What the publisher knows of a file; the sheet itself is the truth for rows and columns.

    `marker` names a file that is being or was made; `creating` is set while nobody knows whether
    it was; `structured` and `filled` say how far a new file has come. `places` are the titles of
    the warehouse groups that stand on the sheet. `header_row` and `nm_column` are where the
    column titles and NM IDs were seen last (zero-based). `account` is the key of the account that
    made the file, `shared_with` a digest of an address, `entry_id` and `shared_role` its place in
    the sharing list. `theirs`: the seller made the file himself; `code` is what he has put into
    A1 of the tab `code_tab`, until we have cleared it. `left_behind` are earlier files of ours.
    """

    marker: str | None = None
    creating: bool = False
    spreadsheet_id: str | None = None
    account: str | None = None
    in_folder: bool = False
    structured: bool = False
    filled: bool = False
    main_id: int = 7001
    history_id: int = 7002
    about_id: int = 7003
    staging_id: int = 7009
    protection_id: int = 7101
    metadata_id: int = 7201
    places: tuple[str, ...] = ()
    header_row: int = 1
    nm_column: int = 3
    awaits_products: bool = False
    history_rows: int = HISTORY_ROWS
    about_rows: int = ABOUT_ROWS
    about_written: int = 0
    sharing: Sharing = Sharing.PENDING
    shared_with: str | None = None
    shared_role: str | None = None
    entry_id: str | None = None
    link_open: bool = False
    link_refused: bool = False
    theirs: bool = False
    code: str | None = None
    code_tab: int | None = None
    left_behind: tuple[str, ...] = ()
    layout: str = LAYOUT_VERSION

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """Return the notes that `to_state` wrote; unknown entries are left out.

        Raises:
            Defect: an entry that we know says what only another version does.
        """
        known = {each.name for each in fields(cls)}
        values = {key: value for key, value in stored.items() if key in known}
        for name in _LISTS & values.keys():
            values[name] = tuple(values[name])
        if "sharing" in values:
            values["sharing"] = _sharing(values["sharing"])
        return cls(**values)

    def with_changes(self, **changes: Any) -> Self:
        """Return the notes with some entries replaced."""
        return replace(self, **changes)

    def to_state(self) -> TableState:
        """Return what storage keeps: the link for the seller and these notes as JSON."""
        stored = asdict(self) | {name: list(getattr(self, name)) for name in _LISTS}
        stored["sharing"] = str(self.sharing)
        return TableState(url=self.url, notes=stored, file_id=self.spreadsheet_id)

    @property
    def has_usual_ids(self) -> bool:
        """Whether the numbers are those of our own files (in a seller's they may be taken)."""
        return self.main_id == Notes().main_id

    def with_ids_from(self, first: int) -> Self:
        """Return the notes with neighbouring numbers for everything that we put into a file."""
        return self.with_changes(**{name: first + step for step, name in enumerate(_IDS)})

    @property
    def url(self) -> str | None:
        """The link to the tab «Остатки»; `None` before its first figures."""
        if self.spreadsheet_id is None or not self.filled:
            return None
        file = self.spreadsheet_id
        return f"https://docs.google.com/spreadsheets/d/{file}/edit#gid={self.main_id}"


def _sharing(word: str) -> Sharing:
    try:
        return Sharing(word)
    except ValueError:
        raise Defect(Code.INTERNAL, "a table's notes are of another version") from None

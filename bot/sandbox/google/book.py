"""One spreadsheet: its tabs in order, its own properties and its developer metadata."""

import secrets
from copy import deepcopy
from dataclasses import dataclass, field

from bot.sandbox.google.errors import invalid
from bot.sandbox.google.sheet import Sheet, new_sheet
from bot.sandbox.google.wire import Json

CELL_LIMIT = 10_000_000
COLUMN_LIMIT = 18_278
TAB_LIMIT = 200
TITLE_LENGTH_LIMIT = 100
_ID_LIMIT = 2**31


@dataclass(slots=True)
class Book:
    """A spreadsheet. Tabs know their place by their place in `sheets`."""

    properties: Json
    sheets: list[Sheet] = field(default_factory=list)
    metadata: dict[int, Json] = field(default_factory=dict)

    @property
    def locale(self) -> str:
        """The locale that typed text and shown numbers follow, like `ru_RU`."""
        return str(self.properties["locale"])

    def copy(self) -> "Book":
        """Return an independent book, cheap however many cells there are."""
        return Book(
            deepcopy(self.properties),
            [sheet.copy() for sheet in self.sheets],
            deepcopy(self.metadata),
        )

    def find(self, sheet_id: int) -> Sheet | None:
        """Return the tab with that number, `None` when there is none."""
        return next((sheet for sheet in self.sheets if sheet.sheet_id == sheet_id), None)

    def titled(self, title: str) -> Sheet | None:
        """Return the tab with that title (case does not matter), `None` when there is none."""
        wanted = title.casefold()
        return next((sheet for sheet in self.sheets if sheet.title.casefold() == wanted), None)

    def add(self, sheet: Sheet, index: int | None) -> None:
        """Put a tab at `index`, or at the end.

        Raises:
            ApiError: 400, its number or title is taken or the workbook grows too big.

        """
        if sheet.sheet_id < 0:
            raise invalid("Sheet id must be non-negative.")
        if self.find(sheet.sheet_id) is not None:
            raise invalid(f"Sheet with id {sheet.sheet_id} already exists.")
        self.check_title(sheet.title)
        place = len(self.sheets) if index is None else index
        if not 0 <= place <= len(self.sheets):
            raise invalid(f"Sheet index {index} is out of bounds.")
        self.sheets.insert(place, sheet)
        self.check_limits()

    def check_title(self, title: str, *, of: Sheet | None = None) -> None:
        """Check that a tab (the new one, or `of`) may have that title.

        Raises:
            ApiError: 400, it is empty, too long or taken.

        """
        if not title or len(title) > TITLE_LENGTH_LIMIT:
            raise invalid("Sheet name must be between 1 and 100 characters.")
        holder = self.titled(title)
        if holder is not None and holder is not of:
            raise invalid(
                f'A sheet with the name "{title}" already exists. Please enter another name.'
            )

    def check_limits(self) -> None:
        """Check the size of the workbook.

        Raises:
            ApiError: 400, too many cells, columns or tabs.

        """
        if sum(sheet.row_count * sheet.column_count for sheet in self.sheets) > CELL_LIMIT:
            raise invalid(
                "This action would increase the number of cells in the workbook above the "
                f"limit of {CELL_LIMIT} cells."
            )
        if any(sheet.column_count > COLUMN_LIMIT for sheet in self.sheets):
            raise invalid(f"You can't have more than {COLUMN_LIMIT} columns in a sheet.")
        if len(self.sheets) > TAB_LIMIT:
            raise invalid(f"You can't have more than {TAB_LIMIT} sheets in a document.")

    def free_id(self) -> int:
        """Return a number that no tab, protection, view or metadata of this book has."""
        taken = {sheet.sheet_id for sheet in self.sheets} | set(self.metadata)
        for sheet in self.sheets:
            taken |= set(sheet.protections) | set(sheet.filter_views)
        while (number := secrets.randbelow(_ID_LIMIT)) in taken:
            pass
        return number


def new_book(title: str, *, locale: str = "en_US", tab: str = "Sheet1") -> Book:
    """Return what Drive makes: one empty tab with the number 0."""
    properties = {
        "title": title,
        "locale": locale,
        "timeZone": "Etc/GMT",
        "autoRecalc": "ON_CHANGE",
        "defaultFormat": {"verticalAlignment": "BOTTOM", "wrapStrategy": "OVERFLOW_CELL"},
    }
    return Book(properties, [new_sheet({"sheetId": 0, "title": tab})])

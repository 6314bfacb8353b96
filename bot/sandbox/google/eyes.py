"""What a person sees in the file: cells, looks, filters, and who may come in."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.google.a1 import parse_a1
from bot.sandbox.google.book import Book
from bot.sandbox.google.display import shown
from bot.sandbox.google.drive.model import DriveFile
from bot.sandbox.google.drive.store import DriveStore
from bot.sandbox.google.ranges import column_index
from bot.sandbox.google.sheet import FORMAT, NOTE, VALUE, Formula, Sheet
from bot.sandbox.google.wire import Json


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab as the bar at the bottom shows it; `grid` is its number of rows and columns."""

    title: str
    sheet_id: int
    hidden: bool
    grid: tuple[int, int]
    frozen: tuple[int, int]


class Eyes:
    """Reads one file; nothing here changes it. Rows and columns of answers start at A1."""

    def __init__(self, store: DriveStore, file: DriveFile) -> None:
        self._store = store
        self.file = file

    @property
    def file_id(self) -> str:
        """The file's id, as in its link."""
        return self.file.file_id

    @property
    def name(self) -> str:
        """The file's name."""
        return self.file.name

    @property
    def book(self) -> Book:
        """The spreadsheet as it stands; treat it as read-only.

        Raises:
            KeyError: the file was deleted.

        """
        return self._store.books[self.file.file_id]

    def tabs(self) -> list[Tab]:
        """Return the tabs in order."""
        return [_tab(sheet) for sheet in self.book.sheets]

    def grid(self, tab: str) -> list[list[Any]]:
        """Return the used rectangle of values from A1 on: `None` is empty, a formula its text."""
        rows = self._rows(tab)
        return [[_plain(cell) for cell in row] for row in rows]

    def texts(self, tab: str) -> list[list[str]]:
        """Return the used rectangle as it reads on the screen."""
        sheet, locale = self._sheet(tab), self.book.locale
        formats = sheet.layers[FORMAT]
        return [
            [shown(cell, formats.get(y, x), locale) for x, cell in enumerate(row)]
            for y, row in enumerate(self._rows(tab))
        ]

    def cell(self, tab: str, cell: str) -> Any:
        """Return one value, `None` when empty."""
        return _plain(self._at(tab, VALUE, cell))

    def format(self, tab: str, cell: str) -> Json:
        """Return a cell's own format as the wire's `CellFormat`."""
        return dict(self._at(tab, FORMAT, cell) or {})

    def note_on(self, tab: str, cell: str) -> str | None:
        """Return a cell's note."""
        note: str | None = self._at(tab, NOTE, cell)
        return note

    def merges(self, tab: str) -> list[str]:
        """Return the merged ranges in A1 without the title, from the top left."""
        boxes = sorted(self._sheet(tab).merged_boxes(), key=lambda box: (box.top, box.left))
        return [box.a1("T").removeprefix("T!") for box in boxes]

    def rules(self, tab: str) -> list[Json]:
        """Return the conditional formats."""
        return list(self._sheet(tab).conditional_formats)

    def filter(self, tab: str) -> Json | None:
        """Return the tab's basic filter as the wire's object."""
        return self._sheet(tab).basic_filter

    def filter_views(self, tab: str) -> list[Json]:
        """Return the filter views."""
        return list(self._sheet(tab).filter_views.values())

    def protections(self, tab: str) -> list[Json]:
        """Return the protected ranges."""
        return list(self._sheet(tab).protections.values())

    def column_width(self, tab: str, column: str) -> int | None:
        """Return a column's width in pixels, `None` for the default."""
        looks = self._sheet(tab).lines["COLUMNS"].get(column_index(column), {})
        return looks.get("pixelSize")

    def is_hidden(self, tab: str, column: str) -> bool:
        """Say whether a column is hidden by hand."""
        looks = self._sheet(tab).lines["COLUMNS"].get(column_index(column), {})
        return bool(looks.get("hiddenByUser"))

    def shared_with(self) -> dict[str, str]:
        """Return the roles by address; the link's is under `anyone`."""
        entries = self.file.permissions.values()
        return {each.email or each.kind: each.role for each in entries}

    def _rows(self, tab: str) -> list[tuple[Any, ...]]:
        sheet = self._sheet(tab)
        layer = sheet.layers[VALUE]
        used = [_used(row) for row in layer.rows]
        width = max(used, default=0)
        height = max((y + 1 for y, count in enumerate(used) if count), default=0)
        return [layer.cut(row, 0, width) for row in range(height)]

    def _sheet(self, tab: str) -> Sheet:
        return tab_of(self.book, tab)

    def _at(self, tab: str, layer: str, cell: str) -> Any:
        sheet = self._sheet(tab)
        place = parse_a1(self.book, f"A1:{cell}")
        box = sheet.box(place.grid)
        return sheet.layers[layer].get(box.bottom - 1, box.right - 1)


def _tab(sheet: Sheet) -> Tab:
    grid = sheet.grid
    return Tab(
        title=sheet.title,
        sheet_id=sheet.sheet_id,
        hidden=bool(sheet.properties.get("hidden")),
        grid=(sheet.row_count, sheet.column_count),
        frozen=(int(grid.get("frozenRowCount", 0)), int(grid.get("frozenColumnCount", 0))),
    )


def _used(row: tuple[Any, ...]) -> int:
    """Return how many cells of a row reach to its last filled one."""
    return next((x + 1 for x in range(len(row) - 1, -1, -1) if row[x] is not None), 0)


def _plain(value: Any) -> Any:
    return value.text if isinstance(value, Formula) else value


def tab_of(book: Book, title: str) -> Sheet:
    """Return the tab with that title.

    Raises:
        KeyError: there is none; it names those that are there.

    """
    sheet = book.titled(title)
    if sheet is None:
        raise KeyError(f"no tab {title!r} among {[each.title for each in book.sheets]}")
    return sheet

"""The seller's hands: what a person does to the file in his browser, and what he sees there.

Tabs go by title, cells by A1, columns by letter, rows by their number on the screen (from 1).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bot.kit.clock import Clock
from bot.sandbox.google.a1 import parse_a1
from bot.sandbox.google.book import Book
from bot.sandbox.google.drive.model import DriveFile
from bot.sandbox.google.drive.store import DriveStore
from bot.sandbox.google.eyes import Eyes, tab_of
from bot.sandbox.google.ranges import Box, Dimension, GridRange, column_index
from bot.sandbox.google.requests.rules import filtered_box, sort_box
from bot.sandbox.google.sheet import FORMAT, NOTE, VALUE, Sheet, new_sheet
from bot.sandbox.google.shifting import delete_lines, insert_lines
from bot.sandbox.google.typing_in import typed


class Hands(Eyes):
    """Somebody with the right to do anything to one file; each act is one change of it."""

    def __init__(self, store: DriveStore, file: DriveFile, clock: Clock) -> None:
        super().__init__(store, file)
        self._clock = clock

    def write(self, tab: str, cell: str, content: str | float | None) -> None:
        """Type into a cell (`=…` is a formula); `None` or an empty text clears it."""
        with self._editing(tab) as (book, sheet):
            box = self._box(book, sheet, cell)
            value: Any = content
            if isinstance(content, str):
                today = self._clock.now().date()
                value = typed(content, locale=book.locale, today=today) if content else None
            sheet.layers[VALUE].change(box, lambda _: value)

    def note(self, tab: str, cell: str, text: str) -> None:
        """Put a note on a cell; an empty text takes it away."""
        with self._editing(tab) as (book, sheet):
            sheet.layers[NOTE].change(self._box(book, sheet, cell), lambda _: text or None)

    def colour(self, tab: str, cells: str, red: float, green: float, blue: float) -> None:
        """Paint cells; each part is 0 to 1."""
        paint = {"backgroundColor": {"red": red, "green": green, "blue": blue}}
        with self._editing(tab) as (book, sheet):
            box = self._box(book, sheet, cells)
            sheet.layers[FORMAT].change(box, lambda old: {**(old or {}), **paint})

    def sort(self, tab: str, column: str, *, descending: bool = False) -> None:
        """Sort by a column with the filter's arrow: the rows under its header move."""
        with self._editing(tab) as (_, sheet):
            box = filtered_box(sheet)
            sort_box(sheet, box, column_index(column), descending=descending)

    def insert_columns(self, tab: str, before: str, count: int = 1) -> None:
        """Put own columns before a column."""
        self._insert(tab, "COLUMNS", column_index(before), count)

    def insert_rows(self, tab: str, before: int, count: int = 1) -> None:
        """Put own rows before a row."""
        self._insert(tab, "ROWS", before - 1, count)

    def delete_columns(self, tab: str, first: str, last: str | None = None) -> None:
        """Delete columns, the last one included."""
        with self._editing(tab) as (_, sheet):
            end = column_index(last or first) + 1
            delete_lines(sheet, "COLUMNS", column_index(first), end)

    def delete_rows(self, tab: str, first: int, last: int | None = None) -> None:
        """Delete rows, the last one included."""
        with self._editing(tab) as (_, sheet):
            delete_lines(sheet, "ROWS", first - 1, last or first)

    def hide_columns(self, tab: str, first: str, last: str | None = None) -> None:
        """Hide columns, the last one included."""
        with self._editing(tab) as (_, sheet):
            for index in range(column_index(first), column_index(last or first) + 1):
                sheet.lines["COLUMNS"].setdefault(index, {})["hiddenByUser"] = True

    def cut_grid(self, tab: str, rows: int, columns: int) -> None:
        """Give the grid another size, as deleting at its edges does."""
        with self._editing(tab) as (_, sheet):
            sheet.grid.update(rowCount=rows, columnCount=columns)
            sheet.shape()

    def filter_by(self, tab: str, column: str, hidden: list[str]) -> None:
        """Hide the rows with these values in a column by the tab's filter."""
        with self._editing(tab) as (_, sheet):
            filtered_box(sheet)
            spec = {
                "columnIndex": column_index(column),
                "filterCriteria": {"hiddenValues": hidden},
            }
            if sheet.basic_filter is not None:
                sheet.basic_filter.setdefault("filterSpecs", []).append(spec)

    def filter_view(self, tab: str, title: str, cells: str) -> None:
        """Make a filter view of one's own."""
        with self._editing(tab) as (book, sheet):
            box = self._box(book, sheet, cells)
            grid = GridRange(sheet.sheet_id, box.top, box.bottom, box.left, box.right)
            number = book.free_id()
            view = {"filterViewId": number, "title": title, "range": grid.to_wire()}
            sheet.filter_views[number] = view

    def add_tab(self, title: str) -> None:
        """Add an own tab at the end."""
        with self._whole_book() as book:
            book.add(new_sheet({"sheetId": book.free_id(), "title": title}), None)

    def rename_tab(self, tab: str, title: str) -> None:
        """Rename a tab."""
        with self._editing(tab) as (book, sheet):
            book.check_title(title, of=sheet)
            sheet.properties["title"] = title

    def move_tab(self, tab: str, index: int) -> None:
        """Drag a tab to another place (from 0)."""
        with self._editing(tab) as (book, sheet):
            book.sheets.remove(sheet)
            book.sheets.insert(index, sheet)

    def hide_tab(self, tab: str) -> None:
        """Hide a tab."""
        with self._editing(tab) as (_, sheet):
            sheet.properties["hidden"] = True

    def delete_tab(self, tab: str) -> None:
        """Delete a tab with all that is in it."""
        with self._editing(tab) as (book, sheet):
            book.sheets.remove(sheet)
            gone = sheet.sheet_id
            book.metadata = {
                number: entry
                for number, entry in book.metadata.items()
                if entry["location"].get("sheetId") != gone
            }

    def harden(self, tab: str, editors: list[str] | None = None) -> None:
        """Turn a tab's protections into real ones that only these addresses get past."""
        with self._editing(tab) as (book, sheet):
            if not sheet.protections:
                number = book.free_id()
                whole = {"sheetId": sheet.sheet_id}
                sheet.protections[number] = {"protectedRangeId": number, "range": whole}
            for protection in sheet.protections.values():
                protection.pop("warningOnly", None)
                protection["editors"] = {"users": list(editors or [])}

    def unprotect(self, tab: str) -> None:
        """Take every protection of a tab away."""
        with self._editing(tab) as (_, sheet):
            sheet.protections.clear()

    def rename_file(self, name: str) -> None:
        """Rename the file."""
        self._store.rename(self.file, name)

    def trash(self) -> None:
        """Put the file into the bin."""
        self._store.trash(self.file, trashed=True)

    def untrash(self) -> None:
        """Take the file out of the bin."""
        self._store.trash(self.file, trashed=False)

    def delete_file(self) -> None:
        """Delete the file for ever."""
        self._store.delete(self.file)

    def share(self, email: str, role: str = "writer") -> None:
        """Share the file with an address."""
        self._store.put_permission(self.file, "user", role, email)
        self._store.touch(self.file)

    def revoke(self, email: str) -> None:
        """Take an address's own access away; what a folder gives it stays.

        Raises:
            KeyError: it has no entry of its own.

        """
        entries = {each.email: each for each in self.file.permissions.values()}
        self._store.drop_permission(self.file, entries[email])

    def _insert(self, tab: str, dimension: Dimension, at: int, count: int) -> None:
        with self._editing(tab) as (_, sheet):
            insert_lines(sheet, dimension, at, count, like_before=at > 0)

    def _box(self, book: Book, sheet: Sheet, cells: str) -> Box:
        quoted = sheet.title.replace("'", "''")
        return sheet.box(parse_a1(book, f"'{quoted}'!{cells}").grid)

    @contextmanager
    def _whole_book(self) -> Iterator[Book]:
        book = self._store.books[self.file.file_id].copy()
        yield book
        self._store.commit(self.file, book)

    @contextmanager
    def _editing(self, tab: str) -> Iterator[tuple[Book, Sheet]]:
        with self._whole_book() as book:
            yield book, tab_of(book, tab)

"""What a single request of a batch works on."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.google.book import Book
from bot.sandbox.google.errors import invalid
from bot.sandbox.google.ranges import Box, Dimension, GridRange
from bot.sandbox.google.sheet import Editor, Sheet
from bot.sandbox.google.wire import Json


@dataclass(frozen=True, slots=True)
class Batch:
    """A copy of the book, which replaces the book if every request succeeds, and who asks."""

    book: Book
    editor: Editor

    def sheet(self, sheet_id: int) -> Sheet:
        """Return the tab with that number.

        Raises:
            ApiError: 400, there is none.

        """
        sheet = self.book.find(sheet_id)
        if sheet is None:
            raise invalid(f"No grid with id: {sheet_id}")
        return sheet

    def range(self, wire: Json) -> tuple[Sheet, GridRange]:
        """Return the tab and the range, which must lie on its grid."""
        grid = GridRange.from_wire(wire)
        sheet = self.sheet(grid.sheet_id)
        sheet.box(grid)
        return sheet, grid

    def box(self, wire: Json) -> tuple[Sheet, Box]:
        """Return the tab and the range with its open ends closed, guarded for this editor."""
        sheet, grid = self.range(wire)
        box = sheet.box(grid)
        sheet.guard(box, self.editor)
        return sheet, box

    def lines(self, wire: Json) -> tuple[Sheet, Dimension, int, int]:
        """Return tab, dimension, start and end of a DimensionRange; guarded."""
        sheet = self.sheet(int(wire.get("sheetId", 0)))
        dimension: Dimension = "COLUMNS" if wire.get("dimension") == "COLUMNS" else "ROWS"
        if wire.get("dimension") not in {"ROWS", "COLUMNS"}:
            raise invalid("Dimension must be set to ROWS or COLUMNS.")
        start = int(wire.get("startIndex", 0))
        end = int(wire.get("endIndex", sheet.size(dimension)))
        if not 0 <= start < end:
            raise invalid(f"range.endIndex[{end}] must be after range.startIndex[{start}].")
        return sheet, dimension, start, end

    def guard_lines(self, sheet: Sheet, dimension: Dimension, start: int, end: int) -> None:
        """Check that no hardened protection forbids touching those rows or columns."""
        whole = sheet.whole
        if dimension == "ROWS":
            box = Box(start, end, whole.left, whole.right)
        else:
            box = Box(whole.top, whole.bottom, start, end)
        sheet.guard(box, self.editor)


Handler = Callable[[Batch, Json], Json | None]
"""Applies one request and returns its reply, `None` for the empty one."""

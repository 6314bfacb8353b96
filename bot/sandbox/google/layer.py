"""One property of every cell of a tab (its value, its format, …), row by row.

Rows are tuples, so they can be shared between rows and between versions of a tab: a copy costs one
list of pointers however many cells there are. A row may be shorter than the grid; what is missing
is `None`.
"""

from collections.abc import Callable, Sequence
from typing import Any

from bot.sandbox.google.ranges import Box

Row = tuple[Any, ...]


class Layer:
    """The cells of one property; the number of rows is always the grid's."""

    def __init__(self, rows: int) -> None:
        self.rows: list[Row] = [()] * rows

    def copy(self) -> "Layer":
        """Return an independent layer with the same cells."""
        twin = Layer(0)
        twin.rows = list(self.rows)
        return twin

    def get(self, row: int, column: int) -> Any:
        """Return one cell, `None` when it is empty."""
        cells = self.rows[row]
        return cells[column] if column < len(cells) else None

    def cut(self, row: int, left: int, right: int) -> Row:
        """Return the cells of a row between two columns, padded."""
        cells = self.rows[row][left:right]
        return cells + (None,) * (right - left - len(cells))

    def put(self, row: int, left: int, cells: Sequence[Any]) -> None:
        """Replace a stretch of one row."""
        old = self.rows[row]
        head = old[:left] + (None,) * (left - len(old))
        self.rows[row] = (*head, *cells, *old[left + len(cells) :])

    def change(self, box: Box, changed: Callable[[Any], Any]) -> None:
        """Replace every cell of the box by `changed(cell)`; equal rows are worked out once."""
        done: dict[int, tuple[Row, Row]] = {}
        for index in range(box.top, box.bottom):
            row = self.rows[index]
            if id(row) not in done:
                cells = self.cut(index, box.left, box.right)
                self.put(index, box.left, [changed(cell) for cell in cells])
                done[id(row)] = (row, self.rows[index])
            self.rows[index] = done[id(row)][1]

    def insert_rows(self, at: int, count: int, like: int | None) -> None:
        """Put rows before index `at`, empty or equal to the row `like`."""
        row = () if like is None else self.rows[like]
        self.rows[at:at] = [row] * count

    def insert_columns(self, at: int, count: int, like: int | None) -> None:
        """Put columns before index `at`, empty or equal to the column `like`."""

        def widened(row: Row) -> Row:
            cell = None if like is None or like >= len(row) else row[like]
            if at >= len(row) and cell is None:
                return row
            head = row[:at] + (None,) * (at - len(row))
            return head + (cell,) * count + row[at:]

        self._each_row(widened)

    def delete_rows(self, start: int, end: int) -> None:
        """Take rows away."""
        del self.rows[start:end]

    def delete_columns(self, start: int, end: int) -> None:
        """Take columns away."""
        self._each_row(lambda row: row[:start] + row[end:] if start < len(row) else row)

    def resize(self, rows: int, columns: int) -> None:
        """Cut or lengthen to a new grid."""
        del self.rows[rows:]
        self.rows.extend([()] * (rows - len(self.rows)))
        self._each_row(lambda row: row[:columns] if len(row) > columns else row)

    def reorder(self, box: Box, order: Sequence[int]) -> None:
        """Give the rows of the box a new order: `order` lists old row indexes from the top."""
        stretches = [self.cut(row, box.left, box.right) for row in order]
        for offset, cells in enumerate(stretches):
            self.put(box.top + offset, box.left, cells)

    def _each_row(self, changed: Callable[[Row], Row]) -> None:
        done: dict[int, tuple[Row, Row]] = {}
        for index, row in enumerate(self.rows):
            if id(row) not in done:
                done[id(row)] = (row, changed(row))
            self.rows[index] = done[id(row)][1]

"""Where things lie on a grid: half-open rectangles, their A1 spelling, and how they move."""

from dataclasses import dataclass, replace
from typing import Literal

from bot.sandbox.google.errors import invalid
from bot.sandbox.google.wire import Json

Dimension = Literal["ROWS", "COLUMNS"]

_LETTERS = 26


def column_name(index: int) -> str:
    """Return the letters of a zero-based column: 0 is A, 26 is AA."""
    name = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, _LETTERS)
        name = chr(ord("A") + rest) + name
    return name


def column_index(name: str) -> int:
    """Return the zero-based index of a column's letters."""
    number = 0
    for letter in name.upper():
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number - 1


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with all four edges known; zero-based, the ends are outside."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def height(self) -> int:
        """The number of rows."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """The number of columns."""
        return self.right - self.left

    def overlaps(self, other: "Box") -> bool:
        """Say whether the two share a cell."""
        return (
            self.top < other.bottom
            and other.top < self.bottom
            and self.left < other.right
            and other.left < self.right
        )

    def contains(self, other: "Box") -> bool:
        """Say whether every cell of the other lies in this one."""
        return (
            self.top <= other.top
            and other.bottom <= self.bottom
            and self.left <= other.left
            and other.right <= self.right
        )

    def a1(self, title: str) -> str:
        """Return the A1 spelling with the tab's title, quoted where Google quotes it."""
        first = f"{column_name(self.left)}{self.top + 1}"
        last = f"{column_name(self.right - 1)}{self.bottom}"
        name = title if title.isascii() and title.isalnum() else _quoted(title)
        return f"{name}!{first}" if first == last else f"{name}!{first}:{last}"


def _quoted(title: str) -> str:
    return "'" + title.replace("'", "''") + "'"


@dataclass(frozen=True, slots=True)
class GridRange:
    """Google's GridRange: an absent end is open."""

    sheet_id: int
    top: int = 0
    bottom: int | None = None
    left: int = 0
    right: int | None = None

    @classmethod
    def from_wire(cls, body: Json) -> "GridRange":
        """Read the wire's object.

        Raises:
            ApiError: 400, an index is negative or an end is not after its start.

        """
        grid = cls(
            sheet_id=int(body.get("sheetId", 0)),
            top=int(body.get("startRowIndex", 0)),
            bottom=_index(body, "endRowIndex"),
            left=int(body.get("startColumnIndex", 0)),
            right=_index(body, "endColumnIndex"),
        )
        _check_edge("Row", grid.top, grid.bottom)
        _check_edge("Column", grid.left, grid.right)
        return grid

    def to_wire(self) -> Json:
        """Return the wire's object; open ends stay absent."""
        body: Json = {"sheetId": self.sheet_id}
        edges = {
            "startRowIndex": self.top if self.top or self.bottom is not None else None,
            "endRowIndex": self.bottom,
            "startColumnIndex": self.left if self.left or self.right is not None else None,
            "endColumnIndex": self.right,
        }
        return body | {key: edge for key, edge in edges.items() if edge is not None}

    def inserted(self, dimension: Dimension, at: int, count: int) -> "GridRange":
        """Return this range after `count` rows or columns were put before index `at`."""
        if dimension == "ROWS":
            top, bottom = span_inserted(self.top, self.bottom, at, count)
            return replace(self, top=top, bottom=bottom)
        left, right = span_inserted(self.left, self.right, at, count)
        return replace(self, left=left, right=right)

    def deleted(self, dimension: Dimension, start: int, end: int) -> "GridRange | None":
        """Return what is left of this range after a deletion, `None` for nothing."""
        if dimension == "ROWS":
            rows = span_deleted(self.top, self.bottom, start, end)
            return rows and replace(self, top=rows[0], bottom=rows[1])
        columns = span_deleted(self.left, self.right, start, end)
        return columns and replace(self, left=columns[0], right=columns[1])


def span_inserted(start: int, end: int | None, at: int, count: int) -> tuple[int, int | None]:
    """Move a span: what lies at or after `at` shifts; a span around it grows."""
    moved_start = start + count if start >= at and (start or end is not None) else start
    if end is None:
        return moved_start, None
    return moved_start, end + count if end > at else end


def span_deleted(
    start: int, end: int | None, cut_start: int, cut_end: int
) -> tuple[int, int | None] | None:
    """Shrink and move a span by a cut; `None` when nothing of it is left."""

    def moved(edge: int) -> int:
        return edge - max(0, min(edge, cut_end) - cut_start)

    if end is None:
        return moved(start), None
    if moved(start) >= moved(end):
        return None
    return moved(start), moved(end)


def _index(body: Json, key: str) -> int | None:
    return None if body.get(key) is None else int(body[key])


def _check_edge(name: str, start: int, end: int | None) -> None:
    lowered = name.lower()
    if start < 0 or (end is not None and end < 0):
        raise invalid(f"GridRange.start{name}Index[{start}] must be >= 0")
    if end is not None and end <= start:
        raise invalid(
            f"GridRange.end{name}Index[{end}] must be after start{name}Index[{start}] "
            f"({lowered} range is empty)"
        )

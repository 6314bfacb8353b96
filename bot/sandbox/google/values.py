"""The values calls: reading and writing plain figures, nothing but figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.sandbox.google.a1 import Place, parse_a1
from bot.sandbox.google.book import Book
from bot.sandbox.google.display import shown
from bot.sandbox.google.errors import invalid
from bot.sandbox.google.ranges import Box, GridRange, column_name
from bot.sandbox.google.requests.protection import find_metadata
from bot.sandbox.google.sheet import FORMAT, VALUE, Editor, Formula, Sheet
from bot.sandbox.google.typing_in import raw_row, typed_row
from bot.sandbox.google.wire import Json

_OPTIONS = {"RAW", "USER_ENTERED"}


@dataclass(frozen=True, slots=True)
class Writer:
    """How a call writes: its option, who writes, and the day that typed dates are read on."""

    option: str
    editor: Editor
    today: date

    def check(self) -> None:
        """Check that the call named an option.

        Raises:
            ApiError: 400, it did not.

        """
        if self.option not in _OPTIONS:
            raise invalid("'valueInputOption' is required but not specified")


def places(book: Book, data_filter: Json) -> list[Place]:
    """Return what a data filter matches: one range, or each match of a metadata lookup.

    Raises:
        ApiError: 400, it names nothing, several things, or an unknown tab.

    """
    if len(data_filter) != 1:
        raise invalid("Must set exactly one of gridRange, a1Range, developerMetadataLookup.")
    if "a1Range" in data_filter:
        return [parse_a1(book, str(data_filter["a1Range"]))]
    if "gridRange" in data_filter:
        grid = GridRange.from_wire(data_filter["gridRange"])
        return [Place(_tab(book, grid.sheet_id), grid)]
    found = find_metadata(book.metadata, [data_filter])
    homes = [entry["location"].get("sheetId") for entry in found]
    tabs = [_tab(book, int(home)) for home in homes if home is not None]
    return [Place(tab, GridRange(tab.sheet_id)) for tab in tabs]


def _tab(book: Book, sheet_id: int) -> Sheet:
    sheet = book.find(sheet_id)
    if sheet is None:
        raise invalid(f"No grid with id: {sheet_id}")
    return sheet


def write(book: Book, place: Place, body: Json, writer: Writer) -> Json:
    """Write the values of a ValueRange; return the `UpdateValuesResponse` without its id.

    Raises:
        ApiError: 400, the values leave the range or the grid, or are no values.

    """
    writer.check()
    rows = _rows(body)
    sheet = place.sheet
    box = _writable(place, rows)
    sheet.guard(box, writer.editor)
    layer = sheet.layers[VALUE]
    written = 0
    for offset, cells in enumerate(rows):
        old = layer.cut(box.top + offset, box.left, box.left + len(cells))
        if writer.option == "RAW":
            fresh = raw_row(cells, old)
        else:
            fresh = typed_row(cells, old, locale=book.locale, today=writer.today)
        layer.put(box.top + offset, box.left, fresh)
        written += len(cells) - cells.count(None)
    width = max(map(len, rows), default=0)
    area = Box(box.top, box.top + max(len(rows), 1), box.left, box.left + max(width, 1))
    counts = {"updatedRows": len(rows), "updatedColumns": width, "updatedCells": written}
    return {"updatedRange": area.a1(sheet.title)} | {k: n for k, n in counts.items() if n}


def _rows(body: Json) -> list[list[Any]]:
    rows = body.get("values", [])
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise invalid("Invalid value at 'values': a list of lists is required.")
    if body.get("majorDimension", "ROWS") == "COLUMNS":
        height = max(map(len, rows), default=0)
        return [[column[i] if i < len(column) else None for column in rows] for i in range(height)]
    return rows


def _writable(place: Place, rows: Sequence[Sequence[Any]]) -> Box:
    """Return the box that may be written, after checking that the values fit it."""
    sheet, grid = place.sheet, place.grid
    width = max(map(len, rows), default=0)
    if place.anchor:
        grid = GridRange(grid.sheet_id, grid.top, None, grid.left, None)
    box = sheet.box(grid)
    if len(rows) > box.height:
        if grid.bottom is None:
            raise sheet.beyond(Box(box.top, box.top + len(rows), box.left, box.right))
        raise _overrun(sheet, box, f"row [{box.bottom + 1}]")
    if width > box.width:
        if grid.right is None:
            raise sheet.beyond(Box(box.top, box.bottom, box.left, box.left + width))
        raise _overrun(sheet, box, f"column [{column_name(box.right)}]")
    return box


def _overrun(sheet: Sheet, box: Box, where: str) -> Exception:
    return invalid(
        f"Requested writing within range [{box.a1(sheet.title)}], but tried writing to {where}"
    )


def clear(place: Place, editor: Editor) -> str:
    """Empty the range, values only; return its A1 spelling."""
    box = _readable(place)
    place.sheet.guard(box, editor)
    place.sheet.layers[VALUE].change(box, lambda _: None)
    return box.a1(place.sheet.title)


def read(book: Book, place: Place, *, major: str, option: str) -> Json:
    """Return a ValueRange; what is empty at the right and at the bottom is left out."""
    box = _readable(place)
    sheet = place.sheet
    rows = [
        _trimmed([_read_cell(book, sheet, row, column, option) for column in _columns(box)])
        for row in range(box.top, box.bottom)
    ]
    while rows and not rows[-1]:
        rows.pop()
    answer: Json = {"range": box.a1(sheet.title), "majorDimension": major}
    if major == "COLUMNS":
        width = max(map(len, rows), default=0)
        rows = [_trimmed([row[i] if i < len(row) else "" for row in rows]) for i in range(width)]
    return answer | ({"values": rows} if rows else {})


def _readable(place: Place) -> Box:
    """Return the part of a range that lies on the grid; its start must."""
    box = place.sheet.clipped(place.grid)
    if box is None:
        grid = place.grid
        raise place.sheet.beyond(
            Box(grid.top, grid.bottom or grid.top + 1, grid.left, grid.right or grid.left + 1)
        )
    return box


def _columns(box: Box) -> range:
    return range(box.left, box.right)


def _trimmed(cells: list[Any]) -> list[Any]:
    while cells and cells[-1] == "":
        cells.pop()
    return cells


def _read_cell(book: Book, sheet: Sheet, row: int, column: int, option: str) -> Any:
    value = sheet.value(row, column)
    if value is None:
        return ""
    if option == "FORMATTED_VALUE":
        return shown(value, sheet.layers[FORMAT].get(row, column), book.locale)
    return value.text if isinstance(value, Formula) else value


def append_row(place: Place) -> Place:
    """Return the first row under the last filled one of the tab, growing the grid if needed."""
    sheet = place.sheet
    rows = sheet.layers[VALUE].rows
    last = next((i for i in range(len(rows) - 1, -1, -1) if any(_filled(rows[i]))), -1)
    top = max(last + 1, place.grid.top)
    return Place(sheet, GridRange(sheet.sheet_id, top, None, place.grid.left, None))


def _filled(row: Sequence[Any]) -> list[bool]:
    return [cell is not None for cell in row]

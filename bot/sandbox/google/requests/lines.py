"""Requests about rows and columns as such."""

from bot.sandbox.google.errors import invalid
from bot.sandbox.google.masks import known_roots, merged, write_mask
from bot.sandbox.google.requests.context import Batch, Handler
from bot.sandbox.google.shifting import delete_lines, insert_lines
from bot.sandbox.google.wire import Json

_LINE_FIELDS = frozenset(
    {
        "hiddenByFilter",
        "hiddenByUser",
        "pixelSize",
        "developerMetadata",
        "dataSourceColumnReference",
    }
)


def update_lines(batch: Batch, body: Json) -> None:
    """Apply `updateDimensionProperties`: widths, heights, hiding."""
    mask = write_mask(body)
    known_roots(mask, _LINE_FIELDS)
    sheet, dimension, start, end = batch.lines(body.get("range", {}))
    if end > sheet.size(dimension):
        raise invalid(f"range.endIndex[{end}] exceeds grid limits ({sheet.size(dimension)}).")
    wanted = body.get("properties", {})
    looks = sheet.lines[dimension]
    for index in range(start, end):
        looks[index] = merged(looks.get(index), wanted, mask)


def insert_dimension(batch: Batch, body: Json) -> None:
    """Apply `insertDimension`; at the far edge only `inheritFromBefore` is possible."""
    sheet, dimension, start, end = batch.lines(body.get("range", {}))
    if "endIndex" not in body.get("range", {}):
        raise invalid("Both the start and end indexes must be bounded.")
    before = bool(body.get("inheritFromBefore", False))
    size = sheet.size(dimension)
    if before and start == 0:
        raise invalid("inheritFromBefore cannot be true when range.startIndex is 0.")
    if start > size or (start == size and not before):
        bound = "equal to" if before else "less than"
        raise invalid(
            f"range.startIndex[{start}] must be {bound} the grid size ({size}) "
            f"if inheritFromBefore is {str(before).lower()}."
        )
    touched = max(start - 1, 0) if before else start
    batch.guard_lines(sheet, dimension, touched, touched + 1)
    insert_lines(sheet, dimension, start, end - start, like_before=before)
    batch.book.check_limits()
    sheet.check_frozen()


def delete_dimension(batch: Batch, body: Json) -> None:
    """Apply `deleteDimension`."""
    sheet, dimension, start, end = batch.lines(body.get("range", {}))
    if end > sheet.size(dimension):
        raise invalid(f"range.endIndex[{end}] exceeds grid limits ({sheet.size(dimension)}).")
    batch.guard_lines(sheet, dimension, start, end)
    delete_lines(sheet, dimension, start, end)


def append_dimension(batch: Batch, body: Json) -> None:
    """Apply `appendDimension`: at the end of the grid, behind the seller's own columns."""
    sheet = batch.sheet(int(body.get("sheetId", 0)))
    length = int(body.get("length", 0))
    dimension = body.get("dimension")
    if length < 1 or dimension not in {"ROWS", "COLUMNS"}:
        raise invalid("The dimension and a positive length are required.")
    key = "rowCount" if dimension == "ROWS" else "columnCount"
    sheet.grid[key] += length
    batch.book.check_limits()
    sheet.shape()


def fit_lines(batch: Batch, body: Json) -> None:
    """Apply `autoResizeDimensions`: the default size, for the twin measures no text."""
    sheet, dimension, start, end = batch.lines(body.get("dimensions", {}))
    for index in range(start, min(end, sheet.size(dimension))):
        sheet.lines[dimension].get(index, {}).pop("pixelSize", None)


HANDLERS: dict[str, Handler] = {
    "updateDimensionProperties": update_lines,
    "insertDimension": insert_dimension,
    "deleteDimension": delete_dimension,
    "appendDimension": append_dimension,
    "autoResizeDimensions": fit_lines,
}

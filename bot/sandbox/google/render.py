"""How a spreadsheet looks in the answer of `spreadsheets.get`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox.google.a1 import Place
from bot.sandbox.google.book import Book
from bot.sandbox.google.display import shown
from bot.sandbox.google.ranges import Box, Dimension
from bot.sandbox.google.sheet import FORMAT, NOTE, VALIDATION, Formula, Sheet
from bot.sandbox.google.wire import Json

_DEFAULT_PIXELS = {"ROWS": 21, "COLUMNS": 100}


@dataclass(frozen=True, slots=True)
class View:
    """What an answer shows: all tabs or the given places, with or without their cells."""

    places: Sequence[Place] = ()
    cells: bool = False


def book_shape(file_id: str, book: Book, view: View) -> Json:
    """Return the spreadsheet with its tabs in order."""
    wanted = {place.sheet.sheet_id for place in view.places}
    tabs = [
        sheet_shape(book, index, sheet, view)
        for index, sheet in enumerate(book.sheets)
        if not view.places or sheet.sheet_id in wanted
    ]
    shape: Json = {
        "spreadsheetId": file_id,
        "properties": book.properties,
        "sheets": tabs,
        "spreadsheetUrl": f"https://docs.google.com/spreadsheets/d/{file_id}/edit",
    }
    free = [entry for entry in book.metadata.values() if "spreadsheet" in entry["location"]]
    return shape | ({"developerMetadata": free} if free else {})


def sheet_shape(book: Book, index: int, sheet: Sheet, view: View) -> Json:
    """Return one tab; what it does not have is absent."""
    home = sheet.sheet_id
    metadata = [e for e in book.metadata.values() if e["location"].get("sheetId") == home]
    shape: Json = {
        "properties": sheet.properties | {"index": index},
        "merges": [merge.to_wire() for merge in sheet.merges],
        "conditionalFormats": sheet.conditional_formats,
        "basicFilter": sheet.basic_filter,
        "filterViews": list(sheet.filter_views.values()),
        "protectedRanges": list(sheet.protections.values()),
        "developerMetadata": metadata,
    }
    if view.cells:
        boxes = [sheet.clipped(each.grid) for each in view.places if each.sheet is sheet]
        shown_boxes = [box for box in boxes if box is not None] or [sheet.whole]
        shape["data"] = [grid_data(book, sheet, box) for box in shown_boxes]
    return {key: value for key, value in shape.items() if value}


def grid_data(book: Book, sheet: Sheet, box: Box) -> Json:
    """Return the cells of a rectangle; empty ones at the end of a row are left out."""
    rows = [
        {"values": _trimmed([_cell(book, sheet, row, col) for col in range(box.left, box.right)])}
        for row in range(box.top, box.bottom)
    ]
    data: Json = {
        "rowData": [row if row["values"] else {} for row in rows],
        "rowMetadata": _lines(sheet, "ROWS", box.top, box.bottom),
        "columnMetadata": _lines(sheet, "COLUMNS", box.left, box.right),
    }
    starts = {"startRow": box.top, "startColumn": box.left}
    return {key: start for key, start in starts.items() if start} | data


def _lines(sheet: Sheet, dimension: Dimension, start: int, end: int) -> list[Json]:
    looks = sheet.lines[dimension]
    default = {"pixelSize": _DEFAULT_PIXELS[dimension]}
    return [default | looks.get(index, {}) for index in range(start, end)]


def _trimmed(cells: list[Json]) -> list[Json]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _cell(book: Book, sheet: Sheet, row: int, column: int) -> Json:
    value = sheet.value(row, column)
    cell_format = sheet.layers[FORMAT].get(row, column)
    cell: Json = {}
    if value is not None:
        cell["userEnteredValue"] = extended(value)
        if not isinstance(value, Formula):
            cell["effectiveValue"] = extended(value)
        cell["formattedValue"] = shown(value, cell_format, book.locale)
    if cell_format:
        cell |= {"userEnteredFormat": cell_format, "effectiveFormat": cell_format}
    for name in (NOTE, VALIDATION):
        content = sheet.layers[name].get(row, column)
        if content:
            cell[name] = content
    return cell


def extended(value: Any) -> Json:
    """Return a cell's content as an `ExtendedValue`."""
    if isinstance(value, Formula):
        return {"formulaValue": value.text}
    if isinstance(value, bool):
        return {"boolValue": value}
    return {"stringValue": value} if isinstance(value, str) else {"numberValue": value}

"""Requests about the spreadsheet itself and its tabs."""

from copy import deepcopy

from bot.sandbox.google.errors import invalid
from bot.sandbox.google.masks import known_roots, merged, write_mask
from bot.sandbox.google.ranges import GridRange
from bot.sandbox.google.requests.context import Batch, Handler
from bot.sandbox.google.sheet import Sheet, new_sheet
from bot.sandbox.google.wire import Json

_BOOK_FIELDS = frozenset(
    [
        "title",
        "locale",
        "autoRecalc",
        "timeZone",
        "defaultFormat",
        "iterativeCalculationSettings",
        "spreadsheetTheme",
        "importFunctionsExternalUrlAccessAllowed",
    ]
)
_SHEET_FIELDS = frozenset(
    [
        "sheetId",
        "title",
        "index",
        "sheetType",
        "gridProperties",
        "hidden",
        "tabColor",
        "tabColorStyle",
        "rightToLeft",
        "dataSourceSheetProperties",
    ]
)


def update_book(batch: Batch, body: Json) -> None:
    """Apply `updateSpreadsheetProperties`."""
    mask = write_mask(body)
    known_roots(mask, _BOOK_FIELDS)
    batch.book.properties = merged(batch.book.properties, body.get("properties", {}), mask)


def add_sheet(batch: Batch, body: Json) -> Json:
    """Apply `addSheet`; the number may be the caller's own."""
    properties = deepcopy(body.get("properties", {}))
    index = properties.pop("index", None)
    sheet_id = properties.setdefault("sheetId", batch.book.free_id())
    properties.setdefault("title", _free_title(batch))
    sheet = new_sheet(properties)
    _check_size(sheet)
    batch.book.add(sheet, index)
    sheet.check_frozen()
    place = next(i for i, each in enumerate(batch.book.sheets) if each.sheet_id == sheet_id)
    return {"addSheet": {"properties": sheet.properties | {"index": place}}}


def delete_sheet(batch: Batch, body: Json) -> None:
    """Apply `deleteSheet`; the last tab stays."""
    sheet = _sheet(batch, body)
    if len(batch.book.sheets) == 1:
        raise invalid("You can't remove all the sheets in a document.")
    sheet.guard(sheet.whole, batch.editor)
    batch.book.sheets.remove(sheet)
    if all(each.properties.get("hidden") for each in batch.book.sheets):
        raise invalid("You can't remove all the visible sheets in a document.")
    for number, entry in list(batch.book.metadata.items()):
        if entry.get("location", {}).get("sheetId") == sheet.sheet_id:
            del batch.book.metadata[number]


def duplicate_sheet(batch: Batch, body: Json) -> Json:
    """Apply `duplicateSheet`; protections get numbers of their own."""
    source = batch.sheet(int(body.get("sourceSheetId", 0)))
    copy = source.copy()
    copy.properties["sheetId"] = body.get("newSheetId", batch.book.free_id())
    copy.properties["title"] = body.get("newSheetName", f"Copy of {source.title}")
    copy.merges = [_rehomed(merge, copy.sheet_id) for merge in copy.merges]
    copy.protections, copy.filter_views = {}, {}
    for holder in filter(None, [copy.basic_filter]):
        holder["range"]["sheetId"] = copy.sheet_id
    for rule in copy.conditional_formats:
        for grid in rule.get("ranges", ()):
            grid["sheetId"] = copy.sheet_id
    batch.book.add(copy, body.get("insertSheetIndex"))
    place = batch.book.sheets.index(copy)
    return {"duplicateSheet": {"properties": copy.properties | {"index": place}}}


def update_sheet(batch: Batch, body: Json) -> None:
    """Apply `updateSheetProperties`; both sizes are checked together."""
    mask = write_mask(body)
    known_roots(mask, _SHEET_FIELDS)
    wanted = body.get("properties", {})
    sheet = _sheet(batch, wanted)
    if "gridProperties" in mask or not mask:
        sheet.guard(sheet.whole, batch.editor)
    updated = merged(sheet.properties, wanted, mask)
    index = updated.pop("index", None)
    if "title" in wanted and ("title" in mask or not mask):
        batch.book.check_title(str(wanted["title"]), of=sheet)
    updated["gridProperties"] = sheet.grid | updated.get("gridProperties", {})
    sheet.properties = updated | {"sheetId": sheet.sheet_id, "sheetType": "GRID"}
    sheet.properties.setdefault("title", sheet.title)
    _check_size(sheet)
    batch.book.check_limits()
    sheet.shape()
    sheet.check_frozen()
    if index is not None and ("index" in mask or not mask):
        _move(batch, sheet, int(index))


def _move(batch: Batch, sheet: Sheet, index: int) -> None:
    """Move a tab; the wanted index is counted before the move."""
    sheets = batch.book.sheets
    now = sheets.index(sheet)
    if not 0 <= index <= len(sheets):
        raise invalid(f"Sheet index {index} is out of bounds.")
    sheets.pop(now)
    sheets.insert(index if index <= now else index - 1, sheet)


def _sheet(batch: Batch, body: Json) -> Sheet:
    number = int(body.get("sheetId", 0))
    sheet = batch.book.find(number)
    if sheet is None:
        raise invalid(f"No sheet with id: {number}")
    return sheet


def _check_size(sheet: Sheet) -> None:
    if sheet.row_count < 1 or sheet.column_count < 1:
        raise invalid("A sheet must have at least one row and one column.")


def _free_title(batch: Batch) -> str:
    number = len(batch.book.sheets) + 1
    while batch.book.titled(f"Sheet{number}") is not None:
        number += 1
    return f"Sheet{number}"


def _rehomed(merge: GridRange, sheet_id: int) -> GridRange:
    return GridRange(sheet_id, merge.top, merge.bottom, merge.left, merge.right)


HANDLERS: dict[str, Handler] = {
    "updateSpreadsheetProperties": update_book,
    "addSheet": add_sheet,
    "deleteSheet": delete_sheet,
    "duplicateSheet": duplicate_sheet,
    "updateSheetProperties": update_sheet,
}

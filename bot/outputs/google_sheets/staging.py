"""Tables too big for one call: figures go to a hidden tab in parts, and over in one atomic step.

The seller never sees a half-written table. Pure functions; `table.py` makes the calls.
"""

import math
from collections.abc import Iterator
from typing import Any

from bot.core.report import Report
from bot.outputs.google_sheets import values
from bot.outputs.google_sheets.grid import Json, area, cells_at
from bot.outputs.google_sheets.notes import Notes
from bot.outputs.google_sheets.placement import Placement

_TITLE = "stock-tracker-staging"


def tab(report: Report, notes: Notes, *, left_over: bool) -> list[Json]:
    """Return the requests that make the hidden tab; `left_over`: a crash has left one behind."""
    properties = {
        "sheetId": notes.staging_id,
        "title": _TITLE,
        "hidden": True,
        "gridProperties": {"rowCount": len(report.rows), "columnCount": len(report.columns)},
    }
    removed = [{"deleteSheet": {"sheetId": notes.staging_id}}] if left_over else []
    return [*removed, {"addSheet": {"properties": properties}}]


def parts(report: Report, placement: Placement, notes: Notes, *, count: int) -> Iterator[bytes]:
    """Yield the bodies that fill the hidden tab, in the order in which the rows stand."""
    order = [index for _, index in values.rows_in_order(placement)]
    step = math.ceil(len(order) / count)
    for top in range(0, len(order), step):
        rows = [values.cells(report.rows[index]) for index in order[top : top + step]]
        where = area(notes.staging_id, top=top, bottom=top + len(rows), left=0, right=len(rows[0]))
        yield values.encoded([values.ranged(where, rows)])


def going_over(report: Report, placement: Placement, notes: Notes) -> list[Json]:
    """Return the requests that bring everything into view at once and remove the hidden tab."""
    rows = [row for row, _ in values.rows_in_order(placement)]
    copies = [
        _copy(notes, stretch, rows[stretch.start], segment)
        for stretch in values.stretches(rows)
        for segment in values.segments(placement.columns)
    ]
    beside = [_typed(each) for each in values.beside_figures(report, placement, notes)]
    return [*copies, *beside, {"deleteSheet": {"sheetId": notes.staging_id}}]


def _copy(notes: Notes, stretch: range, top: int, segment: tuple[int, int, int]) -> Json:
    start, end, left = segment
    source = area(notes.staging_id, top=stretch.start, bottom=stretch.stop, left=start, right=end)
    target = area(
        notes.main_id, top=top, bottom=top + len(stretch), left=left, right=left + end - start
    )
    return {"copyPaste": {"source": source, "destination": target, "pasteType": "PASTE_VALUES"}}


def _typed(entry: Json) -> Json:
    """Return a range of plain values as the structural call writes it."""
    where = entry["dataFilter"]["gridRange"]
    rows = [{"values": [_cell(cell) for cell in row]} for row in entry["values"]]
    return cells_at(
        where["sheetId"],
        where["startRowIndex"],
        where["startColumnIndex"],
        rows,
        "userEnteredValue",
    )


def _cell(cell: Any) -> Json:
    if cell == "":
        return {}
    kind = "stringValue" if isinstance(cell, str) else "numberValue"
    return {"userEnteredValue": {kind: cell}}


def count_of_parts(size_bytes: int, largest_bytes: int) -> int:
    """Return in how many parts a body of that size goes: each about half of what is allowed."""
    return max(1, math.ceil(2 * size_bytes / largest_bytes))

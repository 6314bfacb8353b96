"""The one write of a refresh: figures, stamp, headers, history and «О таблице» in one body.

Everything is absolute, so sending the same body twice does no harm. Only our own cells are
addressed: rows and columns that the seller has put between ours split the ranges.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from bot.core.errors import Code, Defect
from bot.core.report import Report
from bot.outputs.google_sheets import layout
from bot.outputs.google_sheets.grid import Json, area
from bot.outputs.google_sheets.notes import Notes
from bot.outputs.google_sheets.placement import Placement

LARGEST_BODY_BYTES = 8_000_000
_SMALLEST_TEXT_WITH_NULL = b"null"


def body_of(report: Report, placement: Placement, notes: Notes) -> bytes:
    """Return the body of `values:batchUpdateByDataFilter`; blocking, for a thread.

    Raises:
        Defect: a figure is no number that JSON knows.

    """
    data = [
        *_figures(report, placement, notes.main_id),
        *_headers(report, placement, notes.main_id),
        *_history(report, placement, notes.history_id),
        _about(report, notes),
    ]
    return encoded({"valueInputOption": "RAW", "data": data})


def encoded(body: Json) -> bytes:
    """Return the JSON bytes; never with a `null`, which Google takes as "keep what is there".

    Raises:
        Defect: a value is not a finite number or text.

    """
    try:
        raw = orjson.dumps(body)
    except orjson.JSONEncodeError:
        _clean(body)
        raw = orjson.dumps(body)
    if _SMALLEST_TEXT_WITH_NULL in raw:  # in a text of the seller's, or a figure that is none
        _clean(body)
        raw = orjson.dumps(body)
    return raw


def _figures(report: Report, placement: Placement, tab: int) -> Iterator[Json]:
    order = sorted((row, index) for index, row in enumerate(placement.rows) if row is not None)
    segments = _segments(placement.columns)
    for first, last in _stretches([row for row, _ in order]):
        indexes = [index for _, index in order[first:last]]
        top, bottom = order[first][0], order[last - 1][0] + 1
        for start, end, left in segments:
            where = area(tab, top=top, bottom=bottom, left=left, right=left + end - start)
            yield _range(where, [_cells(report.rows[index][start:end]) for index in indexes])


def _headers(report: Report, placement: Placement, tab: int) -> Iterator[Json]:
    """Yield the stamp, which is new each time, and the titles that are not as they should be."""
    row = placement.header_row
    columns = report.columns
    for start, end, left in _segments(placement.columns):
        wanted = [column.title for column in columns[start:end]]
        found = [placement.titles.get(at, title) for at, title in enumerate(wanted, left)]
        if wanted != found:
            where = area(tab, top=row, bottom=row + 1, left=left, right=left + len(wanted))
            yield _range(where, [wanted])
    for first, group in layout.group_starts(report):
        at = placement.columns[first]
        if at is not None and placement.group_titles.get(at, "") != group.title:
            yield _range(
                area(tab, top=row - 1, bottom=row, left=at, right=at + 1), [[group.title]]
            )


def _history(report: Report, placement: Placement, tab: int) -> Iterator[Json]:
    order = sorted(zip(placement.day_rows, report.history, strict=True), key=lambda each: each[0])
    for first, last in _stretches([row for row, _ in order]):
        values = [_cells(day.cells()) for _, day in order[first:last]]
        top = order[first][0]
        where = area(tab, top=top, bottom=top + len(values), left=0, right=len(values[0]))
        yield _range(where, values)


def _about(report: Report, notes: Notes) -> Json:
    """Return the lines of «О таблице», with blanks where the last text was longer."""
    lines: list[Sequence[Any]] = [*report.about]
    lines += [("", "")] * (max(notes.about_written, 1) - len(lines))
    where = area(notes.about_id, top=0, bottom=len(lines), left=0, right=2)
    return _range(where, lines)


def _range(where: Json, values: Sequence[Sequence[Any]]) -> Json:
    return {"dataFilter": {"gridRange": where}, "majorDimension": "ROWS", "values": values}


def _cells(row: Sequence[Any]) -> Sequence[Any]:
    return ["" if cell is None else cell for cell in row] if None in row else row


def _segments(columns: Sequence[int | None]) -> list[tuple[int, int, int]]:
    """Return stretches of report columns that stand side by side: (start, end, left)."""
    found: list[tuple[int, int, int]] = []
    for index, at in enumerate(columns):
        if at is None:
            continue
        if found:
            start, end, left = found[-1]
            if end == index and left + end - start == at:
                found[-1] = (start, index + 1, left)
                continue
        found.append((index, index + 1, at))
    return found


def _stretches(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield stretches (from, to) of positions in `rows` whose numbers are neighbours."""
    start = 0
    for at in range(1, len(rows) + 1):
        if at == len(rows) or rows[at] != rows[at - 1] + 1:
            yield start, at
            start = at


def _clean(body: Json) -> None:
    for part in body["data"]:
        part["values"] = [[_clean_cell(cell) for cell in row] for row in part["values"]]


def _clean_cell(cell: object) -> str | int | float:
    if isinstance(cell, str):
        return cell.encode("utf-8", "replace").decode()
    if isinstance(cell, int) or (isinstance(cell, float) and math.isfinite(cell)):
        return cell
    raise Defect(Code.INTERNAL, f"a figure that is a {type(cell).__name__} and no number")

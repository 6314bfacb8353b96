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

_NULL = b"null"


def body_of(report: Report, placement: Placement, notes: Notes) -> bytes:
    """Return the body of `values:batchUpdateByDataFilter`; blocking, for a thread.

    Raises:
        Defect: a figure is no number that JSON knows.

    """
    figures = _figures(report, placement, notes.main_id)
    return encoded([*figures, *beside_figures(report, placement, notes)])


def beside_figures(report: Report, placement: Placement, notes: Notes) -> list[Json]:
    """Return the ranges of everything but the figures: they are small, however big the shop."""
    return [
        *_headers(report, placement, notes.main_id),
        *_history(report, placement, notes.history_id),
        _about(report, notes),
    ]


def encoded(data: Sequence[Json]) -> bytes:
    """Return the body; never with a `null`, which Google takes as "keep what is there".

    Raises:
        Defect: a value is not a finite number or text.

    """
    body = {"valueInputOption": "RAW", "data": data}
    try:
        raw = orjson.dumps(body)
    except orjson.JSONEncodeError:
        _clean(data)
        raw = orjson.dumps(body)
    if _NULL in raw:  # in a text of the seller's, or a figure that is none
        _clean(data)
        raw = orjson.dumps(body)
    return raw


def _figures(report: Report, placement: Placement, tab: int) -> Iterator[Json]:
    rows = rows_in_order(placement)
    for stretch in stretches([row for row, _ in rows]):
        for start, end, left in segments(placement.columns):
            mine = rows[stretch.start : stretch.stop]
            where = area(
                tab,
                top=mine[0][0],
                bottom=mine[-1][0] + 1,
                left=left,
                right=left + end - start,
            )
            yield ranged(where, [cells(report.rows[index][start:end]) for _, index in mine])


def rows_in_order(placement: Placement) -> list[tuple[int, int]]:
    """Return (row on the sheet, index in the report) of every product, from the top."""
    placed = enumerate(placement.rows)
    return sorted((row, index) for index, row in placed if row is not None)


def _headers(report: Report, placement: Placement, tab: int) -> Iterator[Json]:
    """Yield the stamp, which is new each time, and the titles that are not as they should be."""
    row = placement.header_row
    columns = report.columns
    for start, end, left in segments(placement.columns):
        wanted = [column.title for column in columns[start:end]]
        found = [placement.titles.get(at, title) for at, title in enumerate(wanted, left)]
        if wanted != found:
            where = area(tab, top=row, bottom=row + 1, left=left, right=left + len(wanted))
            yield ranged(where, [wanted])
    for first, group in layout.group_starts(report):
        at = placement.columns[first]
        if at is not None and placement.group_titles.get(at, "") != group.title:
            yield ranged(
                area(tab, top=row - 1, bottom=row, left=at, right=at + 1), [[group.title]]
            )


def _history(report: Report, placement: Placement, tab: int) -> Iterator[Json]:
    days = report.history[len(report.history) - len(placement.day_rows) :]
    order = sorted(zip(placement.day_rows, days, strict=True), key=lambda each: each[0])
    for stretch in stretches([row for row, _ in order]):
        values = [cells(day.cells()) for _, day in order[stretch.start : stretch.stop]]
        top = order[stretch.start][0]
        where = area(tab, top=top, bottom=top + len(values), left=0, right=len(values[0]))
        yield ranged(where, values)


def _about(report: Report, notes: Notes) -> Json:
    """Return the lines of «О таблице», with blanks where the last text was longer."""
    lines: list[Sequence[Any]] = [*report.about]
    lines += [("", "")] * (max(notes.about_written, 1) - len(lines))
    where = area(notes.about_id, top=0, bottom=len(lines), left=0, right=2)
    return ranged(where, lines)


def cleared(tab: int) -> bytes:
    """Return the body that empties A1 of a tab."""
    return encoded([ranged(area(tab, top=0, bottom=1, left=0, right=1), [[""]])])


def ranged(where: Json, values: Sequence[Sequence[Any]]) -> Json:
    """Return one entry of the body."""
    return {"dataFilter": {"gridRange": where}, "majorDimension": "ROWS", "values": values}


def cells(row: Sequence[Any]) -> Sequence[Any]:
    """Return a row as Google should store it: what is not known clears the cell."""
    return ["" if cell is None else cell for cell in row] if None in row else row


def segments(columns: Sequence[int | None]) -> list[tuple[int, int, int]]:
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


def stretches(rows: Sequence[int]) -> Iterator[range]:
    """Yield the stretches of positions in `rows` whose numbers are neighbours."""
    start = 0
    for at in range(1, len(rows) + 1):
        if at == len(rows) or rows[at] != rows[at - 1] + 1:
            yield range(start, at)
            start = at


def _clean(data: Sequence[Json]) -> None:
    for part in data:
        part["values"] = [[_clean_cell(cell) for cell in row] for row in part["values"]]


def _clean_cell(cell: object) -> str | int | float:
    if isinstance(cell, str):
        return cell.encode("utf-8", "replace").decode()
    if isinstance(cell, int) or (isinstance(cell, float) and math.isfinite(cell)):
        return cell
    raise Defect(Code.INTERNAL, f"a figure that is a {type(cell).__name__} and no number")

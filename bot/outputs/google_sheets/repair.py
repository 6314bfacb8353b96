"""What makes a damaged file whole again: tabs that are gone, grids that were cut.

Tabs come back with their old numbers; nothing of the seller's is touched.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.core import table_words as words
from bot.core.report import Report
from bot.outputs.google_sheets import layout
from bot.outputs.google_sheets.grid import Json
from bot.outputs.google_sheets.notes import Notes
from bot.outputs.google_sheets.sheets import size_of, tab_of, titles_of

_Make = Callable[[str], Iterable[Json]]


def plan(report: Report, notes: Notes, shape: Sequence[Mapping[str, Any]]) -> list[Json]:
    """Return the requests that add missing tabs and lengthen cut grids; empty if all is there."""
    taken = titles_of(shape)
    requests: list[Json] = []
    makers: tuple[tuple[int, str, _Make], ...] = (
        (notes.main_id, words.SHEET_MAIN, lambda t: layout.main_tab(report, notes, t)),
        (notes.history_id, words.SHEET_HISTORY, lambda t: layout.history_tab(report, notes, t)),
        (notes.about_id, words.SHEET_ABOUT, lambda t: layout.about_tab(notes, t)),
    )
    for tab, title, make in makers:
        if tab_of(shape, tab) is None:
            requests += make(layout.free_title(title, taken))
    requests += _grids(notes, shape, len(report.history))
    return _without_leftovers(requests, shape)


def is_gone(shape: Sequence[Mapping[str, Any]], tab: int) -> bool:
    """Say whether a tab of ours is no longer in the file."""
    return tab_of(shape, tab) is None


def _grids(notes: Notes, shape: Sequence[Mapping[str, Any]], days: int) -> Iterator[Json]:
    least = {
        notes.main_id: (layout.FIRST_ROW + 1, layout.FROZEN_COLUMNS + 1),
        notes.history_id: (max(notes.history_rows, days + 1), len(words.HISTORY_COLUMNS)),
        notes.about_id: (notes.about_rows, len(("title", "text"))),
    }
    for tab, (rows, columns) in least.items():
        found = tab_of(shape, tab)
        if found is None:
            continue
        has_rows, has_columns = size_of(found)
        if has_rows < rows or has_columns < columns:
            yield _resized(tab, max(rows, has_rows), max(columns, has_columns))


def _resized(tab: int, rows: int, columns: int) -> Json:
    """Return one request for both sizes: Google checks the product of the two."""
    grid = {"rowCount": rows, "columnCount": columns}
    return {
        "updateSheetProperties": {
            "properties": {"sheetId": tab, "gridProperties": grid},
            "fields": "gridProperties.rowCount,gridProperties.columnCount",
        }
    }


def _without_leftovers(requests: Sequence[Json], shape: Sequence[Mapping[str, Any]]) -> list[Json]:
    """Leave out a protection whose number has survived on another tab (a copy of ours)."""
    used = {
        each.get("protectedRangeId") for tab in shape for each in tab.get("protectedRanges") or ()
    }
    return [
        request
        for request in requests
        if (request.get("addProtectedRange") or {})
        .get("protectedRange", {})
        .get("protectedRangeId")
        not in used - {None}
    ]

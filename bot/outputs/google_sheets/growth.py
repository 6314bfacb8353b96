"""Room for what is new: the one small structural call before a write.

Columns and rows are inserted at our own edge, so that what the seller has put beyond it moves
along whole. New rows carry their NM IDs from the start and new columns their titles: if the write
that follows never comes, the next refresh reads from the sheet itself that the room is made.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.core.report import Report
from bot.outputs import look
from bot.outputs.google_sheets import layout, paint
from bot.outputs.google_sheets.grid import Json, area, lines, runs
from bot.outputs.google_sheets.notes import Notes
from bot.outputs.google_sheets.placement import Placement


@dataclass(frozen=True, slots=True)
class Growth:
    """The structural requests, and where everything stands once they are applied."""

    requests: tuple[Json, ...]
    after: Placement
    notes: Notes


def missing_columns(placement: Placement) -> bool:
    """Say whether columns have to be inserted (which needs the sheet's rules to be read)."""
    return any(at is None for at in placement.columns)


def plan(
    report: Report, placement: Placement, notes: Notes, shape: Mapping[str, Any] | None
) -> Growth:
    """Return what has to be inserted; `shape` is our tab's metadata if columns are missing."""
    widened = _Widening(report, placement, notes.main_id)
    requests = list(widened.requests())
    if requests:
        requests += _follow_up(report, widened, notes, shape or {})
    rows, row_requests = _lengthened(report, placement, widened.nm_column, notes.main_id)
    requests += row_requests
    side, notes = _side_tabs(placement, notes, len(report.about))
    requests += side
    after = placement.with_room(tuple(widened.where), rows)
    return Growth(tuple(requests), after, notes)


class _Widening:
    """Columns that are inserted from left to right; `where` follows their shifts."""

    def __init__(self, report: Report, placement: Placement, tab: int) -> None:
        self._report = report
        self._tab = tab
        self._top = placement.header_row
        self._placed = list(placement.columns)
        self._columns = report.columns
        self._widths: list[int] = []
        self.inserted: list[int] = []

    @property
    def where(self) -> list[int]:
        """The column of each of the report's columns; complete once `requests` has run."""
        return [at for at in self._placed if at is not None]

    @property
    def nm_column(self) -> int:
        """Where NM IDs stand."""
        return self.where[layout.NM_COLUMN]

    def requests(self) -> Iterator[Json]:
        """Yield what inserts and dresses every missing column."""
        missing = [index for index, at in enumerate(self._placed) if at is None]
        if not missing:
            return
        self._widths = paint.widths(self._report.groups, self._report.rows)
        for start, end in runs(missing):
            yield from self._insert(start, end)
        yield from self._group_titles(set(missing))
        data = self._top + 1
        placed = {self.where[index]: self._columns[index] for index in missing}
        yield from paint.number_formats(self._tab, data, placed)

    def _insert(self, start: int, end: int) -> Iterator[Json]:
        at, count = self._edge(start), end - start
        yield {
            "insertDimension": {
                "range": lines(self._tab, "COLUMNS", at, at + count),
                "inheritFromBefore": at > 0,
            }
        }
        self._placed = [
            place + count if place is not None and place >= at else place for place in self._placed
        ]
        self._placed[start:end] = range(at, at + count)
        self.inserted = [each + count if each >= at else each for each in self.inserted]
        self.inserted += range(at, at + count)
        dressed = list(zip(self._columns, self._colours(), strict=True))
        yield paint.column_titles(self._tab, self._top, at, dressed[start:end])
        yield from paint.set_widths(self._tab, at, self._widths[start:end])

    def _edge(self, index: int) -> int:
        """Return where a missing column belongs: behind its neighbour, or at our right edge."""
        if all(at is None for at in self._placed[index:]):
            return max((at for at in self._placed if at is not None), default=-1) + 1
        before = self._placed[index - 1] if index else None
        return 0 if before is None else before + 1

    def _group_titles(self, missing: set[int]) -> Iterator[Json]:
        colours = look.header_colours(self._report.groups)
        row, first = self._top - 1, 0
        for group, colour in zip(self._report.groups, colours, strict=True):
            members = set(range(first, first + len(group.columns)))
            if members & missing:
                places = [self.where[index] for index in members]
                left, right = min(places), max(places) + 1
                if not members <= missing:
                    where = area(self._tab, top=row, bottom=row + 1, left=left, right=right)
                    yield {"unmergeCells": {"range": where}}
                yield paint.group_titles(self._tab, row, left, [(group, colour)])
                yield paint.merge(self._tab, row, left, right)
                yield paint.line_before(self._tab, row, left)
            first += len(group.columns)

    def _colours(self) -> list[look.Colours]:
        colours = look.header_colours(self._report.groups)
        pairs = zip(self._report.groups, colours, strict=True)
        return [colour for group, colour in pairs for _ in group.columns]


def _follow_up(
    report: Report, widened: _Widening, notes: Notes, shape: Mapping[str, Any]
) -> Iterator[Json]:
    """Yield what stretches the colour rule and the warning over the new columns.

    A rule or a warning that the seller has removed stays removed.
    """
    fresh = set(widened.inserted)
    days = [widened.where[index] for index in layout.turnover_columns(report.columns)]
    for index, rule in enumerate(shape.get("conditionalFormats") or ()):
        if _is_ours(rule) and fresh & set(days):
            top = min(int(each.get("startRowIndex", 0)) for each in rule["ranges"])
            wanted = paint.colour_rule(notes.main_id, top, days)
            yield {"updateConditionalFormatRule": {"index": index, "rule": wanted}}
            break
    for protected in shape.get("protectedRanges") or ():
        if protected.get("protectedRangeId") == notes.protection_id:
            wanted = layout.protection(notes, max(widened.where) + 1)
            update = {"protectedRange": wanted, "fields": "range"}
            yield {"updateProtectedRange": update}


def _is_ours(rule: Mapping[str, Any]) -> bool:
    """Say whether a rule is a colour scale with the numbers of ours; colours may be changed."""
    points = [
        (rule.get("gradientRule") or {}).get(name, {}).get("value")
        for name in ("minpoint", "midpoint", "maxpoint")
    ]
    return bool(rule.get("ranges")) and points == [str(p.days) for p in look.TURNOVER_SCALE]


def _lengthened(
    report: Report, placement: Placement, nm_column: int, tab: int
) -> tuple[tuple[int, ...], list[Json]]:
    """Return the row of every product, and what makes room for the new ones at our bottom."""
    rows: list[int | None] = list(placement.rows)
    missing = [index for index, row in enumerate(rows) if row is None]
    requests: list[Json] = []
    if missing and placement.placeholder_row is not None:
        rows[missing.pop(0)] = placement.placeholder_row
    if missing:
        known = [row for row in rows if row is not None]
        bottom = max(known, default=placement.header_row) + 1
        inside = lines(tab, "ROWS", bottom, bottom + len(missing))
        nm_ids = [report.nm_ids[index] for index in missing]
        requests = [
            {"insertDimension": {"range": inside, "inheritFromBefore": bool(known)}},
            layout.nm_id_cells(tab, bottom, nm_column, nm_ids),
        ]
        for offset, index in enumerate(missing):
            rows[index] = bottom + offset
    return tuple(row for row in rows if row is not None), requests


def _side_tabs(
    placement: Placement, notes: Notes, about_lines: int
) -> tuple[Sequence[Json], Notes]:
    """Return what lengthens «История» by another year and «О таблице» by what it needs."""
    requests: list[Json] = []
    changes = {}
    last_day = max(placement.day_rows, default=0)
    if last_day >= notes.history_rows:
        changes["history_rows"] = last_day + layout.YEAR_ROWS
        requests.append(_appended(notes.history_id, changes["history_rows"] - notes.history_rows))
    if about_lines > notes.about_rows:
        changes["about_rows"] = about_lines
        requests.append(_appended(notes.about_id, about_lines - notes.about_rows))
    return requests, notes.with_changes(**changes)


def _appended(tab: int, count: int) -> Json:
    return {"appendDimension": {"sheetId": tab, "dimension": "ROWS", "length": count}}

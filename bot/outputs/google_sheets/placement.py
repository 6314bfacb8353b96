"""Where each column, product and day of a report stands on the sheet."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from bot.core.report import Report
from bot.outputs.google_sheets import anchors, layout
from bot.outputs.google_sheets.notes import Notes
from bot.outputs.google_sheets.reading import Seen

_DAYS_AGAIN = 2  # today's row and, should a publishing have failed, the one before


@dataclass(frozen=True, slots=True)
class Placement:
    """Indexes on the sheet, in the order of the report; `None` = not there yet.

    `header` is what stands in the two header rows, column by column of the report (a group's
    title only at its first column). `day_rows` are those of the newest days of the report, as
    many as are to be written: the last two and what the sheet does not show yet.
    """

    header_row: int
    columns: tuple[int | None, ...]
    rows: tuple[int | None, ...]
    day_rows: tuple[int, ...]
    titles: Mapping[int, str]
    group_titles: Mapping[int, str]
    placeholder_row: int | None = None

    @classmethod
    def fresh(cls, report: Report) -> Self:
        """Return where everything stands in a table that was just made."""
        columns = report.columns
        return cls(
            header_row=layout.HEADER_ROW,
            columns=tuple(range(len(columns))),
            rows=tuple(range(layout.FIRST_ROW, layout.FIRST_ROW + len(report.rows))),
            day_rows=tuple(range(1, len(report.history) + 1)),
            titles={at: column.title for at, column in enumerate(columns)},
            group_titles={left: group.title for left, group in layout.group_starts(report)[1:]},
        )

    @classmethod
    def seen(cls, report: Report, seen: Seen, notes: Notes) -> Self:
        """Return where everything stands according to a read."""
        product_rows = seen.product_rows(notes.header_row)
        keys = anchors.keys_of(report)
        return cls(
            header_row=notes.header_row,
            columns=tuple(anchors.find_columns(keys, notes.places, seen.header)),
            rows=tuple(product_rows.get(nm_id) for nm_id in report.nm_ids),
            day_rows=_day_rows(report, seen),
            titles=dict(enumerate(seen.header[1])),
            group_titles=dict(enumerate(seen.header[0])),
            placeholder_row=seen.placeholder_row(notes.header_row),
        )

    def with_room(self, columns: tuple[int, ...], rows: tuple[int, ...]) -> Self:
        """Return the placement once room was made; inserted columns bring their own titles."""
        moved = {
            before: after
            for before, after in zip(self.columns, columns, strict=True)
            if before is not None
        }
        kept = {after: self.titles.get(before, "") for before, after in moved.items()}
        groups = {after: self.group_titles.get(before, "") for before, after in moved.items()}
        return replace(self, columns=columns, rows=rows, titles=kept, group_titles=groups)


def _day_rows(report: Report, seen: Seen) -> tuple[int, ...]:
    known = seen.day_rows()
    free = max(len(seen.days), 1)
    shown = [day.day.isoformat() in known for day in report.history]
    newest = max((at for at, is_there in enumerate(shown) if is_there), default=-1)
    rows = []
    for day in report.history[min(newest + 1, max(len(shown) - _DAYS_AGAIN, 0)) :]:
        row = known.get(day.day.isoformat())
        if row is None:
            row, free = free, free + 1
        rows.append(row)
    return tuple(rows)

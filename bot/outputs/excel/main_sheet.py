"""The tab «Остатки»: two header rows, one row per product."""

from itertools import accumulate

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_range

from bot.core import table_words as words
from bot.core.report import Cell, Column, Format, Report
from bot.outputs import look, measure
from bot.outputs.excel import paper
from bot.outputs.excel.cells import put, put_text
from bot.outputs.excel.styles import Styles

HEADER_ROWS = 2
FROZEN_COLUMNS = 4
ROW_HEIGHT = 22
COLUMN_TITLES_LEAST_HEIGHT = 56  # a filter button under a centred line of text
_NOTE_WIDTH, _NOTE_FONT_SIZE_POINTS = 260, 9


class MainSheet:
    """Writes `report` as the first tab of `workbook`."""

    def __init__(self, workbook: Workbook, styles: Styles, report: Report) -> None:
        self._sheet = workbook.add_worksheet(words.SHEET_MAIN)
        self._styles = styles
        self._report = report
        self._columns = report.columns
        self._widths = measure.column_widths(report.groups, report.rows)
        self._colours = look.header_colours(report.groups)
        self._starts = list(accumulate((len(g.columns) for g in report.groups), initial=0))
        self._last_row = HEADER_ROWS + max(len(report.rows), 1) - 1

    def write(self) -> None:
        """Write everything, from the top to the bottom."""
        for at, width in enumerate(self._widths):
            self._sheet.set_column_pixels(at, at, width)
        self._write_group_titles()
        self._write_column_titles()
        self._write_products()
        self._freeze_and_filter()
        self._colour_turnover()
        paper.set_up_table(self._sheet, self._report, self._widths)

    def _write_group_titles(self) -> None:
        groups = list(enumerate(self._report.groups))
        self._sheet.set_row_pixels(0, max(self._title_height(at) for at, _ in groups))
        for at, group in groups:
            first, last = self._starts[at], self._starts[at + 1] - 1
            align = "left" if at == 0 else "center"
            style = self._styles.group_title(self._colours[at], align)
            if first < last:
                self._sheet.merge_range(0, first, 0, last, "", style)
            put_text(self._sheet, 0, first, group.title, style)

    def _title_height(self, at: int) -> int:
        width = sum(self._widths[self._starts[at] : self._starts[at + 1]])
        title = self._report.groups[at].title
        lines = measure.lines_needed(title, width - measure.HEADER_PADDING)
        return (lines + 1) * measure.LINE_HEIGHT

    def _write_column_titles(self) -> None:
        lines = max(
            measure.lines_needed(column.title, width - measure.HEADER_PADDING)
            for column, width in zip(self._columns, self._widths, strict=True)
        )
        height = lines * measure.LINE_HEIGHT + measure.HEADER_PADDING
        self._sheet.set_row_pixels(1, max(height, COLUMN_TITLES_LEAST_HEIGHT))
        for group_at, group in enumerate(self._report.groups):
            for at, column in enumerate(group.columns, self._starts[group_at]):
                style = self._styles.column_title(
                    self._colours[group_at], ends_group=self._ends_group(at)
                )
                put_text(self._sheet, 1, at, column.title, style)
                self._explain(at, column)

    def _explain(self, at: int, column: Column) -> None:
        lines = measure.lines_needed(column.note, _NOTE_WIDTH - 2 * measure.PADDING)
        height = lines * measure.LINE_HEIGHT + measure.PADDING
        self._sheet.write_comment(
            1,
            at,
            column.note,
            {
                "width": _NOTE_WIDTH,
                "height": height,
                "font_name": look.FONT,
                "font_size": _NOTE_FONT_SIZE_POINTS,
                "color": "#FFFFFF",
            },
        )

    def _write_products(self) -> None:
        if not self._report.rows:
            self._sheet.set_row_pixels(HEADER_ROWS, ROW_HEIGHT)
            put_text(self._sheet, HEADER_ROWS, 0, words.NO_PRODUCTS, self._styles.remark)
            return
        styles = [
            self._styles.figure(column.format, ends_group=self._ends_group(at))
            for at, column in enumerate(self._columns)
        ]
        for row_at, row in enumerate(self._report.rows, HEADER_ROWS):
            self._sheet.set_row_pixels(row_at, self._row_height(row))
            for at, cell in enumerate(row):
                put(self._sheet, row_at, at, cell, styles[at])

    def _row_height(self, row: tuple[Cell, ...]) -> int:
        lines = max(
            (
                measure.lines_needed(cell, self._widths[at] - measure.PADDING)
                for at, cell in enumerate(row)
                if isinstance(cell, str)
            ),
            default=1,
        )
        return ROW_HEIGHT + (lines - 1) * measure.LINE_HEIGHT

    def _freeze_and_filter(self) -> None:
        self._sheet.freeze_panes(HEADER_ROWS, FROZEN_COLUMNS)
        self._sheet.autofilter(1, 0, self._last_row, len(self._columns) - 1)
        self._sheet.hide_gridlines(2)
        texts = xl_range(HEADER_ROWS, 0, self._last_row, FROZEN_COLUMNS - 1)
        self._sheet.ignore_errors({"number_stored_as_text": texts})
        self._sheet.set_tab_color(self._colours[0].title_fill)

    def _colour_turnover(self) -> None:
        """Lay one rule over all turnover columns, so that the seller changes it in one place."""
        ranges = [
            xl_range(HEADER_ROWS, at, self._last_row, at)
            for at, column in enumerate(self._columns)
            if column.format is Format.DAYS
        ]
        if not ranges:
            return
        rule: dict[str, object] = {"type": "3_color_scale", "multi_range": " ".join(ranges)}
        for end, point in zip(("min", "mid", "max"), look.TURNOVER_SCALE, strict=True):
            rule |= {
                f"{end}_type": "num",
                f"{end}_value": point.days,
                f"{end}_color": point.colour,
            }
        self._sheet.conditional_format(ranges[0], rule)

    def _ends_group(self, at: int) -> bool:
        return at + 1 in self._starts

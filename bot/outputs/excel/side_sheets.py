"""The tabs «История» and «О таблице»."""

from xlsxwriter import Workbook

from bot.core import table_words as words
from bot.core.report import Format, Report
from bot.outputs import look, measure
from bot.outputs.excel import paper
from bot.outputs.excel.cells import put, put_text
from bot.outputs.excel.styles import Styles

_ABOUT_WIDTHS = (260, 720)


def write_history(workbook: Workbook, styles: Styles, report: Report) -> None:
    """Write one row per day, oldest first; a day is the same text as in Google Sheets."""
    sheet = workbook.add_worksheet(words.SHEET_HISTORY)
    colours = look.header_colours(report.groups)[0]
    sheet.set_row_pixels(0, 2 * measure.LINE_HEIGHT + measure.PADDING)
    for at, title in enumerate(words.HISTORY_COLUMNS):
        width = max(measure.text_width(title) + 3 * measure.PADDING, 110)
        sheet.set_column_pixels(at, at, width)
        put_text(sheet, 0, at, title, styles.column_title(colours, ends_group=False))
    day_style, count_style = styles.day(), styles.figure(Format.COUNT, ends_group=False)
    for row_at, day in enumerate(report.history, 1):
        for at, cell in enumerate(day.cells()):
            put(sheet, row_at, at, cell, count_style if at else day_style)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(report.history), 1), len(words.HISTORY_COLUMNS) - 1)
    sheet.hide_gridlines(2)
    paper.set_up_text(sheet)


def write_about(workbook: Workbook, styles: Styles, report: Report) -> None:
    """Write what the columns mean, where the figures come from and how old they are."""
    sheet = workbook.add_worksheet(words.SHEET_ABOUT)
    for at, width in enumerate(_ABOUT_WIDTHS):
        sheet.set_column_pixels(at, at, width)
    for row_at, line in enumerate(report.about):
        needed = [
            measure.lines_needed(text, width - measure.PADDING)
            for text, width in zip(line, _ABOUT_WIDTHS, strict=True)
        ]
        sheet.set_row_pixels(row_at, max(needed) * measure.LINE_HEIGHT + measure.PADDING // 2)
        put_text(sheet, row_at, 0, line[0], styles.heading)
        put_text(sheet, row_at, 1, line[1], styles.paragraph)
    sheet.hide_gridlines(2)
    paper.set_up_text(sheet)

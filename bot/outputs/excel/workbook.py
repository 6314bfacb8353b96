"""A `Report` as an .xlsx file: the same content and look as the table in Google Sheets.

Rows are written strictly from top to bottom, so that a big report can be streamed to disk
(`constant_memory`) instead of being held twice.
"""

import io
from datetime import UTC

from xlsxwriter import Workbook

from bot.core.report import Report
from bot.outputs import look
from bot.outputs.excel.main_sheet import MainSheet
from bot.outputs.excel.side_sheets import write_about, write_history
from bot.outputs.excel.styles import Styles

# Above this a workbook streams. Below it strings are shared between cells, which is the form
# that the previews of phones read.
STREAMED_ABOVE_CELLS = 300_000


def to_xlsx(report: Report, *, streamed_above_cells: int = STREAMED_ABOVE_CELLS) -> bytes:
    """Return the file's bytes; equal reports give equal bytes.

    Text stays text whatever it begins with, numbers are numbers, `None` is an empty cell.
    """
    file = io.BytesIO()
    streamed = len(report.rows) * len(report.columns) > streamed_above_cells
    with Workbook(file, _options(streamed=streamed)) as workbook:
        workbook.set_properties(
            {
                "title": report.title,
                "author": "Stock Tracker",
                "created": report.refreshed_at.astimezone(UTC).replace(tzinfo=None),
            }
        )
        styles = Styles(workbook)
        MainSheet(workbook, styles, report).write()
        write_history(workbook, styles, report)
        write_about(workbook, styles, report)
    return file.getvalue()


def _options(*, streamed: bool) -> dict[str, object]:
    return {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "constant_memory": streamed,
        "in_memory": not streamed,
        "default_format_properties": {
            "font_name": look.FONT,
            "font_size": look.FONT_SIZE_POINTS,
        },
    }

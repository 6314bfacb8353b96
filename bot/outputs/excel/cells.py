"""Putting one value into one cell, so that it stays what it is."""

from xlsxwriter.format import Format as CellFormat
from xlsxwriter.worksheet import Worksheet

from bot.core.report import Cell

_CELL_MOST_CHARACTERS = 32_767  # what Excel holds in one cell, in UTF-16 units


def put(sheet: Worksheet, row: int, column: int, cell: Cell, style: CellFormat) -> None:
    """Write text as text, a number as a number, and `None` or "" as an empty cell."""
    if cell is None or cell == "":
        sheet.write_blank(row, column, None, style)
    elif isinstance(cell, str):
        put_text(sheet, row, column, cell, style)
    else:
        sheet.write_number(row, column, cell, style)


def put_text(sheet: Worksheet, row: int, column: int, text: str, style: CellFormat) -> None:
    """Write text that no reader of the file takes for a formula, a link or a number.

    What a cell cannot hold (half a character, more than 32,767 units) is replaced or cut off:
    the alternative is a file that does not open.
    """
    whole = text.encode("utf-16-le", "replace")[: 2 * _CELL_MOST_CHARACTERS]
    sheet.write_string(row, column, whole.decode("utf-16-le", "ignore"), style)

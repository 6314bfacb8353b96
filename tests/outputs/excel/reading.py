"""Reading a finished workbook back, as a seller's programme would."""

import io

import openpyxl


def opened(xlsx):
    return openpyxl.load_workbook(io.BytesIO(xlsx))


def values(sheet, first_row, last_row):
    rows = sheet.iter_rows(min_row=first_row, max_row=last_row, values_only=True)
    return [tuple(row) for row in rows]

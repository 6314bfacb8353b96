"""The Google Sheet and the .xlsx show the same, cell by cell, from the same report."""

import io

import openpyxl
import pytest
from openpyxl.cell.cell import MergedCell
from openpyxl.utils import get_column_letter

from bot.core import table_words as words
from bot.outputs import look
from bot.outputs.excel.workbook import to_xlsx
from tests.outputs.google_sheets import conftest as desk_fixtures
from tests.support.reports import make_metrics, make_report, report_of

clock = desk_fixtures.clock
google = desk_fixtures.google
drive_id = desk_fixtures.drive_id
config = desk_fixtures.config
sheets = desk_fixtures.sheets
desk = desk_fixtures.desk
TABS = (words.SHEET_MAIN, words.SHEET_HISTORY, words.SHEET_ABOUT)


@pytest.fixture
async def both(desk):
    """The same report as both show it."""
    report = make_report(products=12, places=3, is_partial=True)
    await desk.publish(report)
    return desk.seller, openpyxl.load_workbook(io.BytesIO(to_xlsx(report)))


def excel_rows(sheet):
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def whole(rows, width):
    return [[*row, *[None] * (width - len(row))] for row in rows]


@pytest.mark.parametrize("tab", TABS)
async def test_every_cell(both, tab):
    seller, book = both
    there = excel_rows(book[tab])

    assert whole(seller.grid(tab), len(there[0])) == there


async def test_odd_texts_unknown_figures_and_zeros(desk):
    metrics = make_metrics(4, 2)
    odd = {"brand": '=HYPERLINK("x";"y")', "vendor_code": "007", "turnover_days": None}
    zeros = {"stocks_total": 0, "orders_total": None, "in_transit_to_customer": None}
    changed = [type(metrics[0])(**_fields(metrics[0]) | odd | zeros), *metrics[1:]]
    report = report_of(changed)
    await desk.publish(report)
    there = excel_rows(openpyxl.load_workbook(io.BytesIO(to_xlsx(report)))[words.SHEET_MAIN])

    assert whole(desk.rows(), len(there[0])) == there


async def test_headers_merges_freezes_and_notes(both):
    seller, book = both
    tab = words.SHEET_MAIN
    sheet = book[tab]
    merged = {str(area) for area in sheet.merged_cells.ranges}

    assert set(seller.merges(tab)) == merged
    assert seller.tabs()[0].frozen == (2, 4)
    assert sheet.freeze_panes == "E3"
    for at in range(1, sheet.max_column + 1):
        cell = f"{get_column_letter(at)}2"
        assert seller.note_on(tab, cell) == sheet[cell].comment.text


async def test_number_formats_and_header_colours(both):
    seller, book = both
    tab = words.SHEET_MAIN
    sheet = book[tab]
    for at in range(1, sheet.max_column + 1):
        letter = get_column_letter(at)
        pattern = seller.format(tab, f"{letter}3")["numberFormat"]["pattern"]
        assert pattern == sheet[f"{letter}3"].number_format
        for row in (1, 2):
            if isinstance(sheet[f"{letter}{row}"], MergedCell):
                continue  # its first cell speaks for all of them
            fill = seller.format(tab, f"{letter}{row}")["backgroundColorStyle"]["rgbColor"]
            assert _code(fill) == sheet[f"{letter}{row}"].fill.start_color.rgb[-6:]


async def test_one_colour_scale_over_the_same_columns(both):
    seller, book = both
    tab = words.SHEET_MAIN
    (rule,) = seller.rules(tab)
    coloured = {get_column_letter(each["startColumnIndex"] + 1) for each in rule["ranges"]}
    (area,) = book[tab].conditional_formatting
    scale = area.rules[0].colorScale

    assert coloured == {str(part).partition(":")[0].rstrip("0123456789") for part in area.cells}
    assert [float(each.val) for each in scale.cfvo] == [p.days for p in look.TURNOVER_SCALE]
    points = [rule["gradientRule"][name] for name in ("minpoint", "midpoint", "maxpoint")]
    assert [float(point["value"]) for point in points] == [p.days for p in look.TURNOVER_SCALE]
    colours = [_code(point["colorStyle"]["rgbColor"]) for point in points]
    assert colours == [each.rgb[-6:] for each in scale.color]


async def test_columns_have_the_same_widths(both):
    seller, book = both
    sheet = book[words.SHEET_MAIN]
    for like in sheet.column_dimensions.values():  # neighbours of one width are one entry
        for at in range(like.min, like.max + 1):
            pixels = seller.column_width(words.SHEET_MAIN, get_column_letter(at))
            assert abs(like.width * 7 - pixels) < 3


def _code(rgb):
    channels = (round(255 * rgb.get(name, 0)) for name in ("red", "green", "blue"))
    return "".join(f"{channel:02X}" for channel in channels)


def _fields(card):
    return {name: getattr(card, name) for name in card.__dataclass_fields__}

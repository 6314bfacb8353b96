"""The workbook, opened again and compared with the report that it was made from."""

import io
import zipfile
from dataclasses import replace
from datetime import datetime

import pytest
from openpyxl.utils import get_column_letter

from bot.core import table_words as words
from bot.core.report import Format, Layout, lay_out
from bot.outputs.excel.workbook import to_xlsx
from tests.outputs.excel.reading import opened, values
from tests.support.reports import make_metrics, make_report, report_of


@pytest.fixture(scope="module")
def report():
    return make_report(products=25, places=5, is_partial=True)


@pytest.fixture(scope="module")
def book(report):
    return opened(to_xlsx(report))


@pytest.fixture(scope="module")
def sheet(book):
    return book[words.SHEET_MAIN]


def test_the_tabs_stand_in_their_order(book):
    assert book.sheetnames == ["Остатки", "История", "О таблице"]
    assert book.active.title == "Остатки"


def test_every_cell_of_the_report_is_there_and_is_what_it_was(report, sheet):
    assert values(sheet, 3, sheet.max_row) == list(report.rows)


def test_numbers_are_numbers_and_texts_are_texts(report, sheet):
    for at, column in enumerate(report.columns, 1):
        kinds = {sheet.cell(row, at).data_type for row in range(3, sheet.max_row + 1)}
        wanted = {"s"} if column.format is Format.TEXT else {"n"}
        assert kinds == wanted, column.title


def test_the_first_row_names_the_groups_and_carries_the_stamp(sheet):
    stamp = "Основная информация · обновлено 20.11.2026 00:07 МСК · частично"
    titles = [cell.value for cell in sheet[1] if cell.value is not None]
    assert titles[:4] == [stamp, "Общие метрики", "Маркетплейс", "Склад WB РФ"]
    assert sheet["A1"].value == stamp
    assert sheet["E1"].value == "Общие метрики"
    assert sheet["J1"].value == "Маркетплейс"
    assert sheet["M1"].value == "Склад WB РФ"


def test_group_titles_are_merged_over_their_columns(report, sheet):
    merged = {str(area) for area in sheet.merged_cells.ranges}
    last = len(report.columns)
    places = {
        f"{get_column_letter(start)}1:{get_column_letter(start + 2)}1"
        for start in range(10, last + 1, 3)
    }
    assert merged == {"A1:D1", "E1:I1"} | places


def test_the_second_row_holds_the_contracted_titles(report, sheet):
    titles = [cell.value for cell in sheet[2]]
    assert titles[:4] == ["Бренд", "Предмет", "Артикул продавца", "NM ID"]
    assert titles[4:6] == ["В пути до покупателя", "В пути конв. на склад WB"]
    assert titles[6:9] == ["Заказы (всего)", "Остатки (всего)", "Оборачиваемость (дни)"]
    assert titles[9:] == (len(report.groups) - 2) * ["Остатки", "Заказы", "Оборач."]


def test_a_hidden_note_explains_each_column(report, sheet):
    assert [cell.comment.text for cell in sheet[2]] == [c.note for c in report.columns]


def test_headers_and_names_stay_in_sight(sheet):
    assert sheet.freeze_panes == "E3"


def test_the_filter_covers_the_whole_table_from_row_two(report, sheet):
    last = get_column_letter(len(report.columns))
    assert sheet.auto_filter.ref == f"A2:{last}{2 + len(report.rows)}"


def test_number_formats(report, sheet):
    wanted = {Format.TEXT: "@", Format.ID: "0", Format.COUNT: "#,##0", Format.DAYS: "0.0"}
    for at, column in enumerate(report.columns, 1):
        for row in (3, sheet.max_row):
            assert sheet.cell(row, at).number_format == wanted[column.format], column.title


def test_one_colour_scale_lies_over_all_turnover_columns(report, sheet):
    (area,) = sheet.conditional_formatting
    turnover = [
        get_column_letter(at)
        for at, column in enumerate(report.columns, 1)
        if column.format is Format.DAYS
    ]
    last_row = 2 + len(report.rows)
    assert str(area.sqref) == " ".join(f"{col}3:{col}{last_row}" for col in turnover)
    (rule,) = area.rules
    assert [point.type for point in rule.colorScale.cfvo] == ["num", "num", "num"]
    days = [float(point.val) for point in rule.colorScale.cfvo]
    assert days == sorted(days)
    low, middle, high = (_rgb(colour.rgb) for colour in rule.colorScale.color)
    assert low[0] > low[1], "few days are red"
    assert min(middle[:2]) > middle[2], "enough days are yellow"
    assert high[1] > high[0], "many days are green"


def test_thin_lines_part_the_groups(report, sheet):
    ends = {4, 9, *range(12, len(report.columns) + 1, 3)}
    between = sheet.cell(3, 1).border.right
    for at in range(1, len(report.columns) + 1):
        line = sheet.cell(3, at).border.right
        assert line.style == "thin"
        assert (line.color.rgb != between.color.rgb) == (at in ends), at


def test_the_header_is_readable(report, sheet):
    for row in (1, 2):
        for at in range(1, len(report.columns) + 1):
            cell = sheet.cell(row, at)
            if cell.value is not None:
                ink, paper = _light(cell.font.color.rgb), _light(cell.fill.fgColor.rgb)
                contrast = (max(ink, paper) + 0.05) / (min(ink, paper) + 0.05)
                assert contrast >= 3.5, cell.coordinate


def test_none_is_an_empty_cell_and_zero_is_a_zero():
    card = make_metrics(products=1)[0]
    unknown = replace(card, stocks_total=None, turnover_days=None, in_transit_to_customer=0)
    sheet = opened(to_xlsx(report_of([unknown])))[words.SHEET_MAIN]
    assert sheet["E3"].value == 0
    assert sheet["H3"].value is None
    assert sheet["I3"].value is None
    assert sheet["H3"].number_format == "#,##0"


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://evil.example","ваш приз")',
        "=1+1",
        "{=SUM(A1:A2)}",
        "+79990000000",
        "-5",
        "@SUM(A1)",
        "http://evil.example/x",
        "internal:Остатки!A1",
        "00123",
        "1e5",
        "_x0041_",
        "<b>&amp;</b>",
        " с пробелами ",
        "две\nстроки",
        "👕 футболка",
        "",
    ],
)
def test_text_stays_text(text):
    card = replace(make_metrics(products=1)[0], vendor_code=text)
    xlsx = to_xlsx(report_of([card]))
    cell = opened(xlsx)[words.SHEET_MAIN]["C3"]
    assert cell.value == (text or None)
    assert cell.hyperlink is None
    assert cell.data_type != "f"
    assert "<f>" not in _part(xlsx, "xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("text", ["половина \ud83d знака", "управляющий \x07 знак", "\ufffe"])
def test_what_xml_cannot_hold_does_not_break_the_file(text):
    card = replace(make_metrics(products=1)[0], vendor_code=text, brand="Бренд")
    sheet = opened(to_xlsx(report_of([card])))[words.SHEET_MAIN]
    assert sheet["A3"].value == "Бренд"
    assert isinstance(sheet["C3"].value, str)


def test_a_text_longer_than_a_cell_is_cut_and_not_lost():
    card = replace(make_metrics(products=1)[0], vendor_code="я" * 40_000)
    sheet = opened(to_xlsx(report_of([card])))[words.SHEET_MAIN]
    assert sheet["C3"].value == "я" * 32_767


def test_a_shop_without_products_says_so():
    book = opened(to_xlsx(report_of([])))
    sheet = book[words.SHEET_MAIN]
    assert sheet["A3"].value == "Товаров пока нет"
    assert sheet.max_row == 3
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A1:D1", "E1:I1"}
    assert sheet.auto_filter.ref == "A2:I3"


def test_the_history_is_written_as_the_report_says_it(report, book):
    sheet = book[words.SHEET_HISTORY]
    assert [cell.value for cell in sheet[1]] == list(words.HISTORY_COLUMNS)
    days = values(sheet, 2, sheet.max_row)
    assert days == [row.cells() for row in report.history]
    assert sheet["A2"].number_format == "@"
    assert sheet["C2"].number_format == "#,##0"
    assert sheet.freeze_panes == "B2"


def test_the_last_tab_tells_about_the_table(report, book):
    assert values(book[words.SHEET_ABOUT], 1, None) == list(report.about)


def test_it_prints_in_landscape_with_its_headers_on_each_page(sheet):
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$1:$2"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToWidth in (None, 1)  # one page is what a file leaves out
    assert sheet.page_setup.fitToHeight == 0


def test_a_wide_table_prints_on_pages_cut_between_groups():
    sheet = opened(to_xlsx(make_report(products=3, places=30)))[words.SHEET_MAIN]
    cuts = [cut.id for cut in sheet.col_breaks.brk]
    assert len(cuts) >= 2
    assert all((cut - 9) % 3 == 0 for cut in cuts)
    assert sheet.print_title_cols == "$A:$D"


def test_no_word_of_a_header_is_wider_than_its_column(report, sheet):
    """Nine pixels a letter is the width of bold DejaVu Sans 10, the widest stand-in."""
    for at, column in enumerate(report.columns, 1):
        width_pixels = sheet.column_dimensions[_width_owner(sheet, at)].width * 7
        longest = max(column.title.split(), key=len)
        assert len(longest) * 9 <= width_pixels + 2, column.title


def test_a_long_warehouse_name_gets_the_lines_that_it_needs():
    name = "Сортировочный центр Санкт-Петербург Уткина Заводь (Софийская 118к5), литера А"
    card = replace(make_metrics(products=1)[0], stocks_by_warehouse={name: 5})
    tall = opened(to_xlsx(report_of([card])))[words.SHEET_MAIN]
    usual = opened(to_xlsx(make_report(products=1)))[words.SHEET_MAIN]
    assert tall.row_dimensions[1].height > usual.row_dimensions[1].height


def test_a_big_report_is_streamed_and_is_the_same_table():
    report = make_report(products=40, places=10)
    sheet = opened(to_xlsx(report, streamed_above_cells=100))[words.SHEET_MAIN]
    assert values(sheet, 3, sheet.max_row) == list(report.rows)
    assert {"A1:D1", "E1:I1"} <= {str(area) for area in sheet.merged_cells.ranges}
    assert sheet["A2"].comment is not None
    assert sheet.column_dimensions["A"].width > 10


def test_equal_reports_give_equal_files(report):
    assert to_xlsx(report) == to_xlsx(make_report(products=25, places=5, is_partial=True))


def test_the_file_speaks_of_the_shop_and_of_no_machine(report, book):
    assert book.properties.title == report.title
    assert book.properties.creator == "Stock Tracker"
    assert book.properties.created == datetime(2026, 11, 19, 21, 7)  # noqa: DTZ001 - openpyxl's


def test_what_vanished_stays_with_zeros():
    before = lay_out(Layout(), make_metrics(products=3))
    left = make_metrics(products=3)[1:]
    report = report_of(left, before=before)
    sheet = opened(to_xlsx(report))[words.SHEET_MAIN]
    gone = next(row for row in values(sheet, 3, 5) if row[3] not in {c.nm_id for c in left})
    assert gone[4:8] == (0, 0, 0, 0)


def _part(xlsx, name):
    return zipfile.ZipFile(io.BytesIO(xlsx)).read(name).decode()


def _rgb(argb):
    return tuple(int(argb[at : at + 2], 16) for at in (2, 4, 6))


def _light(argb):
    """Return the relative luminance of WCAG 2."""
    parts = [part / 255 for part in _rgb(argb)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _width_owner(sheet, at):
    """Return the letter under which openpyxl keeps the width: equal neighbours share one."""
    return next(
        letter for letter, held in sheet.column_dimensions.items() if held.min <= at <= held.max
    )

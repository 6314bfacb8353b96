"""A new table as one structural `batchUpdate`: pure functions from a report to requests.

The order of the requests is that of facts "Create: one structural call"; nothing is applied when
one of them is refused. All ids are ours, so a second try is refused instead of doubling anything.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.core import table_words as words
from bot.core.report import Column, Format, Group, Report
from bot.outputs import look
from bot.outputs.google_sheets import paint
from bot.outputs.google_sheets.grid import Json, area, cells_at, repeat, sized
from bot.outputs.google_sheets.notes import LAYOUT_VERSION, Notes

METADATA_KEY = "wb_layout"
YEAR_ROWS = 366
TITLES_ROW = 0
HEADER_ROW = 1
FIRST_ROW = 2
FROZEN_COLUMNS = 4
NM_COLUMN = 3
_HISTORY_WIDTHS = (110, 90, 100, 90, 90, 170)
_ABOUT_WIDTHS = (260, 640)


def own_file(report: Report, notes: Notes, default_tab: int) -> list[Json]:
    """Return the requests that turn a blank file of ours into the table."""
    return [
        {
            "updateSpreadsheetProperties": {
                "properties": {"locale": "ru_RU", "timeZone": "Europe/Moscow"},
                "fields": "locale,timeZone",
            }
        },
        *_tab(main_tab(report, notes), 0),
        *_tab(history_tab(report, notes), 1),
        *_tab(about_tab(notes), 2),
        {"deleteSheet": {"sheetId": default_tab}},
    ]


def sellers_file(report: Report, notes: Notes, taken: set[str]) -> list[Json]:
    """Return the requests that add our tabs behind the seller's; nothing of his is touched.

    `taken` are the names of his tabs, lower case.
    """
    return [
        *main_tab(report, notes, free_title(words.SHEET_MAIN, taken)),
        *history_tab(report, notes, free_title(words.SHEET_HISTORY, taken)),
        *about_tab(notes, free_title(words.SHEET_ABOUT, taken)),
    ]


def free_title(title: str, taken: set[str]) -> str:
    """Return a tab name that nobody has yet, and take it."""
    name, number = title, 2
    while name.casefold() in taken:
        name, number = f"{title} {number}", number + 1
    taken.add(name.casefold())
    return name


def _tab(requests: Iterator[Json], index: int) -> Iterator[Json]:
    first = next(requests)
    first["addSheet"]["properties"]["index"] = index
    yield first
    yield from requests


def main_tab(report: Report, notes: Notes, title: str = words.SHEET_MAIN) -> Iterator[Json]:
    """Yield the requests that add «Остатки» with its headers, formats and NM IDs.

    NM IDs are written here already, so that the sheet says by itself which row is whose even if
    the call that brings the figures never comes.
    """
    tab, columns = notes.main_id, report.columns
    yield _add_sheet(
        tab,
        title,
        rows=max(len(report.rows), 1) + FIRST_ROW,
        columns=len(columns),
        frozen=(FIRST_ROW, FROZEN_COLUMNS),
    )
    yield from _header(report, tab)
    yield first_column_cells(report, tab)
    placed = dict(enumerate(columns))
    yield from paint.number_formats(tab, FIRST_ROW, placed, whole=(0, len(columns)))
    yield from _sizes(report, tab)
    rule = paint.colour_rule(tab, FIRST_ROW, turnover_columns(columns))
    yield {"addConditionalFormatRule": {"rule": rule, "index": 0}}
    yield {"setBasicFilter": {"filter": {"range": area(tab, top=HEADER_ROW, left=0)}}}
    for left, _ in group_starts(report)[1:]:
        yield paint.line_before(tab, TITLES_ROW, left)
    yield {"addProtectedRange": {"protectedRange": protection(notes, len(columns))}}
    yield _metadata(notes)


def protection(notes: Notes, right: int) -> Json:
    """Return the warning that a seller sees before he edits our columns; his own have none."""
    return {
        "protectedRangeId": notes.protection_id,
        "range": area(notes.main_id, left=0, right=right),
        "description": "Эти столбцы обновляет бот: правки пропадут при следующем обновлении",
        "warningOnly": True,
    }


def history_tab(report: Report, notes: Notes, title: str = words.SHEET_HISTORY) -> Iterator[Json]:
    """Yield the requests that add «История»."""
    tab, width = notes.history_id, len(words.HISTORY_COLUMNS)
    yield _add_sheet(tab, title, rows=notes.history_rows, columns=width, frozen=(1, 0))
    yield _headings(tab, words.HISTORY_COLUMNS, look.header_colours(report.groups)[0])
    days = {"numberFormat": {"type": "TEXT", "pattern": "@"}, "horizontalAlignment": "LEFT"}
    yield repeat(area(tab, top=1, left=0, right=1), days, *days)
    figures = {"numberFormat": {"type": "NUMBER", "pattern": look.NUMBER_FORMATS[Format.COUNT]}}
    yield repeat(area(tab, top=1, left=1, right=width), figures, *figures)
    yield from paint.set_widths(tab, 0, _HISTORY_WIDTHS)


def about_tab(notes: Notes, title: str = words.SHEET_ABOUT) -> Iterator[Json]:
    """Yield the requests that add «О таблице»."""
    tab = notes.about_id
    yield _add_sheet(tab, title, rows=notes.about_rows, columns=2, frozen=(0, 0))
    text = {
        "numberFormat": {"type": "TEXT", "pattern": "@"},
        "wrapStrategy": "WRAP",
        "verticalAlignment": "TOP",
    }
    yield repeat(area(tab), text, *text)
    bold = {"textFormat": {"bold": True, "fontFamily": look.FONT}}
    yield repeat(area(tab, left=0, right=1), bold, "textFormat.bold", "textFormat.fontFamily")
    yield from paint.set_widths(tab, 0, _ABOUT_WIDTHS)


def group_starts(report: Report) -> list[tuple[int, Group]]:
    """Return each group with the index of its first column."""
    starts, at = [], 0
    for group in report.groups:
        starts.append((at, group))
        at += len(group.columns)
    return starts


def turnover_columns(columns: Sequence[Column]) -> list[int]:
    """Return the indexes of the columns that show days."""
    return [at for at, column in enumerate(columns) if column.format is Format.DAYS]


def first_column_cells(report: Report, tab: int) -> Json:
    """Return the request that writes the NM IDs, or the sentence that there are no products."""
    if not report.nm_ids:
        text = [{"values": [{"userEnteredValue": {"stringValue": words.NO_PRODUCTS}}]}]
        return cells_at(tab, FIRST_ROW, 0, text, "userEnteredValue")
    return nm_id_cells(tab, FIRST_ROW, NM_COLUMN, report.nm_ids)


def nm_id_cells(tab: int, row: int, column: int, nm_ids: Sequence[int]) -> Json:
    """Return the request that writes NM IDs downwards from a cell."""
    rows = [{"values": [{"userEnteredValue": {"numberValue": nm_id}}]} for nm_id in nm_ids]
    return cells_at(tab, row, column, rows, "userEnteredValue")


def _header(report: Report, tab: int) -> Iterator[Json]:
    """Yield both header rows. The stamp comes with the first figures, never before them."""
    colours = look.header_colours(report.groups)
    unstamped = replace(report.groups[0], title=words.GROUP_IDENTITY)
    pairs = list(zip((unstamped, *report.groups[1:]), colours, strict=True))
    yield paint.group_titles(tab, TITLES_ROW, 0, pairs)
    columns = [(column, each) for group, each in pairs for column in group.columns]
    yield paint.column_titles(tab, HEADER_ROW, 0, columns)
    for left, group in group_starts(report):
        yield paint.merge(tab, TITLES_ROW, left, left + len(group.columns))


def _sizes(report: Report, tab: int) -> Iterator[Json]:
    yield sized(tab, "ROWS", TITLES_ROW, TITLES_ROW + 1, paint.GROUP_HEIGHT_PIXELS)
    yield sized(tab, "ROWS", HEADER_ROW, HEADER_ROW + 1, paint.HEADER_HEIGHT_PIXELS)
    yield from paint.set_widths(tab, 0, paint.widths(report.groups, report.rows))


def _add_sheet(tab: int, title: str, *, rows: int, columns: int, frozen: tuple[int, int]) -> Json:
    grid = {"rowCount": rows, "columnCount": columns}
    names = ("frozenRowCount", "frozenColumnCount")
    grid |= {name: count for name, count in zip(names, frozen, strict=True) if count}
    properties = {"sheetId": tab, "title": title, "gridProperties": grid}
    return {"addSheet": {"properties": properties}}


def _headings(tab: int, titles: Sequence[str], colours: look.Colours) -> Json:
    style = paint.style(colours.column_fill, colours.column_ink)
    cells = [
        {"userEnteredValue": {"stringValue": title}, "userEnteredFormat": style}
        for title in titles
    ]
    return cells_at(tab, 0, 0, [{"values": cells}], "userEnteredValue,userEnteredFormat")


def _metadata(notes: Notes) -> Json:
    return {
        "createDeveloperMetadata": {
            "developerMetadata": {
                "metadataId": notes.metadata_id,
                "metadataKey": METADATA_KEY,
                "metadataValue": LAYOUT_VERSION,
                "location": {"sheetId": notes.main_id},
                "visibility": "PROJECT",
            }
        }
    }

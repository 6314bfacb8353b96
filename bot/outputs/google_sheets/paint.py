"""How columns of the table are dressed: header cells, number formats, borders, the colour scale.

Pure functions; the same ones dress a new table and columns that come later.
"""

from collections.abc import Iterator, Mapping, Sequence

from bot.core.report import Column, Format, Group
from bot.outputs import look
from bot.outputs.google_sheets.grid import Json, area, cells_at, colour, repeat, runs, sized
from bot.outputs.measure import column_widths

HEADER_HEIGHT_PIXELS = 52
GROUP_HEIGHT_PIXELS = 40
_CELL_FIELDS = "userEnteredValue,userEnteredFormat,note"
_NUMBER_TYPES = {Format.TEXT: "TEXT"}


def widths(report_groups: Sequence[Group], rows: Sequence[Sequence[object]]) -> list[int]:
    """Return the width of each column in pixels, so that no word is cut."""
    return column_widths(report_groups, rows)  # type: ignore[arg-type] # cells are report cells


def column_titles(
    sheet_id: int, row: int, left: int, columns: Sequence[tuple[Column, look.Colours]]
) -> Json:
    """Return the request that writes neighbouring column titles with style and notes."""
    cells = [
        {
            "userEnteredValue": {"stringValue": column.title},
            "userEnteredFormat": style(colours.column_fill, colours.column_ink),
            "note": column.note,
        }
        for column, colours in columns
    ]
    return cells_at(sheet_id, row, left, [{"values": cells}], _CELL_FIELDS)


def group_titles(
    sheet_id: int, row: int, left: int, groups: Sequence[tuple[Group, look.Colours]]
) -> Json:
    """Return the request that writes the titles of neighbouring groups, not yet merged."""
    cells: list[Json] = []
    for group, colours in groups:
        dress = style(colours.title_fill, colours.title_ink)
        blank = {"userEnteredFormat": dress}
        title = blank | {"userEnteredValue": {"stringValue": group.title}}
        cells += [title, *[blank] * (len(group.columns) - 1)]
    return cells_at(sheet_id, row, left, [{"values": cells}], _CELL_FIELDS)


def merge(sheet_id: int, row: int, left: int, right: int) -> Json:
    """Return the request that merges a group's title cells."""
    where = area(sheet_id, top=row, bottom=row + 1, left=left, right=right)
    return {"mergeCells": {"range": where, "mergeType": "MERGE_ALL"}}


def number_formats(
    sheet_id: int, top: int, placed: Mapping[int, Column], *, whole: tuple[int, int] | None = None
) -> Iterator[Json]:
    """Yield requests that set how the data cells of the columns look, downwards without end.

    `whole` is a stretch that holds no columns but the placed ones: it gets the commonest format
    first, and only the others follow.
    """
    common = Format.COUNT if whole else None
    if whole:
        yield _formatted(area(sheet_id, top=top, left=whole[0], right=whole[1]), Format.COUNT)
    for kind in Format:
        mine = sorted(at for at, column in placed.items() if column.format is kind)
        if kind is not common:
            for left, right in runs(mine):
                yield _formatted(area(sheet_id, top=top, left=left, right=right), kind)


def line_before(sheet_id: int, top: int, column: int) -> Json:
    """Return the request that draws the thin line at the left of a group."""
    border = {"style": "SOLID", "colorStyle": colour(look.GROUP_LINE)}
    where = area(sheet_id, top=top, left=column, right=column + 1)
    return {"updateBorders": {"range": where, "left": border}}


def set_widths(sheet_id: int, left: int, pixels: Sequence[int]) -> Iterator[Json]:
    """Yield requests that set the widths of neighbouring columns, equal ones together."""
    start = 0
    for at in range(1, len(pixels) + 1):
        if at == len(pixels) or pixels[at] != pixels[start]:
            yield sized(sheet_id, "COLUMNS", left + start, left + at, pixels[start])
            start = at


def colour_rule(sheet_id: int, top: int, turnover_columns: Sequence[int]) -> Json:
    """Return the one rule that colours every turnover column: red low, green enough."""
    points = [
        {"type": "NUMBER", "value": str(point.days), "colorStyle": colour(point.colour)}
        for point in look.TURNOVER_SCALE
    ]
    names = ("minpoint", "midpoint", "maxpoint")
    return {
        "ranges": [area(sheet_id, top=top, left=at, right=at + 1) for at in turnover_columns],
        "gradientRule": dict(zip(names, points, strict=True)),
    }


def _formatted(where: Json, kind: Format) -> Json:
    number = {"type": _NUMBER_TYPES.get(kind, "NUMBER"), "pattern": look.NUMBER_FORMATS[kind]}
    if kind is Format.TEXT:
        wrapped = {"numberFormat": number, "wrapStrategy": "WRAP", "verticalAlignment": "MIDDLE"}
        return repeat(where, wrapped, *wrapped)
    plain = {"numberFormat": number, "verticalAlignment": "MIDDLE"}
    return repeat(where, plain, *plain)


def style(fill: str, ink: str) -> Json:
    """Return the cell format of a heading."""
    return {
        "backgroundColorStyle": colour(fill),
        "horizontalAlignment": "CENTER",
        "verticalAlignment": "MIDDLE",
        "wrapStrategy": "WRAP",
        "textFormat": {
            "foregroundColorStyle": colour(ink),
            "fontFamily": look.FONT,
            "fontSize": look.FONT_SIZE_POINTS,
            "bold": True,
        },
    }

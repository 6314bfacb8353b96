"""Small words of the Sheets API: ranges, colours, masks. Indexes are zero-based, ends outside."""

from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]

_CHANNEL = 255


def area(
    sheet_id: int,
    *,
    top: int | None = None,
    bottom: int | None = None,
    left: int | None = None,
    right: int | None = None,
) -> Json:
    """Return a GridRange; an edge that is left out is open."""
    edges = {
        "startRowIndex": top,
        "endRowIndex": bottom,
        "startColumnIndex": left,
        "endColumnIndex": right,
    }
    return {"sheetId": sheet_id} | {name: at for name, at in edges.items() if at is not None}


def lines(sheet_id: int, dimension: str, start: int, end: int) -> Json:
    """Return a DimensionRange of "ROWS" or "COLUMNS"."""
    return {"sheetId": sheet_id, "dimension": dimension, "startIndex": start, "endIndex": end}


def colour(code: str) -> Json:
    """Return a ColorStyle for `#RRGGBB`."""
    channels = (int(code[at : at + 2], 16) for at in (1, 3, 5))
    names = ("red", "green", "blue")
    return {
        "rgbColor": {
            name: round(channel / _CHANNEL, 4)
            for name, channel in zip(names, channels, strict=True)
        }
    }


def runs(indexes: Sequence[int]) -> list[tuple[int, int]]:
    """Return the stretches of neighbouring numbers as (start, end), in the given order."""
    found: list[tuple[int, int]] = []
    for index in indexes:
        if found and found[-1][1] == index:
            found[-1] = (found[-1][0], index + 1)
        else:
            found.append((index, index + 1))
    return found


def repeat(where: Json, cell_format: Json, *names: str) -> Json:
    """Return a `repeatCell` that sets only the named parts of the format."""
    mask = ",".join(f"userEnteredFormat.{name}" for name in names)
    return {
        "repeatCell": {"range": where, "cell": {"userEnteredFormat": cell_format}, "fields": mask}
    }


def cells_at(sheet_id: int, row: int, column: int, rows: Sequence[Json], fields: str) -> Json:
    """Return an `updateCells` that starts at a cell and touches nothing but the given cells."""
    start = {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column}
    return {"updateCells": {"start": start, "rows": list(rows), "fields": fields}}


def sized(sheet_id: int, dimension: str, start: int, end: int, pixels: int) -> Json:
    """Return an `updateDimensionProperties` that sets a width or height."""
    return {
        "updateDimensionProperties": {
            "range": lines(sheet_id, dimension, start, end),
            "properties": {"pixelSize": pixels},
            "fields": "pixelSize",
        }
    }

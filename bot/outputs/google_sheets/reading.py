"""The one read of a refresh: which column is which, which row is whose, which day stands where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.core import table_words as words
from bot.core.errors import Code, Defect
from bot.outputs.google_sheets.grid import Json, area
from bot.outputs.google_sheets.notes import Notes


@dataclass(frozen=True, slots=True)
class Seen:
    """What the sheet shows. Rows and columns are zero-based.

    `header` holds the group titles and the column titles. `nm_ids` is the whole column in which
    NM IDs were looked for, `first_column` is read only while the table waits for products.
    """

    header: tuple[tuple[str, ...], tuple[str, ...]]
    nm_ids: tuple[Any, ...]
    days: tuple[Any, ...]
    first_column: tuple[Any, ...] = ()

    def product_rows(self, header_row: int) -> dict[int, int]:
        """Return the row of each NM ID under the header; of a row that was copied, the first."""
        rows: dict[int, int] = {}
        for row, cell in enumerate(self.nm_ids):
            nm_id = as_nm_id(cell)
            if row > header_row and nm_id is not None:
                rows.setdefault(nm_id, row)
        return rows

    def day_rows(self) -> dict[str, int]:
        """Return the row of each day of «История»."""
        rows: dict[str, int] = {}
        for row, cell in enumerate(self.days):
            if row and cell != "":
                rows.setdefault(str(cell).strip(), row)
        return rows

    def placeholder_row(self, header_row: int) -> int | None:
        """Return the row that says that there are no products."""
        rows = enumerate(self.first_column)
        found = (row for row, cell in rows if row > header_row and cell == words.NO_PRODUCTS)
        return next(found, None)

    def row_of_nm_title(self) -> int | None:
        """Return the row whose cell in the column of NM IDs is that column's title."""
        title = words.NM_ID[0]
        return next((row for row, cell in enumerate(self.nm_ids) if cell == title), None)


def as_nm_id(cell: object) -> int | None:
    """Return the number in a cell, also if the seller has turned it into text."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int):
        return cell
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else None
    digits = "".join(str(cell).split())
    return int(digits) if digits.isascii() and digits.isdigit() else None


def same_code(cell: object, code: str) -> bool:
    """Say whether a cell holds a code; case, spaces and dashes do not matter."""
    return _bare(str(cell)) == _bare(code) != ""


def _bare(text: str) -> str:
    return "".join(sign for sign in text.upper() if sign.isalnum())


def first_cell(tab: int) -> Json:
    """Return the question for A1 of a tab."""
    return {"dataFilters": [{"gridRange": area(tab, top=0, bottom=1, left=0, right=1)}]}


def cell_of(answer: Mapping[str, Any]) -> object:
    """Return the only cell of an answer to `first_cell`, "" when it is empty."""
    found = (answer.get("valueRanges") or [{}])[0].get("valueRange") or {}
    rows = found.get("values") or [[]]
    return rows[0][0] if rows[0] else ""


def question(notes: Notes) -> Json:
    """Return the body of `values:batchGetByDataFilter`; open ends never leave the grid."""
    tab, top = notes.main_id, notes.header_row
    column = notes.nm_column
    filters = [
        area(tab, top=top - 1, bottom=top + 1, left=0),
        area(tab, top=0, left=column, right=column + 1),
        area(notes.history_id, top=0, left=0, right=1),
    ]
    if notes.awaits_products:
        filters.append(area(tab, top=0, left=0, right=1))
    return {
        "dataFilters": [{"gridRange": each} for each in filters],
        "majorDimension": "COLUMNS",
        "valueRenderOption": "UNFORMATTED_VALUE",
    }


def read_answer(answer: Mapping[str, Any], notes: Notes) -> Seen:
    """Return what the answer to `question` shows.

    Raises:
        Defect: the answer does not have one range per filter.

    """
    ranges = answer.get("valueRanges") or []
    if len(ranges) != (4 if notes.awaits_products else 3):
        raise Defect(Code.ANSWER_NOT_UNDERSTOOD, f"{len(ranges)} ranges were read")
    columns = [(each.get("valueRange") or {}).get("values") or [] for each in ranges]
    return Seen(
        header=(_row(columns[0], 0), _row(columns[0], 1)),
        nm_ids=_first(columns[1]),
        days=_first(columns[2]),
        first_column=_first(columns[3]) if notes.awaits_products else (),
    )


def _row(columns: Sequence[Sequence[Any]], at: int) -> tuple[str, ...]:
    return tuple(str(cells[at]) if at < len(cells) else "" for cells in columns)


def _first(columns: Sequence[Sequence[Any]]) -> tuple[Any, ...]:
    return tuple(columns[0]) if columns else ()

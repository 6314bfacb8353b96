"""Reads A1 notation: `A1`, `A2:C`, `'My tab'!B:B`, `Tab`."""

import re
from dataclasses import dataclass

from bot.sandbox.google.book import Book
from bot.sandbox.google.errors import ApiError, invalid
from bot.sandbox.google.ranges import GridRange, column_index
from bot.sandbox.google.sheet import Sheet

_CELL = re.compile(r"\$?([A-Za-z]{1,3})?\$?(\d+)?")


@dataclass(frozen=True, slots=True)
class Place:
    """A tab and a range on it; an `anchor` is one cell from which a write may reach on."""

    sheet: Sheet
    grid: GridRange
    anchor: bool = False


def parse_a1(book: Book, text: str) -> Place:
    """Return the place that `text` names; without a tab it is the first one.

    Raises:
        ApiError: 400, unable to parse range.

    """
    title, mark, cells = _split(text)
    if mark:
        return _cells(_tab(book, title, text), cells, text)
    sheet = book.titled(_unquoted(text))
    if sheet is not None:
        return Place(sheet, GridRange(sheet.sheet_id))
    return _cells(book.sheets[0], text, text)


def _split(text: str) -> tuple[str, str, str]:
    if text.startswith("'"):
        end = re.match(r"'(?:[^']|'')*'", text)
        if end is not None and text[end.end() :].startswith("!"):
            return end.group(), "!", text[end.end() + 1 :]
    return text.partition("!")


def _unquoted(title: str) -> str:
    return title[1:-1].replace("''", "'") if title.startswith("'") else title


def _tab(book: Book, title: str, text: str) -> Sheet:
    sheet = book.titled(_unquoted(title))
    if sheet is None:
        raise _unreadable(text)
    return sheet


def _cells(sheet: Sheet, cells: str, text: str) -> Place:
    first, colon, last = cells.partition(":")
    left, top = _corner(first, text)
    if not colon:
        if left is None or top is None:
            raise _unreadable(text)
        grid = GridRange(sheet.sheet_id, top, top + 1, left, left + 1)
        return Place(sheet, grid, anchor=True)
    right, bottom = _corner(last, text)
    ordered_rows = _ordered(top, bottom)
    ordered_columns = _ordered(left, right)
    return Place(sheet, GridRange(sheet.sheet_id, *ordered_rows, *ordered_columns))


def _ordered(start: int | None, end: int | None) -> tuple[int, int | None]:
    if start is None or end is None:
        return start or 0, None if end is None else end + 1
    return min(start, end), max(start, end) + 1


def _corner(text: str, whole: str) -> tuple[int | None, int | None]:
    match = _CELL.fullmatch(text)
    if match is None or not text or match.group(2) == "0":
        raise _unreadable(whole)
    letters, number = match.groups()
    column = column_index(letters) if letters else None
    return column, int(number) - 1 if number else None


def _unreadable(text: str) -> ApiError:
    return invalid(f"Unable to parse range: {text}")

"""What a cell holds after something was put into it, as it stands or as if typed by hand."""

import math
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.sandbox.google.errors import invalid
from bot.sandbox.google.sheet import Formula

TEXT_LIMIT = 50_000
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.(\d{4}))?")
_SERIAL_START = date(1899, 12, 30)
_KINDS = {str, int, float, bool, type(None)}


def check_text(text: str) -> str:
    """Return the text if a cell can hold it.

    Raises:
        ApiError: 400, it has more than 50,000 characters.

    """
    if len(text) > TEXT_LIMIT:
        raise invalid(
            f"Your input contains more than the maximum of {TEXT_LIMIT} characters "
            "in a single cell."
        )
    return text


def raw_row(cells: Sequence[Any], old: Sequence[Any]) -> tuple[Any, ...]:
    """Return a row's new cells: `None` keeps the old one, an empty text clears.

    Raises:
        ApiError: 400, a value is neither text, number nor bool, or is too long.

    """
    kinds = set(map(type, cells))
    if not kinds <= _KINDS:
        raise invalid("Invalid value: a cell takes a string, a number or a bool.")
    if str in kinds:
        for cell in cells:
            if type(cell) is str:
                check_text(cell)
    if type(None) not in kinds and "" not in cells:
        return tuple(cells)
    return tuple(
        before if cell is None else (None if cell == "" else cell)
        for cell, before in zip(cells, old, strict=True)
    )


def typed_row(
    cells: Sequence[Any], old: Sequence[Any], *, locale: str, today: date
) -> tuple[Any, ...]:
    """Return a row's new cells as if the seller had typed them (`USER_ENTERED`)."""
    raw = raw_row(cells, old)
    return tuple(
        typed(cell, locale=locale, today=today) if isinstance(given, str) and given else cell
        for given, cell in zip(cells, raw, strict=True)
    )


def typed(text: str, *, locale: str, today: date) -> Any:
    """Return the formula, number, date, bool or text that a typed text becomes."""
    if text.startswith("'"):
        return text[1:]
    if text.startswith("=") and len(text) > 1:
        return Formula(text)
    if text.upper() in {"TRUE", "FALSE"}:
        return text.upper() == "TRUE"
    russian = locale.startswith("ru")
    day = _DATE.fullmatch(text) if russian else None
    if day is not None:
        return _serial(day, today) or text
    number = text.replace("\N{NO-BREAK SPACE}", "").replace(",", ".") if russian else text
    return _number(number) if _NUMBER.fullmatch(number) else text


def _number(text: str) -> float:
    value = float(text)
    return int(value) if math.isfinite(value) and value.is_integer() else value


def _serial(match: re.Match[str], today: date) -> int | None:
    """Return days since 1899-12-30, as Sheets stores dates."""
    day, month, year = match.groups()
    try:
        return (date(int(year or today.year), int(month), int(day)) - _SERIAL_START).days
    except ValueError:
        return None

"""How much room text needs, so that no word is cut: estimates on the wide side, in pixels.

The widths are those of Arial 10 with a tenth on top, for readers whose machine has a wider
stand-in (DejaVu Sans on a bare Linux).
"""

from collections.abc import Sequence

from bot.core.report import Cell, Column, Format, Group

LINE_HEIGHT = 17
PADDING = 20  # both sides of a cell with its indent, grid line included
TEXT_COLUMN_MOST = 300  # longer texts wrap
TEXT_COLUMN_LEAST = 120
NUMBER_COLUMN_LEAST = 70
HEADER_PADDING = 12  # a centred title has no indent

_NARROW = frozenset(" .,:;!|'()[]-/fijlrtгт1I·")
_WIDE = frozenset("ШЩЮМЖЫФДшщюмжыфW@%mwMЪЁ")
_ROUNDING = 2
_NARROW_PIXELS, _WIDE_PIXELS, _CAPITAL_PIXELS, _USUAL_PIXELS = 6.0, 12.0, 10.0, 8.2


def text_width(text: str) -> int:
    """Return the pixels that `text` takes on one line."""
    return round(sum(map(_character_width, text)))


def lines_needed(text: str, room: int) -> int:
    """Return how many lines `text` takes when it is wrapped at `room` pixels."""
    return sum(_lines_of_paragraph(part, room) for part in text.split("\n"))


def column_widths(groups: Sequence[Group], rows: Sequence[Sequence[Cell]]) -> list[int]:
    """Return the width of each column from left to right: its words and numbers fit."""
    columns = [column for group in groups for column in group.columns]
    widths = [_column_width(column, _widest(rows, at)) for at, column in enumerate(columns)]
    start = 0
    for group in groups:
        end = start + len(group.columns)
        _grow(widths, start, end, _longest_word(group.title) + HEADER_PADDING)
        start = end
    return widths


def _column_width(column: Column, content: int) -> int:
    header = _longest_word(column.title) + HEADER_PADDING
    if column.format is Format.TEXT:
        return max(TEXT_COLUMN_LEAST, header, min(content + PADDING, TEXT_COLUMN_MOST))
    return max(NUMBER_COLUMN_LEAST, header, content + PADDING)


def _widest(rows: Sequence[Sequence[Cell]], at: int) -> int:
    """Return the width of the widest of the column's different values."""
    values = {row[at] for row in rows}
    numbers = [value for value in values if isinstance(value, (int, float))]
    texts = [value for value in values if isinstance(value, str)]
    longest_number = f"{max(numbers, key=abs):,.1f}" if numbers else ""
    return max([text_width(longest_number), *map(text_width, texts)])


def _grow(widths: list[int], start: int, end: int, room: int) -> None:
    lacking = room - sum(widths[start:end])
    if lacking > 0:
        share = -(-lacking // (end - start))
        widths[start:end] = [width + share for width in widths[start:end]]


def _lines_of_paragraph(text: str, room: int) -> int:
    lines, used = 1, 0.0
    for word in text.split(" "):
        width = text_width(word)
        if used and used + _NARROW_PIXELS + width > room + _ROUNDING:
            lines, used = lines + 1, 0.0
        used += width + (_NARROW_PIXELS if used else 0.0)
        if used > room + _ROUNDING:  # one word longer than the line is broken anywhere
            lines, used = lines + int(used // room), used % room
    return lines


def _longest_word(text: str) -> int:
    return max((text_width(word) for word in text.split()), default=0)


def _character_width(character: str) -> float:
    if character in _NARROW:
        return _NARROW_PIXELS
    if character in _WIDE:
        return _WIDE_PIXELS
    return _CAPITAL_PIXELS if character.isupper() else _USUAL_PIXELS

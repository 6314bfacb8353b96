"""How the table looks, wherever it is shown: colours, number formats, the colour scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle

from bot.core import table_words as words
from bot.core.report import Format, Group

FONT = "Arial"
FONT_SIZE_POINTS = 10
INK = "#1E293B"
LINE = "#E6EAF0"  # between products
GROUP_LINE = "#94A3B8"  # between groups

NUMBER_FORMATS = {
    Format.TEXT: "@",
    Format.ID: "0",
    Format.COUNT: "#,##0",
    Format.DAYS: "0.0",
}


@dataclass(frozen=True, slots=True)
class Colours:
    """The header of one group: its title row, and the paler row of column titles under it."""

    title_fill: str
    title_ink: str
    column_fill: str
    column_ink: str = INK


@dataclass(frozen=True, slots=True)
class ScalePoint:
    """A number of days and the colour that stands for it."""

    days: int
    colour: str


# A week's stock is too late to supply, three weeks are time to think, six and more are calm.
TURNOVER_SCALE = (
    ScalePoint(7, "#F4998F"),
    ScalePoint(21, "#FCE8A0"),
    ScalePoint(45, "#A9DBB4"),
)

_IDENTITY = Colours("#1F2A44", "#FFFFFF", "#E3E7EF")
_TOTALS = Colours("#4F46A5", "#FFFFFF", "#E7E5F7")
_SELLER_WAREHOUSES = Colours("#8A3F86", "#FFFFFF", "#F4E4F3")
_WAREHOUSES = (
    Colours("#2C6E8F", "#FFFFFF", "#E1EFF5"),
    Colours("#4B8BA9", "#FFFFFF", "#EDF5F9"),
)


def header_colours(groups: Sequence[Group]) -> list[Colours]:
    """Return each group's colours: neighbouring warehouses take turns."""
    in_turn = cycle(_WAREHOUSES)
    return [_IDENTITY, _TOTALS][: len(groups)] + [
        _SELLER_WAREHOUSES if group.title == words.GROUP_SELLER_WAREHOUSES else next(in_turn)
        for group in groups[2:]
    ]

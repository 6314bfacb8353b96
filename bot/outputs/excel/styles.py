"""Cell formats of one workbook, each made once."""

from functools import cache

from xlsxwriter import Workbook
from xlsxwriter.format import Format as CellFormat

from bot.core.report import Format
from bot.outputs import look
from bot.outputs.look import Colours

_ALIGNMENTS: dict[Format, dict[str, object]] = {
    Format.TEXT: {"align": "left", "indent": 1, "text_wrap": True},
    Format.ID: {"align": "center"},
}


class Styles:
    """The formats of `workbook`."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self.group_title = cache(self._group_title)
        self.column_title = cache(self._column_title)
        self.figure = cache(self._figure)
        self.heading = self._plain(bold=True, text_wrap=True, valign="top")
        self.paragraph = self._plain(text_wrap=True, valign="top")
        self.remark = self._plain(italic=True, font_color="#64748B", valign="vcenter", indent=1)

    def _group_title(self, colours: Colours, align: str) -> CellFormat:
        """Return the format of a merged group title; long names wrap."""
        return self._plain(
            bold=True,
            bg_color=colours.title_fill,
            font_color=colours.title_ink,
            align=align,
            indent=1 if align == "left" else 0,
            valign="vcenter",
            text_wrap=True,
            right=1,
            right_color="#FFFFFF",
        )

    def _column_title(self, colours: Colours, *, ends_group: bool) -> CellFormat:
        """Return the format of a column title."""
        return self._plain(
            bold=True,
            bg_color=colours.column_fill,
            font_color=colours.column_ink,
            align="center",
            valign="vcenter",
            text_wrap=True,
            bottom=1,
            bottom_color=look.GROUP_LINE,
            **self._edge(ends_group=ends_group),
        )

    def _figure(self, kind: Format, *, ends_group: bool) -> CellFormat:
        """Return the format of a product's cell."""
        return self._plain(
            num_format=look.NUMBER_FORMATS[kind],
            valign="vcenter",
            bottom=1,
            bottom_color=look.LINE,
            **_ALIGNMENTS.get(kind, {"align": "right"}),
            **self._edge(ends_group=ends_group),
        )

    def day(self) -> CellFormat:
        """Return the format of a day of «История», which is text: `HistoryRow.cells`."""
        return self._plain(
            num_format="@",
            align="left",
            indent=1,
            valign="vcenter",
            bottom=1,
            bottom_color=look.LINE,
        )

    def _edge(self, *, ends_group: bool) -> dict[str, object]:
        colour = look.GROUP_LINE if ends_group else look.LINE
        return {"right": 1, "right_color": colour}

    def _plain(self, **properties: object) -> CellFormat:
        base = {
            "font_name": look.FONT,
            "font_size": look.FONT_SIZE_POINTS,
            "font_color": look.INK,
        }
        return self._workbook.add_format(base | properties)

"""How the tabs come out of a printer."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

from xlsxwriter.worksheet import Worksheet

from bot.core.report import Report

_A4 = 9
_MARGIN_INCHES = 0.4
_LANDSCAPE_PIXELS = 1046  # 277 mm between the margins at 96 dots per inch
_SCALE = 0.42  # smaller print is not read
_WIDER_FONT = 0.8  # where Arial is missing columns come out wider, and cuts must still hold


def set_up_table(sheet: Worksheet, report: Report, widths: Sequence[int]) -> None:
    """Landscape, headers on each page; one page wide if that can be read.

    A wider table goes on several pages, cut between groups, with the names on each of them.
    """
    sheet.set_landscape()
    _set_up_page(sheet, report.title)
    sheet.repeat_rows(0, 1)
    room = round(_LANDSCAPE_PIXELS / _SCALE)
    if sum(widths) <= room:
        sheet.fit_to_pages(1, 0)
        return
    sheet.repeat_columns(0, len(report.groups[0].columns) - 1)
    sheet.set_print_scale(round(_SCALE * 100))
    sheet.set_v_pagebreaks(_page_breaks(report, widths, round(room * _WIDER_FONT)))


def set_up_text(sheet: Worksheet) -> None:
    """Portrait, one page wide."""
    _set_up_page(sheet, "")
    sheet.fit_to_pages(1, 0)


def _set_up_page(sheet: Worksheet, title: str) -> None:
    sheet.set_paper(_A4)
    sheet.set_margins(_MARGIN_INCHES, _MARGIN_INCHES, _MARGIN_INCHES, 0.6)
    shown = title[:100].replace("&", "&&")
    sheet.set_footer(f"&L&8 {shown}&R&8 &P / &N")


def _page_breaks(report: Report, widths: Sequence[int], room: int) -> list[int]:
    """Return the columns before which a new page begins."""
    starts = list(accumulate((len(group.columns) for group in report.groups), initial=0))
    repeated = sum(widths[: starts[1]])
    breaks, used = [], repeated
    for start, end in pairwise(starts[1:]):
        width = sum(widths[start:end])
        if used + width > room and used > repeated:
            breaks.append(start)
            used = repeated
        used += width
    return breaks

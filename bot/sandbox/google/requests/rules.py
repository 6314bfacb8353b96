"""Requests about conditional formats, filters and sorting."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from bot.sandbox.google.errors import invalid
from bot.sandbox.google.masks import merged, write_mask
from bot.sandbox.google.ranges import Box, GridRange
from bot.sandbox.google.requests.context import Batch, Handler
from bot.sandbox.google.sheet import Formula, Sheet
from bot.sandbox.google.wire import Json


def add_rule(batch: Batch, body: Json) -> None:
    """Apply `addConditionalFormatRule`: one kind of rule, all ranges on one tab."""
    rule = deepcopy(body.get("rule", {}))
    sheet = _rule_sheet(batch, rule)
    index = int(body.get("index", 0))
    if not 0 <= index <= len(sheet.conditional_formats):
        raise invalid(f"Conditional format index {index} is out of bounds.")
    sheet.conditional_formats.insert(index, rule)


def update_rule(batch: Batch, body: Json) -> Json:
    """Apply `updateConditionalFormatRule`: a new rule at an index, or a new place for one."""
    rule = deepcopy(body.get("rule"))
    number = body.get("sheetId", (rule or {}).get("ranges", [{}])[0].get("sheetId", 0))
    sheet = batch.sheet(int(number))
    old = _take_rule(sheet, body)
    if rule is not None:
        _rule_sheet(batch, rule)
        sheet.conditional_formats.insert(int(body.get("index", 0)), rule)
        new_index = int(body.get("index", 0))
    else:
        new_index = int(body.get("newIndex", 0))
        sheet.conditional_formats.insert(new_index, old)
    reply = {"newRule": sheet.conditional_formats[new_index], "newIndex": new_index}
    return {"updateConditionalFormatRule": reply | {"oldRule": old}}


def delete_rule(batch: Batch, body: Json) -> Json:
    """Apply `deleteConditionalFormatRule`."""
    sheet = batch.sheet(int(body.get("sheetId", 0)))
    return {"deleteConditionalFormatRule": {"rule": _take_rule(sheet, body)}}


def set_filter(batch: Batch, body: Json) -> None:
    """Apply `setBasicFilter`: it replaces the tab's filter with all its criteria."""
    wanted = deepcopy(body.get("filter", {}))
    sheet, _ = batch.range(wanted.get("range", {}))
    sheet.basic_filter = wanted
    for spec in wanted.get("sortSpecs", ()):
        _sort(sheet, _below_header(sheet, wanted), [spec])


def clear_filter(batch: Batch, body: Json) -> None:
    """Apply `clearBasicFilter`."""
    batch.sheet(int(body.get("sheetId", 0))).basic_filter = None


def add_view(batch: Batch, body: Json) -> Json:
    """Apply `addFilterView`; the number may be the caller's own."""
    view = deepcopy(body.get("filter", {}))
    number = view.setdefault("filterViewId", batch.book.free_id())
    sheet, _ = batch.range(view.get("range", {}))
    if any(number in each.filter_views for each in batch.book.sheets):
        raise invalid(f"Filter view with id {number} already exists.")
    sheet.filter_views[number] = view
    return {"addFilterView": {"filter": view}}


def update_view(batch: Batch, body: Json) -> None:
    """Apply `updateFilterView`."""
    wanted = body.get("filter", {})
    sheet = _view_sheet(batch, wanted.get("filterViewId"))
    number = int(wanted["filterViewId"])
    fresh = merged(sheet.filter_views[number], wanted, write_mask(body))
    sheet.filter_views[number] = fresh | {"filterViewId": number}


def delete_view(batch: Batch, body: Json) -> None:
    """Apply `deleteFilterView`."""
    number = body.get("filterId")
    del _view_sheet(batch, number).filter_views[int(number or 0)]


def sort_range(batch: Batch, body: Json) -> None:
    """Apply `sortRange`: whole cells move, with their formats and notes."""
    sheet, box = batch.box(body.get("range", {}))
    specs = body.get("sortSpecs") or []
    if not specs:
        raise invalid("At least one sort spec is required.")
    _sort(sheet, box, specs)


def sort_box(sheet: Sheet, box: Box, column: int, *, descending: bool) -> None:
    """Sort the rows of a box by one column, empty cells last, as a seller's click does."""
    order = "DESCENDING" if descending else "ASCENDING"
    _sort(sheet, box, [{"dimensionIndex": column, "sortOrder": order}])


def filtered_box(sheet: Sheet) -> Box:
    """Return the rows under the header of the tab's filter.

    Raises:
        ApiError: 400, the tab has no filter.

    """
    if sheet.basic_filter is None:
        raise invalid("The sheet has no basic filter.")
    return _below_header(sheet, sheet.basic_filter)


def _sort(sheet: Sheet, box: Box, specs: Sequence[Json]) -> None:
    if any(box.overlaps(merge) for merge in sheet.merged_boxes()):
        raise invalid("You can't sort a range that contains merged cells.")
    order = list(range(box.top, box.bottom))
    for spec in reversed(specs):
        column = int(spec.get("dimensionIndex", 0))
        backwards = spec.get("sortOrder") == "DESCENDING"
        ranks = [(row, _rank(sheet.value(row, column))) for row in order]
        cells = {row: rank for row, rank in ranks if rank is not None}
        filled = list(cells)
        blank = [row for row, rank in ranks if rank is None]
        filled.sort(key=cells.__getitem__, reverse=backwards)
        order = filled + blank
    for layer in sheet.layers.values():
        layer.reorder(box, order)


def _rank(cell: Any) -> tuple[int, Any] | None:
    """Return the place of a value in Google's order: numbers, then text, then bools."""
    if cell is None:
        return None
    if isinstance(cell, bool):
        return 2, cell
    if isinstance(cell, int | float):
        return 0, cell
    return 1, (cell.text if isinstance(cell, Formula) else cell).casefold()


def _below_header(sheet: Sheet, basic: Json) -> Box:
    box = sheet.clipped(_grid(basic))
    if box is None:
        raise invalid("The filter's range is empty.")
    return Box(min(box.top + 1, box.bottom), box.bottom, box.left, box.right)


def _rule_sheet(batch: Batch, rule: Json) -> Sheet:
    ranges = rule.get("ranges") or []
    if not ranges:
        raise invalid("ConditionalFormatRule.ranges must not be empty.")
    if len({int(grid.get("sheetId", 0)) for grid in ranges}) > 1:
        raise invalid("All the ranges must be on the same sheet.")
    if ("booleanRule" in rule) == ("gradientRule" in rule):
        raise invalid("Exactly one of booleanRule and gradientRule must be set.")
    gradient = rule.get("gradientRule")
    if gradient is not None and not {"minpoint", "maxpoint"} <= set(gradient):
        raise invalid("A gradient rule needs a minpoint and a maxpoint.")
    return [batch.range(grid)[0] for grid in ranges].pop()


def _take_rule(sheet: Sheet, body: Json) -> Json:
    index = int(body.get("index", 0))
    if not 0 <= index < len(sheet.conditional_formats):
        raise invalid(f"No conditional format on sheet: {sheet.sheet_id} at index: {index}")
    return sheet.conditional_formats.pop(index)


def _view_sheet(batch: Batch, number: object) -> Sheet:
    for sheet in batch.book.sheets:
        if number in sheet.filter_views:
            return sheet
    raise invalid(f"No filter view with id: {number}")


def _grid(holder: Json) -> GridRange:
    return GridRange.from_wire(holder.get("range", {}))


HANDLERS: dict[str, Handler] = {
    "addConditionalFormatRule": add_rule,
    "updateConditionalFormatRule": update_rule,
    "deleteConditionalFormatRule": delete_rule,
    "setBasicFilter": set_filter,
    "clearBasicFilter": clear_filter,
    "addFilterView": add_view,
    "updateFilterView": update_view,
    "deleteFilterView": delete_view,
    "sortRange": sort_range,
}

"""Requests that write cells: values, formats, notes, borders, merges."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.google.errors import invalid
from bot.sandbox.google.layer import Layer
from bot.sandbox.google.masks import Mask, known_roots, merged, write_mask
from bot.sandbox.google.ranges import Box, GridRange
from bot.sandbox.google.requests.context import Batch, Handler
from bot.sandbox.google.sheet import FORMAT, LAYERS, NOTE, VALUE, Formula, Sheet
from bot.sandbox.google.typing_in import check_text
from bot.sandbox.google.wire import Json

_CELL_FIELDS = frozenset({*LAYERS, "textFormatRuns", "chipRuns", "pivotTable", "dataSourceTable"})


def update_cells(batch: Batch, body: Json) -> None:
    """Apply `updateCells`: a `range` is cleared where the rows do not reach, a `start` is not."""
    mask = _cell_mask(body)
    rows: list[Json] = body.get("rows", [])
    if "start" in body:
        sheet, box = _from_start(batch, body["start"], rows)
    else:
        sheet, box = batch.box(body.get("range", {}))
    for name in _layers(mask):
        pen = _Pen(sheet.layers[name], name, mask)
        for offset in range(max(box.height, len(rows))):
            row = box.top + offset
            cells = rows[offset].get("values", []) if offset < len(rows) else []
            _check_reach(box, offset, len(cells))
            pen.write(row, box.left, cells)
            if "range" in body and row < box.bottom:
                pen.clear(Box(row, row + 1, box.left + len(cells), box.right))


def repeat_cell(batch: Batch, body: Json) -> None:
    """Apply `repeatCell`: the same fields for every cell of the range."""
    mask = _cell_mask(body)
    sheet, box = batch.box(body.get("range", {}))
    cell = body.get("cell", {})
    for name in _layers(mask):
        sheet.layers[name].change(box, _changed(name, mask, cell))


def update_borders(batch: Batch, body: Json) -> None:
    """Apply `updateBorders`: the outer edges and, where named, the inner ones."""
    sheet, box = batch.box(body.get("range", {}))
    edges = {
        "top": Box(box.top, box.top + 1, box.left, box.right),
        "bottom": Box(box.bottom - 1, box.bottom, box.left, box.right),
        "left": Box(box.top, box.bottom, box.left, box.left + 1),
        "right": Box(box.top, box.bottom, box.right - 1, box.right),
    }
    for side, edge in edges.items():
        _draw(sheet, edge, side, body.get(side))
    if box.height > 1:
        inner = Box(box.top, box.bottom - 1, box.left, box.right)
        _draw(sheet, inner, "bottom", body.get("innerHorizontal"))
    if box.width > 1:
        inner = Box(box.top, box.bottom, box.left, box.right - 1)
        _draw(sheet, inner, "right", body.get("innerVertical"))


def merge_cells(batch: Batch, body: Json) -> None:
    """Apply `mergeCells`; the first cell's value stays. Any overlap with a merge is refused."""
    sheet, box = batch.box(body.get("range", {}))
    if any(box.overlaps(merge) for merge in sheet.merged_boxes()):
        raise invalid("You must select all cells in a merged range to merge or unmerge them.")
    for part in _merge_parts(box, str(body.get("mergeType", "MERGE_ALL"))):
        if part.height * part.width > 1:
            kept = sheet.value(part.top, part.left)
            sheet.layers[VALUE].change(part, lambda _: None)
            sheet.layers[VALUE].put(part.top, part.left, [kept])
            grid = GridRange(sheet.sheet_id, part.top, part.bottom, part.left, part.right)
            sheet.merges.append(grid)
    sheet.check_frozen()


def unmerge_cells(batch: Batch, body: Json) -> None:
    """Apply `unmergeCells`; a merge that is only touched is refused."""
    sheet, box = batch.box(body.get("range", {}))
    if any(box.overlaps(merge) and not box.contains(merge) for merge in sheet.merged_boxes()):
        raise invalid("You must select all cells in a merged range to merge or unmerge them.")
    sheet.merges = [merge for merge in sheet.merges if not box.contains(sheet.box(merge))]


def _merge_parts(box: Box, kind: str) -> list[Box]:
    if kind == "MERGE_ROWS":
        return [Box(row, row + 1, box.left, box.right) for row in range(box.top, box.bottom)]
    if kind == "MERGE_COLUMNS":
        return [Box(box.top, box.bottom, col, col + 1) for col in range(box.left, box.right)]
    return [box]


def _draw(sheet: Sheet, box: Box, side: str, border: Json | None) -> None:
    if border is None:
        return
    clear = border.get("style") == "NONE"
    source = {} if clear else {"borders": {side: border}}
    sheet.layers[FORMAT].change(box, _memo(lambda old: _format(old, source, side)))


def _format(old: Json | None, source: Json, side: str) -> Json | None:
    return merged(old, source, {"borders": {side: {}}}) or None


def _cell_mask(body: Json) -> Mask:
    mask = write_mask(body)
    known_roots(mask, _CELL_FIELDS)
    return mask


def _layers(mask: Mask) -> tuple[str, ...]:
    return tuple(name for name in LAYERS if not mask or name in mask)


def _from_start(batch: Batch, start: Json, rows: list[Json]) -> tuple[Sheet, Box]:
    sheet = batch.sheet(int(start.get("sheetId", 0)))
    top, left = int(start.get("rowIndex", 0)), int(start.get("columnIndex", 0))
    width = max((len(row.get("values", ())) for row in rows), default=0)
    box = Box(top, top + max(len(rows), 1), left, left + max(width, 1))
    if not sheet.whole.contains(box):
        raise sheet.beyond(box)
    sheet.guard(box, batch.editor)
    return sheet, box


def _check_reach(box: Box, offset: int, count: int) -> None:
    if count and offset >= box.height:
        row = box.top + offset
        raise invalid(
            f"Attempting to write row: {row}, beyond the last requested row of: {box.bottom - 1}"
        )
    if count > box.width:
        raise invalid(
            f"Attempting to write column: {box.left + count - 1}, "
            f"beyond the last requested column of: {box.right - 1}"
        )


@dataclass(frozen=True, slots=True)
class _Pen:
    """Writes one property of a tab's cells through a mask."""

    layer: Layer
    name: str
    mask: Mask

    def write(self, row: int, left: int, cells: list[Json]) -> None:
        """Write the given cells of one row."""
        old = self.layer.cut(row, left, left + len(cells))
        pairs = zip(old, cells, strict=True)
        fresh = [_cell(self.name, self.mask, before, cell) for before, cell in pairs]
        if fresh:
            self.layer.put(row, left, fresh)

    def clear(self, box: Box) -> None:
        """Clear the fields of the mask in a box."""
        self.layer.change(box, _changed(self.name, self.mask, {}))


def _changed(name: str, mask: Mask, cell: Json) -> Callable[[Any], Any]:
    return _memo(lambda old: _cell(name, mask, old, cell))


def _memo(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Work each distinct old object out once; formats are shared by many cells."""
    done: dict[int, tuple[Any, Any]] = {}

    def remembered(old: Any) -> Any:
        if id(old) not in done:
            done[id(old)] = (old, change(old))
        return done[id(old)][1]

    return remembered


def _cell(name: str, mask: Mask, old: Any, cell: Json) -> Any:
    """Return the new content of one cell in one layer."""
    if name == VALUE:
        return entered(cell.get(VALUE))
    if name == NOTE:
        return cell.get(NOTE) or None
    return merged(old, cell.get(name) or {}, mask.get(name, {})) or None


def entered(value: Json | None) -> Any:
    """Return what an `ExtendedValue` puts into a cell; text is never parsed.

    Raises:
        ApiError: 400, no or several kinds of value, or a formula without `=`.

    """
    if value is None:
        return None
    if len(value) != 1:
        raise invalid("Exactly one kind of value must be set in userEnteredValue.")
    kind, content = next(iter(value.items()))
    if kind == "formulaValue":
        if not str(content).startswith("="):
            raise invalid("Formulas must start with '='.")
        return Formula(check_text(str(content)))
    if kind == "stringValue":
        return check_text(str(content)) or None
    if kind not in {"numberValue", "boolValue"}:
        raise invalid(f"Cannot write {kind}.")
    return content


HANDLERS: dict[str, Handler] = {
    "updateCells": update_cells,
    "repeatCell": repeat_cell,
    "updateBorders": update_borders,
    "mergeCells": merge_cells,
    "unmergeCells": unmerge_cells,
}

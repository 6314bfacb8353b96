"""`copyPaste`: from a hidden staging tab into the visible one, in one atomic step."""

from bot.sandbox.google.errors import invalid
from bot.sandbox.google.layer import Layer, Row
from bot.sandbox.google.ranges import Box
from bot.sandbox.google.requests.context import Batch, Handler
from bot.sandbox.google.sheet import FORMAT, LAYERS, VALIDATION, VALUE, Formula, Sheet
from bot.sandbox.google.wire import Json

_KINDS: dict[str, tuple[str, ...]] = {
    "PASTE_NORMAL": LAYERS,
    "PASTE_VALUES": (VALUE,),
    "PASTE_FORMULA": (VALUE,),
    "PASTE_FORMAT": (FORMAT,),
    "PASTE_NO_BORDERS": LAYERS,
    "PASTE_DATA_VALIDATION": (VALIDATION,),
}


def copy_paste(batch: Batch, body: Json) -> None:
    """Apply `copyPaste`; a destination that is a multiple of the source is filled with it.

    A destination smaller than the source is widened to it, as long as it stays on the grid.
    """
    kind = str(body.get("pasteType", "PASTE_NORMAL"))
    if kind not in _KINDS or body.get("pasteOrientation", "NORMAL") != "NORMAL":
        raise invalid(f"The twin cannot paste {kind} in that orientation.")
    source, grid = batch.range(body.get("source", {}))
    origin = source.box(grid)
    target, wanted = batch.box(body.get("destination", {}))
    box = _fitted(target, origin, wanted)
    target.guard(box, batch.editor)
    for name in _KINDS[kind]:
        layer = source.layers[name]
        rows = [layer.cut(y, origin.left, origin.right) for y in range(origin.top, origin.bottom)]
        if kind == "PASTE_VALUES":
            rows = [tuple(_shown(cell) for cell in row) for row in rows]
        _tile(target.layers[name], box, rows)


def _fitted(target: Sheet, origin: Box, wanted: Box) -> Box:
    tiles_down, rest_down = divmod(wanted.height, origin.height)
    tiles_right, rest_right = divmod(wanted.width, origin.width)
    height = wanted.height if tiles_down and not rest_down else origin.height
    width = wanted.width if tiles_right and not rest_right else origin.width
    box = Box(wanted.top, wanted.top + height, wanted.left, wanted.left + width)
    if not target.whole.contains(box):
        raise target.beyond(box)
    return box


def _tile(layer: Layer, box: Box, rows: list[Row]) -> None:
    """Fill the box with copies of the rows, which fit it evenly."""
    repeats = box.width // len(rows[0])
    for offset in range(box.height):
        layer.put(box.top + offset, box.left, rows[offset % len(rows)] * repeats)


def _shown(cell: object) -> object:
    """Return what a cell shows: the twin evaluates no formula, so its text stands for it."""
    return cell.text if isinstance(cell, Formula) else cell


HANDLERS: dict[str, Handler] = {"copyPaste": copy_paste}

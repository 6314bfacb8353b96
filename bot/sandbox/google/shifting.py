"""Rows and columns that come and go: everything that lies behind them moves along."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.google.errors import invalid
from bot.sandbox.google.ranges import Dimension, GridRange
from bot.sandbox.google.sheet import FORMAT, VALIDATION, Sheet
from bot.sandbox.google.wire import Json

_COUNT = {"ROWS": "rowCount", "COLUMNS": "columnCount"}
_FROZEN = {"ROWS": "frozenRowCount", "COLUMNS": "frozenColumnCount"}
_INHERITED = (FORMAT, VALIDATION)

MoveRange = Callable[[GridRange], GridRange | None]
MoveIndex = Callable[[int], int | None]


def insert_lines(
    sheet: Sheet, dimension: Dimension, at: int, count: int, *, like_before: bool
) -> None:
    """Put empty rows or columns before index `at`, looking like a neighbour."""
    like = at - 1 if like_before else at
    neighbour = like if 0 <= like < sheet.size(dimension) else None
    for name, layer in sheet.layers.items():
        source = neighbour if name in _INHERITED else None
        if dimension == "ROWS":
            layer.insert_rows(at, count, source)
        else:
            layer.insert_columns(at, count, source)
    sheet.grid[_COUNT[dimension]] = sheet.size(dimension) + count
    frozen = int(sheet.grid.get(_FROZEN[dimension], 0))
    if at < frozen:
        sheet.grid[_FROZEN[dimension]] = frozen + count
    looks = dict(sheet.lines[dimension].get(like, {})) if neighbour is not None else {}
    _move_all(
        sheet,
        dimension,
        lambda grid: grid.inserted(dimension, at, count),
        lambda index: index + count if index >= at else index,
    )
    looks.pop("hiddenByUser", None)
    if looks:
        sheet.lines[dimension].update({at + step: dict(looks) for step in range(count)})


def delete_lines(sheet: Sheet, dimension: Dimension, start: int, end: int) -> None:
    """Take rows or columns away.

    Raises:
        ApiError: 400, nothing would be left.

    """
    left = sheet.size(dimension) - (end - start)
    frozen = int(sheet.grid.get(_FROZEN[dimension], 0))
    frozen -= max(0, min(end, frozen) - start)
    word = dimension.lower()
    if left < 1:
        raise invalid(f"You can't delete all the {word} on the sheet.")
    if frozen >= left:
        raise invalid(f"Sorry, it is not possible to delete all non-frozen {word}.")
    for layer in sheet.layers.values():
        if dimension == "ROWS":
            layer.delete_rows(start, end)
        else:
            layer.delete_columns(start, end)
    sheet.grid[_COUNT[dimension]] = left
    if _FROZEN[dimension] in sheet.grid:
        sheet.grid[_FROZEN[dimension]] = frozen

    def moved(index: int) -> int | None:
        if start <= index < end:
            return None
        return index - (end - start) if index >= end else index

    _move_all(sheet, dimension, lambda grid: grid.deleted(dimension, start, end), moved)


def _move_all(sheet: Sheet, dimension: Dimension, move: MoveRange, index: MoveIndex) -> None:
    moved = [move(merge) for merge in sheet.merges]
    sheet.merges = [merge for merge in moved if merge is not None and _is_many(merge)]
    sheet.conditional_formats = [
        rule for rule in sheet.conditional_formats if _move_ranges(rule, move)
    ]
    if sheet.basic_filter and not _move_filter(sheet.basic_filter, dimension, move, index):
        sheet.basic_filter = None
    for views in (sheet.filter_views, sheet.protections):
        for key in [key for key, view in views.items() if not _move_range(view, move)]:
            del views[key]
    for view in sheet.filter_views.values():
        _move_criteria(view, dimension, index)
    sheet.lines[dimension] = {
        new: looks
        for old, looks in sheet.lines[dimension].items()
        if (new := index(old)) is not None
    }


def _is_many(merge: GridRange) -> bool:
    rows = (merge.bottom or 0) - merge.top
    columns = (merge.right or 0) - merge.left
    return rows * columns > 1


def _move_ranges(rule: Json, move: MoveRange) -> bool:
    moved = [move(GridRange.from_wire(grid)) for grid in rule.get("ranges", ())]
    rule["ranges"] = [grid.to_wire() for grid in moved if grid is not None]
    return bool(rule["ranges"])


def _move_range(holder: Json, move: MoveRange) -> bool:
    moved = move(GridRange.from_wire(holder.get("range", {})))
    if moved is None:
        return False
    holder["range"] = moved.to_wire()
    return True


def _move_filter(basic: Json, dimension: Dimension, move: MoveRange, index: MoveIndex) -> bool:
    _move_criteria(basic, dimension, index)
    return _move_range(basic, move)


def _move_criteria(view: Json, dimension: Dimension, index: MoveIndex) -> None:
    """Keep a filter's criteria and sort orders on the columns that they were set on."""
    if dimension != "COLUMNS":
        return
    for key, column in (("filterSpecs", "columnIndex"), ("sortSpecs", "dimensionIndex")):
        if key in view:
            view[key] = _moved_specs(view[key], column, index)
    if "criteria" in view:
        moved = {index(int(old)): value for old, value in view["criteria"].items()}
        view["criteria"] = {str(new): value for new, value in moved.items() if new is not None}


def _moved_specs(specs: list[Json], key: str, index: MoveIndex) -> list[Any]:
    moved = [(spec, index(int(spec.get(key, 0)))) for spec in specs]
    return [spec | {key: new} for spec, new in moved if new is not None]

"""One tab: its grid of cells and everything that is anchored to places in it."""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.google.errors import invalid
from bot.sandbox.google.layer import Layer
from bot.sandbox.google.ranges import Box, Dimension, GridRange
from bot.sandbox.google.wire import Json

VALUE = "userEnteredValue"
FORMAT = "userEnteredFormat"
NOTE = "note"
VALIDATION = "dataValidation"
LAYERS = (VALUE, FORMAT, NOTE, VALIDATION)


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as it was typed, with its leading `=`; the twin does not evaluate it."""

    text: str


@dataclass(frozen=True, slots=True)
class Editor:
    """Who edits: the address, and whether protections do not bind him (the file's owner)."""

    email: str
    unbound: bool = False


@dataclass(slots=True, eq=False)
class Sheet:
    """A tab; rules, filters and protections are kept as the wire's objects."""

    properties: Json
    layers: dict[str, Layer] = field(default_factory=dict)
    merges: list[GridRange] = field(default_factory=list)
    conditional_formats: list[Json] = field(default_factory=list)
    basic_filter: Json | None = None
    filter_views: dict[int, Json] = field(default_factory=dict)
    protections: dict[int, Json] = field(default_factory=dict)
    lines: dict[Dimension, dict[int, Json]] = field(
        default_factory=lambda: {"ROWS": {}, "COLUMNS": {}}
    )

    def __post_init__(self) -> None:
        """Give a new tab its empty cells."""
        for name in LAYERS:
            self.layers.setdefault(name, Layer(self.row_count))

    @property
    def sheet_id(self) -> int:
        """The number that never changes."""
        return int(self.properties["sheetId"])

    @property
    def title(self) -> str:
        """The name on the tab."""
        return str(self.properties["title"])

    @property
    def grid(self) -> Json:
        """The wire's `gridProperties`."""
        grid: Json = self.properties["gridProperties"]
        return grid

    @property
    def row_count(self) -> int:
        """How many rows the grid has."""
        return int(self.grid["rowCount"])

    @property
    def column_count(self) -> int:
        """How many columns the grid has."""
        return int(self.grid["columnCount"])

    @property
    def whole(self) -> Box:
        """The whole grid."""
        return Box(0, self.row_count, 0, self.column_count)

    def copy(self) -> "Sheet":
        """Return an independent tab; cells are shared until they are replaced."""
        return Sheet(
            properties=deepcopy(self.properties),
            layers={name: layer.copy() for name, layer in self.layers.items()},
            merges=list(self.merges),
            conditional_formats=deepcopy(self.conditional_formats),
            basic_filter=deepcopy(self.basic_filter),
            filter_views=deepcopy(self.filter_views),
            protections=deepcopy(self.protections),
            lines=deepcopy(self.lines),
        )

    def value(self, row: int, column: int) -> Any:
        """Return what was entered into a cell: text, number, bool, `Formula` or `None`."""
        return self.layers[VALUE].get(row, column)

    def size(self, dimension: Dimension) -> int:
        """Return the length of the grid in that direction."""
        return self.row_count if dimension == "ROWS" else self.column_count

    def box(self, grid: GridRange) -> Box:
        """Return the range with its open ends closed by the grid.

        Raises:
            ApiError: 400, the range leaves the grid.

        """
        bottom = self.row_count if grid.bottom is None else grid.bottom
        right = self.column_count if grid.right is None else grid.right
        box = Box(grid.top, bottom, grid.left, right)
        if not self.whole.contains(box) or box.height <= 0 or box.width <= 0:
            raise self.beyond(box)
        return box

    def beyond(self, box: Box) -> Exception:
        """Return the 400 of a range that leaves the grid."""
        return invalid(
            f"Range ({box.a1(self.title)}) exceeds grid limits. "
            f"Max rows: {self.row_count}, max columns: {self.column_count}"
        )

    def guard(self, box: Box, editor: Editor) -> None:
        """Check that no hardened protection forbids this editor a cell of the box.

        Raises:
            ApiError: 400, one does.

        """
        if editor.unbound:
            return
        for protection in self.protections.values():
            users = protection.get("editors", {}).get("users", ())
            if protection.get("warningOnly") or editor.email in users:
                continue
            protected = self.clipped(GridRange.from_wire(protection.get("range", {})))
            if protected is not None and protected.overlaps(box):
                raise invalid(
                    "You are trying to edit a protected cell or object. Please contact the "
                    "spreadsheet owner to remove protection if you need to edit."
                )

    def clipped(self, grid: GridRange) -> Box | None:
        """Return the part of a stored range that lies on the grid, `None` for nothing."""
        rows, columns = self.row_count, self.column_count
        bottom = rows if grid.bottom is None else min(grid.bottom, rows)
        right = columns if grid.right is None else min(grid.right, columns)
        box = Box(grid.top, bottom, grid.left, right)
        return box if box.height > 0 and box.width > 0 else None

    def merged_boxes(self) -> list[Box]:
        """Return the merged rectangles."""
        return [self.box(merge) for merge in self.merges]

    def check_frozen(self) -> None:
        """Check that the frozen bars cut no merge and leave something to scroll.

        Raises:
            ApiError: 400, one does not.

        """
        rows = int(self.grid.get("frozenRowCount", 0))
        columns = int(self.grid.get("frozenColumnCount", 0))
        if rows and rows >= self.row_count:
            raise invalid("You can't freeze all visible rows on the sheet.")
        if columns and columns >= self.column_count:
            raise invalid("You can't freeze all visible columns on the sheet.")
        for box in self.merged_boxes():
            if box.top < rows < box.bottom:
                raise invalid("You can't freeze rows which contain only part of a merged cell.")
            if box.left < columns < box.right:
                raise invalid("You can't freeze columns which contain only part of a merged cell.")

    def shape(self) -> None:
        """Cut or lengthen cells and merges to the grid that the properties now name."""
        for layer in self.layers.values():
            layer.resize(self.row_count, self.column_count)
        kept = [(merge, self.clipped(merge)) for merge in self.merges]
        self.merges = [
            GridRange(merge.sheet_id, box.top, box.bottom, box.left, box.right)
            for merge, box in kept
            if box is not None and box.height * box.width > 1
        ]


def new_sheet(properties: Json, *, rows: int = 1000, columns: int = 26) -> Sheet:
    """Return an empty tab from the wire's `SheetProperties`; the default size is Google's."""
    grid = {"rowCount": rows, "columnCount": columns} | dict(properties.get("gridProperties", {}))
    return Sheet({"sheetType": "GRID", **properties, "gridProperties": grid})

"""Today's figures and the table that shows them, remembered."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from bot.core.metrics import ProductMetrics
from bot.core.period import Period
from bot.core.ports.outputs import TableState
from bot.core.report import HistoryRow, Layout
from bot.core.runs import Claim, NewRun
from bot.core.table_file import SharingWish, Trouble


@dataclass(frozen=True, slots=True)
class StoredTable:
    """A shop's table: what it has shown so far, and what the publisher remembers of it."""

    layout: Layout = field(default_factory=Layout)
    state: TableState = field(default_factory=TableState)


class TableStore(Protocol):
    """Today's figures, their history, and the table that shows them."""

    async def save_figures(
        self, claim: Claim, figures: "StoredFigures", day: HistoryRow | None
    ) -> None:
        """Store the products of today, the shop's day and the layout. Raises: Superseded.

        Without `day` nothing is new: that of an earlier run stays, if there is one.
        """
        ...

    async def figures(self, shop_id: int) -> "StoredFigures | None":
        """Return the figures as last stored; `None` before the first time."""
        ...

    async def history(self, shop_id: int, *, last: int) -> Sequence[HistoryRow]:
        """Return the newest `last` days, oldest first."""
        ...

    async def table(self, shop_id: int) -> StoredTable:
        """Return the shop's table; an empty one before the first publishing."""
        ...

    async def save_state(
        self, claim: Claim, state: TableState, *, over: Trouble | None = None
    ) -> None:
        """Store what the publisher remembers. Raises: Superseded.

        `over` is a trouble that the table has no longer; one that has come meanwhile stays.
        """
        ...

    async def state(self, shop_id: int) -> TableState:
        """Return what is remembered of the shop's table, without its rows."""
        ...

    async def put_state(
        self, shop_id: int, state: TableState, *, now: datetime, begins: NewRun | None = None
    ) -> None:
        """Give the shop another file, or none yet. Bumps the fence, closes the open run.

        Whoever watches that run is owed its end. `begins` is made in the same step; a shop without
        a working key gets none.

        Raises:
            SellerMustAct: `SHEET_TAKEN`, another shop has this file.
        """
        ...

    async def set_sharing(self, shop_id: int, wish: SharingWish) -> None:
        """Remember who may see the table."""
        ...

    async def set_trouble(self, shop_id: int, trouble: Trouble | None) -> None:
        """Remember that the table waits for the seller, or not; a run says so as it ends."""
        ...

    async def note(self, shop_id: int, notes: Mapping[str, Any]) -> None:
        """Change some of the publisher's notes; a running refresh may still overwrite them."""
        ...

    async def shops_of_files(self, file_ids: Collection[str]) -> Mapping[str, int]:
        """Return which of these files are tables, by shop."""
        ...


@dataclass(frozen=True, slots=True)
class StoredFigures:
    """Everything that a report is built from without asking a marketplace."""

    metrics: Sequence[ProductMetrics]
    layout: Layout
    period: Period
    at: datetime
    is_partial: bool
    about: Sequence[tuple[str, str]]

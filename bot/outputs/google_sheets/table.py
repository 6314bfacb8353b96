"""One shop's table during one publishing: made, looked at, given room, written, repaired."""

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.core.errors import Code, Defect, SellerMustAct, Transient
from bot.core.ports import Superseded, TableState
from bot.core.report import Report
from bot.outputs.google_sheets import growth, layout, reading, repair, staging, values
from bot.outputs.google_sheets.anchors import places_of
from bot.outputs.google_sheets.client import GoogleClient
from bot.outputs.google_sheets.notes import Notes
from bot.outputs.google_sheets.placement import Placement
from bot.outputs.google_sheets.reading import Seen
from bot.outputs.google_sheets.sheets import Spreadsheet, ids_in, sheet_id_of, tab_of, titles_of
from bot.outputs.google_sheets.statuses import ShapeChanged

Keep = Callable[[TableState], Awaitable[None]]
_LOOKS = 3
_STRUCTURAL_TRIES = 3
_LEAST_ID, _SPREAD_OF_IDS = 100_000_000, 1_900_000_000  # Google's numbers go up to 2³¹
_IDS_NEEDED = 8


@dataclass(slots=True)
class Table:
    """The file, the report that goes into it, and the notes as they change on the way."""

    client: GoogleClient
    file: Spreadsheet
    report: Report
    notes: Notes
    keep: Keep
    largest_body_bytes: int

    async def make(self) -> None:
        """Give a blank file of ours its structure and its first figures.

        Raises:
            Transient: Google is away; the next publishing goes on from where this one stopped.
            Defect: Google refuses our requests.

        """
        self.notes = self.notes.with_changes(
            history_rows=layout.YEAR_ROWS + len(self.report.history),
            about_rows=max(self.notes.about_rows, len(self.report.about)),
        )
        is_new = await (self._add_tabs() if self.notes.theirs else self._structure())
        await self._note(structured=True, awaits_products=not self.report.nm_ids)
        if is_new:
            await self._write(Placement.fresh(self.report))
        else:
            await self.refresh()
        await self._clear_code()

    async def refresh(self) -> None:
        """Write the report where its rows and columns stand now: one read and one write.

        Raises:
            SellerMustAct: the file is gone, closed, protected, or its header cannot be found.
            Transient: Google is away or its quota is spent.
            Defect: Google refuses, also after a repair.

        """
        try:
            await self._read_and_write()
        except ShapeChanged:
            await self._repair()
            await self._read_and_write()

    async def _read_and_write(self) -> None:
        placement = await self._look()
        await self._write(await self._make_room(placement))

    # ── making ───────────────────────────────────────────────────────────────────────────────

    async def _structure(self) -> bool:
        """Make the tabs; say whether it was this call, not an earlier one, that made them."""
        try:
            await self._lay_out(default_tab=0)
        except Superseded:
            raise
        except (Defect, Transient) as error:
            return await self._structure_after(error)
        return True

    async def _structure_after(self, error: Defect | Transient) -> bool:
        """Look what the first try has left behind, and do what it has not."""
        shape = await self.file.shape()
        if tab_of(shape, self.notes.main_id) is not None:
            return False
        if len(shape) != 1:
            raise error
        await self._lay_out(default_tab=sheet_id_of(shape[0]))
        return True

    async def _lay_out(self, default_tab: int) -> None:
        requests = await self.client.run(layout.own_file, self.report, self.notes, default_tab)
        await self._restructure(requests)

    async def _add_tabs(self) -> bool:
        """Put our tabs behind the seller's; say whether it was this call that made them."""
        shape = await self.file.shape()
        if self.notes.has_usual_ids:
            await self._note_free_ids(shape)
        elif tab_of(shape, self.notes.main_id) is not None:
            return False
        taken = titles_of(shape)
        requests = await self.client.run(layout.sellers_file, self.report, self.notes, taken)
        try:
            await self._restructure(requests)
        except Superseded:
            raise
        except (Defect, Transient):
            if tab_of(await self.file.shape(), self.notes.main_id) is None:
                raise
            return False
        return True

    async def _note_free_ids(self, shape: Sequence[Mapping[str, Any]]) -> None:
        """Choose numbers for our tabs that nothing in the seller's file has."""
        used = ids_in(shape)
        while True:
            first = _LEAST_ID + secrets.randbelow(_SPREAD_OF_IDS)
            if used.isdisjoint(range(first, first + _IDS_NEEDED)):
                break
        self.notes = self.notes.with_ids_from(first)
        await self.keep(self.notes.to_state())

    async def _clear_code(self) -> None:
        """Empty the cell in which the seller has shown us that the file is his."""
        code, tab = self.notes.code, self.notes.code_tab
        if code is None or tab is None:
            return
        try:
            answer = await self.file.read(reading.first_cell(tab))
            if reading.same_code(reading.cell_of(answer), code):
                await self.file.write(values.cleared(tab))
        except ShapeChanged:
            pass  # he has deleted that tab meanwhile, and the code with it
        await self._note(code=None, code_tab=None)

    # ── refreshing ───────────────────────────────────────────────────────────────────────────

    async def _look(self) -> Placement:
        """Read where everything stands; a header or NM ID column that has moved is followed."""
        for _ in range(_LOOKS):
            answer = await self.file.read(reading.question(self.notes))
            seen = await self.client.run(reading.read_answer, answer, self.notes)
            placement = await self.client.run(Placement.seen, self.report, seen, self.notes)
            if not self._follow(placement, seen):
                return placement
        raise SellerMustAct(Code.SHEET_BROKEN, "the header has moved again and again")

    def _follow(self, placement: Placement, seen: Seen) -> bool:
        """Say whether another look is due, at the place that the notes name now."""
        column = placement.columns[layout.NM_COLUMN]
        row = seen.row_of_nm_title()
        if column == self.notes.nm_column:
            return False
        if column is not None:
            self.notes = self.notes.with_changes(nm_column=column)
            return True
        if row is None or row in {0, self.notes.header_row}:
            raise SellerMustAct(Code.SHEET_BROKEN, "the column of NM IDs cannot be found")
        self.notes = self.notes.with_changes(header_row=row)
        return True

    async def _make_room(self, placement: Placement) -> Placement:
        for attempt in range(1, _STRUCTURAL_TRIES + 1):
            shape = await self._own_shape() if growth.missing_columns(placement) else None
            plan = await self.client.run(growth.plan, self.report, placement, self.notes, shape)
            if not plan.requests:
                return plan.after
            try:
                await self._restructure(plan.requests)
            except Superseded:
                raise
            except Transient as error:
                if error.code is Code.GOOGLE_RATE_LIMITED or attempt == _STRUCTURAL_TRIES:
                    raise
                await self.client.back_off(attempt)
                placement = await self._look()  # it may have been applied all the same
            else:
                self.notes = plan.notes
                return plan.after
        raise Defect(Code.INTERNAL, "room was never made")

    async def _own_shape(self) -> Mapping[str, Any] | None:
        return tab_of(await self.file.shape(), self.notes.main_id)

    async def _write(self, placement: Placement) -> None:
        body = await self.client.run(values.body_of, self.report, placement, self.notes)
        if len(body) <= self.largest_body_bytes or not self.report.rows:
            await self.file.write(body)
        else:
            await self._write_in_parts(placement, len(body))
        column = placement.columns[layout.NM_COLUMN]
        await self._note(
            filled=True,
            places=places_of(self.report),
            nm_column=layout.NM_COLUMN if column is None else column,
            awaits_products=not self.report.nm_ids,
            about_written=len(self.report.about),
        )

    async def _write_in_parts(self, placement: Placement, size_bytes: int) -> None:
        """Write over a hidden tab, so that no half-written table is ever to be seen."""
        await self._make_staging_tab()
        count = staging.count_of_parts(size_bytes, self.largest_body_bytes)
        bodies = staging.parts(self.report, placement, self.notes, count=count)
        while (body := await self.client.run(next, bodies, None)) is not None:
            await self.file.write(body)
        over = await self.client.run(staging.going_over, self.report, placement, self.notes)
        try:
            await self._restructure(over)
        except Superseded:
            raise
        except Transient:
            if await self._has_staging_tab():
                raise

    async def _make_staging_tab(self) -> None:
        try:
            await self._restructure(staging.tab(self.report, self.notes, left_over=False))
        except Superseded:
            raise
        except (Defect, Transient):
            left = await self._has_staging_tab()
            await self._restructure(staging.tab(self.report, self.notes, left_over=left))

    async def _has_staging_tab(self) -> bool:
        return tab_of(await self.file.shape(), self.notes.staging_id) is not None

    # ── repairing ────────────────────────────────────────────────────────────────────────────

    async def _repair(self) -> None:
        shape = await self.file.shape()
        requests = await self.client.run(repair.plan, self.report, self.notes, shape)
        if repair.is_gone(shape, self.notes.main_id):
            self.notes = self.notes.with_changes(
                header_row=layout.HEADER_ROW,
                nm_column=layout.NM_COLUMN,
                places=places_of(self.report),
                awaits_products=not self.report.nm_ids,
            )
        if repair.is_gone(shape, self.notes.about_id):
            self.notes = self.notes.with_changes(about_written=0)
        if requests:
            await self._restructure(requests)

    async def _restructure(self, requests: Sequence[Mapping[str, Any]]) -> None:
        await self.file.restructure([dict(request) for request in requests])

    async def _note(self, **changes: Any) -> None:
        changed = self.notes.with_changes(**changes)
        if changed != self.notes:
            self.notes = changed
            await self.keep(changed.to_state())

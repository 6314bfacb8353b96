"""The files behind the tables: a seller's own ones, who may see them, what became of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.errors import Code, SellerMustAct
from bot.core.ports import Destination, TableState
from bot.core.table_file import Changes, Fate, Host, Invitation
from bot.outputs.google_sheets import reading, watching
from bot.outputs.google_sheets.accounts import Account
from bot.outputs.google_sheets.client import GoogleClient
from bot.outputs.google_sheets.drive import Drive
from bot.outputs.google_sheets.notes import Notes
from bot.outputs.google_sheets.permissions import Permissions
from bot.outputs.google_sheets.routes import Routes
from bot.outputs.google_sheets.sharing import SharingDesk
from bot.outputs.google_sheets.sheets import Spreadsheet

_GONE = frozenset({Code.SHEET_GONE, Code.SHEET_NO_ACCESS})


@dataclass(frozen=True, slots=True)
class GoogleFiles:
    """Implements the port `TableFiles`."""

    routes: Routes
    client: GoogleClient
    drive: Drive
    permissions: Permissions
    desk: SharingDesk

    def host(self, shop_id: int) -> Host | None:
        """Return the service account that would work in a file of the seller's."""
        account = self.routes.accounts.worker(shop_id)
        return Host(account.key, account.address) if account.address else None

    async def examine(
        self, invitation: Invitation, file_id: str, before: TableState
    ) -> TableState:
        """Look whether a seller's file can hold his table; return what to store. Writes nothing.

        Raises:
            SellerMustAct: no table of Google's, no access, read-only, or a wrong code in A1.
            Transient: Google is away.

        """
        accounts = self.routes.accounts
        account = accounts.named(invitation.host.key) or accounts.worker(invitation.shop_id)
        await self._check_file(account, file_id)
        file = Spreadsheet(self.client, account, file_id, urgent=True)
        tab, cell = await file.first_cell()
        if not reading.same_code(cell, invitation.code):
            raise SellerMustAct(Code.SHEET_CODE_WRONG)
        notes = _anew(Notes.read(before.notes)).with_changes(
            spreadsheet_id=file_id,
            account=account.key,
            theirs=True,
            code=invitation.code,
            code_tab=tab,
        )
        return notes.to_state()

    def anew(self, state: TableState) -> TableState:
        """Return the state of a table that is to be made once more, in a file of its own."""
        return _anew(Notes.read(state.notes)).to_state()

    def is_sellers_own(self, state: TableState) -> bool:
        """Say whether the file is one that the seller made himself."""
        return Notes.read(state.notes).theirs

    async def share(self, destination: Destination) -> Mapping[str, Any]:
        """Give and take access as `destination.state.sharing` says; return the changed notes.

        Raises:
            SellerMustAct: the file is gone.
            Transient: Google is away.

        """
        notes = Notes.read(destination.state.notes)
        keeper = self.routes.keeper(notes, destination.shop_id)
        after = (await self.desk.settle(keeper, notes, destination)).to_state().notes
        before = notes.to_state().notes
        return {name: value for name, value in after.items() if value != before[name]}

    async def is_trashed(self, account: Account, notes: Notes) -> bool:
        """Say whether the file lies in the bin."""
        return (await self.drive.look(account, notes.spreadsheet_id or "")).trashed

    async def restore(self, destination: Destination) -> None:
        """Take the file out of the bin.

        Raises:
            SellerMustAct: only the seller can, or it is gone.
            Transient: Google is away.

        """
        notes = Notes.read(destination.state.notes)
        keeper = self.routes.keeper(notes, destination.shop_id)
        file_id = notes.spreadsheet_id or ""
        try:
            await self.drive.set_trashed(keeper, file_id, trashed=False)
        except SellerMustAct as error:
            if error.code is Code.SHEET_NO_ACCESS and await self.is_trashed(keeper, notes):
                raise SellerMustAct(Code.SHEET_TRASHED, "only its owner can restore") from None
            if error.code is not Code.SHEET_NO_ACCESS:
                raise

    async def leave(self, destination: Destination) -> None:
        """Delete our own files of a shop; from a seller's own take our access away.

        Raises:
            Transient: Google is away.
            Defect: a refusal that is our fault or the operator's.

        """
        notes = Notes.read(destination.state.notes)
        keeper = self.routes.keeper(notes, destination.shop_id)
        creator = keeper if not notes.theirs else self.routes.accounts.creator(destination.shop_id)
        if notes.creating and notes.marker:
            lost = await self.drive.find(keeper, notes.marker)
            notes = notes.with_changes(spreadsheet_id=lost)
        for file_id in notes.left_behind:
            await self._delete(creator, file_id)
        if notes.spreadsheet_id is None:
            return
        if notes.theirs:
            await self._step_out(keeper, notes.spreadsheet_id)
        else:
            await self._delete(keeper, notes.spreadsheet_id)

    async def changes(self, bookmarks: Mapping[str, str]) -> Changes:
        """Return what has happened to files since these bookmarks; none yet: from now on.

        Raises:
            Transient: Google is away.
            Defect: a refusal that is the operator's matter.

        """
        places: dict[str, str] = {}
        fates: dict[str, Fate] = {}
        for account in self.routes.accounts.everybody:
            place = bookmarks.get(account.key)
            if place is None:
                places[account.key] = await watching.place_now(self.client, account)
                continue
            places[account.key], seen = await watching.since(self.client, account, place)
            for file_id, fate in seen.items():
                if fates.get(file_id) is not Fate.TRASHED:
                    fates[file_id] = fate
        return Changes(places, fates)

    async def _check_file(self, account: Account, file_id: str) -> None:
        try:
            facts = await self.drive.look(account, file_id)
        except SellerMustAct as error:
            raise SellerMustAct(Code.SHEET_NO_ACCESS, error.detail) from None
        if not facts.is_spreadsheet:
            raise SellerMustAct(Code.SHEET_LINK_INVALID, "not a Google spreadsheet")
        if facts.trashed:
            raise SellerMustAct(Code.SHEET_TRASHED)
        if not facts.can_edit:
            raise SellerMustAct(Code.SHEET_READ_ONLY)

    async def _delete(self, account: Account, file_id: str) -> None:
        try:
            await self.drive.delete(account, file_id)
        except SellerMustAct as error:
            if error.code not in _GONE:
                raise

    async def _step_out(self, account: Account, file_id: str) -> None:
        try:
            await self.permissions.leave(account, file_id)
        except SellerMustAct as error:
            if error.code not in _GONE:
                raise


def _anew(before: Notes) -> Notes:
    """Return blank notes that do not forget the files of ours that stay behind."""
    mine = before.spreadsheet_id
    kept = () if mine is None or before.theirs else (mine,)
    return Notes(left_behind=(*before.left_behind, *kept))

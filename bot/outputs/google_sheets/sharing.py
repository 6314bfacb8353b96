"""Bringing a file's sharing list to what the seller wants; nothing is asked when it is so."""

from bot.core.errors import Code, Defect, SellerMustAct
from bot.core.ports import Destination
from bot.core.table_file import ShareRole
from bot.outputs.google_sheets.accounts import Account
from bot.outputs.google_sheets.drive import Digests
from bot.outputs.google_sheets.notes import Notes, Sharing
from bot.outputs.google_sheets.permissions import Permissions

_REFUSED = {
    Code.SHEET_ADDRESS_UNKNOWN: Sharing.NO_GOOGLE_ACCOUNT,
    Code.GOOGLE_RATE_LIMITED: Sharing.LATER,
    Code.SHEET_REQUEST_REFUSED: Sharing.REFUSED,
    Code.SHEET_NO_ACCESS: Sharing.REFUSED,
}


class SharingDesk:
    """Gives and takes access; a refusal is noted, and tried again at the next occasion."""

    def __init__(self, permissions: Permissions, digests: Digests) -> None:
        self._permissions = permissions
        self._digests = digests

    async def settle(self, account: Account, notes: Notes, destination: Destination) -> Notes:
        """Return the notes once the file is shared as `destination.state.sharing` says.

        A file of the seller's own is left as he shares it.

        Raises:
            SellerMustAct: the file is gone.
            Transient: Google is away.

        """
        if notes.spreadsheet_id is None or notes.theirs:
            return notes
        wish, email = destination.state.sharing, destination.reader_email
        notes = await self._let_in(account, notes, email, wish.role)
        if notes.link_open != wish.by_link:
            notes = await self._set_link(account, notes, is_open=wish.by_link)
        return notes

    async def _let_in(self, account: Account, notes: Notes, email: str, role: ShareRole) -> Notes:
        digest = self._digests.of("address", email)
        file_id = notes.spreadsheet_id or ""
        is_same = notes.shared_with == digest
        if notes.sharing is Sharing.DONE and is_same and notes.shared_role == role:
            return notes
        if notes.entry_id and not is_same:
            await self._permissions.take(account, file_id, notes.entry_id)
            notes = notes.with_changes(entry_id=None)
        try:
            entry = await self._entry(account, notes, email, role)
        except (SellerMustAct, Defect) as error:
            if error.code not in _REFUSED:
                raise
            return notes.with_changes(sharing=_REFUSED[error.code], shared_with=digest)
        return notes.with_changes(
            sharing=Sharing.DONE, shared_with=digest, shared_role=role.value, entry_id=entry
        )

    async def _entry(self, account: Account, notes: Notes, email: str, role: ShareRole) -> str:
        """Give the entry its role; one that the seller has taken away is made anew."""
        file_id = notes.spreadsheet_id or ""
        if notes.entry_id:
            try:
                await self._permissions.change(account, file_id, notes.entry_id, role)
            except SellerMustAct as error:
                if error.code is not Code.SHEET_GONE:
                    raise
            else:
                return notes.entry_id
        return await self._permissions.give(account, file_id, email, role)

    async def _set_link(self, account: Account, notes: Notes, *, is_open: bool) -> Notes:
        file_id = notes.spreadsheet_id or ""
        try:
            if is_open:
                await self._permissions.open_link(account, file_id)
            else:
                await self._permissions.close_link(account, file_id)
        except (SellerMustAct, Defect) as error:
            if error.code not in _REFUSED:
                raise
            return notes.with_changes(link_refused=True)
        return notes.with_changes(link_open=is_open, link_refused=False)

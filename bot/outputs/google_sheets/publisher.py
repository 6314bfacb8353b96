"""The Google Sheets output: one spreadsheet per shop, made once and refreshed for ever."""

from dataclasses import dataclass, field, replace

from bot.core.errors import Code, Defect, SellerMustAct, Transient
from bot.core.ports import Destination, Observe, ShopErased, Superseded, TableState
from bot.core.report import Report
from bot.kit.clock import Clock
from bot.outputs.google_sheets.accounts import Account, Accounts, read_accounts
from bot.outputs.google_sheets.client import GoogleClient, Guard
from bot.outputs.google_sheets.config import GoogleConfig
from bot.outputs.google_sheets.drive import Digests, Drive
from bot.outputs.google_sheets.files import GoogleFiles
from bot.outputs.google_sheets.notes import Notes
from bot.outputs.google_sheets.permissions import Permissions
from bot.outputs.google_sheets.quota import Quota
from bot.outputs.google_sheets.routes import Routes
from bot.outputs.google_sheets.sharing import SharingDesk
from bot.outputs.google_sheets.sheets import Spreadsheet
from bot.outputs.google_sheets.table import Keep, Table


@dataclass(frozen=True, slots=True)
class GoogleSheets:
    """Implements the port `TablePublisher`."""

    routes: Routes
    client: GoogleClient
    drive: Drive
    files: GoogleFiles
    clock: Clock
    digests: Digests = field(repr=False)
    in_folder: bool
    largest_body_bytes: int

    async def publish(
        self,
        report: Report,
        destination: Destination,
        keep: Keep,
        *,
        guard: Guard,
        urgent: bool = False,
    ) -> TableState:
        """Create the table if it is not there yet, write `report`, return the new state.

        `keep` is called before and after each step that cannot be repeated. `urgent` is for a
        person who waits: such calls may use the whole of Google's quota. Afterwards
        `notes["sharing"]` says whether the seller has access (`Sharing`). Where the operator has
        no place for files the state comes back without a link: the seller may bring his own.

        Raises:
            Superseded: `guard` or `keep` has said so. If the shop is erased, so is the file that
                was being made for it.
            SellerMustAct: the file is gone, in the bin, closed to us, protected, or changed past
                finding.
            Transient: Google is away or its quota is spent; call again with the kept state.
            Defect: a refusal that is our fault or the operator's.

        """
        notes = Notes.read(destination.state.notes)
        if notes.spreadsheet_id is None:
            notes = await self._find_or_create(notes, destination, keep, guard)
        if notes.spreadsheet_id is None:
            return notes.to_state()
        await self._check_bin(notes, destination)
        account = self.routes.writer(notes, destination.shop_id)
        file_id = notes.spreadsheet_id
        file = Spreadsheet(self.client, account, file_id, urgent=urgent, guard=guard)
        table = Table(self.client, file, report, notes, keep, self.largest_body_bytes)
        if notes.structured:
            await table.refresh()
        else:
            await table.make()
        keeper = self.routes.keeper(table.notes, destination.shop_id)
        desk = SharingDesk(Permissions(self.client, guard), self.digests)
        return (await desk.settle(keeper, table.notes, destination)).to_state()

    async def leave(self, destination: Destination) -> None:
        """Go away for good: our own file is deleted, from a seller's own we take our access.

        A file that Google is about to make is not waited for: once the shop is erased, who has
        asked for it deletes it.

        Raises:
            Transient: Google is away.
            Defect: a refusal that is our fault or the operator's.

        """
        await self.files.leave(destination)

    def close(self) -> None:
        """Close threads and connections."""
        self.client.close()

    async def _find_or_create(
        self, notes: Notes, destination: Destination, keep: Keep, guard: Guard
    ) -> Notes:
        """Return notes with a file: one made earlier whose answer was lost, or a new one."""
        account = self.routes.keeper(notes, destination.shop_id)
        file_id = None
        if notes.creating and notes.marker:
            file_id = await self.drive.find(account, notes.marker)
        else:
            marker = self.digests.of(destination.shop_id, self.clock.now().isoformat())
            notes = notes.with_changes(marker=marker, creating=True, account=account.key)
            await keep(notes.to_state())
        try:
            if file_id is None:
                file_id = await self._create(notes, account, destination.title, keep, guard)
            notes = notes.with_changes(
                spreadsheet_id=file_id, creating=False, in_folder=self.in_folder
            )
            await keep(notes.to_state())
        except ShopErased:
            await self._take_back(replace(destination, state=notes.to_state()))
            raise
        return notes

    async def _take_back(self, destination: Destination) -> None:
        """Delete the file that was made, or may have been, for a shop that is erased.

        Raises:
            Defect: it could not be done; nobody will try again.

        """
        try:
            await self.files.leave(destination)
        except Transient as error:
            raise Defect(error.code, f"a file of nobody's stays: {error.detail}") from None

    async def _create(
        self, notes: Notes, account: Account, title: str, keep: Keep, guard: Guard
    ) -> str | None:
        try:
            return await self.drive.create(account, title, notes.marker or "", guard)
        except Superseded:
            raise
        except Transient:  # nobody knows: the intent stays, if the shop does
            await guard()
            raise
        except Exception as error:
            await keep(notes.with_changes(creating=False).to_state())
            if self._has_no_place(error, account):
                return None
            raise

    def _has_no_place(self, error: Exception, account: Account) -> bool:
        """Say whether nothing is wrong but that sellers have to bring their own files."""
        is_full = isinstance(error, Defect) and error.code is Code.GOOGLE_STORAGE_FULL
        return is_full and not self.in_folder and account is not self.routes.accounts.owner

    async def _check_bin(self, notes: Notes, destination: Destination) -> None:
        """Look whether a file that was seen in the bin still lies there.

        Raises:
            SellerMustAct: it does; Google would take our writes all the same.

        """
        trouble = destination.state.trouble
        if trouble is None or trouble.code is not Code.SHEET_TRASHED:
            return
        keeper = self.routes.keeper(notes, destination.shop_id)
        if await self.files.is_trashed(keeper, notes):
            raise SellerMustAct(Code.SHEET_TRASHED)


def open_google_sheets(
    config: GoogleConfig,
    clock: Clock,
    *,
    time_scale: float = 1.0,
    marker_secret: bytes,
    observe: Observe = lambda _event: None,
) -> GoogleSheets:
    """Build the output; nothing is asked of Google yet. Close it with `close`.

    Raises:
        GoogleSetupError: a credentials file cannot be used; its text is for the operator.

    """
    accounts = read_accounts(config)
    quota = Quota(clock, time_scale)
    client = GoogleClient(config, quota, clock, time_scale=time_scale, observe=observe)
    routes, digests = Routes(accounts, quota), Digests(marker_secret)
    permissions = Permissions(client)
    desk = SharingDesk(permissions, digests)
    drive = Drive(client, config.folder_id, folder_is_shared=_known_place(config, accounts))
    return GoogleSheets(
        routes=routes,
        client=client,
        drive=drive,
        files=GoogleFiles(routes, client, drive, permissions, desk),
        clock=clock,
        digests=digests,
        in_folder=config.folder_id is not None,
        largest_body_bytes=config.largest_body_bytes,
    )


def _known_place(config: GoogleConfig, accounts: Accounts) -> bool | None:
    """Return False if the folder is the one that `google-login` has made in the owner's Drive."""
    owner = accounts.owner
    if owner is None or owner.folder_id is None:
        return None
    return False if owner.folder_id == config.folder_id else None

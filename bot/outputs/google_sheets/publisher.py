"""The Google Sheets output: one spreadsheet per shop, made once and refreshed for ever."""

from dataclasses import dataclass, field

from bot.core.errors import Transient
from bot.core.ports import Destination, Observe, TableState
from bot.core.report import Report
from bot.kit.clock import Clock
from bot.outputs.google_sheets.accounts import Account, Accounts, read_accounts
from bot.outputs.google_sheets.client import GoogleClient
from bot.outputs.google_sheets.config import GoogleConfig
from bot.outputs.google_sheets.drive import Digests, Drive
from bot.outputs.google_sheets.notes import Notes, Sharing
from bot.outputs.google_sheets.quota import Quota
from bot.outputs.google_sheets.sheets import Spreadsheet
from bot.outputs.google_sheets.table import Keep, Table


@dataclass(frozen=True, slots=True)
class GoogleSheets:
    """Implements the port `TablePublisher`; one publishing per shop at a time."""

    accounts: Accounts
    client: GoogleClient
    quota: Quota
    drive: Drive
    clock: Clock
    digests: Digests = field(repr=False)
    in_folder: bool
    largest_body_bytes: int

    async def publish(
        self, report: Report, destination: Destination, keep: Keep, *, urgent: bool = False
    ) -> TableState:
        """Create the table if it is not there yet, write `report`, return the new state.

        `keep` is called before and after each step that cannot be repeated. `urgent` is for a
        person who waits: such calls may use the whole of Google's quota. Afterwards
        `notes["sharing"]` says whether the seller has access (`Sharing`).

        Raises:
            SellerMustAct: the file is gone, closed to us, protected, or changed past finding.
            Transient: Google is away or its quota is spent; call again with the kept state.
            Defect: a refusal that is our fault or the operator's.

        """
        notes = Notes.read(destination.state.notes)
        if notes.spreadsheet_id is None:
            notes = await self._find_or_create(notes, destination, keep)
        table = self._table(notes, report, destination, keep, urgent=urgent)
        if notes.structured:
            await table.refresh()
        else:
            await table.make()
        notes = await self._share(table.notes, destination)
        return notes.to_state()

    def close(self) -> None:
        """Close threads and connections."""
        self.client.close()

    async def _find_or_create(self, notes: Notes, destination: Destination, keep: Keep) -> Notes:
        """Return notes with a file: one made earlier whose answer was lost, or a new one."""
        account = self.accounts.named(notes.account) or self.accounts.creator(destination.shop_id)
        file_id = None
        if notes.creating and notes.marker:
            file_id = await self.drive.find(account, notes.marker)
        else:
            marker = self.digests.of(destination.shop_id, self.clock.now().isoformat())
            notes = notes.with_changes(marker=marker, creating=True, account=account.key)
            await keep(notes.to_state())
        if file_id is None:
            file_id = await self._create(notes, account, destination.title, keep)
        notes = notes.with_changes(
            spreadsheet_id=file_id, creating=False, in_folder=self.in_folder
        )
        await keep(notes.to_state())
        return notes

    async def _create(self, notes: Notes, account: Account, title: str, keep: Keep) -> str:
        try:
            return await self.drive.create(account, title, notes.marker or "")
        except Transient:
            raise  # nobody knows: the intent stays
        except Exception:
            await keep(notes.with_changes(creating=False).to_state())
            raise

    def _table(
        self,
        notes: Notes,
        report: Report,
        destination: Destination,
        keep: Keep,
        *,
        urgent: bool,
    ) -> Table:
        account = self._worker(notes, destination.shop_id)
        file = Spreadsheet(self.client, account, notes.spreadsheet_id or "", urgent=urgent)
        return Table(self.client, file, report, notes, keep, self.largest_body_bytes)

    def _worker(self, notes: Notes, shop_id: int) -> Account:
        """Return who writes: any account in a common folder, otherwise the one that made it."""
        usual = self.accounts.worker(shop_id, avoid=self.quota.parked())
        return usual if notes.in_folder else self.accounts.named(notes.account) or usual

    async def _share(self, notes: Notes, destination: Destination) -> Notes:
        """Give the seller access, once per address; a refusal is tried again each time."""
        digest = self.digests.of("address", destination.reader_email)
        done = notes.sharing is Sharing.DONE and notes.shared_with == digest
        if notes.spreadsheet_id is None or done:
            return notes
        account = self.accounts.named(notes.account) or self._worker(notes, destination.shop_id)
        sharing = await self.drive.share(account, notes.spreadsheet_id, destination.reader_email)
        return notes.with_changes(sharing=sharing, shared_with=digest)


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
    return GoogleSheets(
        accounts=accounts,
        client=client,
        quota=quota,
        drive=Drive(client, config.folder_id),
        clock=clock,
        digests=Digests(marker_secret),
        in_folder=config.folder_id is not None,
        largest_body_bytes=config.largest_body_bytes,
    )

"""Which account does what with a shop's file."""

from dataclasses import dataclass

from bot.outputs.google_sheets.accounts import Account, Accounts
from bot.outputs.google_sheets.notes import Notes
from bot.outputs.google_sheets.quota import Quota


@dataclass(frozen=True, slots=True)
class Routes:
    """Writers take turns by shop; owning, sharing and a seller's own file stay with one."""

    accounts: Accounts
    quota: Quota

    def writer(self, notes: Notes, shop_id: int) -> Account:
        """Return who writes: any account in a common folder, otherwise the one in the notes."""
        usual = self.accounts.worker(shop_id, avoid=self.quota.parked())
        return usual if notes.in_folder else self.accounts.named(notes.account) or usual

    def keeper(self, notes: Notes, shop_id: int) -> Account:
        """Return who made the file and may share, bin and delete it."""
        return self.accounts.named(notes.account) or self.accounts.creator(shop_id)

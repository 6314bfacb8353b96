"""All stores of one database, opened together."""

from dataclasses import dataclass

from bot.core.ports import (
    Bookmarks,
    CallBudget,
    Drafts,
    Invites,
    Leftovers,
    Locks,
    Observe,
    Outbox,
    RunStore,
    SellerStore,
    ShopStore,
    SnapshotStore,
    TableStore,
    VitalSigns,
)
from bot.kit.clock import Clock
from bot.storage.bookmarks import SqlBookmarks
from bot.storage.budgets import SqlCallBudget
from bot.storage.codec import Blobs
from bot.storage.database import Database
from bot.storage.drafts import SqlDrafts
from bot.storage.figures import SqlTableStore
from bot.storage.invites import SqlInvites
from bot.storage.leftovers import SqlLeftovers
from bot.storage.locks import SqlLocks
from bot.storage.outbox import SqlOutbox
from bot.storage.runs import SqlRunStore
from bot.storage.sellers import SqlSellerStore
from bot.storage.shops import SqlShopStore
from bot.storage.snapshots import SqlSnapshotStore
from bot.storage.vault import Vault
from bot.storage.vitals import SqlVitalSigns


@dataclass(frozen=True, slots=True)
class Stores:
    """What we remember, one store per port; `close` before the database is closed."""

    sellers: SellerStore
    shops: ShopStore
    runs: RunStore
    snapshots: SnapshotStore
    tables: TableStore
    budget: CallBudget
    outbox: Outbox
    drafts: Drafts
    locks: Locks
    invites: Invites
    vitals: VitalSigns
    bookmarks: Bookmarks
    leftovers: Leftovers
    blobs: Blobs

    def close(self) -> None:
        """End the threads that pack and unpack."""
        self.blobs.close()


def open_stores(
    database: Database, vault: Vault, clock: Clock, observe: Observe = lambda _event: None
) -> Stores:
    """Return the stores of a migrated database; nothing is connected yet.

    `observe` hears of rows that cannot be read: they are left out, and harm no other.
    """
    blobs = Blobs()
    return Stores(
        sellers=SqlSellerStore(database, vault, clock),
        shops=SqlShopStore(database, vault, observe),
        runs=SqlRunStore(database, vault, blobs, clock),
        snapshots=SqlSnapshotStore(database, blobs),
        tables=SqlTableStore(database, vault, blobs),
        budget=SqlCallBudget(database, clock),
        outbox=SqlOutbox(database),
        drafts=SqlDrafts(database, vault),
        locks=SqlLocks(database, clock),
        invites=SqlInvites(database),
        vitals=SqlVitalSigns(database),
        bookmarks=SqlBookmarks(database),
        leftovers=SqlLeftovers(database),
        blobs=blobs,
    )

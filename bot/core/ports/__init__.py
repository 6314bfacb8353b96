"""What the use cases need from the outside, each as one Protocol; adapters implement them."""

from bot.core.ports.keeping import Bookmarks, Drafts, Invites, Locks, Outbox, VitalSigns
from bot.core.ports.marketplace import Allowance, Bucket, CallBudget, Marketplace, Memo, Memory
from bot.core.ports.outputs import (
    Destination,
    TableFiles,
    TablePublisher,
    TableState,
    WorkbookMaker,
)
from bot.core.ports.people import Gate, Messenger, Observe
from bot.core.ports.people_stores import SellerStore, ShopStore
from bot.core.ports.run_stores import RunStore, SnapshotStore
from bot.core.ports.table_stores import StoredFigures, StoredTable, TableStore
from bot.core.ports.waits import AnySnapshot, Superseded, Unfinished

__all__ = [
    "Allowance",
    "AnySnapshot",
    "Bookmarks",
    "Bucket",
    "CallBudget",
    "Destination",
    "Drafts",
    "Gate",
    "Invites",
    "Locks",
    "Marketplace",
    "Memo",
    "Memory",
    "Messenger",
    "Observe",
    "Outbox",
    "RunStore",
    "SellerStore",
    "ShopStore",
    "SnapshotStore",
    "StoredFigures",
    "StoredTable",
    "Superseded",
    "TableFiles",
    "TablePublisher",
    "TableState",
    "TableStore",
    "Unfinished",
    "VitalSigns",
    "WorkbookMaker",
]

"""What the use cases need from the outside, each as one Protocol; adapters implement them."""

from bot.core.ports.keeping import (
    Bookmarks,
    Drafts,
    Invites,
    KeepSince,
    Leftovers,
    Locks,
    Outbox,
    VitalSigns,
)
from bot.core.ports.marketplace import (
    LONGEST_WAIT_SECONDS,
    Allowance,
    Bucket,
    CallBudget,
    Marketplace,
    Memo,
    Memory,
)
from bot.core.ports.outputs import (
    Destination,
    TableFiles,
    TablePublisher,
    TableState,
    WorkbookMaker,
)
from bot.core.ports.people import Gate, Messenger, Observe
from bot.core.ports.people_stores import SellerStore, ShopStore
from bot.core.ports.run_stores import News, RunStore, SnapshotStore, no_news
from bot.core.ports.table_stores import StoredFigures, StoredTable, TableStore
from bot.core.ports.waits import AnySnapshot, ShopErased, Superseded, Unfinished

__all__ = [
    "LONGEST_WAIT_SECONDS",
    "Allowance",
    "AnySnapshot",
    "Bookmarks",
    "Bucket",
    "CallBudget",
    "Destination",
    "Drafts",
    "Gate",
    "Invites",
    "KeepSince",
    "Leftovers",
    "Locks",
    "Marketplace",
    "Memo",
    "Memory",
    "Messenger",
    "News",
    "Observe",
    "Outbox",
    "RunStore",
    "SellerStore",
    "ShopErased",
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
    "no_news",
]

"""Look once a night what has happened to the tables' files: Google takes writes into its bin."""

from datetime import datetime

from bot.core.errors import Code, Defect, StockTrackerError
from bot.core.events import DefectFound
from bot.core.ports import (
    Bookmarks,
    Observe,
    Outbox,
    SellerStore,
    ShopStore,
    TableFiles,
    TableStore,
)
from bot.core.table_file import Fate, Trouble
from bot.kit.clock import Clock
from bot.usecases.news import table_problem


class SweepTables:
    """Reads the list of changes from where it was left, and marks tables that lie in the bin."""

    def __init__(  # noqa: PLR0913 - each is a port of its own
        self,
        *,
        files: TableFiles | None,
        bookmarks: Bookmarks,
        tables: TableStore,
        shops: ShopStore,
        sellers: SellerStore,
        outbox: Outbox,
        clock: Clock,
        observe: Observe,
    ) -> None:
        self._files = files
        self._bookmarks = bookmarks
        self._tables = tables
        self._shops = shops
        self._sellers = sellers
        self._outbox = outbox
        self._clock = clock
        self._observe = observe

    async def __call__(self) -> int:
        """Return how many tables were found in the bin; trouble with Google is only told.

        A place is remembered after its changes are, so that a crash looks at them twice.
        """
        if self._files is None:
            return 0
        try:
            return await self._sweep(self._files)
        except StockTrackerError as error:
            self._observe(DefectFound("sweep_tables", error.code, error.detail))
            return 0

    async def _sweep(self, files: TableFiles) -> int:
        changes = await files.changes(await self._bookmarks.load())
        shops = await self._tables.shops_of_files(changes.fates.keys())
        trashed = 0
        for file_id, shop_id in shops.items():
            fate = changes.fates[file_id]
            trashed += fate is Fate.TRASHED
            try:
                await self._note(shop_id, fate)
            except Defect as error:  # its row does not open: the others' do
                self._observe(DefectFound("sweep_tables", error.code, error.detail, shop_id))
        await self._bookmarks.save(changes.bookmarks)
        return trashed

    async def _note(self, shop_id: int, fate: Fate) -> None:
        if fate is Fate.TRASHED:
            await self._mark(shop_id)
        elif fate is Fate.THERE:
            await self._unmark(shop_id)

    async def _mark(self, shop_id: int) -> None:
        """Remember that the table lies in the bin, and ask the seller once."""
        trouble = (await self._tables.state(shop_id)).trouble
        now = self._clock.now()
        if trouble is None or trouble.code is not Code.SHEET_TRASHED:
            trouble = Trouble(Code.SHEET_TRASHED, now)
            await self._tables.set_trouble(shop_id, trouble)
        await self._ask(shop_id, trouble, now)

    async def _unmark(self, shop_id: int) -> None:
        trouble = (await self._tables.state(shop_id)).trouble
        if trouble is not None and trouble.code is Code.SHEET_TRASHED:
            await self._tables.set_trouble(shop_id, None)

    async def _ask(self, shop_id: int, trouble: Trouble, now: datetime) -> None:
        shop = await self._shops.by_id(shop_id)
        seller = None if shop is None else await self._sellers.by_id(shop.seller_id)
        if seller is None:
            return
        await self._outbox.put(table_problem(seller, shop_id, trouble, now))

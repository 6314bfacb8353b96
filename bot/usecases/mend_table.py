"""What a seller decides about a table that cannot be written: restore it, or make it anew."""

from bot.core.errors import Code, SellerMustAct
from bot.core.ports import ShopStore, TableFiles, TableStore
from bot.core.sellers import Seller
from bot.kit.clock import Clock
from bot.usecases.destination import destination_of
from bot.usecases.people import own_shop
from bot.usecases.request_refresh import Requested, RequestRefresh


class MendTable:
    """Each way ends in a refresh; a table without trouble is only refreshed."""

    def __init__(
        self,
        shops: ShopStore,
        tables: TableStore,
        files: TableFiles | None,
        request_refresh: RequestRefresh,
        clock: Clock,
    ) -> None:
        self._shops = shops
        self._tables = tables
        self._files = files
        self._request_refresh = request_refresh
        self._clock = clock

    async def restore(self, seller: Seller, shop_id: int) -> Requested | None:
        """Take the file out of the bin.

        Raises:
            SellerMustAct: not his shop; only he himself can restore it; it is gone.
            Transient: Google is away.
        """
        shop = await own_shop(self._shops, seller, shop_id)
        state = await self._tables.state(shop.id)
        trouble = state.trouble
        if trouble is not None and trouble.code is Code.SHEET_TRASHED:
            await self._google().restore(destination_of(shop, seller, state))
            await self._tables.set_trouble(shop.id, None)
        return await self._request_refresh.if_it_can(shop)

    async def make_new(self, seller: Seller, shop_id: int) -> Requested | None:
        """Give the shop a new file with its whole history; the old one stays as it is.

        Raises:
            SellerMustAct: not his shop.
        """
        shop = await own_shop(self._shops, seller, shop_id)
        state = await self._tables.state(shop.id)
        if state.trouble is not None:
            blank = self._google().anew(state)
            new = await self._request_refresh.new_run(shop)
            await self._tables.put_state(shop.id, blank, now=self._clock.now(), begins=new)
        return await self._request_refresh.if_it_can(shop)

    def _google(self) -> TableFiles:
        if self._files is None:
            raise SellerMustAct(Code.NOT_ALLOWED, "no Google")
        return self._files

"""Pause a shop's nights, and resume them."""

from collections.abc import Callable

from bot.core.ports import ShopStore
from bot.core.sellers import Seller, Shop
from bot.kit.clock import Clock
from bot.usecases.people import own_shop


class PauseShop:
    """Pausing ends a running refresh; a seller may still ask for one himself."""

    def __init__(self, shops: ShopStore, clock: Clock, wake: Callable[[], None]) -> None:
        self._shops = shops
        self._clock = clock
        self._wake = wake

    async def __call__(self, seller: Seller, shop_id: int) -> Shop:
        """Pause one of the seller's shops; doing it twice changes nothing.

        Raises:
            SellerMustAct: not his shop.
        """
        return await self._set(seller, shop_id, paused=True)

    async def resume(self, seller: Seller, shop_id: int) -> Shop:
        """Let the nights work it again; tonight's, too, if it was missed.

        Raises:
            SellerMustAct: not his shop.
        """
        return await self._set(seller, shop_id, paused=False)

    async def _set(self, seller: Seller, shop_id: int, *, paused: bool) -> Shop:
        shop = await own_shop(self._shops, seller, shop_id)
        if shop.paused is paused:
            return shop
        await self._shops.set_paused(shop.id, paused=paused, now=self._clock.now())
        self._wake()
        return await own_shop(self._shops, seller, shop_id)

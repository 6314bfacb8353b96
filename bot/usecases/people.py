"""Who somebody is, and what is his."""

from collections.abc import Sequence

from bot.core.errors import Code, SellerMustAct
from bot.core.ports import SellerStore, ShopStore
from bot.core.sellers import Seller, Shop
from bot.kit.clock import Clock


class People:
    """Looks people up; every other use case takes the seller that this one found."""

    def __init__(self, sellers: SellerStore, shops: ShopStore, clock: Clock) -> None:
        self._sellers = sellers
        self._shops = shops
        self._clock = clock

    async def seller(self, telegram_id: int) -> Seller | None:
        """Return the registered seller of a Telegram user."""
        return await self._sellers.by_telegram_id(telegram_id)

    async def shops(self, seller: Seller) -> Sequence[Shop]:
        """Return the seller's shops by number."""
        return await self._shops.of_seller(seller.id)

    async def blocked(self, telegram_id: int) -> None:
        """Remember that this person has blocked the bot."""
        await self._sellers.set_blocked(telegram_id, self._clock.now())

    async def unblocked(self, telegram_id: int) -> None:
        """Remember that this person is back."""
        await self._sellers.set_blocked(telegram_id, None)


async def own_shop(shops: ShopStore, seller: Seller, shop_id: int) -> Shop:
    """Return the shop if it is this seller's.

    Raises:
        SellerMustAct: `SHOP_UNKNOWN`, also for somebody else's shop.
    """
    shop = await shops.by_id(shop_id)
    if shop is None or shop.seller_id != seller.id:
        raise SellerMustAct(Code.SHOP_UNKNOWN)
    return shop

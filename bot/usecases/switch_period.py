"""Switch the length of a shop's period; the new figures are collected before they are shown."""

from dataclasses import dataclass

from bot.core.errors import Code, SellerMustAct
from bot.core.ports import ShopStore
from bot.core.sellers import Seller, Shop
from bot.kit.clock import Clock
from bot.usecases.people import own_shop
from bot.usecases.request_refresh import Requested, RequestRefresh

PERIODS = (7, 14, 30)


@dataclass(frozen=True, slots=True)
class Switched:
    """The shop as it is now; `requested` brings its figures, `None` where nothing can or must."""

    shop: Shop
    requested: Requested | None


class SwitchPeriod:
    """Cuts into a running refresh: what it still brings is of the old period and worthless."""

    def __init__(self, shops: ShopStore, request_refresh: RequestRefresh, clock: Clock) -> None:
        self._shops = shops
        self._request_refresh = request_refresh
        self._clock = clock

    async def __call__(self, seller: Seller, shop_id: int, days: int) -> Switched:
        """Set the period to 7, 14 or 30 days and begin a refresh; the same length does nothing.

        Raises:
            SellerMustAct: not his shop, or no such period.
        """
        shop = await own_shop(self._shops, seller, shop_id)
        if days not in PERIODS:
            raise SellerMustAct(Code.NOT_ALLOWED, "no such period")
        if shop.period_days == days:
            return Switched(shop, None)
        new = await self._request_refresh.new_run(shop)
        await self._shops.set_period(shop.id, days, now=self._clock.now(), begins=new)
        changed = await own_shop(self._shops, seller, shop_id)
        return Switched(changed, await self._request_refresh.if_it_can(changed))

"""Switch the length of a shop's period; the new figures are collected before they are shown."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.core.errors import Code, SellerMustAct
from bot.core.period import moscow_day
from bot.core.ports import Gate, RunStore, ShopStore
from bot.core.runs import NewRun, RunKind
from bot.core.sellers import Seller, Shop, ShopState
from bot.kit.clock import Clock
from bot.usecases.people import own_shop
from bot.usecases.request_refresh import Requested

PERIODS = (7, 14, 30)


@dataclass(frozen=True, slots=True)
class Switched:
    """The shop as it is now; `requested` brings its figures, `None` where nothing can or must."""

    shop: Shop
    requested: Requested | None


class SwitchPeriod:
    """Cuts into a running refresh: what it still brings is of the old period and worthless."""

    def __init__(
        self,
        shops: ShopStore,
        runs: RunStore,
        gate: Gate,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        self._shops = shops
        self._runs = runs
        self._gate = gate
        self._clock = clock
        self._wake = wake

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
        now = self._clock.now()
        new = NewRun(RunKind.TAPPED, moscow_day(now)) if await self._gate.allows(shop) else None
        await self._shops.set_period(shop.id, days, now=now, begins=new)
        changed = await own_shop(self._shops, seller, shop_id)
        if changed.state is not ShopState.LIVE or new is None:
            return Switched(changed, None)
        run, joined = await self._runs.request(changed, new.kind, day=new.day, now=now)
        self._wake()
        return Switched(changed, Requested(run, joined))

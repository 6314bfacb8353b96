"""«Не считать остаток складов»: a seller takes phantom stock out of totals and turnover."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.core import table_words as words
from bot.core.errors import Code, SellerMustAct
from bot.core.period import moscow_day
from bot.core.ports import Gate, RunStore, ShopStore, TableStore
from bot.core.products import Source
from bot.core.runs import RunKind, SourceOutcome
from bot.core.sellers import Seller, Shop, ShopState
from bot.kit.clock import Clock
from bot.usecases.collect import SETTLED
from bot.usecases.people import own_shop
from bot.usecases.request_refresh import Requested


@dataclass(frozen=True, slots=True)
class Warehouses:
    """The shop's warehouse columns in their order; `uncounted` are out of the totals.

    `requested` is the run that brings the change into the table, where one can.
    """

    shop: Shop
    names: tuple[str, ...]
    requested: Requested | None = None

    @property
    def uncounted(self) -> frozenset[str]:
        """The names whose stock is not counted."""
        return self.shop.uncounted_warehouses


class CountWarehouses:
    """Sets which warehouses count. The table follows from stored answers; nobody is asked."""

    def __init__(  # noqa: PLR0913 - each is a port of its own
        self,
        *,
        shops: ShopStore,
        runs: RunStore,
        tables: TableStore,
        gate: Gate,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        self._shops = shops
        self._runs = runs
        self._tables = tables
        self._gate = gate
        self._clock = clock
        self._wake = wake

    async def view(self, seller: Seller, shop_id: int) -> Warehouses:
        """Return the warehouses of one of the seller's shops.

        Raises:
            SellerMustAct: not his shop.
        """
        shop = await own_shop(self._shops, seller, shop_id)
        return Warehouses(shop, await self._names(shop))

    async def __call__(
        self, seller: Seller, shop_id: int, name: str, *, counts: bool
    ) -> Warehouses:
        """Let a warehouse's stock count, or not; the columns stay, and the table says so.

        Raises:
            SellerMustAct: not his shop, or it has no such warehouse.
        """
        shop = await own_shop(self._shops, seller, shop_id)
        names = await self._names(shop)
        if name not in names:
            raise SellerMustAct(Code.NOT_ALLOWED, "no such warehouse")
        left_out = shop.uncounted_warehouses
        wanted = left_out - {name} if counts else left_out | {name}
        if wanted == left_out:
            return Warehouses(shop, names)
        await self._shops.set_uncounted(shop.id, wanted)
        changed = await own_shop(self._shops, seller, shop_id)
        return Warehouses(changed, names, await self._rebuild(changed))

    async def _names(self, shop: Shop) -> tuple[str, ...]:
        places = (await self._tables.table(shop.id)).layout.places
        shown = [
            place.name
            for place in places
            if place.has_stock_rows and place.name != words.GROUP_SELLER_WAREHOUSES
        ]
        return (*shown, *sorted(shop.uncounted_warehouses - set(shown)))

    async def _rebuild(self, shop: Shop) -> Requested | None:
        """Make a run that has nothing left to ask, or wake the one that is open."""
        if shop.state is not ShopState.LIVE or not await self._gate.allows(shop):
            return None
        now = self._clock.now()
        stored = await self._stored(shop)
        if stored is None and await self._runs.open_run(shop.id) is None:
            return None
        day, outcomes = stored or (moscow_day(now), {})
        run, joined = await self._runs.request(
            shop, RunKind.TAPPED, day=day, now=now, outcomes=outcomes
        )
        self._wake()
        return Requested(run, joined)

    async def _stored(self, shop: Shop) -> tuple[date, Mapping[Source, SourceOutcome]] | None:
        """Return the day of the figures that the table shows, and what its sources had come to.

        `None` where the two do not belong together: the next refresh applies the setting.
        """
        figures = await self._tables.figures(shop.id)
        last = await self._runs.last_finished(shop.id)
        if figures is None or last is None or figures.period.days != shop.period_days:
            return None
        day = figures.period.last + timedelta(days=1)
        is_settled = all(outcome.stage in SETTLED for outcome in last.outcomes.values())
        return (day, last.outcomes) if last.day == day and last.outcomes and is_settled else None

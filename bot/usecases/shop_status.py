"""Tell a seller how his shop stands."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.ports import RunStore, ShopStore, TableStore
from bot.core.runs import Run
from bot.core.sellers import Seller, Shop
from bot.usecases.people import own_shop


@dataclass(frozen=True, slots=True)
class StatusView:
    """A shop at a glance. `about` are the lines of «О таблице»."""

    shop: Shop
    open_run: Run | None
    last_run: Run | None
    figures_at: datetime | None
    is_partial: bool
    about: tuple[tuple[str, str], ...] = ()


class ShopStatus:
    """Reads what is stored; asks nobody."""

    def __init__(self, shops: ShopStore, runs: RunStore, tables: TableStore) -> None:
        self._shops = shops
        self._runs = runs
        self._tables = tables

    async def __call__(self, seller: Seller, shop_id: int) -> StatusView:
        """Return the status of one of the seller's shops.

        Raises:
            SellerMustAct: not his shop.
        """
        shop = await own_shop(self._shops, seller, shop_id)
        figures = await self._tables.figures(shop.id)
        return StatusView(
            shop=shop,
            open_run=await self._runs.open_run(shop.id),
            last_run=await self._runs.last_finished(shop.id),
            figures_at=figures.at if figures else None,
            is_partial=figures.is_partial if figures else False,
            about=tuple(figures.about) if figures else (),
        )

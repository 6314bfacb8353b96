"""Reckon a shop's figures from what is stored of it, as its settings are now."""

from datetime import datetime

from bot.core.about import about, is_partial, uncounted_lines
from bot.core.metrics import merge
from bot.core.period import Period
from bot.core.ports import ShopStore, StoredFigures, Superseded, TableStore
from bot.core.products import Snapshots
from bot.core.report import history_row, lay_out
from bot.core.runs import Claim
from bot.core.sellers import Shop
from bot.kit.clock import Clock
from bot.kit.threads import ThreadPool
from bot.usecases.collect import Collected


class Reckon:
    """Merges snapshots into figures and stores them; asks no marketplace."""

    def __init__(
        self, shops: ShopStore, tables: TableStore, pool: ThreadPool, clock: Clock
    ) -> None:
        self._shops = shops
        self._tables = tables
        self._pool = pool
        self._clock = clock

    async def __call__(self, claim: Claim, collected: Collected, period: Period) -> StoredFigures:
        """Return the figures of this period, stored.

        Their stamp is now, or the time of the newest answer where nobody was asked.

        Raises:
            Superseded: the shop has changed meanwhile.
        """
        table = await self._tables.table(claim.shop_id)
        uncounted = sorted((await self._shop(claim.shop_id)).uncounted_warehouses)
        now = self._clock.now()
        at = now if collected.has_asked else _newest(collected.snapshots) or now

        def reckoned() -> StoredFigures:
            metrics = merge(collected.snapshots, period, uncounted_warehouses=uncounted)
            lines = about(
                collected.snapshots,
                collected.outcomes,
                metrics,
                period=period,
                refreshed_at=at,
                uncounted_warehouses=uncounted,
            )
            partial = is_partial(collected.outcomes)
            return StoredFigures(
                metrics, lay_out(table.layout, metrics), period, at, partial, lines
            )

        figures = await self._pool.run(reckoned)
        day = await self._pool.run(history_row, figures.metrics, period)
        await self._tables.save_figures(claim, figures, day)
        return figures

    async def is_outdated(self, shop_id: int, figures: StoredFigures | None = None) -> bool:
        """Say whether figures (the stored ones) leave out other warehouses than is set now."""
        held = figures or await self._tables.figures(shop_id)
        shop = await self._shop(shop_id)
        wanted = uncounted_lines(sorted(shop.uncounted_warehouses))
        return held is not None and set(wanted) != _told(held)

    async def _shop(self, shop_id: int) -> Shop:
        shop = await self._shops.by_id(shop_id)
        if shop is None:
            raise Superseded
        return shop


def _told(figures: StoredFigures) -> set[tuple[str, str]]:
    titles = {title for title, _ in uncounted_lines([""])}
    return {(title, text) for title, text in figures.about if title in titles}


def _newest(snapshots: Snapshots) -> datetime | None:
    held = (
        snapshots.funnel_so_far,
        snapshots.funnel,
        snapshots.remains,
        snapshots.orders,
        snapshots.seller_stocks,
    )
    return max((one.taken_at for one in held if one is not None), default=None)

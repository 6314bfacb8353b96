"""Reckon a shop's figures from what is stored of it, as its settings are now."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.about import about, is_partial, uncounted_lines
from bot.core.metrics import ProductMetrics, merge
from bot.core.period import Period
from bot.core.ports import ShopStore, StoredFigures, Superseded, TableStore
from bot.core.products import Snapshots
from bot.core.report import HistoryRow, history_row, lay_out
from bot.core.runs import Claim, Stage
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

        Their stamp is the time of the newest answer. The period's day is remembered for «История»
        only where this run has got an answer, and its orders only where they are of this period.

        Raises:
            Superseded: the shop has changed meanwhile.
        """
        table = await self._tables.table(claim.shop_id)
        uncounted = sorted((await self._shop(claim.shop_id)).uncounted_warehouses)
        at = _newest(collected.snapshots) or self._clock.now()

        def reckoned() -> tuple[StoredFigures, HistoryRow | None]:
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
            layout = lay_out(table.layout, metrics)
            figures = StoredFigures(metrics, layout, period, at, partial, lines)
            return figures, _day(metrics, collected, period)

        figures, day = await self._pool.run(reckoned)
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


def _day(
    metrics: Sequence[ProductMetrics], collected: Collected, period: Period
) -> HistoryRow | None:
    """Return the period's day; of earlier answers alone none, and of theirs no orders."""
    held = collected.snapshots
    counting = (held.funnel_so_far, held.funnel, held.orders)
    counts_orders = any(one is not None and one.period == period for one in counting)
    if not counts_orders and all(
        o.stage is not Stage.ARRIVED for o in collected.outcomes.values()
    ):
        return None
    day = history_row(metrics, period)
    return day if counts_orders else replace(day, orders=None)


def _newest(snapshots: Snapshots) -> datetime | None:
    held = (
        snapshots.funnel_so_far,
        snapshots.funnel,
        snapshots.remains,
        snapshots.orders,
        snapshots.seller_stocks,
    )
    return max((one.taken_at for one in held if one is not None), default=None)

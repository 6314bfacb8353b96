"""Hand a shop's table over: its link, or an .xlsx built now from stored figures."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.core import table_words as words
from bot.core.errors import Code, SellerMustAct
from bot.core.ports import ShopStore, StoredFigures, TableStore, WorkbookMaker
from bot.core.report import HistoryRow, Report, build
from bot.core.sellers import Seller, Shop
from bot.kit.threads import ThreadPool
from bot.usecases.people import own_shop

HISTORY_DAYS = 400


@dataclass(frozen=True, slots=True)
class Handover:
    """A table: `url` where it lives, else `content` under `file_name`. `at` is its stamp."""

    shop: Shop
    at: datetime
    is_partial: bool
    url: str | None = None
    sharing: str | None = None
    file_name: str | None = None
    content: bytes | None = field(default=None, repr=False)


class HandOver:
    """Gives the table that is there; asks no marketplace."""

    def __init__(
        self,
        shops: ShopStore,
        tables: TableStore,
        workbooks: WorkbookMaker,
        pool: ThreadPool,
        *,
        links: bool,
    ) -> None:
        self._shops = shops
        self._tables = tables
        self._workbooks = workbooks
        self._pool = pool
        self._links = links

    async def __call__(self, seller: Seller, shop_id: int, *, as_file: bool = False) -> Handover:
        """Return the table of one of the seller's shops; `as_file` even where a link exists.

        Raises:
            SellerMustAct: not his shop, or `NO_DATA_YET` before the first figures.
        """
        return await self.of(await own_shop(self._shops, seller, shop_id), as_file=as_file)

    async def of(self, shop: Shop, *, as_file: bool = False) -> Handover:
        """Return the table of a shop whose owner has been checked.

        While the linked table waits for the seller (in the bin, say) it is the file.
        """
        figures = await self._tables.figures(shop.id)
        if figures is None:
            raise SellerMustAct(Code.NO_DATA_YET)
        state = await self._tables.state(shop.id)
        if self._links and state.url and state.trouble is None and not as_file:
            return Handover(
                shop=shop,
                at=figures.at,
                is_partial=figures.is_partial,
                url=state.url,
                sharing=state.notes.get("sharing"),
            )
        history = await self._tables.history(shop.id, last=HISTORY_DAYS)
        report = await self._pool.run(report_of, shop.title, figures, history)
        return Handover(
            shop=shop,
            at=figures.at,
            is_partial=figures.is_partial,
            file_name=f"Stock Tracker {figures.period.last:%Y-%m-%d} {_safe(shop.title)}.xlsx",
            content=await self._workbooks.make(report),
        )


def report_of(title: str, figures: StoredFigures, history: Sequence[HistoryRow]) -> Report:
    """Return the report of stored figures."""
    return build(
        figures.metrics,
        figures.layout,
        title=title,
        period=figures.period,
        refreshed_at=figures.at,
        is_partial=figures.is_partial,
        history=history,
        about=((words.ABOUT_SHOP, title), *figures.about),
    )


def _safe(title: str) -> str:
    """Return a title that every file system takes."""
    kept = "".join(c if c.isalnum() or c in " -_().«»" else " " for c in title)
    return " ".join(kept.split())[:60]

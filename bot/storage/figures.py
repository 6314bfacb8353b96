"""Today's figures, their history, and the table that shows them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import Code
from bot.core.period import Period
from bot.core.ports import StoredFigures, StoredTable, TableState
from bot.core.report import HistoryRow, KnownPlace, KnownProduct, Layout
from bot.core.runs import Claim, NewRun
from bot.core.table_file import SharingWish, Trouble
from bot.storage import tables
from bot.storage.beginnings import begin_with_change
from bot.storage.codec import Blobs
from bot.storage.database import Database, whole
from bot.storage.guard import come_further, hold, supersede
from bot.storage.product_rows import Packed, ProductRows
from bot.storage.table_states import TableStates
from bot.storage.tables import places, products, shop_days
from bot.storage.upsert import put, put_all
from bot.storage.vault import Vault
from bot.usecases.hand_over import HISTORY_DAYS

_ROWS_PER_ROUND = 500


class SqlTableStore:
    """The port `TableStore`."""

    def __init__(self, database: Database, vault: Vault, blobs: Blobs) -> None:
        self._database = database
        self._states = TableStates(vault)
        self._blobs = blobs
        self._rows = ProductRows()

    async def save_figures(
        self, claim: Claim, figures: StoredFigures, day: HistoryRow | None
    ) -> None:
        """Store the products of today, the shop's day and the layout. Raises: Superseded.

        Without `day` nothing is new: that of an earlier run stays, if there is one.

        Products that the layout no longer holds are dropped; those without figures of today stay
        as vanished. Of the days those stay that «История» can show.
        """
        packed = await self._blobs.run(self._rows.pack, claim, figures)
        await self._save(claim, figures, day, packed)

    @whole
    async def _save(
        self, claim: Claim, got: StoredFigures, day: HistoryRow | None, packed: Packed
    ) -> None:
        async with self._database.write() as connection:
            await hold(connection, claim)
            await put(connection, tables.figures, **_header(claim, got), words=packed.words)
            await _save_places(connection, claim.shop_id, got.layout.places)
            for start in range(0, len(packed.products), _ROWS_PER_ROUND):
                some = packed.products[start : start + _ROWS_PER_ROUND]
                await put_all(connection, products, some)
            await _drop_unlisted(connection, claim)
            if day is not None:
                await put(connection, shop_days, **_day(claim, got, day), rows=packed.day)
            await _forget_days(connection, claim.shop_id)

    @whole
    async def figures(self, shop_id: int) -> StoredFigures | None:
        """Return the figures as last stored, by nm_id; `None` before the first time."""
        async with self._database.read() as connection:
            query = select(tables.figures).where(tables.figures.c.shop_id == shop_id)
            header = (await connection.execute(query)).one_or_none()
            if header is None:
                return None
            rows = await _products(connection, shop_id)
            held_places = await _places(connection, shop_id)
        metrics, listed = await self._blobs.run(self._rows.unpack, rows, header.words)
        return StoredFigures(
            metrics=metrics,
            layout=Layout(held_places, listed),
            period=Period(header.first_day, header.last_day),
            at=header.at,
            is_partial=header.is_partial,
            about=[(title, text) for title, text in header.about],
        )

    @whole
    async def history(self, shop_id: int, *, last: int) -> Sequence[HistoryRow]:
        """Return the newest `last` days, oldest first."""
        newest = (
            select(*_DAY_COLUMNS)
            .where(shop_days.c.shop_id == shop_id)
            .order_by(shop_days.c.day.desc())
            .limit(last)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(newest)).all()
        return [HistoryRow(*row) for row in reversed(rows)]

    @whole
    async def table(self, shop_id: int) -> StoredTable:
        """Return the shop's table; an empty one before the first publishing."""
        async with self._database.read() as connection:
            state = await self._states.load(connection, shop_id)
            rows = await _products(connection, shop_id, with_figures=False)
            held_places = await _places(connection, shop_id)
        listed = await self._blobs.run(_known_products, rows)
        return StoredTable(Layout(held_places, listed), state)

    @whole
    async def save_state(
        self, claim: Claim, state: TableState, *, over: Trouble | None = None
    ) -> None:
        """Store what the publisher remembers. Raises: Superseded.

        `over` is a trouble that the table has no longer; one that has come meanwhile stays.
        """
        async with self._database.write() as connection:
            await hold(connection, claim)
            if await self._states.put(connection, claim.shop_id, state, over=over):
                await come_further(connection, claim)

    @whole
    async def state(self, shop_id: int) -> TableState:
        """Return what is remembered of the shop's table, without its rows."""
        async with self._database.read() as connection:
            return await self._states.load(connection, shop_id)

    @whole
    async def put_state(
        self, shop_id: int, state: TableState, *, now: datetime, begins: NewRun | None = None
    ) -> None:
        """Give the shop another file, or none yet. Bumps the fence, closes the open run.

        Whoever watches that run is owed its end. `begins` is made in the same step; a shop without
        a working key gets none.

        Raises:
            SellerMustAct: `SHEET_TAKEN`, another shop has this file.
        """
        async with self._database.write() as connection:
            await supersede(connection, shop_id, now=now, why=Code.SUPERSEDED)
            await self._states.put(connection, shop_id, state)
            await self._states.change(connection, shop_id, lambda old: replace(old, trouble=None))
            await begin_with_change(connection, shop_id, begins, now=now)

    async def set_sharing(self, shop_id: int, wish: SharingWish) -> None:
        """Remember who may see the table."""
        await self._change_state(shop_id, lambda old: replace(old, sharing=wish))

    async def set_trouble(self, shop_id: int, trouble: Trouble | None) -> None:
        """Remember that the table waits for the seller, or not; a run says so as it ends."""
        await self._change_state(shop_id, lambda old: replace(old, trouble=trouble))

    async def note(self, shop_id: int, notes: Mapping[str, Any]) -> None:
        """Change some of the publisher's notes; a running refresh may still overwrite them."""
        await self._change_state(shop_id, lambda old: replace(old, notes={**old.notes, **notes}))

    @whole
    async def shops_of_files(self, file_ids: Collection[str]) -> Mapping[str, int]:
        """Return which of these files are tables, by shop."""
        async with self._database.read() as connection:
            return await self._states.shops_of_files(connection, file_ids)

    @whole
    async def _change_state(
        self, shop_id: int, change: Callable[[TableState], TableState]
    ) -> None:
        async with self._database.write() as connection:
            await self._states.change(connection, shop_id, change)


_DAY_COLUMNS = (
    shop_days.c.day,
    shop_days.c.products,
    shop_days.c.stock,
    shop_days.c.orders,
    shop_days.c.in_transit,
    shop_days.c.sold_out,
)


def _header(claim: Claim, got: StoredFigures) -> dict[str, Any]:
    return {
        "shop_id": claim.shop_id,
        "run_id": claim.run.id,
        "first_day": got.period.first,
        "last_day": got.period.last,
        "at": got.at,
        "is_partial": got.is_partial,
        "about": [list(line) for line in got.about],
    }


def _day(claim: Claim, got: StoredFigures, day: HistoryRow) -> dict[str, Any]:
    return {
        "shop_id": claim.shop_id,
        "day": day.day,
        "products": day.products,
        "stock": day.stock,
        "orders": day.orders,
        "in_transit": day.in_transit,
        "sold_out": day.sold_out,
        "period_days": got.period.days,
        "at": got.at,
    }


async def _forget_days(connection: AsyncConnection, shop_id: int) -> None:
    """Drop the days that are too old to be shown."""
    its_days = select(shop_days.c.day).where(shop_days.c.shop_id == shop_id)
    oldest_shown = its_days.order_by(shop_days.c.day.desc()).offset(HISTORY_DAYS - 1).limit(1)
    await connection.execute(
        delete(shop_days).where(
            shop_days.c.shop_id == shop_id, shop_days.c.day < oldest_shown.scalar_subquery()
        )
    )


async def _save_places(
    connection: AsyncConnection, shop_id: int, listed: Sequence[KnownPlace]
) -> None:
    await connection.execute(delete(places).where(places.c.shop_id == shop_id))
    rows = [
        {
            "shop_id": shop_id,
            "position": position,
            "name": place.name,
            "has_stock_rows": place.has_stock_rows,
        }
        for position, place in enumerate(listed)
    ]
    if rows:
        await connection.execute(insert(places), rows)


async def _drop_unlisted(connection: AsyncConnection, claim: Claim) -> None:
    """Every product of the layout was written by this run just now; the others have left it."""
    await connection.execute(
        delete(products).where(
            products.c.shop_id == claim.shop_id, products.c.run_id != claim.run.id
        )
    )


async def _products(
    connection: AsyncConnection, shop_id: int, *, with_figures: bool = True
) -> Sequence[Sequence[Any]]:
    known = [products.c.nm_id, products.c.brand, products.c.subject, products.c.vendor_code]
    columns = [*known, products.c.figures] if with_figures else known
    query = select(*columns).where(products.c.shop_id == shop_id).order_by(products.c.position)
    return (await connection.execute(query)).all()


async def _places(connection: AsyncConnection, shop_id: int) -> tuple[KnownPlace, ...]:
    query = (
        select(places.c.name, places.c.has_stock_rows)
        .where(places.c.shop_id == shop_id)
        .order_by(places.c.position)
    )
    return tuple(KnownPlace(*row) for row in await connection.execute(query))


def _known_products(rows: Sequence[Sequence[Any]]) -> tuple[KnownProduct, ...]:
    return tuple(KnownProduct(*row) for row in rows)

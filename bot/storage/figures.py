"""Today's figures, their history, and the table that shows them."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.period import Period
from bot.core.ports import StoredFigures, StoredTable, TableState
from bot.core.report import HistoryRow, KnownPlace, KnownProduct, Layout
from bot.core.runs import Claim
from bot.storage import tables
from bot.storage.codec import Blobs
from bot.storage.database import Database, whole
from bot.storage.guard import hold
from bot.storage.product_rows import Packed, ProductRows
from bot.storage.tables import places, products, shop_days, shop_tables
from bot.storage.upsert import put, put_all
from bot.storage.vault import Purpose, Vault

_ROWS_PER_ROUND = 500


class SqlTableStore:
    """The port `TableStore`."""

    def __init__(self, database: Database, vault: Vault, blobs: Blobs) -> None:
        self._database = database
        self._vault = vault
        self._blobs = blobs
        self._rows = ProductRows()

    async def save_figures(self, claim: Claim, figures: StoredFigures, day: HistoryRow) -> None:
        """Store the products of today, the shop's day and the layout. Raises: Superseded.

        Products that the layout no longer holds are dropped; those without figures of today stay
        as vanished.
        """
        packed = await self._blobs.run(self._rows.pack, claim, figures)
        await self._save(claim, figures, day, packed)

    @whole
    async def _save(
        self, claim: Claim, got: StoredFigures, day: HistoryRow, packed: Packed
    ) -> None:
        async with self._database.write() as connection:
            await hold(connection, claim)
            await put(connection, tables.figures, **_header(claim, got), words=packed.words)
            await _save_places(connection, claim.shop_id, got.layout.places)
            for start in range(0, len(packed.products), _ROWS_PER_ROUND):
                some = packed.products[start : start + _ROWS_PER_ROUND]
                await put_all(connection, products, some)
            await _drop_unlisted(connection, claim)
            await put(connection, shop_days, **_day(claim, got, day), rows=packed.day)

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
            query = select(shop_tables.c.state_sealed).where(shop_tables.c.shop_id == shop_id)
            sealed = (await connection.execute(query)).scalar_one_or_none()
            rows = await _products(connection, shop_id, with_figures=False)
            held_places = await _places(connection, shop_id)
        listed = await self._blobs.run(_known_products, rows)
        return StoredTable(Layout(held_places, listed), self._opened(shop_id, sealed))

    @whole
    async def save_state(self, claim: Claim, state: TableState) -> None:
        """Store what the publisher remembers. Raises: Superseded."""
        text = msgspec.json.encode(state).decode()
        sealed = self._vault.seal(Purpose.TABLE_STATE, claim.shop_id, text)
        async with self._database.write() as connection:
            await hold(connection, claim)
            await put(connection, shop_tables, shop_id=claim.shop_id, state_sealed=sealed)

    def _opened(self, shop_id: int, sealed: str | None) -> TableState:
        if sealed is None:
            return TableState()
        text = self._vault.open(Purpose.TABLE_STATE, shop_id, sealed)
        return msgspec.json.decode(text, type=TableState)


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

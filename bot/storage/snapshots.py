"""The last good answer of each source."""

from typing import Any

from sqlalchemy import Row, delete, select

from bot.core.period import Period
from bot.core.ports import AnySnapshot
from bot.core.products import (
    CardOrders,
    Remains,
    SalesFunnel,
    SellerStock,
    Snapshot,
    Snapshots,
    Source,
)
from bot.core.runs import Claim
from bot.storage.codec import Blobs, RowCodec
from bot.storage.database import Database, whole
from bot.storage.guard import hold
from bot.storage.tables import snapshots
from bot.storage.upsert import put

_NO_PERIOD = 0
_FUNNEL_SO_FAR = "funnel_so_far"


class SqlSnapshotStore:
    """The port `SnapshotStore`; stock is kept once, funnel and orders per length of period."""

    def __init__(self, database: Database, blobs: Blobs) -> None:
        self._database = database
        self._blobs = blobs
        self._codecs: dict[Source, RowCodec[Any]] = {
            Source.FUNNEL: RowCodec(SalesFunnel),
            Source.REMAINS: RowCodec(Remains),
            Source.ORDERS: RowCodec(CardOrders),
            Source.SELLER_STOCKS: RowCodec(SellerStock),
        }

    @whole
    async def load(self, shop_id: int, sid: str, period_days: int) -> Snapshots:
        """Return what the shop last learned."""
        held = select(snapshots).where(
            snapshots.c.shop_id == shop_id,
            snapshots.c.sid == sid,
            snapshots.c.period_days.in_((_NO_PERIOD, period_days)),
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(held)).all()
        found = {_slot(row): await self._snapshot(row) for row in rows}
        return Snapshots(**found)

    async def replace(self, claim: Claim, sid: str, period_days: int, got: AnySnapshot) -> None:
        """Put a new answer in the place of the old one. Raises: Superseded.

        A funnel still short of pages is kept beside the last whole one, until a whole one comes.
        """
        rows = await self._blobs.encode(self._codecs[got.source], list(got.rows.values()))
        period = got.period
        key = {
            "shop_id": claim.shop_id,
            "sid": sid,
            "source": got.source.value,
            "period_days": _NO_PERIOD if period is None else period_days,
        }
        values = {
            "complete": got.complete,
            "first_day": None if period is None else period.first,
            "last_day": None if period is None else period.last,
            "taken_at": got.taken_at,
            "emptied_in_run": got.emptied_in_run,
            "cards": len(got.rows),
            "rows": rows,
        }
        await self._store(claim, key, values)

    @whole
    async def drop(self, claim: Claim, sid: str, source: Source) -> None:
        """Forget what a source of the shop has answered, of any period. Raises: Superseded."""
        answers = delete(snapshots).filter_by(shop_id=claim.shop_id, sid=sid, source=source.value)
        async with self._database.write() as connection:
            await hold(connection, claim)
            await connection.execute(answers)

    @whole
    async def _store(self, claim: Claim, key: dict[str, Any], values: dict[str, Any]) -> None:
        async with self._database.write() as connection:
            await hold(connection, claim)
            await put(connection, snapshots, **key, **values)
            if values["complete"]:
                so_far = delete(snapshots).filter_by(**key, complete=False)
                await connection.execute(so_far)

    async def _snapshot(self, row: Row[Any]) -> AnySnapshot:
        source = Source(row.source)
        rows = await self._blobs.decode(self._codecs[source], row.rows)
        has_period = row.first_day is not None
        return Snapshot(
            source=source,
            taken_at=row.taken_at,
            rows={one.nm_id: one for one in rows},
            period=Period(row.first_day, row.last_day) if has_period else None,
            complete=row.complete,
            emptied_in_run=row.emptied_in_run,
        )


def _slot(row: Row[Any]) -> str:
    """Return the field of `Snapshots` that a stored row belongs to."""
    return row.source if row.complete else _FUNNEL_SO_FAR

"""Leases of shops: one owner at a time, on both databases by the same statements."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.runs import Claim, RunStatus
from bot.storage.run_rows import run_of
from bot.storage.tables import runs, shops


async def claim(
    connection: AsyncConnection, owner: str, *, now: datetime, until: datetime
) -> Claim | None:
    """Lease the next shop whose open run is due, or return `None`.

    Every claim bumps the fence: no older claim of the shop passes, not even the owner's own.
    """
    found = (await connection.execute(_next_due(now))).first()
    if found is None:
        return None
    taken = (
        update(shops)
        .where(shops.c.id == found.shop_id)
        .values(fence=shops.c.fence + 1, lease_owner=owner, lease_until=until)
        .returning(shops.c.fence)
    )
    fence = int((await connection.execute(taken)).scalar_one())
    run = update(runs).where(runs.c.id == found.id).returning(runs)
    is_rescue = found.lease_owner is not None
    counted = run.values(crashes=runs.c.crashes + int(is_rescue))
    row = (await connection.execute(counted)).one()
    return Claim(run_of(row), row.shop_id, owner, fence, is_rescue=is_rescue)


def _next_due(now: datetime) -> Select[Any]:
    """People who wait first, then the oldest; rows that another claim holds are passed over.

    What may have made its owner crash goes after what has not, so that it harms the fewest.
    """
    return (
        select(runs.c.id, runs.c.shop_id, shops.c.lease_owner)
        .join(shops, shops.c.id == runs.c.shop_id)
        .where(runs.c.status == RunStatus.OPEN, runs.c.next_try_at <= now, _is_free(now))
        .order_by(runs.c.awaited.desc(), runs.c.crashes, runs.c.created_at, runs.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(shops.c.lease_until.is_(None), shops.c.lease_until <= now)


async def prolong(
    connection: AsyncConnection,
    owner: str,
    *,
    until: datetime,
    shop_ids: Collection[int] | None = None,
) -> None:
    """Prolong leases of `owner` (one that has run out, too, if nobody took it over)."""
    held = update(shops).where(shops.c.lease_owner == owner)
    if shop_ids is not None:
        held = held.where(shops.c.id.in_(shop_ids))
    await connection.execute(held.values(lease_until=until))


async def release(connection: AsyncConnection, owner: str) -> None:
    """Give back every lease of `owner`."""
    await connection.execute(
        update(shops)
        .where(shops.c.lease_owner == owner)
        .values(lease_owner=None, lease_until=None)
    )


async def next_due(connection: AsyncConnection, *, now: datetime) -> datetime | None:
    """Return when the next open run that nobody works wants to be worked."""
    query = (
        select(runs.c.next_try_at)
        .join(shops, shops.c.id == runs.c.shop_id)
        .where(runs.c.status == RunStatus.OPEN, _is_free(now))
        .order_by(runs.c.next_try_at)
        .limit(1)
    )
    due: datetime | None = (await connection.execute(query)).scalar_one_or_none()
    return due

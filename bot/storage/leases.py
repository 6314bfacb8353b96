"""Leases of shops: one owner at a time, on both databases by the same statements."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, false, not_, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.runs import SUSPECT_CRASHES, Claim, Held, RunStatus
from bot.storage.run_rows import run_of
from bot.storage.tables import runs, shops

_LONGEST_LEASE = timedelta(minutes=10)  # what ends later was written by a clock that was ahead

_DEATHS = runs.c.crashes + case((shops.c.lease_owner.is_not(None), 1), else_=0)
"""Of whoever worked a run before; the last one is counted by the next claim."""


async def claim(
    connection: AsyncConnection, owner: str, *, now: datetime, until: datetime, held: Held
) -> Claim | None:
    """Lease the next shop whose open run is due, or return `None`.

    Every claim bumps the fence: no older claim of the shop passes, not even the owner's own.
    """
    found = (await connection.execute(_next_due(owner, now, held))).first()
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


def _next_due(owner: str, now: datetime, held: Held) -> Select[Any]:
    """People who wait first, then the oldest; rows that another claim holds are passed over.

    What may have made its owner crash goes after what has not, so that it harms the fewest; a
    suspect goes after everybody, even if a person waits for it.
    """
    is_suspect = case((_DEATHS >= SUSPECT_CRASHES, 1), else_=0)
    return (
        select(runs.c.id, runs.c.shop_id, shops.c.lease_owner)
        .join(shops, shops.c.id == runs.c.shop_id)
        .where(runs.c.next_try_at <= now, *_workable(owner, now, held))
        .order_by(is_suspect, runs.c.awaited.desc(), runs.c.crashes, runs.c.created_at, runs.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _workable(owner: str, now: datetime, held: Held) -> Iterable[ColumnElement[bool]]:
    """Open runs of shops that nobody holds; a suspect only if `owner` works no other one.

    What `owner` holds is his, also where the lease has run out before he could prolong it.
    """
    his_shop, his_run = shops.alias(), runs.alias()
    works_a_suspect = (
        select(his_run.c.id)
        .join(his_shop, his_shop.c.id == his_run.c.shop_id)
        .where(
            his_shop.c.lease_owner == owner,
            his_shop.c.lease_until > now,
            his_run.c.status == RunStatus.OPEN,
            his_run.c.crashes >= SUSPECT_CRASHES,
        )
        .exists()
    )
    return (
        runs.c.status == RunStatus.OPEN,
        or_(
            shops.c.lease_until.is_(None),
            shops.c.lease_until <= now,
            shops.c.lease_until > now + _LONGEST_LEASE,
        ),
        not_(_among(held)),
        or_(_DEATHS < SUSPECT_CRASHES, ~works_a_suspect),
    )


def _among(held: Held) -> ColumnElement[bool]:
    return tuple_(shops.c.id, shops.c.fence).in_(list(held.items())) if held else false()


async def prolong(connection: AsyncConnection, owner: str, *, until: datetime, held: Held) -> None:
    """Prolong what `owner` holds (a lease that has run out, too, if nobody took it over)."""
    his = update(shops).where(shops.c.lease_owner == owner, _among(held))
    await connection.execute(his.values(lease_until=until))


async def release(connection: AsyncConnection, owner: str) -> None:
    """Give back every lease of `owner`."""
    await connection.execute(
        update(shops)
        .where(shops.c.lease_owner == owner)
        .values(lease_owner=None, lease_until=None)
    )


async def next_due(
    connection: AsyncConnection, owner: str, *, now: datetime, held: Held
) -> datetime | None:
    """Return when the next open run that `owner` may claim wants to be worked."""
    query = (
        select(runs.c.next_try_at)
        .join(shops, shops.c.id == runs.c.shop_id)
        .where(*_workable(owner, now, held))
        .order_by(runs.c.next_try_at)
        .limit(1)
    )
    due: datetime | None = (await connection.execute(query)).scalar_one_or_none()
    return due

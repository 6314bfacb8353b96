"""The fence: one number per shop that makes late steps worthless."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import Code
from bot.core.ports import ShopErased, Superseded
from bot.core.runs import Claim, RunStatus
from bot.storage.outbox import owe
from bot.storage.run_rows import run_of
from bot.storage.tables import run_cursors, run_pages, runs, shops
from bot.usecases.news import about_run


async def hold(connection: AsyncConnection, claim: Claim) -> None:
    """Check the claim and keep it true until the transaction ends.

    Raises:
        Superseded: the fence has moved on, the lease is somebody else's, or the run is closed;
            `ShopErased`: the whole shop is gone.
    """
    await _found(connection, claim, _held(claim).with_for_update(of=shops, key_share=True))


async def look(connection: AsyncConnection, claim: Claim) -> None:
    """Check the claim as it stands now; nobody is kept from moving the fence on.

    Raises:
        Superseded: as `hold`.
    """
    await _found(connection, claim, _held(claim))


def _held(claim: Claim) -> Select[Any]:
    return (
        select(shops.c.id)
        .join(runs, runs.c.shop_id == shops.c.id)
        .where(
            shops.c.id == claim.shop_id,
            shops.c.fence == claim.fence,
            shops.c.lease_owner == claim.owner,
            runs.c.id == claim.run.id,
            runs.c.status == RunStatus.OPEN,
        )
    )


async def _found(connection: AsyncConnection, claim: Claim, held: Select[Any]) -> None:
    if (await connection.execute(held)).first() is not None:
        return
    shop = select(shops.c.id).where(shops.c.id == claim.shop_id)
    is_there = (await connection.execute(shop)).first() is not None
    raise (Superseded if is_there else ShopErased)(f"run {claim.run.id}")


async def supersede(
    connection: AsyncConnection, shop_id: int, *, now: datetime, why: Code | None = None
) -> None:
    """Make running work of a shop worthless: bump the fence, end the lease, close the open run.

    With `why` whoever watches the run is owed its end; without, its message moves on.
    """
    await connection.execute(
        update(shops)
        .where(shops.c.id == shop_id)
        .values(fence=shops.c.fence + 1, lease_owner=None, lease_until=None)
    )
    closed = await connection.execute(
        update(runs)
        .where(runs.c.shop_id == shop_id, runs.c.status == RunStatus.OPEN)
        .values(status=RunStatus.SUPERSEDED, problem=why, finished_at=now)
        .returning(runs)
    )
    for row in closed.all():
        await forget_pages(connection, row.id)
        run = run_of(row)
        if why is not None and run.progress is not None:
            chat_id = run.progress.chat_id
            await owe(connection, about_run(run, chat_id, RunStatus.SUPERSEDED, why, now))


async def come_further(connection: AsyncConnection, claim: Claim) -> None:
    """Forget the deaths of whoever worked this run before: it has come further than they did."""
    await connection.execute(update(runs).where(runs.c.id == claim.run.id).values(crashes=0))


async def forget_pages(connection: AsyncConnection, run_id: int) -> None:
    """Drop what the sources of a closed run had kept: nobody will go on from there."""
    for table in (run_pages, run_cursors):
        await connection.execute(delete(table).where(table.c.run_id == run_id))


async def let_go(connection: AsyncConnection, shop_id: int) -> None:
    """End the lease of a shop in an orderly way."""
    await connection.execute(
        update(shops).where(shops.c.id == shop_id).values(lease_owner=None, lease_until=None)
    )

"""Runs that begin: at a night, at a tap, or with a change of their shop."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.products import Source
from bot.core.runs import NewRun, ProgressMessage, RunKind, RunStatus, SourceOutcome
from bot.core.sellers import ShopState
from bot.storage.run_rows import outcomes_json
from bot.storage.tables import runs, shops, snapshots

_AS_NEW = {
    "attempts": 0,
    "crashes": 0,
    "problem": None,
    "published_at": None,
    "finished_at": None,
}


async def begin(  # noqa: PLR0913 - a run is all of this
    connection: AsyncConnection,
    shop: Row[Any],
    new: NewRun,
    *,
    now: datetime,
    due_at: datetime | None = None,
    outcomes: Mapping[Source, SourceOutcome] | None = None,
    progress: ProgressMessage | None = None,
) -> Row[Any]:
    """Open a run of a shop that is held and has none open; due at once unless `due_at` is given.

    A shop has one nightly run a day: where that was cut short it is the one that begins anew, and
    stays the night's. A run whose `outcomes` are there already asks for nothing and is another.
    """
    values = {
        "status": RunStatus.OPEN,
        "awaited": new.kind is not RunKind.NIGHTLY,
        "period_days": shop.period_days,
        "created_at": now,
        "next_try_at": due_at or now,
        "outcomes": outcomes_json(outcomes or {}),
        "progress_chat_id": progress and progress.chat_id,
        "progress_message_id": progress and progress.message_id,
    }
    if not outcomes:
        cut_short = (
            runs.c.shop_id == shop.id,
            runs.c.day == new.day,
            runs.c.kind == RunKind.NIGHTLY,
            runs.c.status == RunStatus.SUPERSEDED,
        )
        again = update(runs).where(*cut_short).values(**values, **_AS_NEW).returning(runs)
        revived: Row[Any] | None = (await connection.execute(again)).one_or_none()
        if revived is not None:
            await _emptied_in_an_earlier_run(connection, revived)
            return revived
    made = insert(runs).values(shop_id=shop.id, day=new.day, kind=new.kind, **values)
    row: Row[Any] = (await connection.execute(made.returning(runs))).one()
    return row


async def _emptied_in_an_earlier_run(connection: AsyncConnection, run: Row[Any]) -> None:
    """Make what a run has doubted before it began anew an earlier run's: no run's id is 0.

    An answer without rows is believed when the next run's is so, too.
    """
    doubted = snapshots.c.shop_id == run.shop_id, snapshots.c.emptied_in_run == run.id
    await connection.execute(update(snapshots).where(*doubted).values(emptied_in_run=0))


async def begin_with_change(
    connection: AsyncConnection, shop_id: int, new: NewRun | None, *, now: datetime
) -> None:
    """Open the run that belongs to a change of a shop; one without a working key gets none."""
    if new is None:
        return
    live = select(shops).where(shops.c.id == shop_id, shops.c.state == ShopState.LIVE)
    shop = (await connection.execute(live)).one_or_none()
    if shop is not None:
        await begin(connection, shop, new, now=now)

"""Giving shops their nightly run: idempotent, and whatever is left of another day gives way."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import Code
from bot.core.period import start_of_day
from bot.core.runs import NewRun, ProgressMessage, RunKind, RunStatus
from bot.storage.beginnings import begin
from bot.storage.guard import supersede
from bot.storage.run_rows import progress_of
from bot.storage.shops import works_at_night
from bot.storage.tables import runs, shops

# Around midnight two processes may see two days, one of them a little early. A run that was made
# later than that from now is of a clock that was ahead.
_CLOCKS_DIFFER = timedelta(hours=1)


async def ensure_nightly(
    connection: AsyncConnection,
    day: date,
    shop_ids: Sequence[int],
    *,
    now: datetime,
    spread_seconds: float = 0.0,
) -> int:
    """Give each shop its nightly run of `day`; return how many got one now.

    Shops that were paused or lost their key a moment ago are left out. A nightly run that was cut
    short begins anew. New runs are due within `spread_seconds`, each shop at its own place.
    """
    held = (
        select(shops)
        .where(shops.c.id.in_(shop_ids), *works_at_night())
        .order_by(shops.c.id)
        .with_for_update(key_share=True)
    )
    eligible = (await connection.execute(held)).all()
    nights = await _nights(connection, day, shop_ids)
    left_open = await _left_open(connection, shop_ids)
    made = 0
    for shop in eligible:
        night, old = nights.get(shop.id), left_open.get(shop.id)
        if night is None and old is not None and old.day == day:
            becomes = update(runs).where(runs.c.id == old.id).values(kind=RunKind.NIGHTLY)
            await connection.execute(becomes)
            made += 1
        elif night in {None, RunStatus.SUPERSEDED} and _gives_way(old, day, now):
            due_at = now + timedelta(seconds=spread_seconds * _place(shop.id))
            shown = await _taken_over(connection, old, now)
            new = NewRun(RunKind.NIGHTLY, day)
            await begin(connection, shop, new, now=now, due_at=due_at, progress=shown)
            made += 1
    return made


async def end_left_open(
    connection: AsyncConnection, day: date, *, now: datetime, most: int
) -> int:
    """Supersede open runs of another day than `day`, at most that many; return how many.

    No night took them over, as that of a paused shop: whoever watches one is owed its end.
    """
    those = select(runs.c.shop_id).where(
        runs.c.status == RunStatus.OPEN, _is_of_another_day(day, now)
    )
    found = (await connection.execute(those.limit(most))).scalars().all()
    held = (
        select(shops)
        .where(shops.c.id.in_(found))
        .order_by(shops.c.id)
        .with_for_update(key_share=True)
    )
    holding = (await connection.execute(held)).all() if found else ()
    still_open = await connection.execute(those.where(runs.c.shop_id.in_(found)))
    left = set(still_open.scalars())
    for shop in holding:
        if shop.id in left:
            why = Code.PAUSED if shop.paused else Code.SUPERSEDED
            await supersede(connection, shop.id, now=now, why=why)
    return len(found)


def _place(shop_id: int) -> float:
    """Return a shop's place between 0 and 1: the same one every night, and evenly spread."""
    digest = hashlib.sha256(str(shop_id).encode()).digest()
    return int.from_bytes(digest[:4]) / 2**32


async def _nights(
    connection: AsyncConnection, day: date, shop_ids: Sequence[int]
) -> dict[int, RunStatus]:
    """Return where the nightly runs of `day` stand, by shop."""
    query = select(runs.c.shop_id, runs.c.status).where(
        runs.c.shop_id.in_(shop_ids), runs.c.day == day, runs.c.kind == RunKind.NIGHTLY
    )
    found = await connection.execute(query)
    return {row.shop_id: RunStatus(row.status) for row in found}


async def _left_open(connection: AsyncConnection, shop_ids: Sequence[int]) -> dict[int, Row[Any]]:
    query = select(runs).where(runs.c.shop_id.in_(shop_ids), runs.c.status == RunStatus.OPEN)
    return {row.shop_id: row for row in await connection.execute(query)}


def _gives_way(old: Row[Any] | None, day: date, now: datetime) -> bool:
    """Say whether a shop's open run, if it has one, makes room for the nightly run of `day`."""
    if old is None or old.day < day:
        return True
    return bool(old.day > day and _is_of_the_future(old.created_at, now))


def _is_of_another_day(day: date, now: datetime) -> ColumnElement[bool]:
    """Choose runs that were left of an earlier day, or made by a clock that was ahead.

    A run of an earlier day that was made today only shows that day's figures again.
    """
    of_the_past = and_(runs.c.day < day, runs.c.created_at < start_of_day(day))
    of_the_future = and_(runs.c.day > day, _is_of_the_future(runs.c.created_at, now))
    return or_(of_the_past, of_the_future)


def _is_of_the_future(created_at: Any, now: datetime) -> Any:
    return created_at > now + _CLOCKS_DIFFER


async def _taken_over(
    connection: AsyncConnection, old: Row[Any] | None, now: datetime
) -> ProgressMessage | None:
    """End a run that gives way; return the message that the next one takes over."""
    if old is None:
        return None
    await supersede(connection, old.shop_id, now=now)
    return progress_of(old)

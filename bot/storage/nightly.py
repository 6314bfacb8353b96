"""Giving shops their nightly run: idempotent, and whatever is left of yesterday gives way."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.runs import RunKind, RunStatus
from bot.storage.guard import supersede
from bot.storage.run_rows import fresh_run
from bot.storage.shops import works_at_night
from bot.storage.tables import runs, shops


async def ensure_nightly(
    connection: AsyncConnection,
    day: date,
    shop_ids: Sequence[int],
    *,
    now: datetime,
    spread_seconds: float = 0.0,
) -> int:
    """Give each shop its nightly run of `day`; return how many got one now.

    Shops that were paused or lost their key a moment ago are left out. New runs are due within
    `spread_seconds`, each shop at its own place.
    """
    held = (
        select(shops)
        .where(shops.c.id.in_(shop_ids), *works_at_night())
        .order_by(shops.c.id)
        .with_for_update(key_share=True)
    )
    eligible = (await connection.execute(held)).all()
    served = await _served(connection, day, shop_ids)
    left_open = await _left_open(connection, shop_ids)
    made = 0
    for shop in eligible:
        if shop.id not in served:
            due_at = now + timedelta(seconds=spread_seconds * _place(shop.id))
            fresh = fresh_run(shop, RunKind.NIGHTLY, day=day, now=now) | {"next_try_at": due_at}
            made += await _give(connection, fresh, left_open.get(shop.id), now=now)
    return made


def _place(shop_id: int) -> float:
    """Return a shop's place between 0 and 1: the same one every night, and evenly spread."""
    digest = hashlib.sha256(str(shop_id).encode()).digest()
    return int.from_bytes(digest[:4]) / 2**32


async def _served(connection: AsyncConnection, day: date, shop_ids: Sequence[int]) -> set[int]:
    query = select(runs.c.shop_id).where(
        runs.c.shop_id.in_(shop_ids), runs.c.day == day, runs.c.kind == RunKind.NIGHTLY
    )
    return set((await connection.execute(query)).scalars())


async def _left_open(connection: AsyncConnection, shop_ids: Sequence[int]) -> dict[int, Row[Any]]:
    query = select(runs).where(runs.c.shop_id.in_(shop_ids), runs.c.status == RunStatus.OPEN)
    return {row.shop_id: row for row in await connection.execute(query)}


async def _give(
    connection: AsyncConnection,
    fresh: dict[str, Any],
    left_open: Row[Any] | None,
    *,
    now: datetime,
) -> bool:
    """Make the shop's nightly run; say no when a run of a later day is open (clock set back)."""
    if left_open is None:
        await connection.execute(insert(runs).values(**fresh))
        return True
    if left_open.day == fresh["day"]:
        becomes = update(runs).where(runs.c.id == left_open.id).values(kind=RunKind.NIGHTLY)
        await connection.execute(becomes)
        return True
    if left_open.day > fresh["day"]:
        return False
    await supersede(connection, left_open.shop_id, now=now)
    handed_on = {
        "progress_chat_id": left_open.progress_chat_id,
        "progress_message_id": left_open.progress_message_id,
    }
    await connection.execute(insert(runs).values(**fresh | handed_on))
    return True

"""Sealing everything anew by the first key, in small steps that can be broken off at any moment.

What is left to do is read from the envelopes themselves, so that there is no other memory to
lose: whoever was killed in the middle simply begins again.
"""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, select, update

from bot.core.errors import Code, Defect
from bot.storage.database import Database, whole
from bot.storage.tables import SEALED, Sealed
from bot.storage.vault import ENVELOPE_PREFIX_CHARACTERS, Vault, kid_of

ROWS_PER_STEP = 100


@dataclass(frozen=True, slots=True)
class Step:
    """One step: how many envelopes were sealed anew, and how many did not open."""

    table: str
    moved: int
    unopened: int


async def rotate(
    database: Database, vault: Vault, *, rows_per_step: int = ROWS_PER_STEP
) -> AsyncIterator[Step]:
    """Seal every envelope of an older key by the vault's first one; yield after each step.

    A row that a bot changes meanwhile keeps the bot's words. What does not open is left as it
    is, and counted.

    Raises:
        Transient: the database is away; call again, and it goes on.
    """
    for sealed in SEALED:
        last: Any = None
        while rows := await _next(database, sealed, vault.current_kid, last, rows_per_step):
            last = rows[-1].owner
            anew = [(row, _sealed_anew(vault, sealed, row)) for row in rows]
            moved = [(row, text) for row, text in anew if text is not None]
            await _store(database, sealed, moved)
            yield Step(sealed.table.name, len(moved), len(anew) - len(moved))


@whole
async def envelopes_by_key(database: Database) -> Mapping[str, int]:
    """Return how many envelopes each key has sealed, by the key's short name."""
    found: Counter[str] = Counter()
    async with database.read() as connection:
        for sealed in SEALED:
            prefix = func.substr(sealed.column, 1, ENVELOPE_PREFIX_CHARACTERS).label("prefix")
            query = select(prefix, func.count()).where(sealed.column.is_not(None))
            for row in await connection.execute(query.group_by(prefix)):
                found[kid_of(f"{row[0]}:")] += row[1]
    return found


@whole
async def _next(
    database: Database, sealed: Sealed, kid: str, last: Any, limit: int
) -> Sequence[Row[Any]]:
    """Return the next rows that another key has sealed, by their owner."""
    query: Select[Any] = (
        select(sealed.owner.label("owner"), sealed.column.label("sealed"))
        .where(sealed.column.is_not(None), sealed.column.not_like(f"v1:{kid}:%"))
        .order_by(sealed.owner)
        .limit(limit)
    )
    if last is not None:
        query = query.where(sealed.owner > last)
    async with database.read() as connection:
        rows: Sequence[Row[Any]] = (await connection.execute(query)).all()
    return rows


def _sealed_anew(vault: Vault, sealed: Sealed, row: Row[Any]) -> str | None:
    try:
        text = vault.open(sealed.purpose, row.owner, row.sealed)
    except Defect as error:
        if error.code is not Code.STORED_DATA_SEALED:
            raise
        return None
    return vault.seal(sealed.purpose, row.owner, text)


@whole
async def _store(
    database: Database, sealed: Sealed, moved: Sequence[tuple[Row[Any], str]]
) -> None:
    async with database.write() as connection:
        for row, text in moved:
            unchanged = sealed.owner == row.owner, sealed.column == row.sealed
            await connection.execute(
                update(sealed.table).where(*unchanged).values({sealed.column: text})
            )

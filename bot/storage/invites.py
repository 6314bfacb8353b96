"""Invitations: each lets one person register; only a hash of its token is stored."""

import hashlib
from datetime import datetime

from sqlalchemy import ColumnElement, delete, insert, or_, select, update

from bot.storage.database import Database, whole
from bot.storage.tables import invites


class SqlInvites:
    """The port `Invites`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole
    async def add(self, token: str, made_by: int, *, now: datetime, expires_at: datetime) -> None:
        """Store an invitation; those that have run out unused go."""
        stale = invites.c.expires_at <= now, invites.c.used_by.is_(None)
        values = {"token_hash": _hash(token), "made_by": made_by, "expires_at": expires_at}
        async with self._database.write() as connection:
            await connection.execute(delete(invites).where(*stale))
            held = select(invites.c.token_hash).where(invites.c.token_hash == _hash(token))
            if (await connection.execute(held)).first() is None:
                await connection.execute(insert(invites).values(**values))

    @whole
    async def is_good(self, token: str, telegram_id: int, *, now: datetime) -> bool:
        """Say whether this person may register by it."""
        query = select(invites.c.token_hash).where(*_good(token, telegram_id, now))
        async with self._database.read() as connection:
            return (await connection.execute(query)).first() is not None

    @whole
    async def redeem(self, token: str, telegram_id: int, *, now: datetime) -> bool:
        """Give the invitation to this person alone; say whether it is his. Twice does no harm."""
        taken = update(invites).where(*_good(token, telegram_id, now))
        async with self._database.write() as connection:
            found = await connection.execute(
                taken.values(used_by=telegram_id).returning(invites.c.token_hash)
            )
            return found.first() is not None


def _good(token: str, telegram_id: int, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        invites.c.token_hash == _hash(token),
        invites.c.expires_at > now,
        or_(invites.c.used_by.is_(None), invites.c.used_by == telegram_id),
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

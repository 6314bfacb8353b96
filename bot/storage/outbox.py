"""Messages that are owed to people; each is sent by its dedupe key at most as often as it says."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Update, and_, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.events import Notice, NoticeKind
from bot.core.runs import ProgressMessage
from bot.storage.database import Database, whole
from bot.storage.errors import StorageUnreachable
from bot.storage.tables import outbox, sellers
from bot.storage.upsert import insert_into

_PENDING = "pending"


class SqlOutbox:
    """The port `Outbox`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole
    async def put(self, notice: Notice) -> None:
        """Owe one more message; nothing happens when its dedupe key was used before."""
        async with self._database.write() as connection:
            await owe(connection, notice)

    @whole
    async def due(self, *, now: datetime, limit: int) -> Sequence[Notice]:
        """Return undelivered messages whose time has come, oldest first; stale ones expire.

        What only another version can read is left to that, and expires like the rest. Who is
        being erased gets nothing more: what he is owed waits for `forget_person`.
        """
        goes = exists().where(
            sellers.c.telegram_id == outbox.c.telegram_id, sellers.c.erasing_at.is_not(None)
        )
        ready = (
            select(outbox)
            .where(outbox.c.status == _PENDING, outbox.c.not_before <= now, ~goes)
            .order_by(outbox.c.id)
        )
        async with self._database.read() as connection:
            fresh = ready.where(outbox.c.expires_at > now, outbox.c.kind.in_(NoticeKind))
            rows = (await connection.execute(fresh.limit(limit))).all()
            stale = ready.where(outbox.c.expires_at <= now).limit(1)
            has_stale = (await connection.execute(stale)).first() is not None
        if has_stale:
            await self._expire(now)
        return [_notice(row) for row in rows]

    async def started(self, notice: Notice, *, until: datetime) -> bool:
        """Count one attempt before the message goes out; its outcome is in doubt until told.

        False: another process has begun it meanwhile. Nobody else sees it before `until`.
        """
        now = {"attempts": notice.attempts + 1, "in_doubt": True, "not_before": until}
        untouched = outbox.c.attempts == notice.attempts
        try:
            return await self._begin(notice, untouched, now)
        except StorageUnreachable as error:
            if not error.again:
                raise
        # Perhaps it was stored, and only the answer was lost: then all three are as we set them.
        ours = and_(*(outbox.c[name] == value for name, value in now.items()))
        return await self._begin(notice, or_(untouched, ours), now)

    async def _begin(
        self, notice: Notice, condition: ColumnElement[bool], now: Mapping[str, Any]
    ) -> bool:
        async with self._database.write() as connection:
            begun = _of(notice.id).where(condition).values(**now)
            return (await connection.execute(begun)).rowcount > 0

    async def give_up_person(self, telegram_id: int) -> None:
        """Close everything that is owed to a person who cannot be written to."""
        his = update(outbox).where(
            outbox.c.telegram_id == telegram_id, outbox.c.status == _PENDING
        )
        await self._change(his.values(status="given_up"))

    async def settle(self, notice_id: int, *, delivered: bool) -> None:
        """Close a message: delivered, or given up."""
        await self._change(_of(notice_id).values(status="delivered" if delivered else "given_up"))

    async def postpone(self, notice_id: int, until: datetime) -> None:
        """Try again later; the outcome is no longer in doubt."""
        await self._change(_of(notice_id).values(not_before=until, in_doubt=False))

    async def _expire(self, now: datetime) -> None:
        stale = update(outbox).where(outbox.c.status == _PENDING, outbox.c.expires_at <= now)
        await self._change(stale.values(status="expired"))

    @whole
    async def _change(self, change: Update) -> int:
        async with self._database.write() as connection:
            return (await connection.execute(change)).rowcount


async def owe(connection: AsyncConnection, notice: Notice) -> bool:
    """Put a message into the outbox within somebody else's transaction; say whether it is new.

    It takes the place of an undelivered older one of the same collapse key.
    """
    row = {
        "kind": notice.kind,
        "telegram_id": notice.telegram_id,
        "dedupe_key": notice.dedupe_key,
        "collapse_key": notice.collapse_key,
        "payload": notice.payload,
        "not_before": notice.not_before,
        "expires_at": notice.expires_at,
    }
    added = insert_into(connection, outbox).on_conflict_do_nothing(index_elements=["dedupe_key"])
    new = (await connection.execute(added.values(**row).returning(outbox.c.id))).first()
    if new is None or notice.collapse_key is None:
        return new is not None
    older = update(outbox).where(
        outbox.c.collapse_key == notice.collapse_key,
        outbox.c.status == _PENDING,
        outbox.c.id < new.id,
    )
    await connection.execute(older.values(status="replaced"))
    return True


async def forget_person(
    connection: AsyncConnection, telegram_id: int
) -> tuple[ProgressMessage, ...]:
    """Drop a person's messages within somebody else's transaction, also those still owed.

    Returned are the progress messages in his chat whose end was among them.
    """
    his = delete(outbox).where(outbox.c.telegram_id == telegram_id)
    ends = [
        row.payload.get("message_id")
        for row in await connection.execute(his.returning(outbox))
        if row.status == _PENDING and row.kind == NoticeKind.RUN_FINISHED
    ]
    return tuple(ProgressMessage(telegram_id, end) for end in dict.fromkeys(ends) if end)


def _of(notice_id: int) -> Update:
    return update(outbox).where(outbox.c.id == notice_id, outbox.c.status == _PENDING)


def _notice(row: Row[Any]) -> Notice:
    return Notice(
        kind=NoticeKind(row.kind),
        telegram_id=row.telegram_id,
        dedupe_key=row.dedupe_key,
        payload=row.payload,
        not_before=row.not_before,
        expires_at=row.expires_at,
        collapse_key=row.collapse_key,
        id=row.id,
        attempts=row.attempts,
        in_doubt=row.in_doubt,
    )

"""What nobody will need any more, dropped a few rows at a time."""

from sqlalchemy import Column, ColumnElement, and_, delete, func, select

from bot.core.events import NoticeKind
from bot.core.ports import KeepSince
from bot.storage.budgets import are_over
from bot.storage.database import Database, whole
from bot.storage.run_rows import last_finished
from bot.storage.tables import budgets, drafts, invites, outbox, runs

ROWS_PER_STEP = 500


class SqlLeftovers:
    """The port `Leftovers`."""

    def __init__(self, database: Database, *, rows_per_step: int = ROWS_PER_STEP) -> None:
        self._database = database
        self._rows = rows_per_step

    async def drop_some(self, keep: KeepSince) -> int:
        """Drop some rows of each kind, in transactions of their own; 0: nothing is left.

        Of a shop's runs the last finished one stays, for /status. A trouble of a table may last
        for years, and its seller was asked once: the notice that remembers that stays, too.
        """
        return (
            await self._drop(runs.c.id, and_(runs.c.finished_at < keep.runs, _is_not_the_last()))
            + await self._drop(outbox.c.id, and_(outbox.c.expires_at < keep.notices, _is_over()))
            + await self._drop(drafts.c.key, drafts.c.updated_at < keep.drafts)
            + await self._drop(invites.c.token_hash, invites.c.expires_at <= keep.invites)
            + await self._drop(budgets.c.sid_hash, are_over(keep.budgets))
        )

    @whole
    async def _drop(self, key: Column[int] | Column[str], condition: ColumnElement[bool]) -> int:
        some = select(key).where(condition).order_by(key).limit(self._rows)
        async with self._database.write() as connection:
            # The condition again: a row that somebody has just changed may have to stay.
            gone = await connection.execute(delete(key.table).where(key.in_(some), condition))
            return gone.rowcount


def _is_not_the_last() -> ColumnElement[bool]:
    return runs.c.id.is_distinct_from(last_finished(runs.c.shop_id))


def _is_over() -> ColumnElement[bool]:
    newest_troubles = (
        select(func.max(outbox.c.id))
        .where(outbox.c.kind == NoticeKind.TABLE_PROBLEM)
        .group_by(outbox.c.collapse_key)
    )
    return and_(outbox.c.status != "pending", outbox.c.id.not_in(newest_troubles))

"""The notebook of one source in one run: what has been answered is never asked again."""

from collections.abc import Mapping

from sqlalchemy import delete, insert, select

from bot.core.ports import Memory
from bot.core.products import Source
from bot.core.runs import Claim
from bot.storage.codec import Blobs, decompressed
from bot.storage.database import Database, whole
from bot.storage.guard import come_further, hold
from bot.storage.tables import run_cursors, run_pages
from bot.storage.upsert import put


class SqlMemo:
    """The port `Memo`."""

    def __init__(self, database: Database, blobs: Blobs, claim: Claim, source: Source) -> None:
        self._database = database
        self._blobs = blobs
        self._claim = claim
        self._key = {"run_id": claim.run.id, "source": source.value}

    @whole
    async def recall(self) -> Memory:
        """Return what was kept."""
        cursors = select(run_cursors.c.cursor).filter_by(**self._key)
        pages = select(run_pages.c.page).filter_by(**self._key).order_by(run_pages.c.position)
        async with self._database.read() as connection:
            cursor = (await connection.execute(cursors)).scalar_one_or_none()
            kept = (await connection.execute(pages)).scalars().all()
        opened = [await self._blobs.run(decompressed, page) for page in kept]
        return Memory(cursor=cursor or {}, pages=tuple(opened))

    async def keep(self, cursor: Mapping[str, str | int], page: bytes | None = None) -> None:
        """Replace the cursor and append `page` in one step. Raises: Superseded."""
        packed = None if page is None else await self._blobs.compress(page)
        await self._store(cursor, packed)

    @whole
    async def _store(self, cursor: Mapping[str, str | int], page: bytes | None) -> None:
        last = (
            select(run_pages.c.position, run_pages.c.page)
            .filter_by(**self._key)
            .order_by(run_pages.c.position.desc())
            .limit(1)
        )
        async with self._database.write() as connection:
            await hold(connection, self._claim)
            await put(connection, run_cursors, **self._key, cursor=dict(cursor))
            if page is None:
                return
            before = (await connection.execute(last)).one_or_none()
            if before is not None and before.page == page:
                return  # the same step once more: the answer to its commit was lost
            position = 0 if before is None else before.position + 1
            added = insert(run_pages).values(**self._key, position=position, page=page)
            await connection.execute(added)
            await come_further(connection, self._claim)

    @whole
    async def forget(self) -> None:
        """Drop cursor and pages (a report is gone and is made anew). Raises: Superseded."""
        async with self._database.write() as connection:
            await hold(connection, self._claim)
            for table in (run_pages, run_cursors):
                await connection.execute(delete(table).filter_by(**self._key))

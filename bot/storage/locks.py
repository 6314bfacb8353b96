"""Named locks between processes: a lease row each, alike on both databases."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select

from bot.kit.clock import Clock
from bot.storage.database import Database, whole
from bot.storage.tables import locks
from bot.storage.upsert import insert_into


class SqlLocks:
    """The port `Locks`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @whole
    async def hold(self, name: str, owner: str, *, seconds: float) -> bool:
        """Take the lock, or prolong it when it is ours; False while somebody else holds it."""
        now = self._clock.now()
        values = {"owner": owner, "until": now + timedelta(seconds=seconds)}
        async with self._database.write() as connection:
            taken = (
                insert_into(connection, locks)
                .values(name=name, **values)
                .on_conflict_do_update(
                    index_elements=["name"],
                    set_=values,
                    where=or_(locks.c.until <= now, locks.c.owner == owner),
                )
                .returning(locks.c.owner)
            )
            return (await connection.execute(taken)).first() is not None

    @whole
    async def let_go(self, name: str, owner: str) -> None:
        """Give the lock back if it is ours."""
        mine = delete(locks).where(locks.c.name == name, locks.c.owner == owner)
        async with self._database.write() as connection:
            await connection.execute(mine)

    @whole
    async def is_held(self, name: str) -> bool:
        """Say whether somebody holds the lock now."""
        query = select(locks.c.until).where(locks.c.name == name)
        async with self._database.read() as connection:
            until: datetime | None = (await connection.execute(query)).scalar_one_or_none()
        return until is not None and until > self._clock.now()

"""Named locks between processes: a lease row each, alike on both databases."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, not_, or_, select

from bot.kit.clock import Clock
from bot.storage.database import Database, whole
from bot.storage.tables import locks
from bot.storage.upsert import insert_into

_LONGEST = timedelta(minutes=10)  # what ends later was written by a clock that was ahead


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
                    where=or_(_has_run_out(now), locks.c.owner == owner),
                )
                .returning(locks.c.owner)
            )
            return (await connection.execute(taken)).first() is not None

    @whole
    async def let_go(self, name: str, owner: str) -> None:
        """Give the lock back if it is ours; what the dead have left goes with it."""
        mine = and_(locks.c.name == name, locks.c.owner == owner)
        over = delete(locks).where(or_(mine, _has_run_out(self._clock.now())))
        async with self._database.write() as connection:
            await connection.execute(over)

    @whole
    async def is_held(self, name: str) -> bool:
        """Say whether somebody holds the lock now."""
        is_in_force = not_(_has_run_out(self._clock.now()))
        query = select(locks.c.name).where(locks.c.name == name, is_in_force)
        async with self._database.read() as connection:
            return (await connection.execute(query)).first() is not None


def _has_run_out(now: datetime) -> ColumnElement[bool]:
    return or_(locks.c.until <= now, locks.c.until > now + _LONGEST)

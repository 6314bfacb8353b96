"""Transactions: short, whole, bounded in time, and repeated when the database asks for it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, nullcontext
from functools import wraps
from random import SystemRandom
from typing import Any, ParamSpec, TypeVar

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage.engine import READ_ONLY
from bot.storage.errors import StorageUnreachable, translated

TRANSACTION_SECONDS = 30.0
CLOSE_SECONDS = 3.0
TRIES = 3
LEAST_PAUSE_SECONDS = 0.05

log = structlog.get_logger(__name__)
_dice = SystemRandom()

P = ParamSpec("P")
T = TypeVar("T")


class Database:
    """One database, as reading and writing transactions.

    Both raise `Transient` (`StorageUnreachable`) when the database is away or too busy, and roll
    back whenever their body raises.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"
        # SQLite has one writer at a time; ours queue here, in order, instead of polling the file.
        self._turn = asyncio.Lock() if self.is_sqlite else nullcontext()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that may write (READ COMMITTED; on SQLite BEGIN IMMEDIATE)."""
        async with _bounded(), self._turn, self.engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that only reads."""
        async with _bounded(), self.engine.connect() as connection:
            yield await connection.execution_options(**{READ_ONLY: True})

    async def close(self) -> None:
        """Close every connection; one whose server does not answer any more is left to it."""
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self.engine.dispose()
        except TimeoutError:
            log.warning("database.connections_left")


@asynccontextmanager
async def _bounded() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(TRANSACTION_SECONDS):
            yield
    except Exception as error:
        meaning = translated(error)
        if meaning is error:
            raise
        raise meaning from error


def whole(
    method: Callable[P, Coroutine[Any, Any, T]],
) -> Callable[P, Coroutine[Any, Any, T]]:
    """Repeat a store method that is one transaction, when the database says "again".

    After a lost connection nobody knows whether the commit arrived, so each such method has to
    bear being done twice.
    """

    @wraps(method)
    async def repeated(*args: P.args, **kwargs: P.kwargs) -> T:
        for _ in range(TRIES - 1):
            try:
                return await method(*args, **kwargs)
            except StorageUnreachable as error:
                if not error.again:
                    raise
            await _leave_others_a_moment()
        return await method(*args, **kwargs)

    return repeated


async def _leave_others_a_moment() -> None:
    """Let the winner of a deadlock have his rows: at once we might take ours again before him.

    Real time, and not a clock's: it is the database's processes that have to get their turn.
    """
    await asyncio.sleep(_dice.uniform(LEAST_PAUSE_SECONDS, 3 * LEAST_PAUSE_SECONDS))

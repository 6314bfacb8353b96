"""The calls that a marketplace allows: GCRA, one row per bucket, debited in one transaction."""

import hashlib
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Update, and_, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.ports import LONGEST_WAIT_SECONDS, Allowance, Bucket
from bot.kit.clock import Clock
from bot.storage.database import Database, whole
from bot.storage.tables import budgets
from bot.storage.upsert import insert_into

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_PER_SECOND = 1_000_000
_LONGEST_BLOCK = round(LONGEST_WAIT_SECONDS * _PER_SECOND)


class SqlCallBudget:
    """The port `CallBudget`: the k-th call starts at max(0, (k - burst) × interval)."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @whole
    async def take(self, bucket: Bucket, allowance: Allowance) -> float:
        """Debit one call and return 0.0, or debit nothing and return the seconds to wait."""
        interval = round(allowance.interval_seconds * _PER_SECOND)
        async with self._database.write() as connection:
            stored = await _locked(connection, bucket)
            now = _microseconds(self._clock.now())
            # A bucket is never emptier than empty, nor blocked for longer than can be: what says
            # so was written by a clock that was ahead, and would hold the bucket up until then.
            arrival = min(stored[0], now + allowance.burst * interval)
            blocked_until = min(stored[1], now + _LONGEST_BLOCK)
            ready = max(arrival - (allowance.burst - 1) * interval, blocked_until)
            if ready <= now:
                arrival = max(arrival, now) + interval
            if (arrival, blocked_until) != stored:
                is_now = {"arrival_us": arrival, "blocked_until_us": blocked_until}
                await connection.execute(_of(bucket).values(**is_now))
        return max(0, ready - now) / _PER_SECOND

    @whole
    async def block(self, bucket: Bucket, seconds: float) -> None:
        """Allow no call of this bucket for that long: the marketplace said so."""
        async with self._database.write() as connection:
            _, blocked_until = await _locked(connection, bucket)
            until = _microseconds(self._clock.now()) + round(seconds * _PER_SECOND)
            await connection.execute(
                _of(bucket).values(blocked_until_us=max(until, blocked_until))
            )


async def forget_expired(connection: AsyncConnection, sid: str, *, now: datetime) -> None:
    """Drop the buckets of a seller id that hold nobody back any more."""
    await connection.execute(
        delete(budgets).where(budgets.c.sid_hash == _hash(sid), are_over(now))
    )


def are_over(now: datetime) -> ColumnElement[bool]:
    """Choose buckets that hold nobody back any more: they are full, as one without a row is."""
    instant = _microseconds(now)
    return and_(budgets.c.arrival_us <= instant, budgets.c.blocked_until_us <= instant)


async def _locked(connection: AsyncConnection, bucket: Bucket) -> tuple[int, int]:
    """Return the bucket's arrival time and block, held until the transaction ends."""
    full = {
        "sid_hash": _hash(bucket.sid),
        "method": bucket.method,
        "kind": bucket.kind,
        "arrival_us": 0,
        "blocked_until_us": 0,
    }
    made = insert_into(connection, budgets).on_conflict_do_nothing().values(**full)
    held = (
        select(budgets.c.arrival_us, budgets.c.blocked_until_us)
        .where(*_is(bucket))
        .with_for_update()
    )
    row = None
    while row is None:  # one that was over may go between the two statements
        await connection.execute(made)
        row = (await connection.execute(held)).one_or_none()
    return row.arrival_us, row.blocked_until_us


def _of(bucket: Bucket) -> Update:
    return update(budgets).where(*_is(bucket))


def _is(bucket: Bucket) -> tuple[ColumnElement[bool], ...]:
    return (
        budgets.c.sid_hash == _hash(bucket.sid),
        budgets.c.method == bucket.method,
        budgets.c.kind == bucket.kind,
    )


def _hash(sid: str) -> str:
    """Buckets outlive an erased seller while they are in force, so they do not name him."""
    return hashlib.sha256(sid.encode()).hexdigest()


def _microseconds(instant: datetime) -> int:
    """Return whole microseconds since 1970: exact, where a float would drift."""
    return (instant - _EPOCH) // _MICROSECOND

"""Budgets: the k-th call starts at max(0, (k - burst) × interval), also after a restart."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.core.ports import LONGEST_WAIT_SECONDS, Allowance, Bucket, KeepSince
from bot.storage.budgets import SqlCallBudget
from bot.storage.database import Database
from tests.storage.people import NOW
from tests.support.databases import world

FUNNEL = Bucket("sid-1", "funnel", "base")


@pytest.mark.parametrize(
    ("interval", "burst"), [(20, 3), (1800, 1), (10800, 1), (60, 10), (0.1, 5), (20 / 3, 3)]
)
async def test_calls_start_when_the_vendor_lets_them(storage, interval, burst):
    starts = [await _take(storage, Allowance(interval, burst)) for _ in range(burst + 4)]
    expected = [max(0.0, (k - burst) * interval) for k in range(1, burst + 5)]
    assert starts == pytest.approx(expected, abs=2e-5)


async def _take(storage, allowance, bucket=FUNNEL):
    """Wait as long as the budget says; return when the call started, in seconds from the start."""
    while wait := await storage.stores.budget.take(bucket, allowance):
        await storage.clock.advance(wait)
    return (storage.clock.now() - NOW).total_seconds()


async def test_a_refusal_debits_nothing(storage):
    allowance = Allowance(60, 1)
    assert await storage.stores.budget.take(FUNNEL, allowance) == 0.0
    waits = [await storage.stores.budget.take(FUNNEL, allowance) for _ in range(3)]
    assert waits == [60.0, 60.0, 60.0]


async def test_an_idle_bucket_fills_to_its_burst_and_no_further(storage):
    allowance = Allowance(20, 3)
    for _ in range(3):
        await _take(storage, allowance)
    await storage.clock.advance(3600)
    starts = [await _take(storage, allowance) - 3600 for _ in range(4)]
    assert starts == [0.0, 0.0, 0.0, 20.0]


async def test_the_marketplaces_own_wait_wins(storage):
    await storage.stores.budget.block(FUNNEL, 90)
    await storage.stores.budget.block(FUNNEL, 30)  # a shorter one does not shorten it
    assert await storage.stores.budget.take(FUNNEL, Allowance(20, 3)) == 90.0
    await storage.clock.advance(90)
    assert await storage.stores.budget.take(FUNNEL, Allowance(20, 3)) == 0.0


async def test_buckets_are_apart_by_sid_method_and_kind(storage):
    allowance = Allowance(1800, 1)
    others = [
        Bucket("sid-2", "funnel", "base"),
        Bucket("sid-1", "orders", "base"),
        Bucket("sid-1", "funnel", "personal"),
    ]
    for bucket in (FUNNEL, *others):
        assert await storage.stores.budget.take(bucket, allowance) == 0.0


async def test_a_bucket_is_shared_by_processes_and_outlives_them(migrated_url):
    allowance = Allowance(60, 10)
    async with world(migrated_url) as here, world(migrated_url) as there:
        waits = await asyncio.gather(
            *(place.stores.budget.take(FUNNEL, allowance) for place in (here, there) * 20)
        )
        assert sum(wait == 0.0 for wait in waits) == 10
    async with world(migrated_url) as later:
        assert await later.stores.budget.take(FUNNEL, allowance) == 60.0


class CutsIn(Database):
    """Something else is done right after the first statement of the first transaction."""

    def __init__(self, engine, act):
        super().__init__(engine)
        self.acts = [act]

    @asynccontextmanager
    async def write(self):
        async with super().write() as connection:
            yield _Cut(connection, self.acts)


class _Cut:
    def __init__(self, connection, acts):
        self._connection, self._acts = connection, acts

    def __getattr__(self, name):
        return getattr(self._connection, name)

    async def execute(self, statement):
        result = await self._connection.execute(statement)
        while self._acts:
            await self._acts.pop()()
        return result


@pytest.mark.parametrize("migrated_url", ["postgresql"], indirect=True)  # SQLite: one writer
async def test_a_bucket_that_is_forgotten_while_a_call_is_debited(storage):
    assert await storage.stores.budget.take(FUNNEL, Allowance(60, 1)) == 0.0
    await storage.clock.advance(60)
    now, gone = storage.clock.now(), []

    async def forget():
        gone.append(await storage.stores.leftovers.drop_some(KeepSince(*[now] * 5)))

    budget = SqlCallBudget(CutsIn(storage.database.engine, forget), storage.clock)
    assert await budget.take(FUNNEL, Allowance(60, 1)) == 0.0
    assert gone == [1]
    assert await budget.take(FUNNEL, Allowance(60, 1)) == 60.0


async def test_a_clock_that_was_set_back_holds_nobody_up_for_long(migrated_url):
    allowance = Allowance(60, 2)
    async with world(migrated_url, start=NOW + timedelta(days=365)) as wrong:
        await wrong.stores.budget.take(FUNNEL, allowance)
    async with world(migrated_url) as right:
        assert await _take(right, allowance) <= 60.0


async def test_a_block_by_a_clock_that_was_ahead_ends(migrated_url):
    async with world(migrated_url, start=NOW + timedelta(days=365)) as wrong:
        await wrong.stores.budget.block(FUNNEL, 60)
    async with world(migrated_url) as right:
        assert await _take(right, Allowance(60, 2)) == LONGEST_WAIT_SECONDS
        await right.stores.budget.block(FUNNEL, LONGEST_WAIT_SECONDS)  # one that is named stands
        assert await _take(right, Allowance(60, 2)) == 2 * LONGEST_WAIT_SECONDS

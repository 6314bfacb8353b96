"""The databases themselves: set up as promised, and gone or busy without doing harm."""

import asyncio
import socket
import sqlite3
from contextlib import closing
from itertools import pairwise

import pytest
from sqlalchemy import select, text

from bot.core.errors import Code, Defect, Transient
from bot.storage.database import LEAST_PAUSE_SECONDS, TRIES, Database, whole
from bot.storage.engine import make_engine
from bot.storage.errors import Misconfigured, StorageUnreachable
from bot.storage.tables import sellers
from tests.storage.people import NOW, PROFILE, seller
from tests.support.databases import scratch_postgres, world


async def _value(database, query):
    async with database.read() as connection:
        return (await connection.execute(text(query))).scalar_one()


@pytest.mark.parametrize("prefix", ["sqlite:///", "sqlite+aiosqlite:///"])
async def test_sqlite_is_set_up_as_promised(tmp_path, prefix):
    path = tmp_path / "deep" / "data" / "bot.db"
    database = Database(make_engine(f"{prefix}{path}"))
    assert database.is_sqlite
    expected = {"journal_mode": "wal", "synchronous": 1, "busy_timeout": 5000, "foreign_keys": 1}
    found = {name: await _value(database, f"PRAGMA {name}") for name in expected}
    await database.close()
    assert found == expected
    assert path.stat().st_mode & 0o777 == 0o600
    assert {one.name for one in path.parent.iterdir()} == {"bot.db"}


@pytest.mark.parametrize("prefix", ["postgres://", "postgresql://", "postgresql+asyncpg://"])
@pytest.mark.usefixtures("postgres")
async def test_postgresql_is_set_up_as_promised(prefix):
    with scratch_postgres() as url:
        database = Database(make_engine(prefix + url.partition("://")[2] + "?sslmode=prefer"))
        assert not database.is_sqlite
        expected = {
            "statement_timeout": "15s",
            "lock_timeout": "5s",
            "transaction_isolation": "read committed",
        }
        found = {name: await _value(database, f"SHOW {name}") for name in expected}
        await database.close()
    assert found == expected


@pytest.mark.parametrize(
    "url",
    [
        "mysql://x/y",
        "nonsense",
        "",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql://u:hunter2@h:port/x",
    ],
)
def test_an_address_that_is_none_is_named_and_not_quoted(url):
    with pytest.raises(Misconfigured, match="DATABASE_URL") as refused:
        make_engine(url)
    assert "hunter2" not in repr(refused.value)
    assert refused.value.__cause__ is None


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(Misconfigured, match="DATABASE_URL"):
        make_engine(f"sqlite:///{tmp_path}/file/bot.db")


async def test_parallel_changes_of_one_row_are_all_kept(storage):
    await seller(storage)
    raise_hour = text("UPDATE sellers SET morning_hour = :hour")

    async def one_more() -> None:
        async with storage.database.write() as connection:
            query = select(sellers.c.morning_hour).with_for_update()
            hour = (await connection.execute(query)).scalar_one()
            await connection.execute(raise_hour, {"hour": hour + 1})

    async with storage.database.write() as connection:
        await connection.execute(raise_hour, {"hour": 0})
    await asyncio.gather(*(one_more() for _ in range(20)))
    assert await _value(storage.database, "SELECT morning_hour FROM sellers") == 20


async def test_a_failed_body_leaves_nothing(storage):
    one = await seller(storage)

    async def fail() -> None:
        async with storage.database.write() as connection:
            await connection.execute(text("DELETE FROM sellers"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await storage.stores.sellers.by_id(one.id) == one


async def test_a_refusal_is_a_defect_and_quotes_no_values(storage):
    with pytest.raises(Defect) as refused:
        async with storage.database.write() as connection:
            await connection.execute(
                text("INSERT INTO sellers (telegram_id, language) VALUES (1, :it)"),
                {"it": PROFILE.email},
            )
    chain = f"{refused.value!r} {refused.value.__cause__!r} {refused.value.__cause__}"
    assert refused.value.code is Code.INTERNAL
    assert PROFILE.email not in chain


async def test_a_server_that_is_away_is_waited_for_later():
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    database = Database(make_engine(f"postgresql://nobody@127.0.0.1:{port}/none"))
    with pytest.raises(Transient) as away:
        await _value(database, "SELECT 1")
    await database.close()
    assert away.value.code is Code.STORAGE_UNREACHABLE


async def test_a_cut_connection_is_replaced_within_the_store_method(migrated_postgres):
    async with world(migrated_postgres) as storage:
        one = await seller(storage)
        cut = text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        async with world(migrated_postgres) as other, other.database.read() as connection:
            await connection.execute(cut)
        assert await storage.stores.sellers.by_id(one.id) == one
        await storage.stores.sellers.erase(one.id)


async def test_a_connection_cut_in_mid_transaction_says_so(migrated_postgres):
    async with world(migrated_postgres) as storage:
        suicide = text("SELECT pg_terminate_backend(pg_backend_pid())")
        with pytest.raises(StorageUnreachable) as lost:
            async with storage.database.write() as connection:
                await connection.execute(suicide)
        assert lost.value.again


async def test_two_methods_that_deadlock_both_go_through(migrated_postgres):
    async with world(migrated_postgres) as storage:
        people = [await seller(storage, number) for number in (1, 2)]
        met = asyncio.Barrier(2)
        tries = []

        async def change(first, second) -> None:
            tries.append(first)
            async with storage.database.write() as connection:
                lock = text("UPDATE sellers SET morning_hour = 5 WHERE id = :id")
                await connection.execute(lock, {"id": first})
                if len(tries) <= 2:
                    await met.wait()
                await connection.execute(lock, {"id": second})

        ids = [one.id for one in people]
        await asyncio.gather(whole(change)(*ids), whole(change)(*reversed(ids)))
        assert len(tries) == 3
        for one in people:
            await storage.stores.sellers.erase(one.id)


async def test_a_repetition_leaves_the_others_a_moment():
    tries = []

    @whole
    async def change() -> None:
        tries.append(asyncio.get_running_loop().time())
        raise StorageUnreachable("deadlock", again=True)

    with pytest.raises(StorageUnreachable):
        await change()
    assert len(tries) == TRIES
    pauses = [after - before for before, after in pairwise(tries)]
    assert min(pauses) >= LEAST_PAUSE_SECONDS
    assert len(set(pauses)) == len(pauses)


async def test_a_file_that_another_process_holds_is_transient(tmp_path):
    path = tmp_path / "bot.db"
    database = Database(make_engine(f"sqlite:///{path}"))
    async with database.engine.connect() as connection:
        await connection.exec_driver_sql("PRAGMA busy_timeout = 10")
        await connection.rollback()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageUnreachable):
            async with database.write() as connection:
                await connection.execute(text("SELECT 1"))
    await database.close()


async def test_readers_go_on_while_somebody_writes(storage):
    one = await seller(storage)
    async with storage.database.write() as connection:
        await connection.execute(text("UPDATE sellers SET morning_hour = 3"))
        assert (await storage.stores.sellers.by_id(one.id)).morning_hour == one.morning_hour


async def test_instants_come_back_aware_and_in_utc(storage):
    one = await seller(storage)
    assert one.consented_at == NOW
    assert one.consented_at.utcoffset().total_seconds() == 0


async def test_a_cancelled_transaction_leaves_no_lock_and_no_change(storage):
    one = await seller(storage)
    inside = asyncio.Event()

    async def linger() -> None:
        async with storage.database.write() as connection:
            await connection.execute(text("DELETE FROM sellers"))
            inside.set()
            await asyncio.Event().wait()

    lingering = asyncio.ensure_future(linger())
    await inside.wait()
    lingering.cancel()
    await asyncio.gather(lingering, return_exceptions=True)
    await storage.stores.sellers.set_blocked(77, NOW)
    assert (await storage.stores.sellers.by_id(one.id)).blocked_at == NOW


async def test_a_statement_cancelled_in_its_middle_leaves_no_lock(storage):
    await seller(storage)
    slow = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) "
        "UPDATE sellers SET morning_hour = (SELECT count(*) FROM n) % 20"
    )

    async def work() -> None:
        async with storage.database.write() as connection:
            await connection.execute(text(slow))

    working = asyncio.ensure_future(work())
    _, unfinished = await asyncio.wait({working}, timeout=0.05)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    await storage.stores.sellers.set_blocked(77, NOW)
    assert unfinished
    assert (await storage.stores.sellers.by_telegram_id(77)).morning_hour == 9

"""Databases for tests: SQLite in a file, and a scratch database on a real PostgreSQL.

Fixtures (imported by tests/conftest.py, so every suite has them):

* `database_url`: once per database, the address of an empty one.
* `migrated_url`: the same with the schema in it.
* `storage`: a `World`: everything of `open_stores` on a migrated one, with a `ManualClock`.
"""

import asyncio
import os
import secrets
import shutil
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg
import pytest
import pytest_asyncio
from cryptography.fernet import Fernet
from sqlalchemy.engine import make_url

from bot.kit.clock import ManualClock
from bot.storage.database import Database
from bot.storage.engine import make_engine
from bot.storage.migrations import migrate
from bot.storage.stores import Stores, open_stores
from bot.storage.tables import metadata
from bot.storage.vault import Vault

DEFAULT_URL = "postgresql://postgres@127.0.0.1:5432/postgres"
POSTGRES_MISSING = pytest.StashKey[str]()
_EMPTY = "; ".join(f'DELETE FROM "{table.name}"' for table in reversed(metadata.sorted_tables))  # noqa: S608 - our own table names
NIGHT = datetime(2026, 11, 19, 21, 1, tzinfo=UTC)  # 00:01 in Moscow on the 20th


@dataclass(frozen=True)
class World:
    """A migrated database with its stores on a clock that stands still."""

    url: str
    database: Database
    vault: Vault
    clock: ManualClock
    stores: Stores
    events: list

    def busy(self) -> bool:
        """Say whether a transaction is under way: the clock has to wait for its disk."""
        return self.database.engine.pool.checkedout() > 0


def server_url() -> str:
    """Return the address of the PostgreSQL server that tests may make databases on."""
    return os.environ.get("TEST_DATABASE_URL", DEFAULT_URL)  # noqa: TID251 - a test's own setting


def is_automation() -> bool:
    """Say whether a missing PostgreSQL has to fail the session."""
    return os.environ.get("CI", "").lower() == "true"  # noqa: TID251 - a test's own setting


@contextmanager
def scratch_postgres() -> Iterator[str]:
    """Give a database of our own on the server, gone afterwards."""
    name = f"stock_tracker_test_{secrets.token_hex(6)}"
    _on_server(f'CREATE DATABASE "{name}"')
    try:
        yield make_url(server_url()).set(database=name).render_as_string(hide_password=False)
    finally:
        _on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@asynccontextmanager
async def world(
    url: str, *, start: datetime = NIGHT, vault: Vault | None = None
) -> AsyncIterator[World]:
    """Open the stores of a migrated database, as a process of its own would."""
    database = Database(make_engine(url))
    clock = ManualClock(start)
    vault = vault or Vault([Fernet.generate_key().decode()])
    events = []
    stores = open_stores(database, vault, clock, events.append)
    try:
        yield World(url, database, vault, clock, stores, events)
    finally:
        stores.close()
        await database.close()


@pytest.fixture(scope="session")
def postgres(request):
    """Skip where no PostgreSQL is reachable, and remember that for the last lines."""
    try:
        _on_server("SELECT 1")
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        reason = f"no PostgreSQL at TEST_DATABASE_URL ({type(error).__name__})"
        request.config.stash[POSTGRES_MISSING] = reason
        pytest.skip(reason)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory):
    """An SQLite file with the schema, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "bot.db"
    in_thread(lambda: _migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres):  # noqa: ARG001 - skips where there is no server
    """The address of a PostgreSQL database with the schema, to be emptied for each test."""
    with scratch_postgres() as url:
        in_thread(lambda: _migrate(url))
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path):
    """The address of an empty database, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'data' / 'bot.db'}"
        return
    request.getfixturevalue("postgres")
    with scratch_postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_url(request, tmp_path):
    """The address of a database that has the schema, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        path = shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "bot.db")
        yield f"sqlite+aiosqlite:///{path}"
        return
    url = request.getfixturevalue("migrated_postgres")
    _on_server(_EMPTY, url)
    yield url


@pytest_asyncio.fixture
async def storage(migrated_url):
    """A migrated database with its stores."""
    async with world(migrated_url) as opened:
        yield opened


def _on_server(statement: str, url: str | None = None) -> None:
    async def run() -> None:
        connection = await asyncpg.connect(url or server_url(), timeout=5)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    in_thread(run)


async def _migrate(url: str) -> None:
    engine = make_engine(url)
    await migrate(engine)
    await engine.dispose()


def in_thread(work) -> None:
    """Run a coroutine function on a loop of its own, whatever loop the test has."""
    failures: list[BaseException] = []

    def body() -> None:
        try:
            asyncio.run(work())
        except BaseException as error:  # noqa: BLE001 - handed to the caller below
            failures.append(error)

    thread = threading.Thread(target=body)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]

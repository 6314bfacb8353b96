"""Engines: SQLite and PostgreSQL, each set up so that no update is lost and no wait is endless."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.core.errors import Code
from bot.storage.errors import Misconfigured
from bot.storage.files import make_once

CONNECT_SECONDS = 10
POOL_WAIT_SECONDS = 10
STATEMENT_SECONDS = 15
LOCK_SECONDS = 5
RECYCLE_SECONDS = 1800

# Execution options of a connection, read when its transaction begins.
READ_ONLY = "stock_tracker_read_only"
SCHEMA_CHANGE = "stock_tracker_schema_change"

_PRAGMAS = (
    f"PRAGMA busy_timeout = {LOCK_SECONDS * 1000}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA foreign_keys = ON",
)


def make_engine(database_url: str, *, make_file: bool = True) -> AsyncEngine:
    """Return an engine for an SQLite file (made with its folder) or a PostgreSQL database.

    Nothing is connected yet.

    Raises:
        Misconfigured: `database_url` is not the address of either.
    """
    url = _parsed(database_url)
    kind = url.get_backend_name()
    if kind == "sqlite":
        return _sqlite(url, make_file=make_file)
    if kind == "postgresql":
        return _postgresql(url)
    raise Misconfigured(Code.INTERNAL, "DATABASE_URL must begin with sqlite: or postgresql:")


def _parsed(database_url: str) -> URL:
    text = database_url.strip()
    if text.startswith("postgres://"):
        text = "postgresql://" + text.removeprefix("postgres://")
    try:
        return make_url(text)
    except (ArgumentError, ValueError):
        # The text may hold a password: it is neither quoted nor chained.
        raise Misconfigured(
            Code.INTERNAL,
            "DATABASE_URL is not an address such as sqlite+aiosqlite:///data/bot.db",
        ) from None


def _sqlite(url: URL, *, make_file: bool) -> AsyncEngine:
    if not url.database or url.database == ":memory:":
        raise Misconfigured(Code.INTERNAL, "DATABASE_URL must name a file: sqlite:///data/bot.db")
    if make_file:
        _make_file(Path(url.database))
    engine = create_async_engine(
        url.set(drivername="sqlite+aiosqlite"),
        connect_args={"isolation_level": None, "timeout": LOCK_SECONDS},
        pool_size=5,
        max_overflow=5,
        pool_timeout=POOL_WAIT_SECONDS,
        **_common(),
    )
    event.listen(engine.sync_engine, "connect", _set_pragmas)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _make_file(path: Path) -> None:
    """Make the file before SQLite does: for us alone, and in WAL mode from its first moment.

    Two processes that switch a new file to WAL at the same time do not wait for one another.
    """
    try:
        make_once(path, _fill)
    except OSError as error:
        raise Misconfigured(
            Code.INTERNAL, f"DATABASE_URL: the file {path} cannot be made ({error.strerror})"
        ) from error


def _fill(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")


def _set_pragmas(dbapi_connection: Any, _record: object) -> None:
    cursor = dbapi_connection.cursor()
    try:
        for pragma in _PRAGMAS:
            cursor.execute(pragma)
    finally:
        cursor.close()


def _begin(connection: Connection) -> None:
    """Begin in our own words: the driver's default loses updates, a deferred BEGIN fails late."""
    options = connection.get_execution_options()
    if options.get(SCHEMA_CHANGE):
        # Rebuilding a table drops the old one, which would cascade into its children.
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("PRAGMA busy_timeout = 60000")
    connection.exec_driver_sql("BEGIN" if options.get(READ_ONLY) else "BEGIN IMMEDIATE")


def _postgresql(url: URL) -> AsyncEngine:
    query = dict(url.query)
    if "sslmode" in query:  # libpq's word for what asyncpg calls ssl
        query["ssl"] = query.pop("sslmode")
    return create_async_engine(
        url.set(drivername="postgresql+asyncpg", query=query),
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,
        pool_recycle=RECYCLE_SECONDS,
        pool_size=10,
        max_overflow=5,
        pool_timeout=POOL_WAIT_SECONDS,
        connect_args={
            "timeout": CONNECT_SECONDS,
            "server_settings": {
                "application_name": "stock-tracker",
                "statement_timeout": str(STATEMENT_SECONDS * 1000),
                "lock_timeout": str(LOCK_SECONDS * 1000),
                "idle_in_transaction_session_timeout": "60000",
            },
        },
        **_common(),
    )


def _common() -> dict[str, Any]:
    return {
        "hide_parameters": True,
        "json_serializer": _json_text,
        "json_deserializer": msgspec.json.decode,
    }


def _json_text(value: object) -> str:
    return msgspec.json.encode(value).decode()

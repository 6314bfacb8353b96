"""Bringing the database to the schema that this version knows."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.engine import READ_ONLY, SCHEMA_CHANGE
from bot.storage.errors import translated

_SCRIPTS = Path(__file__).resolve().parents[2] / "alembic"
_LOCK = 20_261_120  # any number that nobody else in this database locks by
_LOCK_SECONDS = 60
_MIGRATION_SECONDS = 600


def alembic_config() -> Config:
    """Return Alembic's settings; a connection is handed over in `attributes["connection"]`."""
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config


async def migrate(engine: AsyncEngine, revision: str = "head") -> None:
    """Bring the schema to `revision`, whole or not at all; one process at a time.

    Raises:
        Transient: the database is away, or another process has been migrating for a minute.
        Defect: a step failed; nothing was changed.
    """
    await _run(engine, lambda config: command.upgrade(config, revision))


async def downgrade(engine: AsyncEngine, revision: str) -> None:
    """Take the schema back to `revision` ("base": to nothing); for tests and emergencies."""
    await _run(engine, lambda config: command.downgrade(config, revision))


async def is_at_head(engine: AsyncEngine) -> bool:
    """Say whether the schema is the one that this version knows. Raises: Transient."""
    found = await _revisions(engine)
    return found == set(ScriptDirectory.from_config(alembic_config()).get_heads())


async def knows_revision(engine: AsyncEngine) -> bool:
    """Say whether the schema is one of this version's history. Raises: Transient."""
    found = await _revisions(engine)
    script = ScriptDirectory.from_config(alembic_config())
    ours = {one.revision for one in script.walk_revisions()}
    return bool(found) and found <= ours


async def _revisions(engine: AsyncEngine) -> set[str]:
    """Return the revisions that the schema stands at; waits for nobody who writes."""
    try:
        async with asyncio.timeout(_LOCK_SECONDS), engine.connect() as plain:
            connection = await plain.execution_options(**{READ_ONLY: True})
            return await connection.run_sync(_heads)
    except Exception as error:
        raise translated(error) from error


def _heads(connection: Connection) -> set[str]:
    return set(MigrationContext.configure(connection).get_current_heads())


async def _run(engine: AsyncEngine, step: Callable[[Config], None]) -> None:
    try:
        async with asyncio.timeout(_MIGRATION_SECONDS), engine.connect() as plain:
            connection = await plain.execution_options(**{SCHEMA_CHANGE: True})
            try:
                async with connection.begin():
                    await connection.run_sync(_locked, step)
            finally:
                # Its settings are for changing schemas only: it does not go back to the pool.
                await connection.invalidate()
    except Exception as error:
        raise translated(error) from error


def _locked(connection: Connection, step: Callable[[Config], None]) -> None:
    """Hold the lock that ends with the transaction; on SQLite BEGIN IMMEDIATE is that lock."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = '{_LOCK_SECONDS}s'"))
        connection.execute(text(f"SET LOCAL statement_timeout = '{_MIGRATION_SECONDS}s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = alembic_config()
    config.attributes["connection"] = connection
    step(config)

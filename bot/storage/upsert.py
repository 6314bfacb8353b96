"""INSERT … ON CONFLICT, which both databases know and SQLAlchemy spells once for each."""

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

Insert = sqlite.Insert | postgresql.Insert


def insert_into(connection: AsyncConnection, table: Table) -> Insert:
    """Return the dialect's own INSERT, the one that has `on_conflict_do_…`."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


async def put(connection: AsyncConnection, table: Table, **values: Any) -> None:
    """Insert one row, or replace the row of the same primary key."""
    await connection.execute(_replacing(connection, table, set(values)), values)


async def put_all(connection: AsyncConnection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Do the same with many rows of the same columns, in one round."""
    if rows:
        await connection.execute(_replacing(connection, table, set(rows[0])), rows)


def _replacing(connection: AsyncConnection, table: Table, columns: set[str]) -> Insert:
    keys = [column.name for column in table.primary_key]
    statement = insert_into(connection, table)
    fresh = {name: statement.excluded[name] for name in columns.difference(keys)}
    return statement.on_conflict_do_update(index_elements=keys, set_=fresh)

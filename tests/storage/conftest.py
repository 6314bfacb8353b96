"""Looking at what is really stored."""

import pytest
from sqlalchemy import text

from bot.storage.tables import metadata


@pytest.fixture
def rows_of():
    """Every row of every table, as the database holds them."""

    async def dump(storage):
        async with storage.database.read() as connection:
            return {
                table: (await connection.execute(text(f'SELECT * FROM "{table}"'))).all()  # noqa: S608 - our own table names
                for table in metadata.tables
            }

    return dump

"""The history of the schema: up, down, up; and it ends where the models stand."""

import asyncio

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, update

from bot.storage.engine import make_engine
from bot.storage.migrations import alembic_config, downgrade, is_at_head, migrate
from bot.storage.tables import locks, metadata

REVISIONS = [
    revision.revision
    for revision in ScriptDirectory.from_config(alembic_config()).walk_revisions("base", "heads")
][::-1]


@pytest.fixture
async def engine(database_url):
    engine = make_engine(database_url)
    yield engine
    await engine.dispose()


async def test_every_revision_goes_up_down_and_up(engine):
    for before, revision in zip(["base", *REVISIONS], REVISIONS, strict=False):
        await migrate(engine, revision)
        await downgrade(engine, before)
        assert not await is_at_head(engine)
        await migrate(engine, revision)
    assert await is_at_head(engine)


async def test_going_down_to_nothing_leaves_no_table(engine):
    await migrate(engine)
    await downgrade(engine, "base")
    async with engine.connect() as connection:
        left = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    assert left == ["alembic_version"]


async def test_the_history_ends_where_the_models_stand(engine):
    await migrate(engine)
    async with engine.connect() as connection:
        differences = await connection.run_sync(_differences)
        migrated = await connection.run_sync(_rules)
    await downgrade(engine, "base")
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
        modelled = await connection.run_sync(_rules)
    assert differences == []
    assert migrated == modelled


async def test_two_processes_migrate_one_after_the_other(database_url):
    engines = [make_engine(database_url) for _ in range(3)]
    await asyncio.gather(*(migrate(engine) for engine in engines))
    assert all([await is_at_head(engine) for engine in engines])
    for engine in engines:
        await engine.dispose()


async def test_the_look_at_the_schema_waits_for_nobody_who_writes(storage):
    locked = update(locks).values(owner="somebody")
    async with storage.database.write() as connection, asyncio.timeout(2):
        await connection.execute(locked)
        assert await is_at_head(storage.database.engine)


async def test_a_migrated_database_is_left_as_it_is(engine):
    await migrate(engine)
    await migrate(engine)
    assert await is_at_head(engine)


def _differences(connection):
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    return compare_metadata(context, metadata)


def _rules(connection):
    """What Alembic does not compare: checks, and the conditions of partial indexes."""
    seen = inspect(connection)
    return {
        table: (
            sorted((rule["name"], rule["sqltext"]) for rule in seen.get_check_constraints(table)),
            sorted(_index(index) for index in seen.get_indexes(table)),
            sorted(str(column) for column in seen.get_columns(table)),
        )
        for table in metadata.tables
    }


def _index(index):
    conditions = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return f"{index['name']} {index['column_names']} {index['unique']} {conditions}"

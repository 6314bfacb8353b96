"""Runs the revisions on a connection that the bot hands over, or on the one named by `-x url=`.

The environment is not read here: only bot/settings.py does that.
"""

import asyncio

from alembic import context
from sqlalchemy import Connection

from bot.storage.engine import make_engine
from bot.storage.tables import metadata


def run_on(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def run_by_hand() -> None:
    url = context.get_x_argument(as_dictionary=True).get("url")
    if url is None:
        raise SystemExit("name the database: alembic -x url=sqlite:///build/scratch.db …")
    engine = make_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(run_on)
    finally:
        await engine.dispose()


handed_over = context.config.attributes.get("connection")
if handed_over is None:
    asyncio.run(run_by_hand())
else:
    run_on(handed_over)

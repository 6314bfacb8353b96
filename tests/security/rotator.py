"""A process of its own that rotates: `python -m tests.security.rotator DATABASE NEW,OLD`.

It says a word after each small step, so that it can be killed in the middle of its work.
"""

import asyncio
import sys

from bot.storage.database import Database
from bot.storage.engine import make_engine
from bot.storage.rotation import rotate
from bot.storage.vault import Vault


async def main(url: str, keys: list[str]) -> None:
    database = Database(make_engine(url))
    async for step in rotate(database, Vault(keys), rows_per_step=3):
        print(step.table, step.moved, flush=True)  # noqa: T201 - read by the test
    await database.close()


asyncio.run(main(sys.argv[1], sys.argv[2].split(",")))

"""The three twins in a process of their own, so that only our bot is on the measured loop.

`python -m tests.e2e.twins_process FOLDER CARDS WAREHOUSES ORDERS` prints one line of JSON: the
settings, and a key. It ends when its standard input does.
"""

import asyncio
import json
import sys
from pathlib import Path

from bot.kit.clock import SystemClock
from bot.sandbox.wildberries import make_key, make_shop
from tests.e2e.stage import open_stage


async def main(folder: Path, cards: int, warehouses: int, orders: int) -> None:
    """Serve until nobody listens any more."""
    shop = make_shop(
        3,
        now=SystemClock().now(),
        cards=cards,
        warehouses=warehouses,
        orders=orders,
        warehouses_hidden=False,
    )
    async with open_stage(folder, "sqlite://", with_google=True, shops=[shop]) as stage:
        addresses = {
            "wb": stage.wb.url,
            "google": stage.google.url,
            "telegram": stage.tg.url,
            "token": stage.tg.token,
            "drive": stage.extra["google_drive_folder_id"],
            "key": make_key(sid=shop.sid),
        }
        sys.stdout.write(json.dumps(addresses) + "\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), *map(int, sys.argv[2:5])))

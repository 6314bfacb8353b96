"""One refresh of a big shop in a process of its own; the twin is in another.

`python -m tests.soak.big_shop FOLDER WB_URL KEY` prints JSON: megabytes over the idle process,
seconds, and how many cards and orders came.
"""

import asyncio
import json
import resource
import sys
from pathlib import Path

from bot.core.runs import RunStatus
from bot.core.sellers import Profile
from bot.settings import read_settings
from bot.wiring.backstage import open_backstage
from bot.wiring.worker import working

PATIENCE_SECONDS = 240.0


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def main(folder: Path, url: str, key: str) -> None:
    hosts = ("analytics", "statistics", "marketplace", "content", "common")
    settings = read_settings(
        **{f"wb_{host}_url": url for host in hosts},
        database_url=f"sqlite+aiosqlite:///{folder / 'bot.db'}",
        google_credentials_file=str(folder / "none.json"),
        telegram_api_url="http://127.0.0.1:9",
        time_scale=60.0,
    )
    async with open_backstage(settings) as backstage:
        stores, clock = backstage.stores, backstage.clock
        profile = Profile("Анна", "anna@example.com", "+79161234567")
        owner = await stores.sellers.add(1, profile, language="ru", consented_at=clock.now())
        await asyncio.sleep(0.5)
        idle, began = peak_megabytes(), clock.monotonic()
        shop = (await backstage.usecases.connect_shop(owner, key)).shop
        switched = await backstage.usecases.switch_period(owner, shop.id, 30)
        run = switched.requested.run
        async with working(backstage), asyncio.timeout(PATIENCE_SECONDS):
            while run.status is RunStatus.OPEN:
                await asyncio.sleep(0.2)
                run = await stores.runs.by_id(run.id)
        told = {"megabytes": peak_megabytes() - idle, "seconds": clock.monotonic() - began}
        figures = await stores.tables.figures(run.shop_id)
        told |= {"status": run.status, "cards": len(figures.metrics)}
        told["orders"] = sum(card.orders_total or 0 for card in figures.metrics)
        sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))

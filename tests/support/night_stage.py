"""A night of many shops on the twins, with the bot as a process of its own that can be killed."""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select, text, update

from bot.core.period import MOSCOW
from bot.core.runs import RunKind, RunStatus
from bot.core.sellers import Profile
from bot.kit.clock import SystemClock
from bot.marketplaces.wildberries.token import read_key
from bot.sandbox.wildberries import make_key, make_shop
from bot.storage.database import Database
from bot.storage.engine import make_engine
from bot.storage.migrations import migrate
from bot.storage.stores import Stores, open_stores
from bot.storage.tables import outbox, runs, shops
from bot.storage.vault import Vault
from tests.e2e.stage import Stage, open_stage

ROOT = Path(__file__).parents[2]
FIRST_SELLER = 5000
ADMIN = 4999
CLOCK = SystemClock()


@dataclass
class Night:
    """The stage, its database seen from outside, and the process while it lives."""

    stage: Stage
    database: Database
    stores: Stores
    shop_ids: list[int]
    extra: dict[str, str] = field(default_factory=dict)
    process: asyncio.subprocess.Process | None = None

    @property
    def log(self) -> Path:
        """Where every process of the night writes its log."""
        return self.stage.folder / "bot.log"

    async def begin(self) -> None:
        """Start the bot's process."""
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run",
                cwd=self.stage.folder, env=environment(self.stage) | self.extra,
                stdout=log, stderr=log,
            )  # fmt: skip

    async def kill(self) -> None:
        """End it by SIGKILL."""
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    async def stop(self, *, within_seconds: float = 30) -> int:
        """End it by SIGTERM; return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self.process.wait(), within_seconds)

    async def let_leases_run_out(self) -> None:
        """Let the leases of whoever does not move any more run out, as a minute would."""
        held = update(shops).where(shops.c.lease_owner.is_not(None))
        async with self.database.write() as connection:
            await connection.execute(held.values(lease_until=CLOCK.now()))

    async def let_time_pass(self) -> None:
        """Let everything run out that a dead process held, as minutes would."""
        await self.let_leases_run_out()
        async with self.database.write() as connection:
            await connection.execute(text("DELETE FROM locks"))
            doubtful = update(outbox).where(outbox.c.in_doubt, outbox.c.status == "pending")
            await connection.execute(doubtful.values(not_before=CLOCK.now()))

    async def ended(self) -> Counter:
        """Return how many nightly runs there are of each status."""
        query = (
            select(runs.c.status, func.count())
            .where(runs.c.kind == RunKind.NIGHTLY)
            .group_by(runs.c.status)
        )
        async with self.database.read() as connection:
            return Counter(dict((await connection.execute(query)).all()))

    async def until_done(self, seconds: float) -> bool:
        """Wait until every shop's night has ended; say whether it has in that time."""
        until = CLOCK.monotonic() + seconds
        while CLOCK.monotonic() < until:
            found = await self.ended()
            if sum(found.values()) == len(self.shop_ids) and not found[RunStatus.OPEN]:
                return True
            await CLOCK.sleep(0.3)
        return False

    async def wait_for_log(self, words: str, seconds: float = 60, *, since: int = 0) -> None:
        """Wait until the log holds these words beyond its first `since` bytes."""
        async with asyncio.timeout(seconds):
            while words.encode() not in self.log.read_bytes()[since:]:
                await CLOCK.sleep(0.05)

    async def figures(self) -> list[list]:
        """Return every shop's figures as stored."""
        found = [await self.stores.tables.figures(shop_id) for shop_id in self.shop_ids]
        return [None if one is None else sorted(one.metrics, key=_by_number) for one in found]

    def sheets(self) -> dict[str, list]:
        """Return the products' rows of every sheet by its title; one title has one sheet."""
        found: dict[str, list] = {}
        for file_id, book in self.stage.google.drive.books.items():
            title = self.stage.google.drive.files[file_id].name
            assert title not in found, f"two sheets «{title}»"
            is_made = book.titled("Остатки") is not None
            rows = self.stage.google.hands(file_id).grid("Остатки") if is_made else []
            found[title] = sorted(map(str, rows[1:]))
        return found

    async def notices(self) -> list:
        """Return every message that is or was owed."""
        async with self.database.read() as connection:
            return list((await connection.execute(select(outbox).order_by(outbox.c.id))).all())

    async def integrity(self) -> str:
        """Return what SQLite says of its file; "ok" on PostgreSQL, which checks itself."""
        if not self.database.is_sqlite:
            return "ok"
        async with self.database.read() as connection:
            return (await connection.execute(text("PRAGMA integrity_check"))).scalar_one()


def _by_number(metrics) -> int:
    return metrics.nm_id


def environment(stage: Stage) -> dict[str, str]:
    """Return the environment of a bot that lives on this stage; its night has just begun."""
    settings = stage.settings()
    passed_on = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}  # noqa: TID251 - handed to a process
    hosts = ("ANALYTICS", "STATISTICS", "MARKETPLACE", "CONTENT", "COMMON")
    return passed_on | {
        **{f"WB_{host}_URL": stage.wb.url for host in hosts},
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "BOT_TOKEN": stage.tg.token,
        "TELEGRAM_API_URL": stage.tg.url,
        "DATABASE_URL": stage.database_url,
        "ENCRYPTION_KEYS": stage.encryption_key,
        "GOOGLE_SHEETS_URL": stage.google.url,
        "GOOGLE_DRIVE_URL": stage.google.url,
        "GOOGLE_CREDENTIALS_FILE": str(stage.folder / "credentials.json"),
        "GOOGLE_DRIVE_FOLDER_ID": settings.google_drive_folder_id or "",
        "ADMIN_IDS": str(ADMIN),
        "HTTP_PORT": "0",
        "LOG_FORMAT": "json",
        "TIME_SCALE": f"{settings.time_scale:g}",
        "REFRESH_AT": f"{CLOCK.now().astimezone(MOSCOW):%H:%M}",
    }


@asynccontextmanager
async def open_night(
    folder: Path, database_url: str, *, shops: int, cards: int = 4, with_google: bool = True
) -> AsyncIterator[Night]:
    """Start the twins and connect that many shops yesterday, each of a seller of its own."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    now = CLOCK.now()
    town = [_shop(number, cards, now) for number in range(1, shops + 1)]
    async with open_stage(folder, database_url, with_google=with_google, shops=town) as stage:
        stage.google.quotas.enabled = False  # a real minute would last as long as an hour here
        database = Database(make_engine(database_url))
        await migrate(database.engine)
        stores = open_stores(database, Vault([stage.encryption_key]), CLOCK)
        for user_id in range(FIRST_SELLER - 1, FIRST_SELLER + shops):
            stage.tg.user(user_id)._chat.opened = True
        ids = [await _connect(stores, number, one, now) for number, one in enumerate(town)]
        night = Night(stage, database, stores, ids)
        try:
            yield night
        finally:
            if night.process is not None and night.process.returncode is None:
                await night.kill()
            stores.close()
            await database.close()


def _shop(number: int, cards: int, now: datetime):
    sid = str(UUID(int=number << 64, version=4))
    return make_shop(number, now=now, cards=cards, warehouses=3, orders=20, sid=sid)


async def _connect(stores: Stores, number: int, shop, now: datetime) -> int:
    profile = Profile(f"Продавец {number}", f"seller{number}@example.com", "+79160000000")
    seller = await stores.sellers.add(
        FIRST_SELLER + number, profile, language="ru", consented_at=now
    )
    access = read_key(make_key(sid=shop.sid), now=now)
    connected = await stores.shops.connect(seller.id, access, now=now - timedelta(days=1))
    await stores.shops.rename(connected.id, f"Лавка {number}")
    return connected.id

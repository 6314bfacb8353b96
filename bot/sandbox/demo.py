"""`make demo`: the twins, the real bot as a process of its own, and a scripted seller."""

import asyncio
import contextlib
import io
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

from bot.kit.clock import SystemClock
from bot.sandbox.story import ScriptedUser, StoryResult, register_and_get_table
from bot.sandbox.town import Town, open_town

SELLER_TELEGRAM_ID = 700_100_200
DEMO_TIME_SCALE = 60.0
STOP_SECONDS = 40.0
SHEET = "Остатки"


@dataclass(frozen=True, slots=True)
class DemoTable:
    """What the seller got: the file, its headers (two rows) and its products."""

    path: Path
    groups: tuple[str, ...]
    headers: tuple[str, ...]
    products: tuple[tuple[Any, ...], ...]


@asynccontextmanager
async def demo(folder: Path, say: Callable[[str], None]) -> AsyncIterator[DemoTable]:
    """Play the seller's story in `folder`; the world stays up until the context is left.

    Raises:
        TimeoutError: the bot did not answer as the story expects.
        RuntimeError: the bot's process ended by itself.
    """
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    clock = SystemClock()
    async with open_town(clock, time_scale=DEMO_TIME_SCALE) as town:
        say(f"Три мира на этой машине: Wildberries {town.wildberries.url}")
        say(f"                          Telegram    {town.telegram.url}")
        async with _bot(town, folder), _seller(town) as seller:
            result = await register_and_get_table(seller, town.key, say)
            yield await asyncio.to_thread(_table, result, folder)


@asynccontextmanager
async def _bot(town: Town, folder: Path) -> AsyncIterator[None]:
    """Run the real bot against the town; it is stopped by SIGTERM, as an operator would."""
    code = Path(__file__).parents[2]
    settings = town.settings() | {
        "DATABASE_URL": "sqlite+aiosqlite:///bot.db",
        "GOOGLE_CREDENTIALS_FILE": "no-google-here.json",
        "HTTP_PORT": "0",
        "LOG_FORMAT": "json",
        "PYTHONPATH": str(code),
    }
    with (folder / "bot.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", env=settings, cwd=folder, stdout=log, stderr=log
        )
        try:
            yield
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            await asyncio.wait_for(process.wait(), STOP_SECONDS)


@asynccontextmanager
async def _seller(town: Town) -> AsyncIterator[ScriptedUser]:
    async with ScriptedUser(town.telegram.url, SELLER_TELEGRAM_ID) as seller:
        yield seller


def _table(result: StoryResult, folder: Path) -> DemoTable:
    """Keep the file that the bot sent and read it as the seller would."""
    if result.document is None:
        raise RuntimeError("the bot sent no file")
    path = folder / (result.document_name or "table.xlsx")
    path.write_bytes(result.document)
    sheet = openpyxl.load_workbook(io.BytesIO(result.document), read_only=True)[SHEET]
    groups, headers, *products = sheet.iter_rows(values_only=True)
    return DemoTable(
        path=path,
        groups=tuple(str(cell or "") for cell in groups),
        headers=tuple(str(cell or "") for cell in headers),
        products=tuple(tuple(row) for row in products),
    )

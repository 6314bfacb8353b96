"""A refresh of 1,000 products × 30 warehouses: few calls, a small body, a free event loop."""

import asyncio
import contextlib
import json
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from bot.kit.tasks import Tasks
from bot.sandbox.story import ScriptedUser, register_and_get_table
from bot.settings import read_settings
from bot.wiring.running import open_bot

CARDS, WAREHOUSES, ORDERS = 1_000, 30, 20_000
LOOP_SECONDS, LAG_MOST_SECONDS = 0.005, 0.1
BODY_MOST_BYTES = 800_000
SHEETS_CALLS_MOST = 2
PATIENCE_SECONDS = 60.0
REFRESH = "🔄 Обновить сейчас"


@asynccontextmanager
async def twins(folder: Path):
    """Run the twins elsewhere; yield where they are."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.e2e.twins_process",
        str(folder),
        *map(str, (CARDS, WAREHOUSES, ORDERS)),
        cwd=Path(__file__).parents[2],
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        line = await asyncio.wait_for(process.stdout.readline(), PATIENCE_SECONDS)
        yield json.loads(line)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


class LoopWatch:
    """The longest time for which the loop did not come back, by the loop's own clock."""

    def __init__(self):
        self.worst_seconds = 0.0

    async def forever(self):
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + LOOP_SECONDS
            await asyncio.sleep(LOOP_SECONDS)
            self.worst_seconds = max(self.worst_seconds, loop.time() - due)


def settings_for(there, folder):
    hosts = ("analytics", "statistics", "marketplace", "content", "common")
    return read_settings(
        **{f"wb_{host}_url": there["wb"] for host in hosts},
        bot_token=there["token"],
        telegram_api_url=there["telegram"],
        database_url=f"sqlite+aiosqlite:///{folder / 'bot.db'}",
        google_sheets_url=there["google"],
        google_drive_url=there["google"],
        google_credentials_file=str(folder / "credentials.json"),
        google_token_file=folder / "token.json",
        google_drive_folder_id=there["drive"],
        http_port=0,
        time_scale=60.0,
    )


async def sheets_calls(http):
    answer = await http.get("/control/calls")
    return [call for call in answer.json() if call["method"].startswith("sheets")]


async def test_the_second_refresh_is_two_calls_and_never_holds_the_loop(tmp_path):
    watch, tasks = LoopWatch(), Tasks(lambda _name, _error: None)
    async with (
        twins(tmp_path) as there,
        httpx.AsyncClient(base_url=there["google"]) as google,
        open_bot(settings_for(there, tmp_path)),
        ScriptedUser(there["telegram"], 42) as user,
    ):
        await register_and_get_table(user, there["key"])
        await asyncio.sleep(0)
        before = len(await sheets_calls(google))
        tasks.start("watch", watch.forever())
        await user.press(REFRESH)
        await user.wait_for(lambda seen: seen.table_url is not None, "a table", PATIENCE_SECONDS)
        worst_seconds = watch.worst_seconds
        await tasks.close()
        refresh = (await sheets_calls(google))[before:]
    assert len(refresh) <= SHEETS_CALLS_MOST, [call["method"] for call in refresh]
    assert max(call["body_bytes"] for call in refresh) < BODY_MOST_BYTES
    assert worst_seconds < LAG_MOST_SECONDS

"""10,000 cards × 40 warehouses and 300,000 orders: at most 200 MB over the idle process."""

import asyncio
import contextlib
import json
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.soak

CARDS, WAREHOUSES, ORDERS = 10_000, 40, 450_000  # of 45 days; 300,000 are of the period
MOST_MEGABYTES = 200
ROOT = Path(__file__).parents[2]


async def process(*arguments):
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", *map(str, arguments), cwd=ROOT,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def test_memory_of_a_big_refresh(tmp_path):
    twins = await process("tests.e2e.twins_process", tmp_path, CARDS, WAREHOUSES, ORDERS)
    try:
        there = json.loads(await asyncio.wait_for(twins.stdout.readline(), 120))
        bot = await process("tests.soak.big_shop", tmp_path, there["wb"], there["key"])
        told, _ = await asyncio.wait_for(bot.communicate(), 300)
    finally:
        with contextlib.suppress(ProcessLookupError):
            twins.kill()
        await twins.communicate()
    told = json.loads(told.splitlines()[-1])
    sys.stdout.write(f"{told}\n")
    assert (told["status"], told["cards"]) == ("done", CARDS)
    assert told["orders"] > 250_000
    assert told["megabytes"] <= MOST_MEGABYTES

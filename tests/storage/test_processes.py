"""Real processes on one database never work one shop at once."""

import asyncio
import sys
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

from bot.core.runs import RunKind
from tests.storage.people import NOW, TODAY, shop
from tests.support.databases import world

ROOT = Path(__file__).parents[2]
CLAIMS = 150


async def test_two_processes_never_hold_one_shop_at_once(migrated_url):
    assert await claims_that_overlap(migrated_url, claims=CLAIMS) == []


async def claims_that_overlap(url, *, claims):
    """Let two processes make that many claims each; return what should not have been."""
    async with world(url) as here:
        for sid in ("sid-1", "sid-2", "sid-3"):
            one = await shop(here, sid=sid)
            await here.stores.runs.request(one, RunKind.TAPPED, day=TODAY, now=NOW)
    written = await asyncio.gather(*(_claims(url, owner, claims) for owner in ("a", "b")))
    held = defaultdict(list)
    for line in "".join(written).splitlines():
        shop_id, fence, taken, left = map(int, line.split())
        held[shop_id].append((taken, left, fence))
    assert sum(map(len, held.values())) == 2 * claims
    return [
        (shop_id, earlier, later)
        for shop_id, spans in held.items()
        for earlier, later in pairwise(sorted(spans))
        if earlier[1] > later[0] or earlier[2] >= later[2]
    ]


async def _claims(url, owner, claims):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.storage.claimer", url, owner, str(claims),
        cwd=ROOT, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    written, _ = await asyncio.wait_for(process.communicate(), timeout=300)
    assert process.returncode == 0
    return written.decode()

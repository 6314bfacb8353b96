"""P7 where everything is away at once: a vendor is silent, and so is the database in mid-night."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from bot.sandbox.wildberries.harms import stall
from tests.support.cluster import scratch_cluster
from tests.support.night_stage import CLOCK, open_night

pytestmark = pytest.mark.soak


@asynccontextmanager
async def mid_night(folder):
    """A night whose refreshes wait for Wildberries, and the cluster that it lives on."""
    async with (
        scratch_cluster() as cluster,
        open_night(folder, cluster.url, shops=2) as night,
    ):
        night.stage.wb.faults.plant(stall(3600), count=None)
        await night.begin()
        async with asyncio.timeout(60):
            while not night.stage.wb.calls:
                await CLOCK.sleep(0.1)
        yield night, cluster


async def test_sigterm_while_the_database_is_away(tmp_path):
    async with mid_night(tmp_path) as (night, cluster):
        await cluster.die()
        assert await night.stop() == 0


async def test_sigterm_while_the_database_hangs(tmp_path):
    async with mid_night(tmp_path) as (night, cluster):
        cluster.freeze()
        try:
            assert await night.stop() == 0
        finally:
            cluster.thaw()

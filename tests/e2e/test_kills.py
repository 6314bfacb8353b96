"""P3: a kill at any moment loses at most the step in hand. The long form is tests/soak."""

import asyncio
from random import Random

import pytest
from sqlalchemy import select, update

from bot.core.runs import RunStatus
from bot.sandbox.google.faults import Fault
from bot.storage.tables import sellers, shops
from bot.usecases.finish_deletions import CUT_OFF_AFTER
from tests.e2e.conftest import QUIET_SHOPS
from tests.support.killing import kill_through_the_night
from tests.support.night_stage import CLOCK, FIRST_SELLER, open_night

KILLS = 5


async def test_a_night_with_kills_ends_like_one_without(tmp_path, database_url, quiet):
    disturbed = await kill_through_the_night(
        tmp_path,
        database_url,
        shops=QUIET_SHOPS,
        kills=KILLS,
        dice=Random(7),  # noqa: S311 - moments, no secret
        most_seconds=0.8,
    )
    assert disturbed.statuses == {RunStatus.DONE: QUIET_SHOPS}
    assert disturbed.figures == quiet.figures
    assert disturbed.sheets == quiet.sheets
    assert disturbed.integrity == "ok"
    assert disturbed.lost_beyond_policy == []


async def killed(night):
    await night.kill()


async def stopped(night):
    assert await night.stop() == 0


@pytest.mark.parametrize("cut_off", [killed, stopped])
async def test_a_deletion_that_is_cut_off_is_ended_by_the_next_process(
    tmp_path, database_url, cut_off
):
    async with open_night(tmp_path, database_url, shops=2) as night:
        await night.begin()
        assert await night.until_done(60)
        user, google = night.stage.tg.user(FIRST_SELLER), night.stage.google
        user.send("🗑 Удалить аккаунт")
        screen = await user.wait_for("Удалить аккаунт?", timeout_seconds=20)
        google.faults.plant(Fault.STALL, "drive.*", times=99, seconds=3600)
        calls = len(google.calls)
        user.tap(screen, "account:erase")
        async with asyncio.timeout(20):
            while len(google.calls) == calls:
                await CLOCK.sleep(0.05)
        await cut_off(night)
        assert await keys(night) == [False, True]

        google.faults.clear()
        await night.let_time_pass()
        async with night.database.write() as connection:
            marked = update(sellers).where(sellers.c.erasing_at.is_not(None))
            await connection.execute(marked.values(erasing_at=CLOCK.now() - CUT_OFF_AFTER))
        await night.begin()
        await user.wait_for("Аккаунт удалён", timeout_seconds=60)
        assert await keys(night) == [True]
        trashed = [google.drive.files[file_id].trashed for file_id in google.drive.books]
        assert sorted(trashed) == [False, True]
        assert await night.stop() == 0


async def keys(night):
    """Return for each shop whether it has a key."""
    query = select(shops.c.key_sealed).order_by(shops.c.id)
    async with night.database.read() as connection:
        return [key is not None for key in (await connection.execute(query)).scalars()]

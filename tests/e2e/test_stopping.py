"""P7: SIGTERM stops in order, exits 0 within thirty seconds at every stage, and loses nothing."""

import asyncio
import signal
import socket

import pytest
from sqlalchemy import select

from bot.core.runs import RunStatus
from bot.sandbox.google.faults import Fault
from bot.sandbox.wildberries.harms import stall
from bot.storage.tables import shops
from bot.wiring.polling import lock_name
from tests.support.night_stage import CLOCK, FIRST_SELLER, open_night

STARTED = "bot.started"


@pytest.fixture
def url(tmp_path):
    return f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"


async def leases(night):
    async with night.database.read() as connection:
        return (await connection.execute(select(shops.c.lease_owner))).scalars().all()


async def test_when_there_is_nothing_to_do(tmp_path, url):
    async with open_night(tmp_path, url, shops=1) as night:
        await night.begin()
        assert await night.until_done(30)
        assert await night.stop() == 0
        assert b"bot.stopped" in night.log.read_bytes()


async def test_before_it_has_begun(tmp_path, url):
    async with open_night(tmp_path, url, shops=1) as night:
        night.extra["PYTHONPROFILEIMPORTTIME"] = "1"
        await night.begin()
        await night.wait_for_log("aiogram")  # its libraries are still being read
        assert await night.stop() == 0
        assert b"health.listening" not in night.log.read_bytes()


async def test_in_the_middle_of_starting(tmp_path, url):
    async with open_night(tmp_path, url, shops=1) as night:
        await night.begin()
        await night.wait_for_log("health.listening")
        assert await night.stop() == 0


async def silent_wildberries(night):
    night.stage.wb.faults.plant(stall(3600), count=None)
    return lambda: night.stage.wb.calls


async def silent_google(night):
    night.stage.google.faults.plant(Fault.STALL, "drive.*", times=99, seconds=3600)
    return lambda: list(night.stage.google.calls)


@pytest.mark.parametrize("silence", [silent_wildberries, silent_google])
async def test_while_a_vendor_is_silent(tmp_path, url, silence):
    async with open_night(tmp_path, url, shops=2) as night:
        calls = await silence(night)
        await night.begin()
        async with asyncio.timeout(20):
            while not calls():
                await CLOCK.sleep(0.1)
        await CLOCK.sleep(1.0)
        assert await night.stop() == 0
        assert await leases(night) == [None, None]
        for shop_id in night.shop_ids:
            run = await night.stores.runs.open_run(shop_id)
            assert (run.status, run.crashes, run.attempts) == (RunStatus.OPEN, 0, 0)


async def test_while_telegram_is_away(tmp_path, url):
    async with open_night(tmp_path, url, shops=1) as night:
        await night.stage.tg.stop()
        await night.begin()
        assert await night.until_done(30)  # the night needs no Telegram
        assert await night.stop() == 0


async def test_while_the_database_has_not_come_yet(tmp_path, url):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: nobody answers
        port = taken.getsockname()[1]
        async with open_night(tmp_path, url, shops=1) as night:
            night.extra["DATABASE_URL"] = f"postgresql://nobody@127.0.0.1:{port}/none"
            await night.begin()
            await night.wait_for_log("database.away")
            assert await night.stop() == 0


async def test_a_second_signal_ends_it_at_once(tmp_path, url):
    async with open_night(tmp_path, url, shops=1) as night:
        await silent_wildberries(night)
        await night.begin()
        await night.wait_for_log(STARTED)
        async with asyncio.timeout(20):
            while not night.stage.wb.calls:
                await CLOCK.sleep(0.1)
        night.process.send_signal(signal.SIGTERM)
        await night.wait_for_log("bot.stopping")
        began = CLOCK.monotonic()
        assert await night.stop() == -signal.SIGTERM
        assert CLOCK.monotonic() - began < 3


async def test_a_process_works_runs_while_another_has_telegram(tmp_path, url):
    async with open_night(tmp_path, url, shops=3) as night:
        lock = lock_name(night.stage.tg.token)
        assert await night.stores.locks.hold(lock, "another", seconds=600)
        await night.begin()
        assert await night.until_done(40)
        assert b"polling.begins" not in night.log.read_bytes()
        await night.stores.locks.let_go(lock, "another")
        user = night.stage.tg.user(FIRST_SELLER)
        user.send("/menu")
        await user.wait_for(lambda message: message.from_bot, 20)
        assert await night.stop() == 0
        assert not await night.stores.locks.is_held(lock)

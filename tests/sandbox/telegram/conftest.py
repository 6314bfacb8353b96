from datetime import UTC, datetime

import pytest
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from bot.kit.clock import ManualClock
from bot.sandbox.telegram import TelegramTwin
from tests.sandbox.telegram.referee import judge


@pytest.fixture
def clock():
    return ManualClock(datetime(2026, 11, 20, 9, 0, tzinfo=UTC))


@pytest.fixture
async def twin(clock):
    async with TelegramTwin(clock) as server:
        yield server
        poisoned = {
            update["update_id"]
            for update in server.updates.remembered
            if "hologram" in repr(update)
        }
        judge(server.calls, poisoned=poisoned)


@pytest.fixture
async def make_bot():
    bots = []

    def make(server, token=None, **session):
        api = TelegramAPIServer.from_base(server.url)
        made = Bot(
            token or server.token,
            session=AiohttpSession(api=api, **session),
            default=DefaultBotProperties(parse_mode="HTML"),
        )
        bots.append(made)
        return made

    yield make
    for made in bots:
        # AiohttpSession.close sleeps for a quarter of a second after this
        if made.session._session is not None:
            await made.session._session.close()


@pytest.fixture
def bot(twin, make_bot):
    return make_bot(twin)


@pytest.fixture
def anna(twin):
    user = twin.user(501, "Анна")
    user.start()
    return user

"""A Bot API server that answers getUpdates at once is not asked in a tight loop."""

import pytest
from aiogram import Bot
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.kit.clock import ManualClock
from bot.telegram.session import BREATH_SECONDS, TelegramSession
from tests.support.databases import NIGHT

UPDATE = {"update_id": 1}


class NotedClock(ManualClock):
    def __init__(self):
        super().__init__(NIGHT)
        self.slept = []

    async def sleep(self, seconds):
        self.slept.append(seconds)


@pytest.mark.parametrize(
    ("updates", "wait_seconds", "slept"),
    [([], 30, [BREATH_SECONDS]), ([UPDATE], 30, []), ([], 0, [])],
)
async def test_polling_rests_after_an_empty_answer_that_came_at_once(updates, wait_seconds, slept):
    async def answer(_request):
        return web.json_response({"ok": True, "result": updates})

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", answer)
    clock = NotedClock()
    async with TestServer(app) as server:
        session = TelegramSession(clock, api_url=f"http://127.0.0.1:{server.port}")
        try:
            got = await Bot("1:plain", session=session).get_updates(timeout=wait_seconds)
        finally:
            await session.close()
    assert len(got) == len(updates)
    assert clock.slept == slept

"""Poison in a batch, answers that are none, and what errors and logs may say of them."""

import pytest
from aiogram.exceptions import TelegramAPIError, TelegramNetworkError, TelegramServerError
from aiogram.methods import GetMe, GetUpdates, SendMessage

from bot.sandbox.telegram.faults import Fault, FaultKind
from bot.telegram.app import build_bot
from bot.telegram.session import TelegramSession
from tests.support.usecases import GOOD_KEY


@pytest.fixture
async def session(clock, twin):
    session = TelegramSession(clock, api_url=twin.url, timeout_seconds=2.0)
    yield session
    await session.close()


@pytest.fixture
def bot(session, twin):
    return build_bot(twin.token, session)


async def updates(bot):
    return await bot(GetUpdates(timeout=0, allowed_updates=["message", "callback_query"]))


async def test_a_poisoned_message_is_read_in_its_essentials(bot, twin):
    user = twin.user(100)
    user.send("before")
    user.send_poison("hologram")
    user.send("after")
    assert [update.message.text for update in await updates(bot)] == [
        "before",
        "hologram",
        "after",
    ]


async def test_what_cannot_be_read_at_all_keeps_its_number(bot, twin, capsys):
    twin.user(100).send("before")
    secret = f"{GOOD_KEY} +79991234567"
    number = twin.updates.add_raw({"message": {"message_id": "x", "text": secret, "chat": 1}})
    strange = twin.updates.add_raw({"callback_query": {"id": 5, "data": secret}})
    got = await updates(bot)
    assert [update.update_id for update in got][1:] == [number, strange]
    assert got[0].message.text == "before"
    assert got[1].message is None
    printed = capsys.readouterr().out
    assert "update_not_understood" in printed
    assert str(number) in printed
    assert "message.chat" in printed
    assert "eyJ" not in printed
    assert "7999" not in printed


async def test_an_update_of_a_new_kind_passes(bot, twin):
    number = twin.updates.add_raw({"hologram": {"id": 1}})
    assert [update.update_id for update in await updates(bot)] == [number]


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (FaultKind.BAD_GATEWAY, TelegramServerError),
        (FaultKind.CUT_BODY, TelegramNetworkError),
        (FaultKind.RESET, TelegramNetworkError),
        (FaultKind.LOST, TelegramNetworkError),
        (FaultKind.SERVER_ERROR, TelegramServerError),
    ],
)
async def test_answers_that_are_none(bot, twin, kind, error):
    user = twin.user(100)
    user.send("open the chat")
    twin.faults.add(Fault(kind, methods=["sendMessage"]))
    with pytest.raises(error) as raised:
        await bot(SendMessage(chat_id=100, text="secret words"))
    chain = [raised.value, raised.value.__cause__, raised.value.__context__]
    assert all(twin.token not in f"{one!s} {one!r}" for one in chain)
    assert all("secret" not in f"{one!s} {one!r}" for one in chain)


async def test_an_unreadable_batch_tells_nothing_of_its_content(bot, twin):
    twin.user(100).send(GOOD_KEY)
    twin.faults.add(Fault(FaultKind.CUT_BODY, methods=["getUpdates"]))
    with pytest.raises(TelegramAPIError) as raised:
        await updates(bot)
    error = raised.value
    assert "eyJ" not in f"{error!s}{error!r}{error.__cause__!r}{error.__context__!r}"


async def test_a_server_that_is_not_there(clock, twin):
    await twin.stop()
    session = TelegramSession(clock, api_url=twin.url)
    bot = build_bot(twin.token, session)
    with pytest.raises(TelegramNetworkError) as raised:
        await bot(GetMe())
    assert twin.token not in f"{raised.value!s}{raised.value.__context__!r}"
    await session.close()


async def test_health_remembers_the_last_polls(bot, session, twin, clock):
    assert session.health.last_success is None
    await updates(bot)
    assert session.health.last_success == clock.monotonic()
    first = clock.monotonic()
    await clock.advance(60)
    twin.faults.add(Fault(FaultKind.CONFLICT, methods=["getUpdates"]))
    with pytest.raises(TelegramAPIError):
        await updates(bot)
    assert session.health.last_success == first
    assert session.health.last_failure == "TelegramConflictError"
    await updates(bot)
    assert session.health.last_failure is None
    assert session.health.last_conflict is not None


async def test_other_methods_do_not_count_as_polling(bot, session):
    await bot(GetMe())
    assert session.health.last_success is None


async def test_a_dead_proxy_is_a_network_error(clock, unused_tcp_port):
    session = TelegramSession(clock, proxy=f"socks5://127.0.0.1:{unused_tcp_port}")
    bot = build_bot("42:TOKEN", session)
    with pytest.raises(TelegramNetworkError):
        await bot(GetMe())
    await session.close()

"""Polling: starts when Telegram comes, passes poison, stops without losing what is in hand."""

import asyncio

import pytest

from bot.kit.clock import settle
from bot.sandbox.telegram.faults import Fault, FaultKind


async def test_telegram_is_away_at_the_start(twin, start_bot, clock):
    fault = twin.faults.add(Fault(FaultKind.BAD_GATEWAY, methods=["getMe"], times=3))
    async with start_bot() as world:
        async with clock.autorun():
            user = world.user()
            user.start()
            await user.wait_for("Шаг 1 из 3")
        assert twin.faults.met(fault) == 3


async def test_stopping_while_telegram_is_away(twin, start_bot):
    twin.faults.add(Fault(FaultKind.UNAUTHORIZED, times=None))
    async with start_bot() as world:
        await settle()
        assert await world.telegram.stop(1.0)


async def test_poison_stops_nobody(world):
    user = world.user()
    user.start()
    await user.wait_for("Шаг 1 из 3")
    world.twin.updates.add_raw({"message": {"message_id": "x", "chat": 1}})
    world.twin.updates.add_raw({"hologram": {"id": 1}})
    user.send("Анна")
    await user.wait_for("Шаг 2 из 3")
    await world.settled()


async def test_an_update_of_an_unknown_kind_tells_nothing(world, capsys, recwarn):
    world.twin.updates.add_raw({"hologram": {"text": "a secret"}})
    await world.settled()
    printed = capsys.readouterr()
    assert "a secret" not in printed.out + printed.err
    assert not [one for one in recwarn if "hologram" in str(one.message)]


async def test_what_is_in_hand_at_the_stop_is_finished(twin, start_bot, house, clock):
    house.register(100)
    fault = twin.faults.add(Fault(FaultKind.STALL, methods=["sendMessage"], seconds=3))
    async with start_bot() as world:
        user = world.user()
        user.send("/help")
        await user.wait_until(lambda: bool(twin.faults.met(fault)))
        stopping = asyncio.ensure_future(world.telegram.stop(5.0))
        await settle()
        await clock.advance(3)
        assert await stopping
        await user.wait_for("Что я умею")


async def test_a_handler_that_does_not_end_is_reported(twin, start_bot, house, clock):
    house.register(100)
    fault = twin.faults.add(Fault(FaultKind.STALL, methods=["sendMessage"], seconds=300))
    async with start_bot() as world:
        user = world.user()
        user.send("/help")
        await user.wait_until(lambda: bool(twin.faults.met(fault)))
        assert not await world.telegram.stop(0.1)
        await clock.advance(300)


async def test_what_came_while_the_bot_was_away_is_answered(start_bot):
    async with start_bot() as world:
        user = world.user()
        user.start()
        await user.wait_for("Шаг 1 из 3")
        await world.settled()
    user.send("Анна")
    async with start_bot():
        await user.wait_for("Шаг 2 из 3")


async def test_blocking_and_coming_back(world):
    world.house.register(100)
    user = world.user()
    user.send("/start")
    await user.wait_for("Здравствуйте")
    user.block()
    await world.settled()
    assert world.house.blocked == {100}
    user.unblock()
    await world.settled()
    assert world.house.blocked == set()


async def test_groups_are_ignored(world):
    person = {"id": 100, "is_bot": False, "first_name": "Анна"}
    chat = {"id": -5, "type": "group", "title": "Чат"}
    message = {"message_id": 1, "date": 1, "chat": chat, "from": person, "text": "/start"}
    world.twin.updates.add_raw({"message": message})
    await world.settled()
    assert world.twin.called("sendMessage") == []


async def test_only_what_is_handled_is_asked_for(world):
    world.user().start()
    await world.settled()
    assert world.twin.updates.allowed == {
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    }


async def test_the_bot_introduces_itself_in_both_languages(world):
    user = world.user()
    await user.wait_until(lambda: len(world.twin.called("setMyShortDescription")) == 2)
    languages = [call.params.get("language_code") for call in world.twin.called("setMyCommands")]
    assert languages == [None, "en"]


@pytest.mark.parametrize("kind", [FaultKind.BAD_GATEWAY, FaultKind.TOO_MANY])
async def test_an_introduction_that_fails_stops_nothing(twin, start_bot, kind):
    methods = ["setMyCommands", "setMyDescription", "setMyShortDescription"]
    twin.faults.add(Fault(kind, methods=methods, times=None))
    async with start_bot() as world:
        user = world.user()
        user.start()
        await user.wait_for("Шаг 1 из 3")


async def test_duplicate_updates_do_no_harm(world):
    world.house.register(100)
    world.house.add_shop(100)
    user = world.user()
    user.send("/sync")
    await user.wait_for("Обновляю")
    world.twin.updates.repeat()
    await world.settled()
    assert len(world.house.runs) == 1

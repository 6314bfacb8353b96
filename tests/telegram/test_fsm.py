"""The storage keeps aiogram's contract, and a user's queue is bounded."""

import asyncio

import pytest
from aiogram.exceptions import DataNotDictLikeError
from aiogram.fsm.storage.base import StorageKey

from bot.kit.clock import settle
from bot.telegram.fsm import (
    ApiKeyStates,
    BusyError,
    DraftStorage,
    GoogleSheetStates,
    OneAtATime,
    RegistrationStates,
)

KEY = StorageKey(bot_id=42, chat_id=7, user_id=7)


@pytest.fixture
def storage(drafts, clock):
    return DraftStorage(drafts, clock)


def test_the_states_keep_their_names():
    assert RegistrationStates.GET_NAME.state == "RegistrationStates:GET_NAME"
    assert RegistrationStates.GET_EMAIL.state == "RegistrationStates:GET_EMAIL"
    assert RegistrationStates.GET_PHONE.state == "RegistrationStates:GET_PHONE"
    assert ApiKeyStates.WAITING_FOR_API_KEY.state == "ApiKeyStates:WAITING_FOR_API_KEY"
    assert GoogleSheetStates.GENERATING_TABLE.state == "GoogleSheetStates:GENERATING_TABLE"


async def test_state(storage):
    assert await storage.get_state(KEY) is None
    await storage.set_state(KEY, RegistrationStates.GET_NAME)
    assert await storage.get_state(KEY) == "RegistrationStates:GET_NAME"
    await storage.set_state(KEY, "state")
    assert await storage.get_state(KEY) == "state"
    await storage.set_state(KEY, None)
    assert await storage.get_state(KEY) is None


async def test_data(storage):
    assert await storage.get_data(KEY) == {}
    assert await storage.get_value(KEY, "foo") is None
    assert await storage.get_value(KEY, "foo", "baz") == "baz"
    await storage.set_data(KEY, {"foo": "bar"})
    data = await storage.get_data(KEY)
    assert data == {"foo": "bar"}
    data["foo"] = "changed by a handler"
    assert await storage.get_value(KEY, "foo") == "bar"
    await storage.set_data(KEY, {})
    assert await storage.get_data(KEY) == {}


async def test_update_data(storage):
    assert await storage.update_data(KEY, {"foo": "bar"}) == {"foo": "bar"}
    assert await storage.update_data(KEY, {"baz": "spam"}) == {"foo": "bar", "baz": "spam"}
    assert await storage.update_data(KEY, {}) == {"foo": "bar", "baz": "spam"}


async def test_data_must_be_a_mapping(storage):
    with pytest.raises(DataNotDictLikeError):
        await storage.set_data(KEY, ["secret"])


async def test_users_and_bots_are_told_apart(storage):
    await storage.set_state(KEY, "mine")
    for other in (StorageKey(bot_id=43, chat_id=7, user_id=7), StorageKey(42, 8, 8)):
        assert await storage.get_state(other) is None


async def test_closing_keeps_everything(storage):
    await storage.set_state(KEY, "state")
    await storage.close()
    assert await storage.get_state(KEY) == "state"


async def test_one_update_of_a_user_at_a_time_in_their_order():
    turns, order, inside = OneAtATime(most_waiting=10), [], []

    async def handle(number):
        async with turns.lock(KEY):
            inside.append(number)
            assert len(inside) == 1
            await asyncio.sleep(0)
            inside.remove(number)
            order.append(number)

    await asyncio.gather(*(handle(number) for number in range(5)))
    assert order == [0, 1, 2, 3, 4]
    assert turns.users == 0


async def test_twenty_taps_of_which_few_may_wait():
    turns, gate = OneAtATime(most_waiting=2), asyncio.Event()

    async def handle():
        async with turns.lock(KEY):
            await gate.wait()

    waiting = [asyncio.ensure_future(handle()) for _ in range(20)]
    await settle()
    gate.set()
    ends = await asyncio.gather(*waiting, return_exceptions=True)
    assert sum(end is None for end in ends) == 3
    assert sum(isinstance(end, BusyError) for end in ends) == 17
    assert turns.users == 0


async def test_users_do_not_wait_for_each_other():
    turns = OneAtATime(most_waiting=0)
    async with turns.lock(KEY), turns.lock(StorageKey(42, 8, 8)):
        assert turns.users == 2

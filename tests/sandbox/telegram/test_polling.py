"""A whole aiogram bot, its dispatcher polling, talks with a user of the twin."""

import asyncio

import pytest
from aiogram import Dispatcher, F
from aiogram.filters import ChatMemberUpdatedFilter, CommandStart
from aiogram.filters.chat_member_updated import KICKED
from aiogram.fsm.state import State, StatesGroup

from tests.sandbox.telegram.test_messages import inline


class Form(StatesGroup):
    NAME = State()


def dispatcher(gone):
    dp = Dispatcher()

    @dp.message(CommandStart(deep_link=None))
    async def start(message, state):
        await state.set_state(Form.NAME)
        await message.answer("Как вас зовут?")

    @dp.message(Form.NAME, F.text)
    async def named(message, state):
        await state.clear()
        await message.answer(f"Здравствуйте, {message.text}", reply_markup=inline("🔑 Ключ"))

    @dp.callback_query(F.data == "🔑 Ключ")
    async def key(query):
        await query.answer("Секунду")
        await query.message.edit_text("Пришлите ключ")

    @dp.edited_message(F.text)
    async def edited(message):
        await message.answer("Исправлено")

    @dp.my_chat_member(ChatMemberUpdatedFilter(KICKED))
    async def blocked(event):
        gone.append(event.chat.id)
        await asyncio.sleep(0)

    return dp


@pytest.fixture
async def gone(bot):
    gone = []
    dp = dispatcher(gone)
    polling = asyncio.ensure_future(
        dp.start_polling(bot, handle_signals=False, close_bot_session=False, polling_timeout=30)
    )
    yield gone
    await dp.stop_polling()
    await asyncio.wait_for(polling, 5)


async def test_a_conversation(gone, twin):
    user = twin.user(42, "Пётр")
    user.start("key")
    await user.wait_for("Как вас зовут?")
    name = user.send("Пётр")
    await user.wait_for("Здравствуйте, Пётр")
    user.press("🔑 Ключ")
    await user.wait_for("Пришлите ключ")
    assert [answer.text for answer in user.callback_answers] == ["Секунду"]
    user.edit(name, "Петр")
    await user.wait_for("Исправлено")
    user.block()
    await twin.wait_until(lambda: gone == [42])


@pytest.mark.usefixtures("gone")
async def test_two_users_do_not_see_each_other(twin):
    one, other = twin.user(1), twin.user(2)
    one.start()
    other.start()
    await one.wait_for("Как вас зовут?")
    await other.wait_for("Как вас зовут?")
    one.send("Раз")
    other.send("Два")
    await one.wait_for("Здравствуйте, Раз")
    assert not any("Раз" in message.words for message in other.transcript)

"""The scripted seller, against a bot that speaks the contract's words and nothing more."""

import asyncio

import pytest
from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.types import BufferedInputFile, KeyboardButton, ReplyKeyboardMarkup

from bot.kit.clock import SystemClock
from bot.sandbox.story import ADD_KEY, GET_TABLE, ScriptedUser, register_and_get_table
from bot.sandbox.telegram import TelegramTwin

TABLE_URL = "https://docs.google.com/spreadsheets/d/1abc/edit"


def below(*labels):
    return ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text=label)] for label in labels])


def tiny_bot(give_table):
    dp = Dispatcher()

    @dp.message(CommandStart())
    async def start(message):
        await message.answer("Здравствуйте!")
        await message.answer("Как вас зовут?")

    @dp.message(F.text == ADD_KEY)
    async def ask_key(message):
        await message.answer("Пришлите API ключ")

    @dp.message(F.text == GET_TABLE)
    async def table(message):
        progress = await message.answer("⏳ Собираю")
        await give_table(message, progress)

    @dp.message(F.text.startswith("eyJ"))
    async def key(message):
        await message.delete()
        await message.answer("Ключ принят", reply_markup=below(GET_TABLE, "❓ Помощь"))

    @dp.message(F.contact)
    async def contact(message):
        await message.answer("Готово", reply_markup=below(ADD_KEY, "❓ Помощь"))

    @dp.message(F.text.contains("@"))
    async def email(message):
        await message.answer("Ваш телефон?")

    @dp.message(F.text)
    async def name(message):
        await message.answer("Ваш e-mail?")

    return dp


@pytest.fixture
async def twin():
    async with TelegramTwin(SystemClock()) as server:
        yield server


async def play(twin, give_table, lines):
    bot = Bot(twin.token, session=AiohttpSession(api=TelegramAPIServer.from_base(twin.url)))
    dp = tiny_bot(give_table)
    polling = asyncio.ensure_future(
        dp.start_polling(bot, handle_signals=False, close_bot_session=False)
    )
    try:
        async with ScriptedUser(twin.url, 42) as user:
            return await register_and_get_table(
                user, "eyJsecret", lines.append, table_timeout_seconds=5
            )
    finally:
        await dp.stop_polling()
        await asyncio.wait_for(polling, 5)
        await bot.session.close()


async def test_the_seller_gets_a_link_that_an_edited_message_brings(twin):
    async def give(_message, progress):
        await progress.edit_text(f"Готово: {TABLE_URL}")

    lines = []
    result = await play(twin, give, lines)
    assert result.table_url == TABLE_URL
    assert result.document is None
    assert not any("eyJsecret" in line for line in lines)


async def test_the_seller_gets_a_file(twin):
    async def give(message, _progress):
        await message.answer_document(BufferedInputFile(b"PK", "Остатки.xlsx"))

    result = await play(twin, give, [])
    assert (result.document_name, result.document) == ("Остатки.xlsx", b"PK")


async def test_the_story_says_where_it_stopped(twin):
    async with ScriptedUser(twin.url, 42) as user:
        await user.say("/start")
        with pytest.raises(TimeoutError, match="a document did not come"):
            await user.wait_for_document(0.05)
        with pytest.raises(LookupError, match="no button"):
            await user.press("Нет такой")

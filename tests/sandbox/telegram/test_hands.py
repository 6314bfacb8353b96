import re

import pytest
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)

from bot.sandbox.telegram import NoSuchButtonError, has_button, has_document
from tests.sandbox.telegram.test_messages import below, inline


async def last_update(bot):
    return (await bot.get_updates(offset=-1))[-1]


async def test_a_tap_reaches_the_bot_and_its_answer_the_user(bot, anna):
    await bot.send_message(anna.id, "Выберите", reply_markup=inline("🔄 Обновить сейчас"))
    tap = anna.press("Обновить сейчас")
    assert anna.unanswered_taps == [tap]
    update = await last_update(bot)
    assert update.callback_query.data == "🔄 Обновить сейчас"
    assert update.callback_query.message.text == "Выберите"
    await update.callback_query.answer("Принял", show_alert=True)
    assert [(one.text, one.show_alert) for one in anna.callback_answers] == [("Принял", True)]
    assert anna.unanswered_taps == []


async def test_an_old_tap_cannot_be_answered(bot, anna, clock):
    await bot.send_message(anna.id, "x", reply_markup=inline("Да"))
    tap = anna.press("Да")
    with pytest.raises(TelegramBadRequest, match="MESSAGE_TOO_LONG"):
        await bot.answer_callback_query(tap.id, "x" * 201)
    await clock.advance(61)
    for number in (tap.id, "404"):
        with pytest.raises(TelegramBadRequest, match="query is too old"):
            await bot.answer_callback_query(number)


async def test_the_newest_button_with_the_words_is_pressed_unless_a_message_is_named(bot, anna):
    old = await bot.send_message(anna.id, "x", reply_markup=inline("Да", callback_data="old"))
    await bot.send_message(anna.id, "y", reply_markup=inline("Да", callback_data="new"))
    assert anna.press("Да").data == "new"
    assert anna.press("Да", message_id=old.message_id).data == "old"


async def test_a_button_that_is_not_there_cannot_be_pressed(bot, anna):
    sent = await bot.send_message(anna.id, "x", reply_markup=inline("Да"))
    await bot.send_message(anna.id, "y", reply_markup=inline("Сайт", url="https://e.org/"))
    with pytest.raises(NoSuchButtonError, match="Да"):
        anna.press("Нет")
    with pytest.raises(NoSuchButtonError, match="sends nothing"):
        anna.press("Сайт")
    await sent.delete()
    with pytest.raises(NoSuchButtonError):
        anna.press("Да")


async def test_a_stale_tap_may_come_from_an_inaccessible_message(bot, anna):
    await bot.send_message(anna.id, "x", reply_markup=inline("Да"))
    anna.tap(anna.screen[-1], "gone", inaccessible=True)
    update = await last_update(bot)
    assert update.callback_query.data == "gone"
    assert type(update.callback_query.message).__name__ == "InaccessibleMessage"


async def test_the_keyboard_below_writes_its_words_or_shares_the_contact(bot, anna):
    await bot.send_message(anna.id, "x", reply_markup=below("⚙️ Настройки"))
    anna.press("⚙️ Настройки")
    assert (await last_update(bot)).message.text == "⚙️ Настройки"
    ask = KeyboardButton(text="📱 Отправить телефон", request_contact=True)
    await bot.send_message(anna.id, "y", reply_markup=ReplyKeyboardMarkup(keyboard=[[ask]]))
    anna.press("📱 Отправить телефон")
    contact = (await last_update(bot)).message.contact
    assert (contact.user_id, contact.phone_number) == (anna.id, anna.phone)


async def test_somebody_elses_card_is_told_apart(bot, anna):
    anna.send_contact("79990000000", owner_id=12345, first_name="Олег")
    assert (await last_update(bot)).message.contact.user_id == 12345
    anna.send_contact("79990000000", owner_id=0, first_name="Олег")
    assert (await last_update(bot)).message.contact.user_id is None


async def test_who_has_blocked_the_bot_cannot_write(anna):
    anna.block()
    with pytest.raises(RuntimeError):
        anna.send("эй")
    anna.unblock()
    anna.send("эй")


async def test_waiting_looks_only_at_what_came_after_the_last_action(bot, anna):
    sent = await bot.send_message(anna.id, "Обновляю: заказы ⏳")
    anna.send("/status")
    with pytest.raises(TimeoutError, match="Обновляю"):
        await anna.wait_for("Обновляю", timeout_seconds=0)
    await sent.edit_text("Обновляю: заказы ✅")
    assert (await anna.wait_for(re.compile("заказы ✅"))).message_id == sent.message_id
    markup = InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text="📊 Открыть", url="https://e.org/t")]]
    )
    await sent.edit_text("Готово", reply_markup=markup)
    ready = await anna.wait_for(has_button("Открыть"))
    assert ready.links == ["https://e.org/t"]
    with pytest.raises(TimeoutError):
        await anna.wait_for(has_document, timeout_seconds=0)
    assert await anna.wait_for("Готово", since=0) is ready


async def test_waiting_for_a_deletion(bot, anna):
    key = anna.send("eyJ.key")
    await bot.delete_message(anna.id, key.message_id)
    await anna.wait_until(lambda: key.is_deleted)
    with pytest.raises(TimeoutError):
        await anna.wait_until(lambda: False, timeout_seconds=0)

import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramRetryAfter
from aiogram.types import (
    BotCommand,
    BotCommandScopeChat,
    BufferedInputFile,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    KeyboardButton,
    MenuButtonCommands,
    ReactionTypeEmoji,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)

from bot.sandbox.telegram import TelegramTwin


def inline(*labels, **details):
    row = [
        InlineKeyboardButton(text=label, **(details or {"callback_data": label}))
        for label in labels
    ]
    return InlineKeyboardMarkup(inline_keyboard=[row])


def below(*labels):
    return ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text=label) for label in labels]])


async def test_a_sent_message_is_read_as_the_user_reads_it(bot, anna):
    sent = await bot.send_message(
        anna.id,
        "<b>Готово</b>: 5 &lt; 6",
        reply_markup=inline("Да", "Нет"),
        disable_notification=True,
    )
    [_, shown] = anna.screen
    assert (shown.words, shown.source) == ("Готово: 5 < 6", "<b>Готово</b>: 5 &lt; 6")
    assert shown.labels == ["Да", "Нет"]
    assert shown.silent
    assert sent.html_text == "<b>Готово</b>: 5 &lt; 6"
    assert sent.reply_markup.inline_keyboard[0][0].callback_data == "Да"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "<b></b>"}, "message text is empty"),
        ({"text": "5 < 6"}, "can't parse entities"),
        (
            {"text": "x", "reply_markup": inline("я" * 9, callback_data="я" * 33)},
            "BUTTON_DATA_INVALID",
        ),
        ({"text": "x", "reply_markup": inline("x", url="http://localhost/x")}, "Wrong HTTP URL"),
        (
            {"text": "x", "reply_markup": inline("x", style="primary")},
            "text buttons are unallowed",
        ),
        (
            {"text": "x", "reply_markup": inline("x", callback_data="x", style="link")},
            "invalid style",
        ),
        (
            {"text": "x", "reply_markup": inline("x", copy_text=CopyTextButton(text="x" * 257))},
            "BUTTON_COPY_TEXT_INVALID",
        ),
        ({"text": "x", "reply_markup": below(" ")}, "must be non-empty"),
        ({"text": "x", "reply_parameters": ReplyParameters(message_id=99)}, "replied not found"),
    ],
)
async def test_what_telegram_refuses_is_refused(bot, anna, arguments, reason):
    with pytest.raises(TelegramBadRequest, match=reason):
        await bot.send_message(anna.id, **arguments)
    assert len(anna.transcript) == 1


async def test_4096_characters_after_parsing_pass(bot, anna):
    await bot.send_message(anna.id, "<b>" + "&lt;" * 4096 + "</b>")
    assert anna.screen[-1].words == "<" * 4096


async def test_strangers_and_blockers_cannot_be_written_to(bot, anna, twin):
    twin.user(999)
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(999, "x")
    sent = await bot.send_message(anna.id, "x")
    anna.block()
    for call in (bot.send_message(anna.id, "x"), sent.edit_text("y"), sent.delete_reply_markup()):
        with pytest.raises(TelegramForbiddenError, match="blocked by the user"):
            await call
    anna.unblock()
    await bot.send_message(anna.id, "снова")


async def test_edits_are_kept_and_an_unchanged_text_is_refused(bot, anna):
    sent = await bot.send_message(anna.id, "⏳", reply_markup=inline("Стоп"))
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await sent.edit_text("⏳", reply_markup=inline("Стоп"))
    edited = await sent.edit_text("✅")
    message = anna.screen[-1]
    assert (message.words, message.labels) == ("✅", [])
    assert [one.words for one in message.revisions] == ["⏳"]
    assert edited.edit_date
    await sent.edit_reply_markup(reply_markup=inline("Открыть"))
    assert message.labels == ["Открыть"]
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await sent.edit_reply_markup(reply_markup=inline("Открыть"))


@pytest.mark.parametrize("markup", [below("Меню"), ReplyKeyboardRemove()])
async def test_a_message_with_a_reply_keyboard_cannot_be_edited(bot, anna, markup):
    sent = await bot.send_message(anna.id, "x", reply_markup=markup)
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await sent.edit_text("y")


async def test_others_messages_and_missing_ones_cannot_be_edited(bot, anna):
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await bot.edit_message_text("y", chat_id=anna.id, message_id=anna.transcript[0].message_id)
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await bot.edit_message_text("y", chat_id=anna.id, message_id=77)


async def test_the_bot_deletes_its_own_and_the_users_messages(bot, anna, clock):
    key = anna.send("eyJ.key")
    await bot.delete_message(anna.id, key.message_id)
    assert key.is_deleted
    assert key not in anna.screen
    with pytest.raises(TelegramBadRequest, match="message to delete not found"):
        await bot.delete_message(anna.id, key.message_id)
    old, young = anna.send("раз"), anna.send("два")
    assert await bot.delete_messages(anna.id, [key.message_id, young.message_id, 77])
    assert young.is_deleted
    await clock.advance(49 * 3600)
    with pytest.raises(TelegramBadRequest, match="can't be deleted"):
        await bot.delete_message(anna.id, old.message_id)


async def test_a_reply_keyboard_stays_until_it_is_removed(bot, anna):
    await bot.send_message(anna.id, "x", reply_markup=below("Меню", "Помощь"))
    await bot.send_message(anna.id, "y")
    assert anna.keyboard == ["Меню", "Помощь"]
    await bot.send_message(anna.id, "z", reply_markup=ReplyKeyboardRemove())
    assert anna.keyboard == []


async def test_a_document_arrives_with_its_bytes_and_goes_again_by_its_id(bot, anna):
    sent = await bot.send_document(
        anna.id, BufferedInputFile(b"PK table", "Остатки.xlsx"), caption="<b>Ваша</b> таблица"
    )
    message = anna.screen[-1]
    assert (message.file.filename, message.file.content) == ("Остатки.xlsx", b"PK table")
    assert message.words == "Ваша таблица"
    again = await bot.send_document(anna.id, sent.document.file_id)
    assert anna.screen[-1].file.content == b"PK table"
    assert again.document.file_name == "Остатки.xlsx"
    with pytest.raises(TelegramBadRequest, match="there is no text in the message"):
        await sent.edit_text("x")
    with pytest.raises(TelegramBadRequest, match="caption is too long"):
        await bot.send_document(anna.id, sent.document.file_id, caption="x" * 1025)
    with pytest.raises(TelegramBadRequest, match="wrong file identifier"):
        await bot.send_document(anna.id, "no-such-file")


async def test_captions_and_media_can_be_edited(bot, anna):
    sent = await bot.send_document(anna.id, BufferedInputFile(b"1", "a.xlsx"), caption="было")
    await sent.edit_caption(caption="стало")
    with pytest.raises(TelegramBadRequest, match="not modified"):
        await sent.edit_caption(caption="стало")
    media = InputMediaDocument(media=BufferedInputFile(b"2", "b.xlsx"), caption="новая")
    await sent.edit_media(media)
    message = anna.screen[-1]
    assert (message.words, message.file.content) == ("новая", b"2")


async def test_the_bot_downloads_what_a_user_sends(bot, anna):
    anna.send_document("keys.txt", b"secret words")
    [_, update] = await bot.get_updates()
    content = await bot.download(update.message.document)
    assert content.read() == b"secret words"
    with pytest.raises(TelegramBadRequest, match="invalid file_id"):
        await bot.get_file("nothing")


async def test_photos_reactions_and_actions(bot, anna):
    sent = await bot.send_photo(anna.id, BufferedInputFile(b"jpg", "a.jpg"), caption="Вот")
    assert sent.photo[0].file_size == 3
    await bot.set_message_reaction(anna.id, sent.message_id, [ReactionTypeEmoji(emoji="👍")])
    assert anna.screen[-1].reaction == "👍"
    await bot.send_chat_action(anna.id, "upload_document")
    assert anna.chat_actions == ["upload_document"]
    with pytest.raises(TelegramBadRequest, match="wrong parameter action"):
        await bot.send_chat_action(anna.id, "dancing")


async def test_the_bots_card_is_kept_by_scope_and_language(bot, anna):
    assert (await bot.get_me()).username == "stock_tracker_sandbox_bot"
    commands = [BotCommand(command="start", description="Начать")]
    await bot.set_my_commands(commands, language_code="ru")
    [kept] = await bot.get_my_commands(language_code="ru")
    assert (kept.command, kept.description) == ("start", "Начать")
    assert await bot.get_my_commands() == []
    await bot.set_my_commands(commands, scope=BotCommandScopeChat(chat_id=anna.id))
    await bot.delete_my_commands(language_code="ru")
    assert await bot.get_my_commands(language_code="ru") == []
    with pytest.raises(TelegramBadRequest, match="BOT_COMMAND_INVALID"):
        await bot.set_my_commands([BotCommand(command="Старт", description="x")])
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.set_my_commands(commands, scope=BotCommandScopeChat(chat_id=31337))
    await bot.set_my_description("Таблица остатков", language_code="ru")
    await bot.set_my_short_description("Остатки")
    assert (await bot.get_my_description(language_code="ru")).description == "Таблица остатков"
    assert (await bot.get_my_short_description("en")).short_description == "Остатки"
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert (await bot.get_chat_menu_button()).type == "commands"
    assert (await bot.get_chat(anna.id)).first_name == "Анна"
    assert await bot.log_out()
    assert await bot.close()


async def test_a_chat_takes_a_burst_and_then_a_message_per_second(clock, make_bot):
    async with TelegramTwin(clock, paced=True) as twin:
        bot, user = make_bot(twin), twin.user(5)
        user.start()
        for number in range(3):
            await bot.send_message(user.id, str(number))
        with pytest.raises(TelegramRetryAfter) as refusal:
            await bot.send_message(user.id, "ещё")
        assert refusal.value.retry_after == 1
        await clock.advance(1)
        await bot.send_message(user.id, "ещё")

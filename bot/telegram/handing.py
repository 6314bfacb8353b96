"""Putting a table into the chat: the link where it lives, or the file."""

from aiogram import Bot
from aiogram.types import BufferedInputFile

from bot.telegram.keyboards import open_table
from bot.telegram.texts import Html, Line, Words
from bot.usecases.hand_over import Handover

UPLOAD_SECONDS = 180


def table_text(words: Words, handed: Handover, *, line: Line | None = None) -> Html:
    """Return what is said of a table; without `line` it depends on how whole the table is."""
    usual = Line.TABLE_PARTLY if handed.is_partial else Line.TABLE_READY
    return words(line or usual, shop=handed.shop.title, at=words.moment(handed.at))


async def send_table(bot: Bot, chat_id: int, words: Words, handed: Handover, text: Html) -> None:
    """Send the link under `text`, or the file with `text` below it."""
    if handed.url:
        await bot.send_message(chat_id, text, reply_markup=open_table(words, handed.url))
        return
    await send_file(bot, chat_id, handed, text)


async def send_file(bot: Bot, chat_id: int, handed: Handover, caption: Html) -> None:
    """Send the .xlsx.

    Raises:
        LookupError: the table was handed over as a link alone.
    """
    if handed.content is None:
        raise LookupError("a table without a link and without a file")
    document = BufferedInputFile(handed.content, handed.file_name or "table.xlsx")
    await bot.send_document(chat_id, document, caption=caption, request_timeout=UPLOAD_SECONDS)

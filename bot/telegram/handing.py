"""Putting a table into the chat: the link where it lives, or the file."""

from html import escape
from urllib.parse import urlsplit

from aiogram import Bot
from aiogram.types import BufferedInputFile, InlineKeyboardMarkup

from bot.core.errors import Code
from bot.telegram.keyboards import open_table
from bot.telegram.texts import Html, Line, Words
from bot.usecases.hand_over import Handover

UPLOAD_SECONDS = 180
_NO_ACCOUNT = "no_google_account"
_NOT_SHARED = frozenset({"refused", "later"})


def table_text(words: Words, handed: Handover, *, line: Line | None = None) -> Html:
    """Return what is said of a table; without `line` it depends on how whole the table is."""
    usual = Line.TABLE_PARTLY if handed.is_partial else Line.TABLE_READY
    text = words(line or usual, shop=handed.shop.title, at=words.moment(handed.at))
    access = _access(words, handed)
    return Html(f"{text}\n\n{access}") if access else text


def _access(words: Words, handed: Handover) -> Html | None:
    """Return what is wrong with the seller's access to a linked table, if anything."""
    if handed.url is None:
        return None
    if handed.sharing == _NO_ACCOUNT:
        return words.problem(Code.SHEET_ADDRESS_UNKNOWN)
    return words(Line.ACCESS_LATER) if handed.sharing in _NOT_SHARED else None


def linked(words: Words, text: Html, url: str) -> tuple[Html, InlineKeyboardMarkup | None]:
    """Return the text with the link as a button; in words where Telegram takes no such button."""
    if "." in (urlsplit(url).hostname or ""):
        return text, open_table(words, url)
    return Html(f"{text}\n{escape(url)}"), None


async def send_table(bot: Bot, chat_id: int, words: Words, handed: Handover, text: Html) -> None:
    """Send the link under `text`, or the file with `text` below it."""
    if handed.url:
        said, markup = linked(words, text, handed.url)
        await bot.send_message(chat_id, said, reply_markup=markup)
        return
    await send_file(bot, chat_id, handed, text)


async def send_file(
    bot: Bot, chat_id: int, handed: Handover, caption: Html, *, silent: bool = False
) -> None:
    """Send the .xlsx; `silent` wakes nobody.

    Raises:
        LookupError: the table was handed over as a link alone.
    """
    if handed.content is None:
        raise LookupError("a table without a link and without a file")
    document = BufferedInputFile(handed.content, handed.file_name or "table.xlsx")
    await bot.send_document(
        chat_id,
        document,
        caption=caption,
        disable_notification=silent,
        request_timeout=UPLOAD_SECONDS,
    )

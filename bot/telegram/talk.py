"""One chat in one language: saying something new, and changing what was tapped."""

from dataclasses import dataclass

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramNetworkError
from aiogram.types import (
    CallbackQuery,
    InlineKeyboardMarkup,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
    User,
)

from bot.telegram.texts import Html, Words

Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove

_NOT_MODIFIED = "message is not modified"
_GONE = "message to delete not found"
_DELETE_TRIES = 2


@dataclass(frozen=True, slots=True)
class Talk:
    """The private chat that a handler answers in; `tapped` is the message of a pressed button."""

    bot: Bot
    chat_id: int
    words: Words
    tapped: int | None = None

    async def say(self, text: Html, markup: Markup | None = None) -> Message:
        """Send a new message."""
        return await self.bot.send_message(self.chat_id, text, reply_markup=markup)

    async def show(self, text: Html, markup: InlineKeyboardMarkup | None = None) -> None:
        """Put a screen in the place of the tapped one; send it where that is not possible."""
        if self.tapped is not None:
            try:
                await self.bot.edit_message_text(
                    text, chat_id=self.chat_id, message_id=self.tapped, reply_markup=markup
                )
            except TelegramBadRequest as error:
                if _NOT_MODIFIED in error.message:
                    return
            else:
                return
        await self.say(text, markup)

    async def delete(self, message_id: int) -> bool:
        """Delete a message from the chat; say whether it is gone."""
        for _ in range(_DELETE_TRIES):
            try:
                return await self.bot.delete_message(self.chat_id, message_id)
            except TelegramNetworkError:
                continue
            except TelegramAPIError as error:
                return _GONE in error.message
        return False


def person_of(update: Update) -> User | None:
    """Return who wrote or tapped."""
    message = update.message or update.edited_message
    if message is not None:
        return message.from_user
    event = update.callback_query or update.my_chat_member
    return event.from_user if event else None


def tapped_in(event: CallbackQuery | None) -> int | None:
    """Return the message whose button was pressed, also one that can no longer be read."""
    return event.message.message_id if event and event.message else None

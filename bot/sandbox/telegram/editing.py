"""The methods that change or remove what lies in a chat.

Source: https://core.telegram.org/bots/api#updating-messages (read 2026-11-20).
"""

from datetime import timedelta
from typing import Any

from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.keyboards import Markup, checked_markup, is_inline
from bot.sandbox.telegram.messages import ChatMessage
from bot.sandbox.telegram.pace import ChatPace
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.sending import caption_of, file_of, text_of
from bot.sandbox.telegram.world import Chat, World

_DELETABLE_FOR = timedelta(hours=48)
_DELETIONS_LIMIT = 100
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)


class Editing:
    """editMessage…, deleteMessage(s), setMessageReaction."""

    def __init__(self, world: World, pace: ChatPace | None) -> None:
        self._world = world
        self._pace = pace

    def edit_message_text(self, params: Params) -> dict[str, Any]:
        """Replace the text; an inline keyboard that is not given again goes."""
        message = self._editable(params)
        text, markup = text_of(params), _inline_markup(params)
        if message.text is None:
            raise bad_request("there is no text in the message to edit")
        if (message.text.plain, message.text.entities, message.markup) == (
            text.plain,
            text.entities,
            markup,
        ):
            raise bad_request(_NOT_MODIFIED)
        return self._changed(message, text=text, markup=markup)

    def edit_message_caption(self, params: Params) -> dict[str, Any]:
        """Replace the words below a file."""
        message = self._editable(params)
        caption, markup = caption_of(params), _inline_markup(params)
        if message.file is None:
            raise bad_request("there is no caption in the message to edit")
        before = message.caption.plain if message.caption else ""
        if (before, message.markup) == (caption.plain if caption else "", markup):
            raise bad_request(_NOT_MODIFIED)
        return self._changed(message, caption=caption, markup=markup)

    def edit_message_media(self, params: Params) -> dict[str, Any]:
        """Replace a message's file, or its text by a file; document and photo are known."""
        message = self._editable(params)
        media = params.structure("media") or {}
        kind = media.get("type")
        if kind not in {"document", "photo"}:
            raise bad_request("unsupported media type (this twin knows document and photo)")
        inner = Params(media, params.uploads)
        caption, file = caption_of(inner), file_of(self._world, inner, "media", kind)
        markup = _inline_markup(params)
        return self._changed(message, text=None, caption=caption, file=file, markup=markup)

    def edit_message_reply_markup(self, params: Params) -> dict[str, Any]:
        """Replace or remove the inline keyboard alone."""
        message, markup = self._editable(params), _inline_markup(params)
        if message.markup == markup:
            raise bad_request(_NOT_MODIFIED)
        return self._changed(message, markup=markup)

    def delete_message(self, params: Params) -> bool:
        """Delete one message, the bot's or the user's, not older than 48 hours."""
        chat = self._world.chat(params.text("chat_id"))
        message = _there(chat, params.integer("message_id"), "message to delete not found")
        if not self._deletable(message):
            raise bad_request("message can't be deleted for everyone")
        self._world.remove(chat, message)
        return True

    def delete_messages(self, params: Params) -> bool:
        """Delete several; what cannot be deleted is passed over."""
        chat = self._world.chat(params.text("chat_id"))
        numbers = params.structure("message_ids")
        if not isinstance(numbers, list) or not 1 <= len(numbers) <= _DELETIONS_LIMIT:
            raise bad_request("message identifiers are not specified")
        for number in numbers:
            message = chat.messages.get(number)
            if message is not None and not message.is_deleted and self._deletable(message):
                self._world.remove(chat, message)
        return True

    def set_message_reaction(self, params: Params) -> bool:
        """Put the bot's emoji on a message, or take it away."""
        chat = self._world.writable(params.text("chat_id"))
        message = _there(chat, params.integer("message_id"), "message to react not found")
        reactions = params.structure("reaction") or []
        if len(reactions) > 1:
            raise bad_request("REACTIONS_TOO_MANY")
        message.reaction = reactions[0].get("emoji") if reactions else None
        self._world.touch(message)
        return True

    def _deletable(self, message: ChatMessage) -> bool:
        return self._world.clock.now() - message.sent_at <= _DELETABLE_FOR

    def _editable(self, params: Params) -> ChatMessage:
        chat = self._world.writable(params.text("chat_id"))
        message = _there(chat, params.integer("message_id"), "message to edit not found")
        if not message.from_bot or not is_inline(message.markup):
            raise bad_request("message can't be edited")
        return message

    def _changed(self, message: ChatMessage, **content: Any) -> dict[str, Any]:
        if self._pace is not None:
            self._pace.debit(message.owner.id)
        self._world.revise(message)
        for name, value in content.items():
            setattr(message, name, value)
        self._world.touch(message)
        return message.to_api()


def _there(chat: Chat, message_id: int, otherwise: str) -> ChatMessage:
    message = chat.messages.get(message_id)
    if message is None or message.is_deleted:
        raise bad_request(otherwise)
    return message


def _inline_markup(params: Params) -> Markup | None:
    markup = checked_markup(params.structure("reply_markup"))
    if not is_inline(markup):
        raise bad_request("inline keyboard expected")
    return markup

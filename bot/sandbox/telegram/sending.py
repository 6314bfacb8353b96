"""The methods that put something new into a chat.

Source: https://core.telegram.org/bots/api#available-methods (read 2026-11-20).
"""

from typing import Any

from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.keyboards import checked_markup
from bot.sandbox.telegram.messages import ChatMessage, StoredFile
from bot.sandbox.telegram.pace import ChatPace
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.text import (
    FormattedText,
    caption,
    formatted,
    message_text,
    read_entities,
)
from bot.sandbox.telegram.world import Chat, World

_CHAT_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


def text_of(params: Params) -> FormattedText:
    """Read `text` with its `parse_mode` or `entities`."""
    entities = read_entities(params.text("entities"))
    return message_text(formatted(params.text("text"), params.text("parse_mode"), entities))


def caption_of(params: Params) -> FormattedText | None:
    """Read `caption` with its `parse_mode` or `caption_entities`; None when there is none."""
    entities = read_entities(params.text("caption_entities"))
    read = caption(formatted(params.text("caption"), params.text("parse_mode"), entities))
    return read if read.plain else None


def file_of(world: World, params: Params, name: str, kind: str) -> StoredFile:
    """Return the file that a call brings or names by its `file_id`.

    Raises:
        BotApiError: 400, neither; addresses are not fetched.

    """
    upload = params.upload(name)
    if upload is not None:
        if not upload.content:
            raise bad_request("file must be non-empty")
        return world.store(upload, kind)
    reference = params.text(name)
    known = world.files.get(reference)
    if known is not None:
        return known
    if reference.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    missing = not reference or reference.startswith("attach://")
    reason = f"there is no {kind} in the request" if missing else "wrong file identifier"
    raise bad_request(reason if missing else f"{reason}/HTTP URL specified")


class Sending:
    """sendMessage, sendDocument, sendPhoto, sendChatAction."""

    def __init__(self, world: World, pace: ChatPace | None) -> None:
        self._world = world
        self._pace = pace

    def send_message(self, params: Params) -> dict[str, Any]:
        """Send a text."""
        chat = self._world.writable(params.text("chat_id"))
        text = text_of(params)
        return self._post(chat, params, text=text).to_api()

    def send_document(self, params: Params) -> dict[str, Any]:
        """Send a file, uploaded or known by its id."""
        return self._send_file(params, "document")

    def send_photo(self, params: Params) -> dict[str, Any]:
        """Send a picture, uploaded or known by its id."""
        return self._send_file(params, "photo")

    def send_chat_action(self, params: Params) -> bool:
        """Show what the bot is about to do."""
        chat = self._world.writable(params.text("chat_id"))
        action = params.text("action")
        if action not in _CHAT_ACTIONS:
            raise bad_request("wrong parameter action in request")
        chat.actions.append(action)
        return True

    def _send_file(self, params: Params, kind: str) -> dict[str, Any]:
        chat = self._world.writable(params.text("chat_id"))
        below = caption_of(params)
        file = file_of(self._world, params, kind, kind)
        return self._post(chat, params, caption=below, file=file).to_api()

    def _post(self, chat: Chat, params: Params, **content: Any) -> ChatMessage:
        markup = checked_markup(params.structure("reply_markup"))
        reply_to = self._replied(chat, params)
        if self._pace is not None:
            self._pace.debit(chat.user.id)
        return self._world.post(
            chat,
            self._world.bot,
            markup=markup,
            silent=params.flag("disable_notification"),
            reply_to=reply_to,
            effect_id=params.text("message_effect_id") or None,
            **content,
        )

    def _replied(self, chat: Chat, params: Params) -> int | None:
        reply = params.structure("reply_parameters") or {}
        wanted = reply.get("message_id") or params.integer("reply_to_message_id") or None
        if wanted is None:
            return None
        there = chat.messages.get(int(wanted))
        if there is not None and not there.is_deleted:
            return there.message_id
        lenient = reply.get("allow_sending_without_reply")
        if lenient or params.flag("allow_sending_without_reply"):
            return None
        raise bad_request("message to be replied not found")

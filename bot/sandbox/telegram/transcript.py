"""A chat as JSON, for scripts in other processes."""

from typing import Any

from bot.sandbox.telegram.hands import TwinUser
from bot.sandbox.telegram.keyboards import Markup, is_inline
from bot.sandbox.telegram.messages import ChatMessage


def transcript_to_json(user: TwinUser, sequence: int) -> dict[str, Any]:
    """Return everything that happened in a user's chat, messages oldest first."""
    return {
        "sequence": sequence,
        "blocked": user.blocked,
        "keyboard": user.keyboard,
        "chat_actions": user.chat_actions,
        "callback_answers": [
            {"text": answer.text, "show_alert": answer.show_alert}
            for answer in user.callback_answers
        ],
        "messages": [message_to_json(message) for message in user.transcript],
    }


def message_to_json(message: ChatMessage) -> dict[str, Any]:
    """Return one message: words, keyboards, file, and what happened to it."""
    shown = message.text or message.caption
    return {
        "message_id": message.message_id,
        "changed": message.changed,
        "from_bot": message.from_bot,
        "sent_at": message.sent_at.isoformat(),
        "text": message.words,
        "source": message.source,
        "entities": shown.entities_to_api() if shown else [],
        "inline": _rows(message.markup) if is_inline(message.markup) else [],
        "reply": [] if is_inline(message.markup) else _rows(message.markup),
        "links": message.links,
        "file": _file(message),
        "silent": message.silent,
        "reaction": message.reaction,
        "deleted": message.is_deleted,
        "edits": [
            {"until": one.until.isoformat(), "text": one.words} for one in message.revisions
        ],
    }


def _rows(markup: Markup | None) -> list[list[dict[str, Any]]]:
    if markup is None:
        return []
    rows = markup.get("inline_keyboard") or markup.get("keyboard") or []
    return [[dict(button) for button in row] for row in rows]


def _file(message: ChatMessage) -> dict[str, Any] | None:
    if message.file is None:
        return None
    return {
        "kind": message.file.kind,
        "file_id": message.file.file_id,
        "filename": message.file.filename,
        "mime_type": message.file.mime_type,
        "size_bytes": len(message.file.content),
    }

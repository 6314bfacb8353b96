"""Keyboards: which ones Telegram accepts, and finding a button by its words."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.telegram.errors import BotApiError, bad_request

Markup = dict[str, Any]
Button = Mapping[str, Any]

CALLBACK_DATA_LIMIT_BYTES = 64
COPY_TEXT_LIMIT = 256

_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
)
_STYLES = {"primary", "success", "danger"}
_NOT_WORDS = re.compile(r"[\W_]+")


def checked_markup(value: Any) -> Markup | None:
    """Return a reply markup that Telegram would take, None for none.

    Raises:
        BotApiError: 400 with Telegram's reason.

    """
    if not value:
        return None
    if not isinstance(value, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in value:
        return _checked_inline(value)
    if "keyboard" in value:
        return _checked_reply(value)
    if value.get("remove_keyboard") or value.get("force_reply"):
        return value
    raise bad_request("can't parse reply keyboard markup JSON object")


def is_inline(markup: Markup | None) -> bool:
    """Say whether a message with this markup may be edited (no markup, or an inline one)."""
    return markup is None or "inline_keyboard" in markup


def buttons(markup: Markup | None) -> Iterator[Button]:
    """Go through all buttons, row by row."""
    if markup is None:
        return
    for row in markup.get("inline_keyboard") or markup.get("keyboard") or ():
        yield from row


def find_button(markup: Markup | None, label: str) -> Button | None:
    """Return the button that reads `label`, else one with the same words (emoji aside)."""
    for button in buttons(markup):
        if button["text"] == label:
            return button
    return next((one for one in buttons(markup) if same_words(one["text"], label)), None)


def same_words(label: str, other: str) -> bool:
    """Say whether two labels read the same, emoji, punctuation and case aside."""
    words = _words(label)
    return label == other or (bool(words) and words == _words(other))


def _words(label: str) -> str:
    return _NOT_WORDS.sub(" ", label).strip().casefold()


def _rows(value: Any) -> list[list[Any]]:
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        raise bad_request("can't parse keyboard: expected an Array of Arrays of buttons")
    return [row for row in value if row]


def _checked_inline(markup: Markup) -> Markup | None:
    rows = _rows(markup["inline_keyboard"])
    checked = [[_checked_inline_button(button) for button in row] for row in rows]
    return {"inline_keyboard": checked} if checked else None


def _checked_inline_button(button: Any) -> Button:
    given = _without_nulls(button)
    _check_look(given, "inline keyboard")
    actions = [action for action in _ACTIONS if action in given]
    if not actions:
        raise bad_request("text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request("inline keyboard button has several actions")
    data = given.get("callback_data")
    if data is not None and not 1 <= len(str(data).encode()) <= CALLBACK_DATA_LIMIT_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    _check_copy_text(given.get("copy_text"))
    _check_url(given.get("url"))
    return given


def _checked_reply(markup: Markup) -> Markup:
    rows = _rows(markup["keyboard"])
    checked = [[_checked_reply_button(button) for button in row] for row in rows]
    if not checked:
        raise bad_request("reply keyboard is empty")
    return {**_without_nulls(markup), "keyboard": checked}


def _checked_reply_button(button: Any) -> Button:
    given = {"text": button} if isinstance(button, str) else _without_nulls(button)
    _check_look(given, "keyboard")
    return given


def _without_nulls(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise bad_request("can't parse keyboard button: expected an Object")
    return {key: item for key, item in value.items() if item is not None}


def _check_look(button: Button, where: str) -> None:
    if not str(button.get("text", "")).strip():
        raise bad_request(f"{where} button text must be non-empty")
    if button.get("style") not in {None, *_STYLES}:
        raise bad_request(f"{where} button has an invalid style")


def _check_copy_text(copy: Any) -> None:
    if copy is not None and not 1 <= len(copy.get("text", "")) <= COPY_TEXT_LIMIT:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _check_url(url: Any) -> None:
    if url is None:
        return
    parts = urlsplit(str(url))
    is_web = parts.scheme in {"http", "https"} and "." in (parts.hostname or "")
    if not is_web and parts.scheme != "tg":
        raise _wrong_url(url)


def _wrong_url(url: Any) -> BotApiError:
    return bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")

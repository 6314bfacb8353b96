"""A message's text: parsed, trimmed and held to Telegram's limits."""

import json
import re
from dataclasses import dataclass
from typing import Any

from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.html import Entity, parse_html, utf16_length

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024

_FOUND_BY_TELEGRAM = (
    ("bot_command", re.compile(r"(?<![\w/@])/[A-Za-z0-9_]{1,64}(?:@\w+)?")),
    ("email", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("url", re.compile(r"https?://[^\s<>]+")),
)


@dataclass(frozen=True, slots=True)
class FormattedText:
    """What was sent (`source`), what is read (`plain`), and the entities between the two."""

    source: str
    plain: str
    entities: tuple[Entity, ...] = ()

    def entities_to_api(self) -> list[dict[str, Any]]:
        """Return the entities as Telegram lists them."""
        return [dict(entity) for entity in self.entities]


def typed(text: str) -> FormattedText:
    """Return a human's text, with the commands and links that Telegram itself marks."""
    return FormattedText(text, text, tuple(_marked(text)))


def formatted(source: str, parse_mode: str, entities: list[Entity]) -> FormattedText:
    """Return the bot's text as Telegram understands it; HTML and plain text are spoken here.

    Raises:
        BotApiError: 400 when the markup does not parse.

    """
    mode = parse_mode.lower()
    if mode not in {"", "html"}:
        raise bad_request("unsupported parse_mode (this twin speaks HTML)")
    plain, found = parse_html(source) if mode else (source, entities)
    return FormattedText(source, *_trimmed(plain, found))


def message_text(text: FormattedText) -> FormattedText:
    """Return `text` if a message can consist of it.

    Raises:
        BotApiError: 400, it is empty or longer than 4096 characters after parsing.

    """
    if not text.plain:
        raise bad_request("message text is empty")
    if len(text.plain) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return text


def caption(text: FormattedText) -> FormattedText:
    """Return `text` if it can stand below a file.

    Raises:
        BotApiError: 400, it is longer than 1024 characters after parsing.

    """
    if len(text.plain) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return text


def read_entities(value: str) -> list[Entity]:
    """Return the entities that a caller gave as JSON; an empty string is none.

    Raises:
        BotApiError: 400, it is not a JSON array of objects.

    """
    try:
        entities = json.loads(value or "[]")
    except ValueError:
        raise bad_request("can't parse entities: can't parse JSON") from None
    if not isinstance(entities, list) or not all(isinstance(one, dict) for one in entities):
        raise bad_request("can't parse entities: expected an Array of MessageEntity")
    return entities


def _trimmed(plain: str, entities: list[Entity]) -> tuple[str, tuple[Entity, ...]]:
    text = plain.strip()
    skipped = utf16_length(plain[: len(plain) - len(plain.lstrip())])
    total = utf16_length(text)
    kept = []
    for entity in entities:
        start = max(0, entity["offset"] - skipped)
        end = min(total, entity["offset"] + entity["length"] - skipped)
        if start < end:
            kept.append({**entity, "offset": start, "length": end - start})
    return text, tuple(kept)


def _marked(text: str) -> list[Entity]:
    marked = [
        {
            "type": kind,
            "offset": utf16_length(text[: found.start()]),
            "length": utf16_length(found.group()),
        }
        for kind, pattern in _FOUND_BY_TELEGRAM
        for found in pattern.finditer(text)
    ]
    return sorted(marked, key=lambda entity: int(str(entity["offset"])))

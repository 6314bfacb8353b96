"""Telegram's HTML: what is a tag, what is an error, and the entities that come out.

The rules and the error sentences follow the parser of Telegram's own server library (tdlib,
`td/telegram/MessageEntity.cpp`, `parse_html`) and
https://core.telegram.org/bots/api#html-style (read 2026-11-20).
"""

import re
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.telegram.errors import BotApiError, bad_request

Entity = dict[str, Any]

_SIMPLE_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
}
_TAGS = {*_SIMPLE_TAGS, "a", "span", "blockquote", "tg-emoji", "tg-time"}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_MAX_CODE_POINT = 0x10FFFF
_REFERENCE = re.compile(r"&(?:#(\d+)|#x([0-9a-fA-F]+)|([a-zA-Z]+));?")
_TAG_REST = re.compile(r"""(?:[^>"']|"[^"]*"|'[^']*')*>""")
_TAG_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(
    r"""\s*([^\s=>"'/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9.\-]+)))?"""
)


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 units, which is how entities count."""
    return len(text.encode("utf-16-le")) // 2


@dataclass(slots=True)
class _OpenTag:
    name: str
    attributes: dict[str, str]
    start: int


@dataclass(slots=True)
class _Parser:
    source: str
    position: int = 0
    plain: list[str] = field(default_factory=list)
    length: int = 0
    opened: list[_OpenTag] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def parse(self) -> tuple[str, list[Entity]]:
        while self.position < len(self.source):
            self._step()
        if self.opened:
            name = self.opened[-1].name
            raise _cannot_parse(f'Can\'t find end tag corresponding to start tag "{name}"')
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self.plain), self.entities

    def _step(self) -> None:
        if self.source.startswith("</", self.position):
            self._close()
        elif self.source[self.position] == "<":
            self._open()
        else:
            end = self.source.find("<", self.position)
            end = len(self.source) if end < 0 else end
            self._write(_unescape(self.source[self.position : end]))
            self.position = end

    def _write(self, text: str) -> None:
        self.plain.append(text)
        self.length += utf16_length(text)

    def _offset(self) -> int:
        return len(self.source[: self.position].encode())

    def _open(self) -> None:
        at = self._offset()
        found = _TAG_NAME.match(self.source, self.position + 1)
        name = (found.group() if found else "").lower()
        rest = _TAG_REST.match(self.source, self.position + 1 + len(name))
        if name not in _TAGS:
            raise _cannot_parse(f'Unsupported start tag "{name}" at byte offset {at}')
        if rest is None:
            raise _cannot_parse(f"Unclosed start tag at byte offset {at}")
        attributes = _attributes(rest.group()[:-1])
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise _cannot_parse(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
        self.opened.append(_OpenTag(name, attributes, self.length))
        self.position = rest.end()

    def _close(self) -> None:
        at = self._offset()
        end = self.source.find(">", self.position)
        if not self.opened:
            raise _cannot_parse(f"Unexpected end tag at byte offset {at}")
        if end < 0:
            raise _cannot_parse(f"Unclosed end tag at byte offset {at}")
        name = self.source[self.position + 2 : end].strip().lower()
        tag = self.opened.pop()
        if name and name != tag.name:
            raise _cannot_parse(
                f"Unmatched end tag at byte offset {at}, "
                f'expected "</{tag.name}>", found "</{name}>"'
            )
        self.position = end + 1
        self._finish(tag)

    def _finish(self, tag: _OpenTag) -> None:
        length = self.length - tag.start
        if not length:
            return
        place: Entity = {"offset": tag.start, "length": length}
        if self._names_the_language(tag, place):
            return
        meaning = _meaning(tag)
        if meaning is not None:
            self.entities.append({**place, **meaning})

    def _names_the_language(self, tag: _OpenTag, place: Entity) -> bool:
        """Say whether this is the `code` inside a `pre`, which only names its language."""
        inside_pre = bool(self.opened) and self.opened[-1].name == "pre"
        if tag.name != "code" or not inside_pre or place["offset"] != self.opened[-1].start:
            return False
        language = tag.attributes.get("class", "")
        if language.startswith("language-"):
            self.opened[-1].attributes["language"] = language.removeprefix("language-")
        return True


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Return the plain text of `source` and its entities, ordered by offset, longest first.

    Raises:
        BotApiError: 400 "can't parse entities", with the reason and the byte offset.

    """
    return _Parser(source).parse()


def _cannot_parse(reason: str) -> BotApiError:
    return bad_request(f"can't parse entities: {reason}")


def _unescape(text: str) -> str:
    return _REFERENCE.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if name is not None:
        return _NAMED.get(name, found.group())
    code = int(decimal) if decimal is not None else int(hexadecimal, 16)
    return chr(code) if 0 < code <= _MAX_CODE_POINT else found.group()


def _attributes(declaration: str) -> dict[str, str]:
    found = {}
    for match in _ATTRIBUTE.finditer(declaration):
        name, double, single, bare = match.groups()
        value = next((text for text in (double, single, bare) if text is not None), "")
        found[name.lower()] = _unescape(value)
    return found


def _meaning(tag: _OpenTag) -> Entity | None:
    if tag.name in _SIMPLE_TAGS:
        meaning: Entity = {"type": _SIMPLE_TAGS[tag.name]}
        if "language" in tag.attributes:
            meaning["language"] = tag.attributes["language"]
        return meaning
    if tag.name == "blockquote":
        wide = "expandable" in tag.attributes
        return {"type": "expandable_blockquote" if wide else "blockquote"}
    return _linked(tag)


def _linked(tag: _OpenTag) -> Entity | None:
    if tag.name == "a":
        url = tag.attributes.get("href", "")
        return {"type": "text_link", "url": url} if url else None
    if tag.name == "tg-emoji":
        emoji = tag.attributes.get("emoji-id", "")
        return {"type": "custom_emoji", "custom_emoji_id": emoji} if emoji else None
    if tag.name == "tg-time":
        return _moment(tag)
    return {"type": "spoiler"}


def _moment(tag: _OpenTag) -> Entity:
    unix = tag.attributes.get("unix", "")
    if not unix.isdigit():
        raise _cannot_parse('Tag "tg-time" must have a valid attribute "unix"')
    meaning: Entity = {"type": "date_time", "unix_time": int(unix)}
    if tag.attributes.get("format"):
        meaning["date_time_format"] = tag.attributes["format"]
    return meaning

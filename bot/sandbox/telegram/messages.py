"""What lies in a chat: people, files and messages, and how the Bot API shows them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.sandbox.telegram.keyboards import Markup, buttons, is_inline
from bot.sandbox.telegram.text import FormattedText


@dataclass(frozen=True, slots=True)
class Person:
    """A user or the bot itself."""

    id: int
    first_name: str
    is_bot: bool = False
    username: str | None = None
    language_code: str | None = None

    def to_api(self) -> dict[str, Any]:
        """Return a User."""
        user: dict[str, Any] = {
            "id": self.id,
            "is_bot": self.is_bot,
            "first_name": self.first_name,
        }
        if self.username:
            user["username"] = self.username
        if self.language_code:
            user["language_code"] = self.language_code
        return user

    def chat_to_api(self) -> dict[str, Any]:
        """Return the private Chat with this user."""
        chat: dict[str, Any] = {"id": self.id, "type": "private", "first_name": self.first_name}
        if self.username:
            chat["username"] = self.username
        return chat


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file on Telegram's side; `kind` is document or photo."""

    file_id: str
    unique_id: str
    path: str
    kind: str
    filename: str
    mime_type: str
    content: bytes

    def to_api(self) -> Any:
        """Return a Document, or the list of a photo's sizes."""
        file: dict[str, Any] = {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.content),
        }
        if self.kind == "photo":
            return [{**file, "width": 640, "height": 480}]
        return {**file, "file_name": self.filename, "mime_type": self.mime_type}


@dataclass(frozen=True, slots=True)
class Contact:
    """A shared card; `user_id` is None for somebody without Telegram."""

    phone_number: str
    first_name: str
    user_id: int | None

    def to_api(self) -> dict[str, Any]:
        """Return a Contact."""
        card: dict[str, Any] = {"phone_number": self.phone_number, "first_name": self.first_name}
        if self.user_id is not None:
            card["user_id"] = self.user_id
        return card


@dataclass(frozen=True, slots=True)
class Revision:
    """How a message looked until `until`."""

    until: datetime
    words: str
    markup: Markup | None


@dataclass(slots=True, kw_only=True)
class ChatMessage:
    """One message of a private chat, with everything that happened to it.

    `changed` is the twin's sequence number of its last change.
    """

    message_id: int
    owner: Person
    sender: Person
    sent_at: datetime
    text: FormattedText | None = None
    caption: FormattedText | None = None
    file: StoredFile | None = None
    contact: Contact | None = None
    markup: Markup | None = None
    silent: bool = False
    reply_to: int | None = None
    forward_origin: dict[str, Any] | None = None
    effect_id: str | None = None
    reaction: str | None = None
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    revisions: list[Revision] = field(default_factory=list)
    changed: int = 0

    @property
    def from_bot(self) -> bool:
        """Whether the bot sent it."""
        return self.sender.is_bot

    @property
    def words(self) -> str:
        """The text or caption as the user reads it."""
        shown = self.text or self.caption
        return shown.plain if shown else ""

    @property
    def source(self) -> str:
        """The text or caption as it was sent, markup included."""
        shown = self.text or self.caption
        return shown.source if shown else ""

    @property
    def is_deleted(self) -> bool:
        """Whether it is gone from the chat."""
        return self.deleted_at is not None

    @property
    def labels(self) -> list[str]:
        """The words on its buttons, row by row."""
        return [str(button["text"]) for button in buttons(self.markup)]

    @property
    def links(self) -> list[str]:
        """Every address in it: of buttons first, then of the text."""
        found = [str(button["url"]) for button in buttons(self.markup) if "url" in button]
        shown = self.text or self.caption
        entities = shown.entities if shown else ()
        found += [str(one["url"]) for one in entities if one["type"] == "text_link"]
        return found + [word for word in self.words.split() if word.startswith("http")]

    def to_api(self) -> dict[str, Any]:
        """Return a Message."""
        message: dict[str, Any] = {
            "message_id": self.message_id,
            "date": int(self.sent_at.timestamp()),
            "chat": self.owner.chat_to_api(),
            "from": self.sender.to_api(),
            **_worded("text", "entities", self.text),
            **_worded("caption", "caption_entities", self.caption),
            **self._content(),
        }
        if self.markup is not None and is_inline(self.markup):
            message["reply_markup"] = self.markup
        if self.edited_at is not None:
            message["edit_date"] = int(self.edited_at.timestamp())
        return message

    def _content(self) -> dict[str, Any]:
        content: dict[str, Any] = {}
        if self.file is not None:
            content[self.file.kind] = self.file.to_api()
        if self.contact is not None:
            content["contact"] = self.contact.to_api()
        if self.forward_origin is not None:
            content["forward_origin"] = self.forward_origin
        if self.effect_id is not None:
            content["effect_id"] = self.effect_id
        return content


def _worded(name: str, entities_name: str, text: FormattedText | None) -> dict[str, Any]:
    if text is None or not text.plain:
        return {}
    entities = text.entities_to_api()
    return {name: text.plain, entities_name: entities} if entities else {name: text.plain}

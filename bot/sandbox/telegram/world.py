"""Everything that Telegram remembers about one bot: chats, messages, files, taps."""

import itertools
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.kit.clock import Clock
from bot.sandbox.telegram.bell import Bell
from bot.sandbox.telegram.errors import bad_request, forbidden
from bot.sandbox.telegram.keyboards import Markup, is_inline
from bot.sandbox.telegram.messages import ChatMessage, Person, Revision, StoredFile
from bot.sandbox.telegram.params import Upload
from bot.sandbox.telegram.updates import UpdateQueue


@dataclass(slots=True)
class Chat:
    """The private chat with one user; `opened` once he has written or tapped."""

    user: Person
    opened: bool = False
    blocked: bool = False
    messages: dict[int, ChatMessage] = field(default_factory=dict)
    keyboard_of: int | None = None
    actions: list[str] = field(default_factory=list)

    @property
    def keyboard(self) -> Markup | None:
        """The reply keyboard that the user sees."""
        return None if self.keyboard_of is None else self.messages[self.keyboard_of].markup

    def visible(self) -> list[ChatMessage]:
        """Return what is in the chat now, oldest first."""
        return [message for message in self.messages.values() if not message.is_deleted]


@dataclass(frozen=True, slots=True)
class CallbackAnswer:
    """What the bot answered to a tap."""

    text: str
    show_alert: bool
    url: str


@dataclass(slots=True)
class Tap:
    """A press of an inline button; an answer after the twin's time limit is refused."""

    id: str
    user_id: int
    message_id: int
    data: str
    at: datetime
    answers: list[CallbackAnswer] = field(default_factory=list)


class World:
    """The state behind the API and the users' hands; every change rings the bell."""

    def __init__(self, clock: Clock, bot: Person) -> None:
        self.clock = clock
        self.bot = bot
        self.bell = Bell()
        self.updates = UpdateQueue(self.bell)
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.taps: dict[str, Tap] = {}
        self.profile: dict[str, Any] = {}
        self._numbers = itertools.count(1)
        self._message_ids = itertools.count(1)
        self._sequence = 0

    @property
    def sequence(self) -> int:
        """The number of the last change in any chat."""
        return self._sequence

    def number(self) -> int:
        """Return a number that was never used before."""
        return next(self._numbers)

    def chat(self, chat_id: str) -> Chat:
        """Return a chat that the bot may know.

        Raises:
            BotApiError: 400, no user with this id has ever written.

        """
        is_number = chat_id.lstrip("-").isdigit()
        chat = self.chats.get(int(chat_id)) if is_number else None
        if chat is None or not chat.opened:
            raise bad_request("chat not found" if chat_id else "chat_id is empty")
        return chat

    def writable(self, chat_id: str) -> Chat:
        """Return a chat that the bot may write to.

        Raises:
            BotApiError: 400 as `chat`; 403, the user has blocked the bot.

        """
        chat = self.chat(chat_id)
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        return chat

    def post(self, chat: Chat, sender: Person, **content: Any) -> ChatMessage:
        """Put a message into the chat; its reply keyboard, if any, becomes the shown one."""
        message = ChatMessage(
            message_id=next(self._message_ids),
            owner=chat.user,
            sender=sender,
            sent_at=self.clock.now(),
            **content,
        )
        chat.messages[message.message_id] = message
        self._show_keyboard(chat, message)
        self.touch(message)
        return message

    def revise(self, message: ChatMessage) -> None:
        """Remember how the message looks before it is edited."""
        message.edited_at = self.clock.now()
        message.revisions.append(Revision(message.edited_at, message.words, message.markup))

    def remove(self, chat: Chat, message: ChatMessage) -> None:
        """Delete a message; the reply keyboard that it brought goes with it."""
        message.deleted_at = self.clock.now()
        if chat.keyboard_of == message.message_id:
            chat.keyboard_of = None
        self.touch(message)

    def touch(self, message: ChatMessage) -> None:
        """Give the message's change its number and tell everyone who waits."""
        self._sequence += 1
        message.changed = self._sequence
        self.bell.ring()

    def store(self, upload: Upload, kind: str) -> StoredFile:
        """Keep a file and give it its ids."""
        number = self.number()
        suffix = upload.filename.rpartition(".")[2] if "." in upload.filename else "bin"
        file = StoredFile(
            file_id=f"BQACAgIAAxk{number:08d}{kind}",
            unique_id=f"AgAD{number:08d}",
            path=f"{kind}s/file_{number}.{suffix}",
            kind=kind,
            filename=upload.filename,
            mime_type=upload.mime_type,
            content=upload.content,
        )
        self.files[file.file_id] = file
        return file

    def file_at(self, path: str) -> StoredFile | None:
        """Return the file with this download path."""
        return next((file for file in self.files.values() if file.path == path), None)

    def _show_keyboard(self, chat: Chat, message: ChatMessage) -> None:
        markup = message.markup
        if markup is None or is_inline(markup):
            return
        if "keyboard" in markup:
            chat.keyboard_of = message.message_id
        elif markup.get("remove_keyboard"):
            chat.keyboard_of = None

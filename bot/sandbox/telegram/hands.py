"""A user's hands and eyes: what a person does in the chat with the bot, and what he sees."""

import re
from collections.abc import Callable
from typing import Any

from bot.sandbox.telegram.keyboards import Button, find_button, is_inline
from bot.sandbox.telegram.messages import ChatMessage, Contact, Person
from bot.sandbox.telegram.params import Upload
from bot.sandbox.telegram.text import typed
from bot.sandbox.telegram.world import CallbackAnswer, Chat, Tap, World

Wanted = str | re.Pattern[str] | Callable[[ChatMessage], bool]

DEFAULT_WAIT_SECONDS = 5.0


class NoSuchButtonError(LookupError):
    """The user sees no button with these words, or it does nothing in the chat."""


class TwinUser:
    """One person with a Telegram account; everything he does becomes an update for the bot.

    `mark` is the twin's sequence number at his last action: waits look at what changed since.
    """

    def __init__(self, world: World, chat: Chat, phone: str) -> None:
        self.phone = phone
        self.mark = world.sequence
        self._world = world
        self._chat = chat

    @property
    def id(self) -> int:
        """The user's id, which is also the chat's."""
        return self._chat.user.id

    @property
    def person(self) -> Person:
        """Who this is."""
        return self._chat.user

    @property
    def transcript(self) -> list[ChatMessage]:
        """Every message ever, deleted ones included, oldest first."""
        return list(self._chat.messages.values())

    @property
    def screen(self) -> list[ChatMessage]:
        """What is in the chat now, oldest first."""
        return self._chat.visible()

    @property
    def keyboard(self) -> list[str]:
        """The words on the reply keyboard that is shown, empty without one."""
        rows = (self._chat.keyboard or {}).get("keyboard", [])
        return [str(button["text"]) for row in rows for button in row]

    @property
    def callback_answers(self) -> list[CallbackAnswer]:
        """What the bot answered to this user's taps, in the order of the taps."""
        taps = (tap for tap in self._world.taps.values() if tap.user_id == self.id)
        return [answer for tap in taps for answer in tap.answers]

    @property
    def unanswered_taps(self) -> list[Tap]:
        """Taps whose clock still turns on the button."""
        taps = self._world.taps.values()
        return [tap for tap in taps if tap.user_id == self.id and not tap.answers]

    @property
    def chat_actions(self) -> list[str]:
        """What the bot showed that it was doing («typing» and so on)."""
        return list(self._chat.actions)

    @property
    def blocked(self) -> bool:
        """Whether the user has blocked the bot."""
        return self._chat.blocked

    def send(self, text: str) -> ChatMessage:
        """Write a text or a command."""
        return self._say(text=typed(text))

    def start(self, payload: str = "") -> ChatMessage:
        """Press Start, with a deep link's payload if there is one."""
        return self.send(f"/start {payload}".strip())

    def send_contact(
        self, phone: str | None = None, *, owner_id: int | None = None, first_name: str = ""
    ) -> ChatMessage:
        """Share a card: the own one, or with `owner_id` somebody else's (0: not on Telegram)."""
        owner = self.id if owner_id is None else owner_id
        name = first_name or self.person.first_name
        return self._say(contact=Contact(phone or self.phone, name, owner or None))

    def send_document(
        self, filename: str, content: bytes, caption: str = "", mime_type: str = "text/plain"
    ) -> ChatMessage:
        """Send a file, with words below it if given."""
        file = self._world.store(Upload(filename, mime_type, content), "document")
        return self._say(file=file, caption=typed(caption) if caption else None)

    def send_photo(self, content: bytes = b"picture", caption: str = "") -> ChatMessage:
        """Send a picture, with words below it if given."""
        file = self._world.store(Upload("photo.jpg", "image/jpeg", content), "photo")
        return self._say(file=file, caption=typed(caption) if caption else None)

    def forward(self, text: str, author: str = "Пётр") -> ChatMessage:
        """Forward somebody's text whose account is hidden."""
        origin = {
            "type": "hidden_user",
            "sender_user_name": author,
            "date": int(self._world.clock.now().timestamp()),
        }
        return self._say(text=typed(text), forward_origin=origin)

    def send_poison(self, text: str = "") -> ChatMessage:
        """Send what no model of today knows: a forward with an origin of a new type."""
        origin = {"type": "hologram", "date": int(self._world.clock.now().timestamp())}
        return self._say(text=typed(text or "hologram"), forward_origin=origin)

    def edit(self, message: ChatMessage, text: str) -> ChatMessage:
        """Edit an own message."""
        if message.from_bot or message.is_deleted:
            raise LookupError("only an own message that is still there can be edited")
        self._world.revise(message)
        message.text = typed(text)
        self._world.touch(message)
        self.mark = self._world.sequence
        self._world.updates.add("edited_message", message.to_api())
        return message

    def press(self, label: str, *, message_id: int | None = None) -> Tap | ChatMessage:
        """Press a button by its words: an inline one, newest message first, else a reply one.

        Words match exactly, or else without their emoji. With `message_id` only that message's
        inline keyboard is looked at. A button that asks for the contact shares the own one.

        Raises:
            NoSuchButtonError: there is none, or it is a link or does nothing.

        """
        for message in reversed(self.screen):
            wanted = message_id is None or message.message_id == message_id
            button = find_button(message.markup, label) if wanted else None
            if button is not None and message.from_bot and is_inline(message.markup):
                return self._press_inline(message, button)
        button = find_button(self._chat.keyboard, label) if message_id is None else None
        if button is None:
            raise NoSuchButtonError(f"no button «{label}»; there are: {self._labels()}")
        return self.send_contact() if button.get("request_contact") else self.send(button["text"])

    def tap(self, message: ChatMessage, data: str, *, inaccessible: bool = False) -> Tap:
        """Press what a message offered, also one that has changed or become inaccessible."""
        self._act()
        number = self._world.number()
        tap = Tap(str(number), self.id, message.message_id, data, self._world.clock.now())
        self._world.taps[tap.id] = tap
        shown = message.to_api()
        if inaccessible:
            shown = {"chat": shown["chat"], "message_id": message.message_id, "date": 0}
        self._world.updates.add(
            "callback_query",
            {
                "id": tap.id,
                "from": self.person.to_api(),
                "chat_instance": f"-{self.id}",
                "message": shown,
                "data": data,
            },
        )
        return tap

    def block(self) -> None:
        """Block the bot."""
        self._become_member(blocked=True)

    def unblock(self) -> None:
        """Allow the bot to write again."""
        self._become_member(blocked=False)

    async def wait_for(
        self,
        wanted: Wanted,
        timeout_seconds: float = DEFAULT_WAIT_SECONDS,
        *,
        since: int | None = None,
    ) -> ChatMessage:
        """Return the newest of the bot's messages, sent or edited since `since`, that is wanted.

        `wanted` is a part of its words, a pattern, or a predicate; `since` is a sequence number
        (by default the user's last action). Seconds are real.

        Raises:
            TimeoutError: none came in time; it names what the bot did say.

        """
        mark = self.mark if since is None else since
        found = await self._world.bell.wait_for(lambda: self._found(wanted, mark), timeout_seconds)
        if found is None:
            said = [message.words[:120] for message in self.screen if message.from_bot][-3:]
            raise TimeoutError(f"{wanted!r} did not come; the bot's last words: {said}")
        return found

    async def wait_until(
        self, condition: Callable[[], bool], timeout_seconds: float = DEFAULT_WAIT_SECONDS
    ) -> None:
        """Wait until something holds that changes with the chat (a deletion, an answered tap).

        Raises:
            TimeoutError: it did not in time (real seconds).

        """
        held = await self._world.bell.wait_for(lambda: condition() or None, timeout_seconds)
        if not held:
            raise TimeoutError("the condition did not come to hold")

    def _found(self, wanted: Wanted, mark: int) -> ChatMessage | None:
        changed = [one for one in self.screen if one.from_bot and one.changed > mark]
        changed.sort(key=lambda message: message.changed, reverse=True)
        return next((message for message in changed if matches(message, wanted)), None)

    def _say(self, **content: Any) -> ChatMessage:
        self._act()
        message = self._world.post(self._chat, self.person, **content)
        self.mark = self._world.sequence
        self._world.updates.add("message", message.to_api())
        return message

    def _act(self) -> None:
        if self._chat.blocked:
            raise RuntimeError("the user has blocked the bot: unblock it first")
        self._chat.opened = True
        self.mark = self._world.sequence

    def _press_inline(self, message: ChatMessage, button: Button) -> Tap:
        data = button.get("callback_data")
        if data is None:
            raise NoSuchButtonError(f"«{button['text']}» sends nothing to the bot")
        return self.tap(message, str(data))

    def _labels(self) -> list[str]:
        inline = [one.labels for one in self.screen if one.from_bot and is_inline(one.markup)]
        return [*(label for labels in inline for label in labels), *self.keyboard]

    def _become_member(self, *, blocked: bool) -> None:
        before, self._chat.blocked = self._chat.blocked, blocked
        self._chat.opened = True
        self.mark = self._world.sequence
        self._world.updates.add(
            "my_chat_member",
            {
                "chat": self.person.chat_to_api(),
                "from": self.person.to_api(),
                "date": int(self._world.clock.now().timestamp()),
                "old_chat_member": self._membership(blocked=before),
                "new_chat_member": self._membership(blocked=blocked),
            },
        )

    def _membership(self, *, blocked: bool) -> dict[str, Any]:
        bot = self._world.bot.to_api()
        if blocked:
            return {"status": "kicked", "user": bot, "until_date": 0}
        return {"status": "member", "user": bot}


def matches(message: ChatMessage, wanted: Wanted) -> bool:
    """Say whether a message is the wanted one."""
    if isinstance(wanted, str):
        return wanted in message.words
    if isinstance(wanted, re.Pattern):
        return wanted.search(message.words) is not None
    return wanted(message)


def has_button(label: str) -> Callable[[ChatMessage], bool]:
    """Return a predicate: the message brings a button with these words."""
    return lambda message: find_button(message.markup, label) is not None


def has_document(message: ChatMessage) -> bool:
    """Say whether the message brings a file."""
    return message.file is not None

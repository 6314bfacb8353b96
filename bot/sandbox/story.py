"""The demo's seller: a script that talks to the bot through the Telegram twin's control.

It knows the bot only as a user does, by its words (design, section 6), and waits for what the
bot says instead of counting messages.
"""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from bot.sandbox.telegram.keyboards import same_words

T = TypeVar("T")

ADD_KEY = "🔑 Добавить API ключ"
GET_TABLE = "📊 Получить мою таблицу"

_POLL_SECONDS = 20.0
_HTTP_TIMEOUT_SECONDS = 30.0
_ANSWER_SECONDS = 15.0

_NAME_QUESTION = re.compile(r"зовут|имя|name", re.IGNORECASE)
_EMAIL_QUESTION = re.compile(r"mail|почт", re.IGNORECASE)
_PHONE_QUESTION = re.compile(r"телефон|номер|phone", re.IGNORECASE)
_KEY_QUESTION = re.compile(r"ключ|key", re.IGNORECASE)
_TABLE_URL = re.compile(r"/spreadsheets/")

Say = Callable[[str], None]
Wanted = Callable[["SeenMessage"], bool]


@dataclass(frozen=True, slots=True)
class SeenMessage:
    """One of the bot's messages as the user sees it."""

    text: str
    labels: tuple[str, ...]
    links: tuple[str, ...]
    file_id: str | None
    filename: str | None

    @classmethod
    def from_json(cls, message: dict[str, Any]) -> Self:
        """Read a message of the control's transcript."""
        rows = [*message["inline"], *message["reply"]]
        file = message["file"] or {}
        return cls(
            text=message["text"],
            labels=tuple(button["text"] for row in rows for button in row),
            links=tuple(message["links"]),
            file_id=file.get("file_id"),
            filename=file.get("filename"),
        )

    @property
    def table_url(self) -> str | None:
        """The first link to a spreadsheet."""
        return next((link for link in self.links if _TABLE_URL.search(link)), None)


@dataclass(frozen=True, slots=True)
class _Chat:
    """What the bot said since the user's last action, newest first, and the keyboard below."""

    news: tuple[SeenMessage, ...]
    keyboard: tuple[str, ...]
    sequence: int

    @classmethod
    def from_json(cls, chat: dict[str, Any], mark: int) -> Self:
        news = [
            message
            for message in chat["messages"]
            if message["from_bot"] and not message["deleted"] and message["changed"] > mark
        ]
        news.sort(key=lambda message: -message["changed"])
        seen = tuple(SeenMessage.from_json(message) for message in news)
        return cls(seen, tuple(chat["keyboard"]), chat["sequence"])

    def offers(self, label: str) -> bool:
        offered = [text for seen in self.news for text in seen.labels]
        return any(same_words(one, label) for one in [*offered, *self.keyboard])


@dataclass(frozen=True, slots=True)
class SellerCard:
    """What the scripted seller answers to the registration's questions."""

    name: str = "Анна Петрова"
    email: str = "anna.petrova@example.com"


@dataclass(frozen=True, slots=True)
class StoryResult:
    """What the seller holds in the end: a link, or a file (its name and content)."""

    table_url: str | None = None
    document_name: str | None = None
    document: bytes | None = None


class ScriptedUser:
    """A user whose hands are moved over HTTP; open it with `async with`.

    Every wait is in real seconds, looks at what the bot sent or edited since the user's last
    action, and ends with a TimeoutError that tells the bot's last words.
    """

    def __init__(
        self, base_url: str, user_id: int, first_name: str = "Анна", language_code: str = "ru"
    ) -> None:
        self._account = {"id": user_id, "first_name": first_name, "language_code": language_code}
        self._path = f"/__control/users/{user_id}"
        self._http = httpx.AsyncClient(base_url=base_url, timeout=_HTTP_TIMEOUT_SECONDS)
        self._mark = 0

    async def __aenter__(self) -> Self:
        """Make the account on the twin."""
        await self._post("/__control/users", self._account)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connection; the account stays."""
        await self._http.aclose()

    async def say(self, text: str) -> None:
        """Write a text or a command."""
        await self._act("send", text=text)

    async def press(self, label: str) -> None:
        """Press the button with these words, inline or on the keyboard below."""
        await self._act("press", label=label)

    async def share_contact(self) -> None:
        """Share the own contact."""
        await self._act("contact")

    async def wait_for_text(
        self, wanted: str | re.Pattern[str], timeout_seconds: float
    ) -> SeenMessage:
        """Wait for a message that holds these words or matches."""
        pattern = re.compile(re.escape(wanted)) if isinstance(wanted, str) else wanted
        return await self.wait_for(
            lambda seen: pattern.search(seen.text) is not None,
            f"words like «{pattern.pattern}»",
            timeout_seconds,
        )

    async def wait_for_button(self, label: str, timeout_seconds: float) -> None:
        """Wait until this button can be pressed, in a message or on the keyboard below."""
        await self._watch(
            lambda chat: True if chat.offers(label) else None,
            f"the button «{label}»",
            timeout_seconds,
        )

    async def wait_for_document(self, timeout_seconds: float) -> SeenMessage:
        """Wait for a message with a file."""
        return await self.wait_for(
            lambda seen: seen.file_id is not None, "a document", timeout_seconds
        )

    async def wait_for(self, wanted: Wanted, what: str, timeout_seconds: float) -> SeenMessage:
        """Wait for a message that is `wanted`, newest first; `what` names it if none comes."""
        return await self._watch(
            lambda chat: next((seen for seen in chat.news if wanted(seen)), None),
            what,
            timeout_seconds,
        )

    async def download(self, message: SeenMessage) -> bytes:
        """Return the content of a message's file."""
        answer = await self._http.get(f"{self._path}/files/{message.file_id}")
        answer.raise_for_status()
        return answer.content

    async def _watch(
        self, look: Callable[[_Chat], T | None], what: str, timeout_seconds: float
    ) -> T:
        chat = _Chat((), (), -1)
        try:
            async with asyncio.timeout(timeout_seconds):
                while True:
                    chat = await self._chat(chat.sequence)
                    if (found := look(chat)) is not None:
                        return found
        except TimeoutError:
            words = [seen.text[:200] for seen in chat.news[:3]]
            raise TimeoutError(f"{what} did not come; the bot's last words: {words}") from None

    async def _chat(self, since: int) -> _Chat:
        query = {"since": since, "timeout_seconds": _POLL_SECONDS}
        answer = await self._http.get(f"{self._path}/transcript", params=query)
        answer.raise_for_status()
        return _Chat.from_json(answer.json(), self._mark)

    async def _act(self, act: str, **details: Any) -> None:
        self._mark = int((await self._post(f"{self._path}/{act}", details))["sequence"])

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = await self._http.post(path, json=body)
        if answer.is_client_error:
            raise LookupError(answer.json()["error"])
        answer.raise_for_status()
        reply: dict[str, Any] = answer.json()
        return reply


async def register_and_get_table(
    user: ScriptedUser,
    key: str,
    say: Say = lambda _line: None,
    *,
    card: SellerCard | None = None,
    table_timeout_seconds: float = 60.0,
) -> StoryResult:
    """Go the seller's whole way: /start, three answers, the key, the table.

    `say` hears one line per step, without anything personal or secret.

    Raises:
        TimeoutError: the bot did not say what the story waits for.
        LookupError: a button of the story is not there.

    """
    await _register(user, card or SellerCard(), say)
    say("Продавец нажимает «Добавить API ключ» и вставляет ключ")
    await user.press(ADD_KEY)
    await user.wait_for_text(_KEY_QUESTION, _ANSWER_SECONDS)
    await user.say(key)
    await user.wait_for_button(GET_TABLE, table_timeout_seconds)
    say("Ключ принят, продавец нажимает «Получить мою таблицу»")
    await user.press(GET_TABLE)
    table = await user.wait_for(_holds_table, "a table", table_timeout_seconds)
    return await _result(user, table, say)


async def _register(user: ScriptedUser, card: SellerCard, say: Say) -> None:
    say("Продавец открывает бота: /start")
    await user.say("/start")
    await user.wait_for_text(_NAME_QUESTION, _ANSWER_SECONDS)
    say("Отвечает на вопросы: имя, e-mail, телефон")
    await user.say(card.name)
    await user.wait_for_text(_EMAIL_QUESTION, _ANSWER_SECONDS)
    await user.say(card.email)
    await user.wait_for_text(_PHONE_QUESTION, _ANSWER_SECONDS)
    await user.share_contact()
    await user.wait_for_button(ADD_KEY, _ANSWER_SECONDS)


def _holds_table(seen: SeenMessage) -> bool:
    return seen.file_id is not None or seen.table_url is not None


async def _result(user: ScriptedUser, table: SeenMessage, say: Say) -> StoryResult:
    if table.file_id is None:
        say("Бот прислал ссылку на таблицу")
        return StoryResult(table_url=table.table_url)
    say("Бот прислал таблицу файлом")
    return StoryResult(document_name=table.filename, document=await user.download(table))

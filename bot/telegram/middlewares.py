"""What every update passes on its way to a handler, from the outside in."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, cast

import structlog
from aiogram import BaseMiddleware, Bot
from aiogram.enums import ChatType
from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery, Chat, TelegramObject, Update
from aiogram.types.update import UpdateTypeLookupError

from bot.core.errors import Code, Transient
from bot.telegram.fsm import BusyError
from bot.telegram.talk import Talk, person_of, tapped_in
from bot.telegram.texts import Catalogue, language_of
from bot.telegram.throttle import Throttle
from bot.usecases.people import People

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]

# The first part of a JSON Web Token, {"alg"… or { "alg"…, in base64.
_LOOKS_LIKE_KEY = re.compile(r"ey[JAK][A-Za-z0-9_-]{17,}")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pasted:
    """A message looked like a key; `deleted` says whether it is gone from the chat."""

    deleted: bool


def looks_like_key(text: str | None) -> bool:
    """Say whether a text holds what may be a marketplace's key."""
    return text is not None and _LOOKS_LIKE_KEY.search(text) is not None


class PrivateOnly(BaseMiddleware):
    """Lets through what comes from a private chat, within a time limit, and is of a known kind.

    Raises:
        Transient: `RESTARTING`, the limit was cut short.
    """

    def __init__(self, handler_seconds: float) -> None:
        self._handler_seconds = handler_seconds
        self._limits: set[asyncio.Timeout] = set()
        self._is_cut_short = False

    def cut_short(self) -> None:
        """Let what is being handled end now: whoever waits for it is told to come again."""
        self._is_cut_short = True
        for limit in self._limits:
            if not limit.expired():
                limit.reschedule(asyncio.get_running_loop().time())

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Handle, or drop in silence."""
        update = cast("Update", event)
        try:
            update.event_type  # noqa: B018 - raises when aiogram does not know the kind
        except UpdateTypeLookupError:
            log.warning("telegram.update_of_unknown_kind", update_id=update.update_id)
            return None
        chat: Chat | None = data.get("event_chat")
        if chat is None or chat.type != ChatType.PRIVATE or person_of(update) is None:
            return None
        limit = asyncio.timeout(self._handler_seconds)
        try:
            async with limit:
                self._limits.add(limit)
                return await handler(event, data)
        except TimeoutError:
            if self._is_cut_short and limit.expired():
                raise Transient(Code.RESTARTING) from None
            raise
        finally:
            self._limits.discard(limit)


class Introduce(BaseMiddleware):
    """Gives handlers the chat to answer in, in the user's language."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Add `talk`."""
        data["talk"] = talk_of(cast("Update", event), data["bot"], self._catalogue)
        return await handler(event, data)


class DeleteKeysFirst(BaseMiddleware):
    """Deletes a message that looks like a key before anything else happens to it.

    It stands before the user's queue and the throttle: a key is deleted also when the message
    is then skipped.
    """

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Delete, and add `pasted` for the handlers."""
        update = cast("Update", event)
        message = update.message or update.edited_message
        if message is not None and looks_like_key(message.text or message.caption):
            talk: Talk = data["talk"]
            data["pasted"] = Pasted(deleted=await talk.delete(message.message_id))
        return await handler(event, data)


class AnswerTaps(BaseMiddleware):
    """Answers every press of a button at once, so that its clock stops turning."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Answer, then handle; a press that is too old is handled all the same."""
        tap = cast("Update", event).callback_query
        if tap is not None:
            await _answer(data["bot"], tap)
        return await handler(event, data)


class Slow(BaseMiddleware):
    """Skips what one user sends far too fast.

    Raises:
        BusyError: his allowance is spent.
    """

    def __init__(self, throttle: Throttle) -> None:
        self._throttle = throttle

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Handle within the allowance."""
        talk: Talk = data["talk"]
        if not self._throttle.admits(talk.chat_id):
            raise BusyError
        return await handler(event, data)


class Recognise(BaseMiddleware):
    """Finds out who it is: adds `seller`, and forgets a block when he is back."""

    def __init__(self, people: People) -> None:
        self._people = people

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Add the seller, `None` for who is not registered."""
        talk: Talk = data["talk"]
        seller = await self._people.seller(talk.chat_id)
        speaks = cast("Update", event).my_chat_member is None
        if seller is not None and seller.blocked_at is not None and speaks:
            await self._people.unblocked(talk.chat_id)
        data["seller"] = seller
        return await handler(event, data)


class LeaveForm(BaseMiddleware):
    """Ends a half-typed form when the user has chosen something else."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Clear the state if there is one."""
        if data.get("raw_state") is not None:
            await data["state"].clear()
        return await handler(event, data)


def talk_of(update: Update, bot: Bot, catalogue: Catalogue) -> Talk:
    """Return the private chat of whoever wrote or tapped.

    Raises:
        LookupError: the update comes from nobody.
    """
    person = person_of(update)
    if person is None:
        raise LookupError("an update without a person")
    words = catalogue.words(language_of(person.language_code))
    return Talk(bot, person.id, words, tapped_in(update.callback_query))


async def _answer(bot: Bot, tap: CallbackQuery) -> None:
    try:
        await bot.answer_callback_query(tap.id)
    except TelegramAPIError as error:
        log.info("telegram.tap_not_answered", error=type(error).__name__)

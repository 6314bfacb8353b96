"""The way to Telegram: survives updates that it cannot read, and tells nobody what was in them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

import structlog
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramConflictError,
    TelegramNetworkError,
    TelegramServerError,
)
from aiogram.methods import GetUpdates, Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import Update
from aiohttp_socks import ProxyConnectionError, ProxyError, ProxyTimeoutError
from pydantic import ValidationError

from bot.kit.clock import Clock

OFFICIAL_API = "https://api.telegram.org"
REQUEST_SECONDS = 20.0
HASTY_SECONDS = 0.05
BREATH_SECONDS = 0.2

_PROXY_ERRORS = (ProxyConnectionError, ProxyError, ProxyTimeoutError)
_MESSAGES = ("message", "edited_message")
_ESSENTIALS = frozenset(
    {"message_id", "date", "edit_date", "chat", "from", "text", "caption", "contact"}
)

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class PollingHealth:
    """When Telegram last gave us updates, and the class of the last failure, if it is newer.

    `last_conflict`: when Telegram last said that somebody else takes the updates, too. In
    monotonic seconds: only ages are asked for.
    """

    last_success: float | None = None
    last_failure: str | None = None
    last_conflict: float | None = None


class TelegramSession(AiohttpSession):
    """aiogram's session with four differences.

    An update that does not fit the models is read in its essentials or replaced by an empty one,
    so that polling goes on (https://github.com/aiogram/aiogram/issues/1840, read 2026-11-20);
    a server that answers polling at once, without updates, is not asked a thousand times a second;
    no error holds what was sent, received, or the token; polling keeps a health record.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        api_url: str = OFFICIAL_API,
        proxy: str | None = None,
        timeout_seconds: float = REQUEST_SECONDS,
    ) -> None:
        api = PRODUCTION if api_url == OFFICIAL_API else TelegramAPIServer.from_base(api_url)
        super().__init__(proxy=proxy, api=api, timeout=timeout_seconds)
        self.health = PollingHealth()
        self._clock = clock

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - aiogram's signature
    ) -> TelegramType:
        """Make one request.

        Raises:
            TelegramNetworkError: no answer, or one that broke off; the outcome is unknown.
            TelegramAPIError: Telegram refused; its words are in the message.
        """
        polling = isinstance(method, GetUpdates)
        asked_at = self._clock.monotonic()
        try:
            result = await super().make_request(bot, method, timeout)
        except TelegramNetworkError as error:
            scrubbed = _without_address(error)
        except (OSError, UnicodeError, *_PROXY_ERRORS) as error:
            scrubbed = TelegramNetworkError(method=method, message=type(error).__name__)
        except (TelegramAPIError, ClientDecodeError) as error:
            self._failed(error, polling=polling)
            raise
        else:
            if polling:
                now, conflict = self._clock.monotonic(), self.health.last_conflict
                self.health = PollingHealth(last_success=now, last_conflict=conflict)
                await self._breathe(method, result, asked_at)
            return result
        self._failed(scrubbed, polling=polling)
        raise scrubbed

    async def close(self) -> None:
        """Close the connections; only encrypted ones need aiogram's moment to say good-bye."""
        if self.api.base.startswith("https://"):
            await super().close()
        elif self._session is not None:
            await self._session.close()

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        """Read an answer; of getUpdates every update that can be read."""
        try:
            return super().check_response(bot, method, status_code, content)
        except ClientDecodeError as error:
            updates = _listed(error.data) if isinstance(method, GetUpdates) else None
        if updates is None:
            raise _unreadable(method, status_code)
        kept = [_readable(bot, raw) for raw in updates]
        return cast("Response[TelegramType]", Response[list[Update]](ok=True, result=kept))

    async def _breathe(self, method: object, result: object, asked_at: float) -> None:
        """Rest after an answer without updates that did not wait for any, though asked to."""
        was_to_wait = isinstance(method, GetUpdates) and bool(method.timeout) and not result
        if was_to_wait and self._clock.monotonic() - asked_at < HASTY_SECONDS:
            await self._clock.sleep(BREATH_SECONDS)

    def _failed(self, error: Exception, *, polling: bool) -> None:
        if not polling:
            return
        before, conflict = self.health, self.health.last_conflict
        if isinstance(error, TelegramConflictError):
            conflict = self._clock.monotonic()
        self.health = PollingHealth(before.last_success, type(error).__name__, conflict)


def _without_address(error: TelegramNetworkError) -> TelegramNetworkError:
    """Return the error without aiohttp's words: they may hold the address, and so the token."""
    if error.__cause__ is None:
        return error
    return type(error)(method=error.method, message=type(error.__cause__).__name__)


def _unreadable(method: TelegramMethod[Any], status_code: int) -> TelegramAPIError:
    message = f"an answer with status {status_code} that is not the Bot API's"
    if status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return TelegramServerError(method=method, message=message)
    return TelegramNetworkError(method=method, message=message)


def _listed(data: object) -> list[Mapping[str, Any]] | None:
    """Return the raw updates of an answer, `None` when it is not a list of updates at all."""
    result = data.get("result") if isinstance(data, dict) else None
    if not isinstance(result, list):
        return None
    return result if all(_is_numbered(one) for one in result) else None


def _is_numbered(raw: object) -> bool:
    return isinstance(raw, dict) and isinstance(raw.get("update_id"), int)


def _readable(bot: Bot, raw: Mapping[str, Any]) -> Update:
    """Return an update as it is, or its essentials, or only its number."""
    trouble = ""
    for shape in (raw, _essentials(raw)):
        try:
            update = Update.model_validate(shape, context={"bot": bot})
        except ValidationError as error:
            trouble = trouble or _places(error)
        else:
            if trouble:
                _say_replaced(raw, trouble, kept="essentials")
            return update
    _say_replaced(raw, trouble, kept="number")
    return Update(update_id=raw["update_id"])


def _essentials(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    essentials: dict[str, Any] = {"update_id": raw["update_id"]}
    for kind in _MESSAGES:
        message = raw.get(kind)
        if isinstance(message, dict):
            essentials[kind] = {name: message[name] for name in _ESSENTIALS & message.keys()}
    return essentials


def _places(error: ValidationError) -> str:
    """Return where a model did not fit, never what stood there."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return json.dumps([".".join(str(step) for step in one["loc"]) for one in found[:3]])


def _say_replaced(raw: Mapping[str, Any], trouble: str, *, kept: str) -> None:
    log.warning(
        "telegram.update_not_understood",
        update_id=raw["update_id"],
        kinds=sorted(set(raw) - {"update_id"}),
        places=trouble,
        kept=kept,
    )

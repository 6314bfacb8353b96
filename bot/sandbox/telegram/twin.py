"""The Telegram twin: a local server that speaks the Bot API and lends out users' hands."""

import json
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.kit.clock import Clock
from bot.sandbox.server import LocalServer
from bot.sandbox.telegram.api import BotApi
from bot.sandbox.telegram.control import control_routes
from bot.sandbox.telegram.errors import BotApiError, not_found, unauthorized
from bot.sandbox.telegram.faults import FaultKind, Faults
from bot.sandbox.telegram.hands import DEFAULT_WAIT_SECONDS, TwinUser
from bot.sandbox.telegram.messages import Person
from bot.sandbox.telegram.misbehaviour import after_serving, before_serving
from bot.sandbox.telegram.pace import ChatPace
from bot.sandbox.telegram.params import UPLOAD_LIMIT_BYTES, Params, read_params
from bot.sandbox.telegram.updates import UpdateQueue
from bot.sandbox.telegram.world import Chat, World

SANDBOX_BOT = "7000000001:sandbox-sandbox-sandbox-sandbox-sand"

_REMEMBERED_CALLS = 20_000
_ENVELOPE_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the bot, without its token.

    `answer` is the result, or the description of a refusal; `fault` what the call met, if
    anything. A call whose connection was broken before it was served is recorded with status 0.
    """

    at: datetime
    method: str
    params: Mapping[str, Any]
    files: tuple[str, ...]
    status: int
    answer: Any
    fault: FaultKind | None


class TelegramTwin(LocalServer):
    """Telegram for one bot, on the injected clock; long polls and users' waits are real time.

    `token` is the only one that it takes. With `paced` a chat takes about one message per
    second; a tap can be answered for `tap_expires_seconds` (Telegram's own number is not
    published).
    """

    def __init__(
        self,
        clock: Clock,
        *,
        token: str = SANDBOX_BOT,
        username: str = "stock_tracker_sandbox_bot",
        paced: bool = False,
        tap_expires_seconds: float = 60.0,
    ) -> None:
        bot_id = int(token.partition(":")[0])
        bot = Person(bot_id, "Stock Tracker", is_bot=True, username=username)
        self.token = token
        self.faults = Faults()
        self.world = World(clock, bot)
        self._clock = clock
        self._api = BotApi(self.world, ChatPace(clock) if paced else None, tap_expires_seconds)
        self._calls: deque[Call] = deque(maxlen=_REMEMBERED_CALLS)
        self._users: dict[int, TwinUser] = {}

    @property
    def updates(self) -> UpdateQueue:
        """The queue behind getUpdates (pending ones, repeats, raw ones)."""
        return self.world.updates

    @property
    def calls(self) -> list[Call]:
        """The bot's last calls, oldest first."""
        return list(self._calls)

    def called(self, method: str) -> list[Call]:
        """Return the last calls of one method."""
        return [call for call in self._calls if call.method.lower() == method.lower()]

    def user(
        self,
        user_id: int,
        first_name: str = "Анна",
        language_code: str = "ru",
        *,
        username: str | None = None,
        phone: str | None = None,
    ) -> TwinUser:
        """Return the hands of a user, the same ones for the same id."""
        if user_id not in self._users:
            person = Person(user_id, first_name, username=username, language_code=language_code)
            chat = self.world.chats.setdefault(user_id, Chat(person))
            own_phone = phone or f"7999{user_id % 10_000_000:07d}"
            self._users[user_id] = TwinUser(self.world, chat, own_phone)
        return self._users[user_id]

    def known_user(self, user_id: int) -> TwinUser:
        """Return the hands of a user who was made before.

        Raises:
            LookupError: nobody has this id.

        """
        return self._users[user_id]

    async def wait_until(
        self, condition: Callable[[], bool], timeout_seconds: float = DEFAULT_WAIT_SECONDS
    ) -> None:
        """Wait until something holds that changes with the bot's calls or a chat.

        Raises:
            TimeoutError: it did not in time (real seconds).

        """
        if not await self.world.bell.wait_for(lambda: condition() or None, timeout_seconds):
            raise TimeoutError("the condition did not come to hold")

    def application(self) -> web.Application:
        """Build the application: the API, the downloads, and the control."""
        app = web.Application(client_max_size=UPLOAD_LIMIT_BYTES + _ENVELOPE_BYTES)
        app.router.add_route("GET", "/file/bot{token}/{path:.+}", self._download)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.add_routes(control_routes(self))
        return app

    async def _serve(self, request: web.Request) -> web.Response:
        method = self._api.name(request.match_info["method"])
        params, met = Params({}, {}), None
        try:
            self._authorise(request)
            params = await read_params(request)
            fault = self.faults.draw(method, _chat_id(params))
            met = fault.kind if fault else None
            self.world.bell.ring()
            instead = await before_serving(fault, request, self._clock)
            if instead is not None:
                self._record(method, params, 502 if met is FaultKind.BAD_GATEWAY else 0, None, met)
                return instead
            result = await self._api.call(method, params)
        except BotApiError as refusal:
            self._record(method, params, refusal.status, refusal.description, met)
            return web.json_response(refusal.to_api(), status=refusal.status)
        self._record(method, params, 200, result, met)
        body = json.dumps({"ok": True, "result": result}, ensure_ascii=False).encode()
        return after_serving(fault, request, body)

    async def _download(self, request: web.Request) -> web.Response:
        try:
            self._authorise(request)
        except BotApiError as refusal:
            return web.json_response(refusal.to_api(), status=refusal.status)
        file = self.world.file_at(request.match_info["path"])
        if file is None:
            return web.json_response(not_found().to_api(), status=404)
        return web.Response(body=file.content, content_type="application/octet-stream")

    def _authorise(self, request: web.Request) -> None:
        if request.match_info["token"] != self.token:
            raise unauthorized()

    def _record(
        self, method: str, params: Params, status: int, answer: Any, fault: FaultKind | None
    ) -> None:
        now, files = self._clock.now(), tuple(params.uploads)
        self._calls.append(Call(now, method, params.values, files, status, answer, fault))
        self.world.bell.ring()


def _chat_id(params: Params) -> int | None:
    given = params.text("chat_id")
    return int(given) if given.lstrip("-").isdigit() else None

"""What happens to a call before and after its method answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson
from aiohttp import web

from bot.kit.clock import Clock
from bot.sandbox.google.accounts import Accounts
from bot.sandbox.google.calls import Call, CallLog
from bot.sandbox.google.errors import ApiError, invalid, scope_insufficient, unauthenticated
from bot.sandbox.google.faults import Fault, Faults, Planted, refusal
from bot.sandbox.google.incoming import Incoming, Query
from bot.sandbox.google.masks import parse_mask, select
from bot.sandbox.google.methods import Method, MethodTable
from bot.sandbox.google.quotas import Quotas

PAYLOAD_LIMIT_BYTES = 10_485_760

Validate = Callable[[str, Any, Mapping[str, Sequence[str]]], Sequence[str]]
"""A referee: method id, decoded body (`None` without one), parameters → what is wrong."""


@dataclass(frozen=True, slots=True)
class World:
    """What the pipeline works with."""

    clock: Clock
    accounts: Accounts
    methods: MethodTable
    quotas: Quotas
    faults: Faults
    calls: CallLog
    validate: Validate | None = None


class Pipeline:
    """Authorises, counts, refuses, answers and records each call of Sheets and Drive."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one HTTP request."""
        found = self._world.methods.find(request.method, request.rel_url.raw_path)
        if found is None:
            return html_answer(HTTPStatus.NOT_FOUND, "Error 404 (Not Found)!!1")
        method, path = found
        query = {key: request.query.getall(key) for key in request.query}
        call = Call(
            method.api, method.method_id, request.method, request.path, self._world.clock.now()
        )
        call.query = query
        self._world.calls.add(call)
        raw = await read_body(request, call)
        try:
            answer = await self._answer(request, call, method, path, raw)
        except ApiError as error:
            answer = self._json(call, error.body(method.api), error.code)
        return answer

    async def _answer(
        self, request: web.Request, call: Call, method: Method, path: dict[str, str], raw: bytes
    ) -> web.StreamResponse:
        principal = self._world.accounts.of_token(request.headers.get("Authorization"))
        call.principal = principal.email
        planted = self._world.faults.take(method.method_id, principal.email)
        if planted is not None and not planted.fault.comes_after:
            failed = await self._fail(request, call, planted, method)
            if failed is not None:
                return failed
        if not method.allows(principal):
            raise scope_insufficient()
        if method.api == "sheets":
            self._world.quotas.take(method.bucket, principal.email)
        self._world.calls.keep_body(call, parsed(call, raw))
        self._referee(call, path)
        incoming = Incoming(principal, path, Query(call.query), call.body or {})
        result = method.answer(incoming)
        if planted is not None and planted.fault.comes_after:
            failed = await self._fail(request, call, planted, method)
            if failed is not None:
                return failed
        return self._shown(call, result)

    async def _fail(
        self, request: web.Request, call: Call, planted: Planted, method: Method
    ) -> web.Response | None:
        """Do what the fault says; `None` when the call goes on after a stall."""
        fault = planted.fault
        if fault in {Fault.STALL, Fault.STALL_AFTER}:
            await self._world.clock.sleep(planted.seconds)
            return None
        if fault in {Fault.RESET, Fault.RESET_AFTER}:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        if fault is Fault.BAD_GATEWAY_HTML:
            call.status = HTTPStatus.BAD_GATEWAY
            return html_answer(HTTPStatus.BAD_GATEWAY, "Error 502 (Server Error)!!1")
        error = refusal(fault, reads=method.bucket == "read")
        raise error or unauthenticated()

    def _referee(self, call: Call, path: dict[str, str]) -> None:
        if self._world.validate is None:
            return
        params = {key: [text] for key, text in path.items()} | call.query
        problems = self._world.validate(call.method, call.body, params)
        if problems:
            raise invalid("; ".join(problems))

    def _shown(self, call: Call, result: Any) -> web.Response:
        if result is None:
            call.status = HTTPStatus.NO_CONTENT
            return web.Response(status=HTTPStatus.NO_CONTENT)
        fields = call.query.get("fields")
        if fields:
            result = select(result, parse_mask(fields[-1]))
        return self._json(call, result, HTTPStatus.OK)

    def _json(self, call: Call, content: Any, status: HTTPStatus) -> web.Response:
        call.status, call.answer = int(status), content
        body = orjson.dumps(content)
        return web.Response(
            body=body, status=status, content_type="application/json", charset="utf-8"
        )


async def read_body(request: web.Request, call: Call) -> bytes:
    """Return the plain body; of one that is too long only its size is kept."""
    call.wire_bytes = request.content_length or 0
    chunks: list[bytes] = []
    async for chunk in request.content.iter_any():
        call.body_bytes += len(chunk)
        if call.body_bytes <= PAYLOAD_LIMIT_BYTES:
            chunks.append(chunk)
    return b"".join(chunks)


def parsed(call: Call, raw: bytes) -> Any:
    """Return the decoded JSON object, `None` without a body.

    Raises:
        ApiError: 400, it is too long or no JSON object.

    """
    if call.body_bytes > PAYLOAD_LIMIT_BYTES:
        raise invalid(f"Request payload size exceeds the limit: {PAYLOAD_LIMIT_BYTES} bytes.")
    if not raw:
        return None
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise invalid("Invalid JSON payload received. Unexpected token.") from error
    if not isinstance(body, dict):
        raise invalid(
            "Invalid JSON payload received. Unknown name: Root element must be a message."
        )
    return body


def html_answer(status: HTTPStatus, title: str) -> web.Response:
    """Return the page that Google's front end serves when it answers itself."""
    page = f"<!DOCTYPE html><html lang=en><title>{title}</title><p>That's an error.</html>"
    return web.Response(text=page, status=status, content_type="text/html")

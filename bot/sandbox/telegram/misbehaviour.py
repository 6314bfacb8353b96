"""Carrying out a planned fault on one HTTP request."""

from typing import Any

from aiohttp import web

from bot.kit.clock import Clock
from bot.sandbox.telegram.errors import (
    BotApiError,
    conflict,
    forbidden,
    too_many_requests,
    unauthorized,
)
from bot.sandbox.telegram.faults import Fault, FaultKind

_BAD_GATEWAY = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n"
    "<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"
)


def hang_up(request: web.Request) -> web.Response:
    """Break the connection; the response that is returned reaches nobody."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def before_serving(
    fault: Fault | None, request: web.Request, clock: Clock
) -> web.Response | None:
    """Return what the caller gets instead of being served, or None to serve him.

    Raises:
        BotApiError: the fault is a refusal in Telegram's own words.

    """
    if fault is None:
        return None
    refusal = _refusal(fault)
    if refusal is not None:
        raise refusal
    if fault.kind is FaultKind.BAD_GATEWAY:
        return web.Response(status=502, text=_BAD_GATEWAY, content_type="text/html")
    if fault.kind is FaultKind.RESET:
        return hang_up(request)
    if fault.kind is FaultKind.STALL:
        await clock.sleep(fault.seconds)
    return None


def after_serving(fault: Fault | None, request: web.Request, body: bytes) -> web.Response:
    """Return the answer, or what the fault leaves of it."""
    if fault is not None and fault.kind is FaultKind.LOST:
        return hang_up(request)
    if fault is not None and fault.kind is FaultKind.CUT_BODY:
        body = body[: len(body) // 2]
    return web.Response(body=body, content_type="application/json")


def _refusal(fault: Fault) -> BotApiError | None:
    refusals: dict[FaultKind, Any] = {
        FaultKind.TOO_MANY: too_many_requests(fault.retry_after),
        FaultKind.UNAUTHORIZED: unauthorized(),
        FaultKind.CONFLICT: conflict(),
        FaultKind.FORBIDDEN: forbidden("bot was blocked by the user"),
        FaultKind.SERVER_ERROR: BotApiError(500, "Internal Server Error"),
    }
    refusal: BotApiError | None = refusals.get(fault.kind)
    return refusal

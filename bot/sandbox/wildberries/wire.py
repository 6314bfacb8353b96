"""Answers as HTTP, whole or broken."""

import socket
import struct
from asyncio import sleep
from dataclasses import replace
from typing import Any

import orjson
from aiohttp import web

from bot.sandbox.wildberries.answers import Answer
from bot.sandbox.wildberries.faults import Fault, Harm

_LINGER_NONE = struct.pack("ii", 1, 0)


def harmed(answer: Answer, fault: Fault | None) -> Answer:
    """Return the answer as a fault of its content leaves it."""
    if fault is None:
        return answer
    if fault.harm is Harm.TRUNCATE:
        whole = answer.whole()
        return replace(answer, body=whole[: len(whole) // 2])
    if fault.harm is Harm.MUTATE and fault.mutate is not None:
        changed: Any = fault.mutate(orjson.loads(answer.whole() or b"null"))
        return replace(answer, body=orjson.dumps(changed))
    return answer


async def send(request: web.Request, answer: Answer) -> web.StreamResponse:
    """Send an answer; one in pieces goes out chunk by chunk, yielding to the loop between."""
    headers = {"Content-Type": answer.content_type, **answer.headers}
    if isinstance(answer.body, bytes):
        if answer.status == 204:  # noqa: PLR2004 - 204 has neither body nor type
            return web.Response(status=204, headers=answer.headers)
        return web.Response(status=answer.status, body=answer.body, headers=headers)
    response = web.StreamResponse(status=answer.status, headers=headers)
    await response.prepare(request)
    for piece in answer.body:
        await response.write(piece)
        await sleep(0)
    await response.write_eof()
    return response


async def send_half_then_reset(request: web.Request, answer: Answer) -> web.StreamResponse:
    """Promise the whole body, send half of it, reset the connection."""
    whole = answer.whole() or b" "
    headers = {"Content-Type": answer.content_type, "Content-Length": str(len(whole))}
    response = web.StreamResponse(status=answer.status, headers=headers)
    await response.prepare(request)
    await response.write(whole[: len(whole) // 2])
    reset(request)
    return response


def reset(request: web.Request) -> None:
    """Reset the connection at once."""
    transport = request.transport
    if transport is None:
        return
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NONE)
    transport.abort()

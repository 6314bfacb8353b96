"""Wildberries in a box: one server for every host, or one per host, over one world."""

from collections.abc import Iterable
from typing import Any

import orjson
from aiohttp import web

from bot.kit.clock import Clock
from bot.sandbox.server import LocalServer
from bot.sandbox.wildberries import wire
from bot.sandbox.wildberries.answers import Answer, Ask
from bot.sandbox.wildberries.behaviour import Behaviour
from bot.sandbox.wildberries.buckets import Buckets
from bot.sandbox.wildberries.calls import Call
from bot.sandbox.wildberries.control import Control
from bot.sandbox.wildberries.faults import Fault, Faults, Harm
from bot.sandbox.wildberries.gate import Gate
from bot.sandbox.wildberries.limits import Host
from bot.sandbox.wildberries.remains import Remains
from bot.sandbox.wildberries.vendor import Vendor, Verdict
from bot.sandbox.wildberries.world import Shop, World

_LARGEST_BODY_BYTES = 16 * 1024**2
_NO_ANSWER = 0


class WildberriesTwin(LocalServer):
    """The vendor: shops in `world`, switches in `behaviour`, harm in `faults`, `calls` recorded.

    The twin itself serves every host's paths at one address; `host` gives servers of one host
    each. `secrets` are the service secrets that lift the limits of Base keys. `time_scale`
    divides the vendor's intervals and generation times: at 60 a minute lasts a second.
    """

    def __init__(
        self,
        clock: Clock,
        shops: Iterable[Shop] = (),
        *,
        behaviour: Behaviour | None = None,
        secrets: Iterable[str] = (),
        time_scale: float = 1.0,
    ) -> None:
        self._clock = clock
        self.world = World(shops)
        self.behaviour = behaviour or Behaviour()
        self.faults = Faults()
        self.calls: list[Call] = []
        self.buckets = Buckets(clock, time_scale=time_scale)
        self.gate = Gate(self.world, self.buckets, self.behaviour, frozenset(secrets))
        self.remains = Remains(clock, self.behaviour, time_scale=time_scale)
        self._vendor = Vendor(self.gate, self.behaviour, self.remains)
        self._control = Control(self, clock)

    @property
    def too_many(self) -> int:
        """How often a client called sooner than its limits allow; planted 429s do not count."""
        return self.gate.refused_by_limits

    def host(self, host: Host | str) -> "HostServer":
        """Return a server of one host, which answers 404 to the paths of the others."""
        return HostServer(self, Host(host))

    def application(self) -> web.Application:
        """Build the routes of every host."""
        return self.routes(None)

    def routes(self, host: Host | None) -> web.Application:
        """Build the control paths and one host's methods, every host's with None."""

        async def serve(request: web.Request) -> web.StreamResponse:
            return await self._serve(request, host)

        app = web.Application(client_max_size=_LARGEST_BODY_BYTES)
        self._control.add_routes(app.router)
        app.router.add_route("*", "/{path:.*}", serve)
        return app

    async def _serve(self, request: web.Request, host: Host | None) -> web.StreamResponse:
        body = await _body(request)
        ask = Ask(request.method, request.path, dict(request.query), body, self._clock.now())
        verdict = self._vendor.judge(ask, request.headers, host)
        fault = None
        if verdict.refusal is None:
            fault = self.faults.take(ask.method, ask.path, verdict.sid)
        if fault is not None and fault.harm in {Harm.RESET, Harm.STALL}:
            self._record(request, ask, verdict, _NO_ANSWER)
            return await self._without_answer(request, verdict, fault)
        answer = _struck(verdict, fault, ask)
        self._record(request, ask, verdict, answer.status)
        if fault is not None and fault.harm is Harm.CUT:
            return await wire.send_half_then_reset(request, answer)
        return await wire.send(request, answer)

    async def _without_answer(
        self, request: web.Request, verdict: Verdict, fault: Fault
    ) -> web.StreamResponse:
        if fault.harm is Harm.RESET:
            wire.reset(request)
            return web.Response()
        await self._clock.sleep(fault.seconds)
        return await wire.send(request, verdict.answer())

    def _record(self, request: web.Request, ask: Ask, verdict: Verdict, status: int) -> None:
        with_secret = "X-Client-Secret" in request.headers
        self.calls.append(
            Call(
                ask.method,
                ask.path,
                ask.query,
                ask.body,
                verdict.sid,
                status,
                ask.now,
                with_secret,
            )
        )


class HostServer(LocalServer):
    """One of the vendor's hosts, over the world of its twin."""

    def __init__(self, twin: WildberriesTwin, host: Host) -> None:
        self._twin = twin
        self._host = host

    def application(self) -> web.Application:
        """Build the routes of this host."""
        return self._twin.routes(self._host)


def _struck(verdict: Verdict, fault: Fault | None, ask: Ask) -> Answer:
    if fault is not None and fault.answer is not None:
        return verdict.labelled(fault.answer(ask.now))
    return wire.harmed(verdict.answer(), fault)


async def _body(request: web.Request) -> Any:
    raw = await request.read()
    try:
        return orjson.loads(raw) if raw else None
    except orjson.JSONDecodeError:
        return raw.decode(errors="replace")

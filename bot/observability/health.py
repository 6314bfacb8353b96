"""The operator's window: `/healthz`, `/readyz`, `/metrics` on a small server of its own.

`/healthz` answers for this process alone: were a vendor asked here, a probe would kill the
night's work while the vendor is away. `/readyz` adds database and keys; what only degrades the
service (Telegram is silent) is named there, with status 200.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Literal

import structlog
from aiohttp import web

from bot.observability.checks import Check

CHECK_SECONDS = 5.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Checks:
    """What is asked, by name. `alive` and `ready` fail a page, `degraded` only marks it."""

    alive: Mapping[str, Check] = field(default_factory=dict)
    ready: Mapping[str, Check] = field(default_factory=dict)
    degraded: Mapping[str, Check] = field(default_factory=dict)


class HealthServer:
    """Serves the pages on `host` and `port`; port 0 takes a free one.

    `metrics` returns a page and its content type. A port that cannot be had is one warning:
    the product works without its window.
    """

    def __init__(
        self,
        host: str,
        port: int,
        checks: Checks,
        metrics: Callable[[], tuple[bytes, str]],
        *,
        check_seconds: float = CHECK_SECONDS,
    ) -> None:
        self._host = host
        self._wanted_port = port
        self._checks = checks
        self._metrics = metrics
        self._check_seconds = check_seconds
        self._runner: web.AppRunner | None = None
        self.port: int | None = None

    async def start(self) -> None:
        """Listen; `port` says where, and is `None` when that was not possible."""
        app = web.Application()
        app.router.add_get("/healthz", self._alive)
        app.router.add_get("/readyz", self._ready)
        app.router.add_get("/metrics", self._show_metrics)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host, self._wanted_port).start()
        except OSError as error:
            await runner.cleanup()
            log.warning(
                "health.not_listening",
                host=self._host,
                port=self._wanted_port,
                reason=error.strerror or type(error).__name__,
            )
            return
        self._runner = runner
        self.port = runner.addresses[0][1]
        log.info("health.listening", host=self._host, port=self.port)

    async def stop(self) -> None:
        """Listen no more."""
        self.port = None
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _alive(self, _request: web.Request) -> web.Response:
        return _page(await self._ask(self._checks.alive), {})

    async def _ready(self, _request: web.Request) -> web.Response:
        failing, degraded = await asyncio.gather(
            self._ask({**self._checks.alive, **self._checks.ready}),
            self._ask(self._checks.degraded),
        )
        return _page(failing, degraded)

    async def _show_metrics(self, _request: web.Request) -> web.Response:
        body, content_type = self._metrics()
        return web.Response(body=body, headers={"Content-Type": content_type})

    async def _ask(self, checks: Mapping[str, Check]) -> dict[str, str | None]:
        """Ask all at once; return what is wrong (or `None`) by name."""
        answers = await asyncio.gather(*(self._answer(check) for check in checks.values()))
        return dict(zip(checks, answers, strict=True))

    async def _answer(self, check: Check) -> str | None:
        try:
            async with asyncio.timeout(self._check_seconds):
                return await check()
        except TimeoutError:
            return f"no answer in {self._check_seconds:g} s"
        except Exception as error:  # noqa: BLE001 - a check that breaks is an answer: no
            return type(error).__name__  # its text may hold an address


def _page(required: Mapping[str, str | None], welcome: Mapping[str, str | None]) -> web.Response:
    status: Literal["ok", "degraded", "failing"] = "ok"
    if any(welcome.values()):
        status = "degraded"
    if any(required.values()):
        status = "failing"
    answers = {name: problem or "ok" for name, problem in {**required, **welcome}.items()}
    return web.json_response(
        {"status": status, "checks": answers},
        status=HTTPStatus.SERVICE_UNAVAILABLE if status == "failing" else HTTPStatus.OK,
        headers={"Cache-Control": "no-store"},
    )

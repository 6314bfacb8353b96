"""What every twin stands on: one aiohttp application on a local port."""

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self

from aiohttp import web

_SHUTDOWN_SECONDS = 0.2


class LocalServer(ABC):
    """A server that starts on a port (0 takes a free one), tells its `url`, and stops.

    A subclass builds its application in `application`. What it remembers outlives a stop, so a
    server that is stopped and started again on its old port looks like a vendor's short outage.
    """

    _runner: web.AppRunner | None = None
    _url: str | None = None

    @abstractmethod
    def application(self) -> web.Application:
        """Build the application that answers; called at every start."""

    @property
    def url(self) -> str:
        """The address without a path, like `http://127.0.0.1:41234`.

        Raises:
            RuntimeError: the server was never started.

        """
        if self._url is None:
            raise RuntimeError("the server has no address before its start")
        return self._url

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen on `host` and `port`; an abandoned request's handler is cancelled.

        Raises:
            RuntimeError: the server is running already.
            OSError: the port is taken.

        """
        if self._runner is not None:
            raise RuntimeError("the server is running already")
        runner = web.AppRunner(
            self.application(),
            access_log=None,
            handler_cancellation=True,
            shutdown_timeout=_SHUTDOWN_SECONDS,
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port, reuse_address=True).start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner = runner
        self._url = f"http://{host}:{runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Close every connection and free the port; a second stop does nothing."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def __aenter__(self) -> Self:
        """Start on a free port of the loopback."""
        if self._runner is None:
            await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        await self.stop()

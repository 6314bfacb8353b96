"""Exchanges that end: a time-out of `requests` begins anew with every byte that comes.

So an exchange is watched from outside its thread, and broken off by cutting its connection.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from bot.core.errors import Code, Transient


class _Plain(HTTPConnection):
    """A connection that remembers its socket: `Connection: close` takes `sock` away early."""

    lines: "Lines"
    line: socket.socket | None = None

    def connect(self) -> None:
        super().connect()
        self.line = self.sock
        self.lines.joined()


class _Secure(_Plain, HTTPSConnection):
    """The same over TLS."""


_KINDS: dict[object, type[_Plain] | type[_Secure]] = {
    HTTPConnection: _Plain,
    HTTPSConnection: _Secure,
}


class Lines(HTTPAdapter):
    """The connections of one thread, which any other thread can cut."""

    def __init__(self) -> None:
        self._made: list[_Plain | _Secure] = []
        self._is_cut = False
        super().__init__()

    def begin(self) -> None:
        """Let another exchange go over these connections, or over new ones."""
        self._is_cut = False

    def joined(self) -> None:
        """Cut a connection that was still being made when the others were cut."""
        if self._is_cut:
            self.cut()

    def cut(self) -> None:
        """End at once whatever is waited for on these connections."""
        self._is_cut = True
        for connection in self._made:
            for line in (connection.line, connection.sock):
                if line is not None:
                    with suppress(OSError):  # it is closed already
                        socket.socket.shutdown(line, socket.SHUT_RDWR)

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> HTTPConnectionPool:
        """Return a pool, of `requests`, that draws its connections from here."""
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        kind = _KINDS.get(pool.ConnectionCls)
        if kind is not None:
            pool.ConnectionCls = partial(self._make, kind)
        return pool  # type: ignore[no-any-return] # its type knows no other makers

    def _make(self, kind: type[_Plain] | type[_Secure], **options: Any) -> _Plain | _Secure:
        made = kind(**options)
        made.lines = self
        self._made = [*(each for each in self._made if each.sock is not None), made]
        return made


class Exchange:
    """One exchange that a thread makes; who has asked for it may end it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lines: Lines | None = None
        self._has_ended = False

    @contextmanager
    def over(self, lines: Lines) -> Iterator[None]:
        """Make the exchange over these lines.

        Raises:
            Transient: it has been ended; what was cut can look like a whole answer.

        """
        with self._lock:
            self._check()
            self._lines = lines
            lines.begin()
        try:
            yield
        finally:
            with self._lock:
                self._lines = None
        self._check()

    def end(self) -> None:
        """Break it off if it still goes on; if it has not begun, it never will."""
        with self._lock:
            self._has_ended = True
            if self._lines is not None:
                self._lines.cut()

    def _check(self) -> None:
        if self._has_ended:
            raise Transient(Code.GOOGLE_UNREACHABLE, "out of time")

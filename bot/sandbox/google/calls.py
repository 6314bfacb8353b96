"""What was asked of the twin: one record per call, for tests and for the demo's eyes."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(slots=True)
class Call:
    """One call; `body_bytes` is the plain size, `wire_bytes` what came over the wire.

    `method` is discovery's id, like `sheets.spreadsheets.values.batchUpdateByDataFilter`, or
    `oauth2.token`, whose form is not kept. `status` 0 means that the connection was cut.
    """

    api: str
    method: str
    http: str
    path: str
    at: datetime
    query: dict[str, list[str]] = field(default_factory=dict)
    principal: str = ""
    status: int = 0
    body: Any = None
    body_bytes: int = 0
    wire_bytes: int = 0
    answer: Any = None


class CallLog:
    """The newest calls, oldest first; of their bodies only the newest 32 MiB are kept."""

    def __init__(self, limit: int = 5000, body_limit_bytes: int = 32 * 1024**2) -> None:
        self._calls: deque[Call] = deque(maxlen=limit)
        self._heavy: deque[Call] = deque()
        self._kept_bytes = 0
        self._body_limit_bytes = body_limit_bytes

    def __iter__(self) -> Iterator[Call]:
        """Go through the calls, oldest first."""
        return iter(list(self._calls))

    def __len__(self) -> int:
        """Return how many are kept."""
        return len(self._calls)

    def __getitem__(self, index: int) -> Call:
        """Return one, negative indexes from the newest."""
        return self._calls[index]

    def add(self, call: Call) -> None:
        """Keep a call."""
        self._calls.append(call)

    def keep_body(self, call: Call, body: Any) -> None:
        """Keep what a call said, and forget what the oldest ones said to make room for it."""
        call.body = body
        self._heavy.append(call)
        self._kept_bytes += call.body_bytes
        while self._kept_bytes > self._body_limit_bytes and len(self._heavy) > 1:
            forgotten = self._heavy.popleft()
            forgotten.body = None
            self._kept_bytes -= forgotten.body_bytes

    def of(self, api: str) -> list[Call]:
        """Return the calls of one api: `sheets`, `drive` or `oauth2`."""
        return [call for call in self._calls if call.api == api]

    def to(self, method: str) -> list[Call]:
        """Return the calls of one method by discovery's id, or by its last words."""
        return [c for c in self._calls if c.method == method or c.method.endswith("." + method)]

    def clear(self) -> None:
        """Forget all."""
        self._calls.clear()
        self._heavy.clear()
        self._kept_bytes = 0

"""What a method answers, before it becomes HTTP."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class Ask:
    """One call as a method sees it: the parsed query and body, and the present instant."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Any
    now: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """A status with a body: bytes, or pieces that are sent one by one."""

    status: int = 200
    body: bytes | Iterable[bytes] = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)

    def whole(self) -> bytes:
        """Return the body in one piece."""
        return self.body if isinstance(self.body, bytes) else b"".join(self.body)


class BadRequestError(Exception):
    """The call breaks a rule of the method; the text is the vendor's `invalid: …`."""


def as_json(value: Any, status: int = 200) -> Answer:
    """Answer with a JSON value."""
    return Answer(status, orjson.dumps(value))


def as_json_rows(rows: Iterable[dict[str, Any]], rows_per_piece: int = 500) -> Answer:
    """Answer with a JSON array that is encoded and sent in pieces.

    A big report then blocks the loop for milliseconds at a time and is never held as a whole.
    """
    return Answer(200, _pieces(rows, rows_per_piece))


def _pieces(rows: Iterable[dict[str, Any]], rows_per_piece: int) -> Iterable[bytes]:
    batch: list[dict[str, Any]] = []
    lead = b"["
    for row in rows:
        batch.append(row)
        if len(batch) == rows_per_piece:
            yield lead + orjson.dumps(batch)[1:-1]
            lead, batch = b",", []
    if batch:
        yield lead + orjson.dumps(batch)[1:-1]
        lead = b","
    yield b"[]" if lead == b"[" else b"]"

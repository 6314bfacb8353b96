"""From the bytes of an answer to rows, without ever holding the loop for long.

A big array is not decoded as a whole: its text is cut into pieces of whole rows while it
arrives. `[` + piece + `]` being valid JSON proves that the cut fell between two rows, for
whatever is read from the left of an array has one meaning only.
"""

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any, TypeVar

import msgspec

from bot.core.errors import Code, Defect, Transient
from bot.kit.clock import Clock

T = TypeVar("T")

PIECE_BYTES = 128 * 1024
ROWS_AT_ONCE = 250
_CUTS_TRIED = 4
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_BLANKS = b" \t\r\n"
_BEGINNING = re.compile(rb"\s*(\{\s*\"[^\"\\]{1,64}\")")
_MISSING = re.compile(r"missing required field `([^`]*)`")
_PLACE = re.compile(r" - at `\$?(?:\[\.\.\.\]|\[\d+\])*\.?([^`]*)`")


async def read_object(chunks: AsyncIterator[bytes], kind: type[T]) -> T:
    """Return a whole answer that is one object of bounded size.

    Raises:
        Transient: the answer is cut, or a page of HTML.
        Defect: it has another shape; the detail names the field.
    """
    body = b"".join([chunk async for chunk in chunks]).removeprefix(_BYTE_ORDER_MARK)
    _refuse_html(body)
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise not_understood(field_of(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Transient(Code.ANSWER_CUT, f"after {len(body)} bytes") from None


async def read_array(
    chunks: AsyncIterator[bytes], kind: type[T], clock: Clock
) -> AsyncIterator[list[T]]:
    """Yield the rows of an answer that is one array, slice by slice as they arrive.

    `null` is an array without rows. The last slice is yielded only when the array has ended.

    Raises:
        Transient: the answer is cut, or a page of HTML; what was yielded must not be used.
        Defect: it has another shape; the detail names the field.
    """
    splitter = _Splitter(kind)
    async for chunk in chunks:
        splitter.feed(chunk)
        while rows := splitter.cut():
            yield rows
            await clock.sleep(0)
    yield splitter.rest()


async def decoded_rows(
    raws: Sequence[msgspec.Raw], kind: type[T], clock: Clock
) -> AsyncIterator[list[T]]:
    """Yield rows of an array that was cut into raw rows before, slice by slice."""
    for start in range(0, len(raws), ROWS_AT_ONCE):
        yield [_row(raw, kind) for raw in raws[start : start + ROWS_AT_ONCE]]
        await clock.sleep(0)


def field_of(error: msgspec.ValidationError) -> str:
    """Return the path of the field that an answer got wrong or lacks."""
    found = (_PLACE.search(str(error)), _MISSING.search(str(error)))
    path = ".".join(match.group(1) for match in found if match and match.group(1))
    return path or "the answer itself"


def not_understood(field: str) -> Defect:
    """Return the error for an answer whose `field` is not what we know."""
    return Defect(Code.ANSWER_NOT_UNDERSTOOD, field)


def _row(raw: msgspec.Raw, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        raise not_understood(field_of(error)) from None


def _refuse_html(body: bytes | bytearray) -> None:
    if body.lstrip(_BLANKS)[:1] == b"<":
        raise Transient(Code.VENDOR_FAILED, "HTML instead of JSON")


class _Splitter:
    """The text of an array that is still arriving."""

    def __init__(self, kind: type[Any]) -> None:
        self._decoder = msgspec.json.Decoder(list[kind])  # type: ignore[valid-type]  # a type made at run time
        self._text = bytearray()
        self._is_open = False
        self._beginning = b"{"
        self._seen_bytes = 0

    def feed(self, chunk: bytes) -> None:
        """Take what has arrived."""
        self._text += chunk
        self._seen_bytes += len(chunk)

    def cut(self) -> list[Any]:
        """Return the rows of one piece, nothing while too little has arrived."""
        if len(self._text) < PIECE_BYTES or not self._opened():
            return []
        for comma in self._commas(min(len(self._text), 2 * PIECE_BYTES)):
            rows = self._try(self._text[:comma])
            if rows:
                del self._text[: comma + 1]
                return rows
        return []

    def rest(self) -> list[Any]:
        """Return the last rows of an array that must have ended by now."""
        if not self._opened() and self._text.strip(_BLANKS) == b"null":
            return []
        text = self._text.rstrip(_BLANKS)
        rows = self._try(text[:-1]) if self._is_open and text.endswith(b"]") else None
        if rows is None:
            raise Transient(Code.ANSWER_CUT, f"after {self._seen_bytes} bytes")
        return rows

    def _opened(self) -> bool:
        """Say whether the array has begun; refuse what can never become one."""
        if self._is_open:
            return True
        text = self._text.removeprefix(_BYTE_ORDER_MARK).lstrip(_BLANKS)
        _refuse_html(text)
        if text[:1] == b"[":
            del self._text[: self._text.index(b"[") + 1]
            self._is_open = True
            first = _BEGINNING.match(self._text)
            self._beginning = first.group(1) if first else b"{"
        elif text.startswith((b"{", b'"')):
            raise not_understood("the answer itself is no array")
        return self._is_open

    def _commas(self, before: int) -> Iterator[int]:
        """Yield the last commas that may stand between two rows, the last one first.

        Rows are likely to begin with the same key, and what they hold with another one.
        """
        for _ in range(_CUTS_TRIED):
            before = self._text.rfind(self._beginning, 0, before)
            comma = self._text.rfind(b",", 0, max(before, 0))
            if comma < 0:
                return
            if not self._text[comma + 1 : before].strip(_BLANKS):
                yield comma

    def _try(self, rows: bytearray) -> list[Any] | None:
        try:
            return list(self._decoder.decode(b"[" + rows + b"]"))
        except msgspec.ValidationError as error:
            raise not_understood(field_of(error)) from None
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None

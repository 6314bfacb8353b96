"""Rows as compressed blobs, made and read in threads of their own and in slices.

A blob is a sequence of frames, each a length (4 bytes, big-endian) and a zlib stream of
MessagePack. The first frame is the header: field names and the texts that repeat (warehouses,
brands); rows follow in slices, each row as the list of its fields' values.
"""

import dataclasses
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar, get_origin, get_type_hints

import msgspec

from bot.core.errors import Code, Defect
from bot.kit.threads import ThreadPool

ROWS_PER_FRAME = 500
_LENGTH_BYTES = 4
_LEVEL = 6

T = TypeVar("T")
Value = Any


class Words:
    """Texts that repeat, each stored once and known by its number."""

    def __init__(self, texts: Sequence[str] = ()) -> None:
        self.texts = list(texts)
        self._numbers = {text: number for number, text in enumerate(self.texts)}

    def number(self, text: str) -> int:
        """Return the number of `text`, a new one when it is new; NUL is dropped as in columns."""
        text = text.replace("\0", "")
        number = self._numbers.setdefault(text, len(self.texts))
        if number == len(self.texts):
            self.texts.append(text)
        return number


class RowCodec(Generic[T]):
    """Turns records of one frozen dataclass into plain lists and back.

    Fields that a later version adds take their defaults when an older blob is read; fields that
    it drops are passed over.
    """

    def __init__(self, record: type[T], *, leave_out: Sequence[str] = ()) -> None:
        self._record: Callable[..., T] = record
        hints = get_type_hints(record)
        names = [field.name for field in dataclasses.fields(record)]  # type: ignore[arg-type]  # T is a dataclass by contract
        self.fields = [name for name in names if name not in leave_out]
        self._kinds = {name: _kind(hints[name]) for name in self.fields}

    def pack(self, row: T, words: Words) -> list[Value]:
        """Return the row's values in the order of `fields`."""
        return [_packed(getattr(row, name), kind, words) for name, kind in self._kinds.items()]

    def unpack(
        self,
        values: Sequence[Value],
        texts: Sequence[str],
        fields: Sequence[str],
        **left_out: Value,
    ) -> T:
        """Return the record of `values`, which stand in the order of `fields`."""
        kinds = self._kinds
        known = {
            name: _unpacked(value, kinds[name], texts)
            for name, value in zip(fields, values, strict=True)
            if name in kinds
        }
        return self._record(**known, **left_out)

    def encode(self, rows: Sequence[T]) -> bytes:
        """Return all rows as one blob; blocking."""
        words = Words()
        frames = [
            _frame([self.pack(row, words) for row in rows[start : start + ROWS_PER_FRAME]])
            for start in range(0, len(rows), ROWS_PER_FRAME)
        ]
        return b"".join((_frame([self.fields, words.texts]), *frames))

    def decode(self, blob: bytes) -> list[T]:
        """Return the rows of a blob; blocking. Raises: Defect when it is damaged."""
        frames = _frames(blob)
        fields, texts = next(frames)
        return [self.unpack(values, texts, fields) for frame in frames for values in frame]


class Blobs:
    """Encoding and decoding off the event loop."""

    def __init__(self) -> None:
        self._threads = ThreadPool("storage-codec", 1)

    async def encode(self, codec: RowCodec[T], rows: Sequence[T]) -> bytes:
        """Return all rows as one blob."""
        return await self._threads.run(codec.encode, rows)

    async def decode(self, codec: RowCodec[T], blob: bytes) -> list[T]:
        """Return the rows of a blob. Raises: Defect when it is damaged."""
        return await self._threads.run(codec.decode, blob)

    async def compress(self, data: bytes) -> bytes:
        """Return bytes compressed lightly: they are written often and read seldom."""
        return await self._threads.run(zlib.compress, data, 1)

    async def run(self, function: Callable[..., T], *args: Value) -> T:
        """Run any other long conversion."""
        return await self._threads.run(function, *args)

    def close(self) -> None:
        """Take no more work."""
        self._threads.close()


def decompressed(data: bytes) -> bytes:
    """Return what `Blobs.compress` was given; blocking. Raises: Defect when it is damaged."""
    try:
        return zlib.decompress(data)
    except zlib.error:
        raise Defect(Code.INTERNAL, "a stored blob is damaged") from None


def _kind(hint: Any) -> str:
    """Say how values of a type are stored: as they are, by number, or as numbered counts."""
    options = [hint, *getattr(hint, "__args__", ())]
    if any(get_origin(option) is Mapping or option is Mapping for option in options):
        return "counts"
    return "word" if hint is str else "plain"


def _packed(value: Value, kind: str, words: Words) -> Value:
    if value is None or kind == "plain":
        return value
    if kind == "word":
        return words.number(value)
    flat: list[int] = []
    for name, count in value.items():
        flat += (words.number(name), count)
    return flat


def _unpacked(value: Value, kind: str, texts: Sequence[str]) -> Value:
    if value is None or kind == "plain":
        return value
    if kind == "word":
        return texts[value]
    numbers = iter(value)
    return {texts[number]: count for number, count in zip(numbers, numbers, strict=True)}


def _frame(content: Value) -> bytes:
    packed = zlib.compress(msgspec.msgpack.encode(content), _LEVEL)
    return len(packed).to_bytes(_LENGTH_BYTES, "big") + packed


def _frames(blob: bytes) -> Iterator[Value]:
    start = 0
    while start < len(blob):
        size = int.from_bytes(blob[start : start + _LENGTH_BYTES], "big")
        start += _LENGTH_BYTES
        try:
            yield msgspec.msgpack.decode(zlib.decompress(blob[start : start + size]))
        except (zlib.error, msgspec.DecodeError):
            raise Defect(Code.INTERNAL, "a stored blob is damaged") from None
        start += size

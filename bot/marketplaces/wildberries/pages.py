"""Answers as they are kept between two tries: mapped, compact, read again piece by piece.

A page is a row of frames, each `length (4 bytes) + zlib(msgpack(rows))`, so that neither writing
nor reading holds the loop for long.
"""

import zlib
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import TypeVar

import msgspec

from bot.kit.clock import Clock

T = TypeVar("T")

ROWS_PER_FRAME = 500
_FAST = 1
_LENGTH_BYTES = 4


class PageWriter:
    """Collects the frames of one page."""

    def __init__(self) -> None:
        self._frames = bytearray()
        self._encoder = msgspec.msgpack.Encoder()

    def add(self, rows: Sequence[object]) -> None:
        """Take some hundred rows."""
        if rows:
            frame = zlib.compress(self._encoder.encode(rows), _FAST)
            self._frames += len(frame).to_bytes(_LENGTH_BYTES, "big") + frame

    def page(self) -> bytes:
        """Return the page."""
        return bytes(self._frames)


async def packed(rows: Sequence[object], clock: Clock) -> bytes:
    """Return `rows` as a page."""
    writer = PageWriter()
    for start in range(0, len(rows), ROWS_PER_FRAME):
        writer.add(rows[start : start + ROWS_PER_FRAME])
        await clock.sleep(0)
    return writer.page()


async def unpacked(pages: Sequence[bytes], kind: type[T], clock: Clock) -> AsyncIterator[list[T]]:
    """Yield the rows of pages in their order, slice by slice."""
    decoder = msgspec.msgpack.Decoder(list[kind])  # type: ignore[valid-type]  # a type made at run time
    for page in pages:
        for frame in _frames(page):
            yield decoder.decode(zlib.decompress(frame))
            await clock.sleep(0)


def _frames(page: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(page):
        start = at + _LENGTH_BYTES
        at = start + int.from_bytes(page[at:start], "big")
        yield page[start:at]

"""A report on its way into another process, cut into frames.

A big report is encoded and decoded slice by slice: an encoder in C holds the interpreter lock,
so one piece of a million cells would freeze the event loop even from a thread.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import msgspec

from bot.core.report import Cell, Report

CELLS_PER_FRAME = 20_000  # about a millisecond

Row = tuple[Cell, ...]


def to_frames(report: Report) -> Iterator[bytes]:
    """Yield the report without its figures, then the figures, one slice per frame."""
    encoder = msgspec.msgpack.Encoder()
    yield encoder.encode(replace(report, rows=()))
    step = max(1, CELLS_PER_FRAME // max(1, len(report.columns)))
    for start in range(0, len(report.rows), step):
        yield encoder.encode(report.rows[start : start + step])


def from_frames(frames: Sequence[bytes]) -> Report:
    """Return the report that `to_frames` has cut."""
    rows_decoder = msgspec.msgpack.Decoder(tuple[Row, ...])
    head = msgspec.msgpack.decode(frames[0], type=Report)
    return replace(head, rows=tuple(row for f in frames[1:] for row in rows_decoder.decode(f)))

"""The other process: takes reports out of a pipe, puts workbooks into it.

It imports only what a workbook needs: no bot, no database, no vendor.
"""

import signal
import struct
from multiprocessing.connection import Connection

from bot.outputs.excel.transfer import from_frames
from bot.outputs.excel.workbook import to_xlsx

COUNT = struct.Struct(">I")  # announces how many frames a report has
DONE, BROKEN = b"+", b"-"  # the first byte of an answer


def serve(pipe: Connection) -> None:
    """Answer report after report until the other end of the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    while True:
        try:
            frames = _receive(pipe)
        except EOFError:
            return
        pipe.send_bytes(_answer(frames))


def _receive(pipe: Connection) -> list[bytes]:
    (count,) = COUNT.unpack(pipe.recv_bytes())
    return [pipe.recv_bytes() for _ in range(count)]


def _answer(frames: list[bytes]) -> bytes:
    try:
        return DONE + to_xlsx(from_frames(frames))
    except Exception as error:  # noqa: BLE001 - the parent raises it as a defect
        return BROKEN + _described(error).encode()


def _described(error: Exception) -> str:
    """Return class and place of the error; its text may quote the seller's data."""
    place, deepest = "?", error.__traceback__
    while deepest is not None:
        place = f"{deepest.tb_frame.f_code.co_name}:{deepest.tb_lineno}"
        deepest = deepest.tb_next
    return f"{type(error).__name__} in {place}"

"""Workbooks made beside the event loop: in one spawned process that is started when needed.

Not a `ProcessPoolExecutor`: it cannot end a job that hangs, and with `max_tasks_per_child` it
may wait for ever on Python 3.11 (github.com/python/cpython/issues/115634). One process and one
pipe are less than working around both.
"""

import asyncio
import multiprocessing
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.core.errors import Code, Defect, Transient
from bot.core.report import Report
from bot.kit.threads import ThreadPool
from bot.outputs.excel import worker
from bot.outputs.excel.transfer import to_frames

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

TIMEOUT_SECONDS = 120.0
REPORTS_PER_PROCESS = 50  # then a fresh one, whatever the old one may have gathered
_TRIES = 2  # a process that dies is replaced once; a report that kills twice is a defect
_END_SECONDS = 5.0


class ExcelWorkbooks:
    """Makes .xlsx files, one at a time; implements `WorkbookMaker`.

    The event loop is never held: a report is encoded slice by slice, and talking to the other
    process happens in a thread of its own.
    """

    def __init__(
        self,
        *,
        timeout_seconds: float = TIMEOUT_SECONDS,
        reports_per_process: int = REPORTS_PER_PROCESS,
    ) -> None:
        self._timeout_seconds = timeout_seconds
        self._reports_per_process = reports_per_process
        self._thread = ThreadPool("excel", threads=1)
        self._process: _Process | None = None
        self._closed = False
        self._starting = threading.Lock()  # `close` must not miss a process that is starting

    async def make(self, report: Report) -> bytes:
        """Return the file's bytes.

        Raises:
            Defect: the workbook took longer than the time-out, or making it failed.
            Transient: the maker was closed meanwhile.
        """
        frames = []
        for frame in to_frames(report):
            frames.append(frame)
            await asyncio.sleep(0)
        if self._closed:
            raise _closed()
        try:
            return await self._thread.run(self._make, frames)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if self._closed and task is not None and not task.cancelling():
                raise _closed() from None  # it stood in the queue: not we were cancelled
            raise

    @property
    def process_id(self) -> int | None:
        """The process that waits for the next report, if one is up."""
        return self._process.pid if self._process else None

    def close(self) -> None:
        """End the process at once; a report that is being made is given up."""
        with self._starting:
            self._closed = True
            if self._process is not None:
                self._process.end()
        self._thread.close()

    def _make(self, frames: Sequence[bytes]) -> bytes:
        for _ in range(_TRIES):
            process = self._running_process()
            try:
                answer = process.ask(frames, self._timeout_seconds)
            except TimeoutError:
                self._process = None
                detail = f"a workbook took over {self._timeout_seconds:g} s"
                raise Defect(Code.INTERNAL, detail) from None
            except (EOFError, OSError):
                self._process = None
                continue
            if process.asked >= self._reports_per_process:
                self._process = None
                process.end()
            return _unwrapped(answer)
        raise Defect(Code.INTERNAL, "the process that makes workbooks died twice")

    def _running_process(self) -> "_Process":
        with self._starting:
            if self._closed:
                raise _closed()
            if self._process is None:
                self._process = _Process()
            return self._process


class _Process:
    """One spawned process and our end of its pipe. Every method may block."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe: Connection
        self._pipe, theirs = context.Pipe()
        # A daemon: should we end without `close`, the interpreter ends it with us.
        self._process: SpawnProcess = context.Process(
            target=worker.serve, args=(theirs,), name="excel", daemon=True
        )
        self._process.start()
        theirs.close()
        self.pid = self._process.pid
        self.asked = 0

    def ask(self, frames: Sequence[bytes], timeout_seconds: float) -> bytes:
        """Return the answer; a process that fails in any way has ended afterwards.

        Raises:
            TimeoutError: it was ended because it took too long.
            EOFError, OSError: it has died.
        """
        self.asked += 1
        expired = threading.Event()
        watchdog = threading.Timer(timeout_seconds, self._expire, args=(expired,))
        watchdog.start()
        try:
            return self._talk(frames)
        except (EOFError, OSError):
            self.end()
            self._pipe.close()
            if expired.is_set():
                raise TimeoutError from None
            raise
        finally:
            watchdog.cancel()

    def end(self) -> None:
        """End the process, whatever it does; whoever talks to it finds the pipe closed."""
        self._process.kill()
        self._process.join(_END_SECONDS)

    def _talk(self, frames: Sequence[bytes]) -> bytes:
        self._pipe.send_bytes(worker.COUNT.pack(len(frames)))
        for frame in frames:
            self._pipe.send_bytes(frame)
        return self._pipe.recv_bytes()

    def _expire(self, expired: threading.Event) -> None:
        expired.set()
        self._process.kill()


def _closed() -> Transient:
    return Transient(Code.INTERNAL, "the maker of workbooks is closed")


def _unwrapped(answer: bytes) -> bytes:
    if answer.startswith(worker.DONE):
        return answer[len(worker.DONE) :]
    raise Defect(Code.INTERNAL, f"a workbook was not made: {answer[1:].decode()}")

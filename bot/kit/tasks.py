"""Background tasks with one owner: the only place that starts them."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any


class Tasks:
    """A set of named background tasks that is closed as one.

    A task that fails is reported to `on_failure` (its name and the exception) and forgotten;
    nothing dies in silence and nothing outlives `close`.
    """

    def __init__(self, on_failure: Callable[[str, BaseException], None]) -> None:
        self._on_failure = on_failure
        self._running: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        """Return how many tasks are running."""
        return len(self._running)

    def start(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Start `work` in the background under `name` and keep hold of it."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._finished)

    async def drain(self, seconds: float) -> bool:
        """Wait up to that many real seconds for all to end by themselves; say whether they did."""
        if not self._running:
            return True
        _, pending = await asyncio.wait(set(self._running), timeout=seconds)
        return not pending

    async def close(self) -> None:
        """Cancel what still runs and wait until it has ended."""
        running = set(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            self._on_failure(task.get_name(), error)

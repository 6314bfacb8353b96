"""Watch a set of runs until each has ended or waits long for a vendor."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.core.ports import RunStore
from bot.core.runs import Run, RunStatus
from bot.kit.clock import Clock

LOOK_SECONDS = 0.3
LONG_WAIT = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Seen:
    """How many runs are settled, and a line for each that did not end well."""

    settled: int
    lines: tuple[str, ...]


class WatchRuns:
    """Looks again and again; who watches decides how long."""

    def __init__(self, runs: RunStore, clock: Clock) -> None:
        self._runs = runs
        self._clock = clock

    async def __call__(self, run_ids: Sequence[int]) -> AsyncIterator[Seen]:
        """Yield what is seen now, until every run is settled."""
        open_ids, lines = list(run_ids), []
        while open_ids:
            for run_id in tuple(open_ids):
                run = await self._runs.by_id(run_id)
                if run is None or self._is_settled(run):
                    open_ids.remove(run_id)
                    lines += [] if run is None else _line(run)
            yield Seen(len(run_ids) - len(open_ids), tuple(lines))
            if open_ids:
                await self._clock.sleep(LOOK_SECONDS)

    def _is_settled(self, run: Run) -> bool:
        waits_long = run.next_try_at - self._clock.now() > LONG_WAIT
        return run.status is not RunStatus.OPEN or waits_long


def _line(run: Run) -> list[str]:
    if run.status is RunStatus.OPEN:
        return [f"shop {run.shop_id}: waits until {run.next_try_at:%H:%M} UTC ({run.problem})"]
    if run.status in {RunStatus.FAILED, RunStatus.NEEDS_SELLER}:
        return [f"shop {run.shop_id}: {run.status} ({run.problem})"]
    return []

"""The warehouse remains report: create, ask for its status, download.

Source: https://dev.wildberries.ru/openapi/reports (read 2026-11-20)
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import uuid4

from bot.kit.clock import Clock
from bot.sandbox.wildberries import problems
from bot.sandbox.wildberries.answers import (
    Answer,
    Ask,
    BadRequestError,
    as_json,
    as_json_rows,
)
from bot.sandbox.wildberries.behaviour import Behaviour
from bot.sandbox.wildberries.remains_rows import FLAGS, card_rows
from bot.sandbox.wildberries.world import Shop

_NEW_SHARE = 0.2
_ALLOWED: Mapping[str, frozenset[str]] = {
    "locale": frozenset({"ru", "en", "zh"}),
    "filterPics": frozenset({"-1", "0", "1"}),
    "filterVolume": frozenset({"-1", "0", "3"}),
} | {flag: frozenset({"true", "false"}) for flag in FLAGS}


@dataclass(slots=True)
class ReportTask:
    """A report in the making. `ended` is set by a test, or by the report's lifetime."""

    id: str
    sid: str
    flags: frozenset[str]
    created: float
    generation_seconds: float
    lifetime_seconds: float
    ended: Literal["purged", "canceled"] | None = None


class Remains:
    """Every report that was asked for, on the injected clock."""

    def __init__(self, clock: Clock, behaviour: Behaviour, *, time_scale: float = 1.0) -> None:
        self._clock = clock
        self._behaviour = behaviour
        self._time_scale = time_scale
        self.tasks: dict[str, ReportTask] = {}

    def create(self, shop: Shop, ask: Ask) -> Answer:
        """Start a report and answer with its id."""
        flags = _flags(ask.query)
        task = ReportTask(
            id=str(uuid4()),
            sid=shop.sid,
            flags=flags,
            created=self._clock.monotonic(),
            generation_seconds=self._behaviour.remains_generation_seconds / self._time_scale,
            lifetime_seconds=self._behaviour.remains_lifetime_seconds / self._time_scale,
        )
        self.tasks[task.id] = task
        return as_json({"data": {"taskId": task.id}})

    def status(self, shop: Shop, ask: Ask) -> Answer:
        """Answer how far the report is, 404 for one that this seller never asked for."""
        task = self._task(shop, ask)
        if task is None:
            return problems.not_found()
        return as_json({"data": {"id": task.id, "status": self.state(task)}})

    def download(self, shop: Shop, ask: Ask) -> Answer:
        """Answer the rows; 204 without any, 404 before the report is done and after its end."""
        task = self._task(shop, ask)
        if task is None or self.state(task) != "done":
            return problems.not_found()
        rows = self._rows(shop, task.flags)
        first = next(rows, None)
        if first is None:
            return Answer(204)
        return as_json_rows(_again(first, rows), rows_per_piece=100)

    def state(self, task: ReportTask) -> str:
        """Return the task's state at this instant: new, processing, done, purged, canceled."""
        if task.ended is not None:
            return task.ended
        age = self._clock.monotonic() - task.created
        if age < task.generation_seconds:
            return "new" if age < task.generation_seconds * _NEW_SHARE else "processing"
        over = age >= task.generation_seconds + task.lifetime_seconds
        return "purged" if over else "done"

    def end_all(self, how: Literal["purged", "canceled"], sid: str | None = None) -> int:
        """Purge or cancel every report that is there now; return how many there were."""
        ended = [task for task in self.tasks.values() if sid in (None, task.sid)]
        for task in ended:
            task.ended = how
        return len(ended)

    def _task(self, shop: Shop, ask: Ask) -> ReportTask | None:
        task = self.tasks.get(ask.path.split("/")[-2])
        return task if task is not None and task.sid == shop.sid else None

    def _rows(self, shop: Shop, flags: frozenset[str]) -> Iterator[dict[str, Any]]:
        for card in shop.cards:
            yield from card_rows(shop, card, flags, self._behaviour.remains_rows_per_card)


def _again(first: dict[str, Any], rest: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield first
    yield from rest


def _flags(query: Mapping[str, str]) -> frozenset[str]:
    for name, value in query.items():
        allowed = _ALLOWED.get(name)
        if allowed is not None and value not in allowed:
            raise BadRequestError(f"invalid: {name} (parsing {value!r}: invalid syntax)")
    return frozenset(flag for flag in FLAGS if query.get(flag) == "true")

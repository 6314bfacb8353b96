"""The warehouse remains report: ordered, waited for, downloaded, and ordered anew when gone.

Source: https://dev.wildberries.ru/openapi/reports (read 2026-11-20). How long a report takes and
lives is not documented; seconds to minutes were seen.
"""

import math
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.core.errors import Code, Transient
from bot.core.events import VendorSurprise
from bot.core.ports import Memo, Memory, Observe, Unfinished
from bot.core.products import Remains, Snapshot, Source
from bot.core.sellers import Access
from bot.kit.clock import Clock
from bot.marketplaces.wildberries import wire
from bot.marketplaces.wildberries.client import VENDOR, Call, Client
from bot.marketplaces.wildberries.limits import (
    REMAINS_CREATE,
    REMAINS_DOWNLOAD,
    REMAINS_STATUS,
    Limits,
    Profile,
)
from bot.marketplaces.wildberries.mapping import RemainsTally
from bot.marketplaces.wildberries.pages import packed, unpacked
from bot.marketplaces.wildberries.reading import (
    ROWS_AT_ONCE,
    not_understood,
    read_array,
    read_object,
)

QUERY: Mapping[str, str] = {
    "locale": "ru",
    "groupByNm": "true",
    "groupBySa": "true",
    "groupByBrand": "true",
    "groupBySubject": "true",
}
FIRST_LOOK_SECONDS = {Profile.FULL: 5.0, Profile.BASE: 60.0}
PATIENCE_SECONDS = 20.0
OLDEST_SECONDS = 2 * 3600.0
MOST_ORDERED_ANEW = 2
_STEP_SHARE_OF_AGE = 0.05
_MAKING = frozenset({"new", "processing"})
_READY = "done"
_GONE = frozenset({"purged", "canceled", "cancelled"})


@dataclass(frozen=True, slots=True)
class _Job:
    """A report in the making, as the cursor keeps it."""

    report_id: str = ""
    ordered_at_ms: int = 0
    is_ready: bool = False
    ordered_anew: int = 0

    @classmethod
    def of(cls, cursor: Mapping[str, str | int]) -> "_Job":
        """Read a cursor."""
        return cls(
            str(cursor.get("report", "")),
            int(cursor.get("ordered_at_ms", 0)),
            bool(cursor.get("ready", 0)),
            int(cursor.get("anew", 0)),
        )

    def cursor(self) -> dict[str, str | int]:
        """Return the cursor."""
        return {
            "report": self.report_id,
            "ordered_at_ms": self.ordered_at_ms,
            "ready": int(self.is_ready),
            "anew": self.ordered_anew,
        }


class RemainsSource:
    """Brings what lies on the vendor's shelves right now."""

    def __init__(self, client: Client, limits: Limits, clock: Clock, observe: Observe) -> None:
        self._client = client
        self._observe = observe
        self._limits = limits
        self._clock = clock
        self._scale = limits.time_scale

    async def collect(self, access: Access, memo: Memo) -> Snapshot[Remains]:
        """Return the report's cards.

        Raises:
            Unfinished: the report is still being made; its id is kept.
            Transient: it vanished again and again.
        """
        memory = await memo.recall()
        if "at" in memory.cursor:
            return await self._kept(memory)
        job = _Job.of(memory.cursor)
        patience = self._clock.monotonic()
        if not job.report_id:
            patience += PATIENCE_SECONDS / self._scale
        while True:
            try:
                cards = await self._brought(access, job, patience, memo)
            except Transient as error:
                if error.code is not Code.REPORT_GONE:
                    raise
                job = await self._anew(job, memo, error)
            else:
                return await self._keep(cards, memo)

    async def _brought(
        self, access: Access, job: _Job, patience: float, memo: Memo
    ) -> list[Remains]:
        """Go on with a report from wherever it is."""
        if not job.report_id:
            job = await self._order(access, job, memo)
        if not job.is_ready:
            job = await self._wait(access, job, patience, memo)
        return await self._download(access, job)

    async def _order(self, access: Access, job: _Job, memo: Memo) -> _Job:
        """Order a report and write its id down at once."""
        answer = await self._client.ask(Call(REMAINS_CREATE, access, QUERY), _read_created)
        if answer is None or not answer.data.task_id:
            raise not_understood("data.taskId")
        now_ms = math.ceil(self._clock.now().timestamp() * 1000)
        ordered = replace(job, report_id=answer.data.task_id, ordered_at_ms=now_ms)
        await memo.keep(ordered.cursor())
        return ordered

    async def _wait(self, access: Access, job: _Job, patience: float, memo: Memo) -> _Job:
        """Look until the report is ready, or until the patience (an instant) is at its end."""
        wait = self._until_first_look(access, job)
        while True:
            if wait > 0 and self._clock.monotonic() + wait > patience:
                raise Unfinished(
                    Code.REPORT_IN_THE_MAKING, REMAINS_STATUS.name, retry_after_seconds=wait
                )
            await self._clock.sleep(wait)
            if await self._is_ready(access, job):
                ready = replace(job, is_ready=True)
                await memo.keep(ready.cursor())
                return ready
            wait = self._step(access, job)

    def _until_first_look(self, access: Access, job: _Job) -> float:
        first = FIRST_LOOK_SECONDS[self._limits.profile(access.facts.kind)] / self._scale
        return max(0.0, first - self._age(job))

    def _step(self, access: Access, job: _Job) -> float:
        """Return the seconds to the next look: rarer the longer it takes, never too often."""
        interval = self._limits.allowance(REMAINS_STATUS, access.facts).interval_seconds
        return max(interval, self._age(job) * _STEP_SHARE_OF_AGE)

    def _age(self, job: _Job) -> float:
        return self._clock.now().timestamp() - job.ordered_at_ms / 1000

    async def _is_ready(self, access: Access, job: _Job) -> bool:
        call = Call(REMAINS_STATUS, access, report_id=job.report_id)
        answer = await self._client.ask(call, _read_state)
        status = answer.data.status.strip().lower() if answer else ""
        if status in _MAKING and self._age(job) < OLDEST_SECONDS / self._scale:
            return False
        if status in _GONE or status in _MAKING:
            raise Transient(Code.REPORT_GONE, f"{REMAINS_STATUS.name}: {status}")
        if status != _READY:
            raise not_understood("data.status")
        return True

    async def _download(self, access: Access, job: _Job) -> list[Remains]:
        async def read(chunks: AsyncIterator[bytes]) -> list[Remains]:
            tally, rows = RemainsTally(), 0
            async for some in read_array(chunks, wire.RemainsRow, self._clock):
                tally.add(some)
                rows += len(some)
            tally.check()
            for name in sorted(tally.unknown_ways):
                self._observe(VendorSurprise(VENDOR, "warehouses.warehouseName", name))
            cards: list[Remains] = []
            for card in tally.cards():
                cards.append(card)
                if len(cards) % ROWS_AT_ONCE == 0:
                    await self._clock.sleep(0)
            if rows and not cards:
                raise not_understood("nmId")
            return cards

        call = Call(REMAINS_DOWNLOAD, access, report_id=job.report_id)
        return await self._client.ask(call, read) or []

    async def _anew(self, job: _Job, memo: Memo, gone: Transient) -> _Job:
        """Forget a report that is gone; refuse to order one for ever."""
        await memo.forget()
        if job.ordered_anew >= MOST_ORDERED_ANEW:
            raise gone
        fresh = _Job(ordered_anew=job.ordered_anew + 1)
        await memo.keep(fresh.cursor())
        return fresh

    async def _keep(self, cards: list[Remains], memo: Memo) -> Snapshot[Remains]:
        taken_at = self._clock.now()
        page = await packed(cards, self._clock)
        await memo.keep({"at": taken_at.isoformat()}, page or None)
        return Snapshot(Source.REMAINS, taken_at, {card.nm_id: card for card in cards})

    async def _kept(self, memory: Memory) -> Snapshot[Remains]:
        cards: dict[int, Remains] = {}
        async for rows in unpacked(memory.pages, Remains, self._clock):
            cards |= {card.nm_id: card for card in rows}
        taken_at = datetime.fromisoformat(str(memory.cursor["at"]))
        return Snapshot(Source.REMAINS, taken_at, cards)


async def _read_created(chunks: Any) -> wire.TaskCreated:
    return await read_object(chunks, wire.TaskCreated)


async def _read_state(chunks: Any) -> wire.TaskState:
    return await read_object(chunks, wire.TaskState)

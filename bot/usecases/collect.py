"""Collect a shop's sources side by side; each one answers, waits or fails on its own."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

from bot.core.errors import Code, Defect, SellerMustAct, Transient
from bot.core.events import DefectFound, SourceFailed, TotalsDiffer
from bot.core.period import Period
from bot.core.ports import (
    AnySnapshot,
    Marketplace,
    Observe,
    RunStore,
    SnapshotStore,
    Superseded,
    Unfinished,
)
from bot.core.products import Snapshots, Source
from bot.core.reconciliation import reconcile
from bot.core.runs import Claim, SourceOutcome, Stage
from bot.core.sellers import Access
from bot.kit.clock import Clock
from bot.usecases.patience import backoff_seconds

SETTLED = frozenset({Stage.ARRIVED, Stage.FAILED, Stage.CLOSED})
PLANNED_WAITS = frozenset({Code.BUDGET_SPENT, Code.RATE_LIMITED, Code.REPORT_IN_THE_MAKING})
WORTH_DOUBTING_ROWS = 100


@dataclass(slots=True)
class Collected:
    """What a pass brought. `outcomes` speak of every source of the run.

    `refused` is set when the marketplace refused the key and no source answered.
    """

    snapshots: Snapshots
    outcomes: dict[Source, SourceOutcome] = field(default_factory=dict)
    has_news: bool = False
    refused: SellerMustAct | None = None


class Collect:
    """Asks for every source that this run has not settled yet."""

    def __init__(  # noqa: PLR0913 - each is a port of its own
        self,
        marketplace: Marketplace,
        snapshots: SnapshotStore,
        runs: RunStore,
        clock: Clock,
        observe: Observe,
        *,
        random: Random,
        time_scale: float = 1.0,
    ) -> None:
        self._marketplace = marketplace
        self._snapshots = snapshots
        self._runs = runs
        self._clock = clock
        self._observe = observe
        self._random = random
        self._time_scale = time_scale

    async def __call__(
        self,
        claim: Claim,
        access: Access,
        period: Period,
        on_change: Callable[[Mapping[Source, SourceOutcome]], None],
    ) -> Collected:
        """Return the shop's snapshots after asking; new answers are stored as they come.

        `on_change` hears of every source that has come to an end in this pass.

        Raises:
            Superseded: the shop has changed meanwhile; nothing of this may be used.
        """
        held = await self._snapshots.load(claim.shop_id, access.facts.sid, period.days)
        sources = self._marketplace.sources(access.facts)
        waiting = {source: SourceOutcome() for source in sources}
        known = {
            s: o for s, o in claim.run.outcomes.items() if o.stage in SETTLED and s in waiting
        }
        collected = Collected(held, waiting | known)
        on_change(collected.outcomes)
        async with asyncio.TaskGroup() as group:
            for source in sources:
                if source not in known:
                    step = _Step(claim, source, access, period, collected)
                    group.create_task(self._one(step, on_change))
        await self._forget_closed(claim, access.facts.sid, collected)
        self._weigh_refusals(collected)
        return collected

    async def _one(
        self, step: "_Step", on_change: Callable[[Mapping[Source, SourceOutcome]], None]
    ) -> None:
        outcome = await self._ask(step)
        if outcome.problem is not None and outcome.problem not in PLANNED_WAITS:
            self._observe(
                SourceFailed(
                    step.claim.run.id,
                    step.claim.shop_id,
                    step.source,
                    outcome.problem,
                    step.detail,
                )
            )
        if outcome.stage in SETTLED:
            outcome = replace(outcome, settled_at=self._clock.now())
        step.collected.outcomes[step.source] = outcome
        await self._runs.note_outcomes(step.claim, step.collected.outcomes)
        on_change(step.collected.outcomes)

    async def _ask(self, step: "_Step") -> SourceOutcome:
        """Return what became of one source; only `Superseded` and the unforeseen get out."""
        memo = self._runs.memo(step.claim, step.source)
        try:
            got = await self._marketplace.collect(step.source, step.access, step.period, memo)
        except Superseded:
            raise
        except Transient as error:
            return self._late(step, error)
        except SellerMustAct as error:
            step.detail = error.detail
            step.collected.refused = error
            return SourceOutcome(Stage.FAILED, error.code)
        except Defect as error:
            return self._failed(step, error)
        return await self._keep(step, got)

    async def _keep(self, step: "_Step", got: AnySnapshot) -> SourceOutcome:
        before: AnySnapshot | None = getattr(step.collected.snapshots, step.source)
        if not got.rows and before is not None and len(before.rows) >= WORTH_DOUBTING_ROWS:
            run_id = step.claim.run.id
            if before.emptied_in_run in {None, run_id}:
                doubted = replace(before, emptied_in_run=run_id)
                await self._store(step, doubted)
                return SourceOutcome(Stage.FAILED, Code.SUSPICIOUSLY_EMPTY)
        await self._store(step, got)
        step.collected.has_news = True
        if step.source is Source.REMAINS:
            self._reconcile(step, got)
        return SourceOutcome(Stage.ARRIVED, rows=len(got.rows))

    async def _store(self, step: "_Step", snapshot: AnySnapshot) -> None:
        sid, days = step.access.facts.sid, step.period.days
        await self._snapshots.replace(step.claim, sid, days, snapshot)
        step.learn(snapshot)

    def _late(self, step: "_Step", error: Transient) -> SourceOutcome:
        step.detail = error.detail
        if isinstance(error, Unfinished) and error.so_far is not None:
            step.collected.has_news = True
            if step.source is Source.FUNNEL:
                changed = replace(step.collected.snapshots, funnel_so_far=error.so_far)
                step.collected.snapshots = changed
        seconds = error.retry_after_seconds
        if seconds is None:
            since = step.claim.run.created_at
            seconds = backoff_seconds(
                since, self._clock.now(), self._random, time_scale=self._time_scale
            )
        next_try_at = self._clock.now() + timedelta(seconds=seconds)
        return SourceOutcome(Stage.LATE, error.code, next_try_at)

    def _failed(self, step: "_Step", error: Defect) -> SourceOutcome:
        step.detail = error.detail
        if error.code is Code.METHOD_CLOSED_FOR_KEY:
            return SourceOutcome(Stage.CLOSED, error.code)
        where = f"collect.{step.source}"
        self._observe(DefectFound(where, error.code, error.detail, step.claim.shop_id))
        return SourceOutcome(Stage.FAILED, error.code)

    def _reconcile(self, step: "_Step", remains: AnySnapshot) -> None:
        check = reconcile(remains)
        if check is not None and check.cards:
            pieces = check.total - check.shelves
            run_id, shop_id = step.claim.run.id, step.claim.shop_id
            self._observe(TotalsDiffer(run_id, shop_id, check.cards, pieces))

    async def _forget_closed(self, claim: Claim, sid: str, collected: Collected) -> None:
        """Let the funnel speak for the seller's own warehouses where the key may not ask them."""
        own = collected.outcomes.get(Source.SELLER_STOCKS)
        is_closed = own is None or own.stage is Stage.CLOSED
        if is_closed and collected.snapshots.seller_stocks is not None:
            await self._snapshots.drop(claim, sid, Source.SELLER_STOCKS)
            collected.snapshots = replace(collected.snapshots, seller_stocks=None)

    def _weigh_refusals(self, collected: Collected) -> None:
        """Believe that a key is dead only if nothing at all has answered it."""
        outcomes = collected.outcomes.values()
        in_the_making = any(o.problem is Code.REPORT_IN_THE_MAKING for o in outcomes)
        if in_the_making or any(o.stage is Stage.ARRIVED for o in outcomes):
            collected.refused = None


@dataclass(slots=True)
class _Step:
    """One source being asked in one pass."""

    claim: Claim
    source: Source
    access: Access
    period: Period
    collected: Collected
    detail: str = ""

    def learn(self, snapshot: AnySnapshot) -> None:
        """Put a stored answer among the shop's snapshots."""
        changes: dict[str, AnySnapshot | None] = {self.source: snapshot}
        if self.source is Source.FUNNEL:
            changes["funnel_so_far"] = None
        self.collected.snapshots = replace(self.collected.snapshots, **changes)

"""Refresh one shop: collect, merge, store, publish, tell."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from random import Random

from bot.core.errors import Code, Defect, SellerMustAct, Transient
from bot.core.events import DefectFound, Notice, NoticeKind, RunFinished, RunPostponed
from bot.core.period import Period
from bot.core.ports import (
    Locks,
    Marketplace,
    Messenger,
    News,
    Observe,
    RunStore,
    SellerStore,
    ShopStore,
    StoredFigures,
    Superseded,
    TablePublisher,
    TableState,
    TableStore,
    no_news,
)
from bot.core.products import Snapshots, Source
from bot.core.runs import Claim, Run, RunKind, RunStatus, SourceOutcome, Stage
from bot.core.sellers import Access, ShopState
from bot.core.table_file import Trouble
from bot.kit.clock import Clock
from bot.kit.tasks import Tasks
from bot.kit.threads import ThreadPool
from bot.usecases.collect import PLANNED_WAITS, SETTLED, Collect, Collected
from bot.usecases.destination import destination_of
from bot.usecases.hand_over import HISTORY_DAYS, report_of
from bot.usecases.news import Subject, is_awaited, news_of, seller_must_act, table_problem
from bot.usecases.patience import backoff_seconds
from bot.usecases.reckon import Reckon
from bot.usecases.turns import NotOurTurn, Turns

LONG_WAIT_SECONDS = 120.0
TURN_WAIT_SECONDS = 10.0

# The operator is told of these; the table catches up by itself once he has done his part.
OPERATORS_MATTER = frozenset(
    {
        Code.GOOGLE_STORAGE_FULL,
        Code.GOOGLE_DISABLED,
        Code.GOOGLE_TOKEN_DEAD,
        Code.GOOGLE_RATE_LIMITED,
        Code.SHEET_NO_ACCESS,  # as a defect: the folder for new tables is closed to us …
        Code.SHEET_GONE,  # … or is not there
    }
)


class RefreshShop:
    """Works a claimed run until it is finished or has to wait."""

    def __init__(  # noqa: PLR0913 - this is where all rooms meet
        self,
        *,
        sellers: SellerStore,
        shops: ShopStore,
        runs: RunStore,
        tables: TableStore,
        locks: Locks,
        collect: Collect,
        marketplace: Marketplace,
        publisher: TablePublisher | None,
        messenger: Messenger,
        pool: ThreadPool,
        tasks: Tasks,
        clock: Clock,
        observe: Observe,
        random: Random,
        time_scale: float = 1.0,
    ) -> None:
        self._sellers = sellers
        self._shops = shops
        self._runs = runs
        self._tables = tables
        self._collect = collect
        self._marketplace = marketplace
        self._publisher = publisher
        self._messenger = messenger
        self._pool = pool
        self._turns = Turns(locks, clock)
        self._reckon = Reckon(shops, tables, pool, clock)
        self._tasks = tasks
        self._clock = clock
        self._observe = observe
        self._random = random
        self._time_scale = time_scale
        self._long_wait = timedelta(seconds=LONG_WAIT_SECONDS / time_scale)

    async def fail(self, claim: Claim, code: Code) -> None:
        """Close a run that cannot be worked; whoever waits for it is told.

        Raises:
            Superseded: somebody else has closed it, or works it.
            Transient: our own storage is away.
        """
        status = RunStatus.FAILED
        try:
            subject = await self._subject(claim)
        except Defect:
            subject = None  # whose names cannot be read cannot be written to either
        news = no_news if subject is None else self._news(subject, status, code)
        await self._runs.finish(claim, status, problem=code, at=self._clock.now(), news=news)
        self._report(claim.run, status, code, 0)

    async def __call__(self, claim: Claim) -> None:
        """Bring the shop's figures and table up to date, as far as is possible now.

        Ends with the run finished, or postponed to when a vendor can be asked again.

        Raises:
            Superseded: the shop has changed meanwhile; nothing late was stored or shown.
            Transient: our own storage is away.
            Defect: something broke that nobody expects.
        """
        subject = await self._subject(claim)
        access = await self._shops.access(claim.shop_id)
        if subject is None or access is None:
            await self._give_up(claim, Code.KEY_MISSING)
            return
        if access.facts.expires_at <= self._clock.now():
            await self._refuse_key(subject, Code.KEY_EXPIRED)
            return
        subject = await self._named(subject, access)
        period = Period.ending_before(claim.run.day, claim.run.period_days)
        collected = await self._collect(
            claim, access, period, lambda outcomes: self._show(claim.run, outcomes)
        )
        if collected.refused is not None:
            await self._refuse_key(subject, collected.refused.code)
            return
        await self._use(subject, collected, period)

    async def _use(self, subject: Subject, collected: Collected, period: Period) -> None:
        """Store and publish what has come, then finish or wait."""
        wait_until = _next_try(collected.outcomes)
        patience_ends = self._clock.now() + self._long_wait
        shows = _worth_showing(collected, patience_ends, wait_until, subject.run)
        if not shows and subject.run.published_at is not None:
            shows = await self._reckon.is_outdated(subject.shop.id)
        products = 0
        if shows:
            figures = await self._reckon(subject.claim, collected, period)
            products = len(figures.metrics)
            if not await self._published(subject, figures):
                return
            if await self._reckon.is_outdated(subject.shop.id, figures):
                wait_until = self._clock.now()  # the seller has changed a setting meanwhile
        if wait_until is None:
            await self._finish(subject, collected, products)
        else:
            await self._wait(subject, collected, wait_until, shown=shows)

    async def _published(self, subject: Subject, figures: StoredFigures) -> bool:
        """Write the table; where that cannot be, settle the run accordingly and say False."""
        try:
            await self._publish(subject, figures)
        except Superseded:
            raise
        except NotOurTurn:
            soon = self._clock.now() + timedelta(seconds=TURN_WAIT_SECONDS)
            await self._postpone(subject, soon, subject.run.problem, no_news)
            return False
        except SellerMustAct as error:
            await self._table_needs_seller(subject, error.code)
            return False
        except Transient as error:
            if error.code is Code.STORAGE_UNREACHABLE:
                raise
            await self._table_is_away(subject, error)
            return False
        except Defect as error:
            if error.code not in OPERATORS_MATTER:
                raise
            where = "refresh_shop.publish"
            self._observe(DefectFound(where, error.code, error.detail, subject.shop.id))
            await self._table_is_away(subject, Transient(error.code, error.detail))
            return False
        await self._runs.note_published(subject.claim, figures.at)
        return True

    async def _publish(self, subject: Subject, figures: StoredFigures) -> None:
        if self._publisher is None:
            return
        async with self._turns.of(subject.claim):
            await self._write(self._publisher, subject, figures)

    async def _write(
        self, publisher: TablePublisher, subject: Subject, figures: StoredFigures
    ) -> None:
        state = await self._tables.state(subject.shop.id)
        history = await self._tables.history(subject.shop.id, last=HISTORY_DAYS)
        report = await self._pool.run(report_of, subject.shop.title, figures, history)
        destination = destination_of(subject.shop, subject.seller, state)

        async def keep(state: TableState) -> None:
            await self._tables.save_state(subject.claim, state)

        guard = partial(self._runs.check, subject.claim)
        urgent = is_awaited(subject.run)
        published = await publisher.publish(report, destination, keep, guard=guard, urgent=urgent)
        await self._tables.save_state(subject.claim, published, over=state.trouble)

    async def _finish(self, subject: Subject, collected: Collected, products: int) -> None:
        now = self._clock.now()
        problem = next((o.problem for o in collected.outcomes.values() if o.problem), None)
        answered = _has_figures(collected.snapshots)
        status = RunStatus.DONE if answered else RunStatus.FAILED
        news = self._news(subject, status, problem)
        await self._runs.finish(subject.claim, status, problem=problem, at=now, news=news)
        self._report(subject.run, status, problem, products)

    async def _wait(
        self, subject: Subject, collected: Collected, until: datetime, *, shown: bool
    ) -> None:
        late = (o for o in collected.outcomes.values() if o.stage is Stage.LATE)
        problem = next((o.problem for o in late), None)
        news = self._news(subject, RunStatus.OPEN, problem) if shown else no_news
        await self._postpone(subject, until, problem, news)

    async def _table_is_away(self, subject: Subject, error: Transient) -> None:
        """Try the table again later; who waits is offered the stored figures meanwhile."""
        now = self._clock.now()
        seconds = error.retry_after_seconds
        if seconds is None:
            seconds = backoff_seconds(
                subject.run.created_at, now, self._random, time_scale=self._time_scale
            )
        news = self._news(subject, RunStatus.OPEN, error.code)
        await self._postpone(subject, now + timedelta(seconds=seconds), error.code, news)

    async def _postpone(
        self, subject: Subject, until: datetime, problem: Code | None, news: News
    ) -> None:
        await self._runs.postpone(subject.claim, until, problem=problem, counts=False, news=news)
        self._observe(RunPostponed(subject.run.id, subject.shop.id, problem, until))

    async def _table_needs_seller(self, subject: Subject, code: Code) -> None:
        """Close the run: the figures are stored, the table waits for the seller's act.

        He is asked once, however many nights it takes him.
        """
        now = self._clock.now()
        trouble = (await self._tables.state(subject.shop.id)).trouble
        if trouble is None or trouble.code is not code:
            trouble = Trouble(code, now)
        appeal = table_problem(subject.seller, subject.shop.id, trouble, now)
        await self._close_for_seller(subject, code, appeal, trouble)

    async def _refuse_key(self, subject: Subject, code: Code) -> None:
        """Close the run and tell the seller, once, that the key no longer works."""
        await self._shops.set_state(subject.claim, ShopState.NEEDS_KEY)
        now = self._clock.now()
        appeal = seller_must_act(subject, NoticeKind.KEY_REFUSED, code, now)
        await self._close_for_seller(subject, code, appeal)

    async def _close_for_seller(
        self, subject: Subject, code: Code, appeal: Notice, trouble: Trouble | None = None
    ) -> None:
        """Close the run; who watches it reads why in its message, anybody else in a notice."""
        status, now = RunStatus.NEEDS_SELLER, self._clock.now()
        news = self._news(subject, status, code)
        await self._runs.finish(
            subject.claim,
            status,
            problem=code,
            at=now,
            news=lambda run: news(run) or (appeal,),
            trouble=trouble,
        )
        self._report(subject.run, status, code, 0)

    async def _give_up(self, claim: Claim, code: Code) -> None:
        now = self._clock.now()
        await self._runs.finish(claim, RunStatus.NEEDS_SELLER, problem=code, at=now)
        self._report(claim.run, RunStatus.NEEDS_SELLER, code, 0)

    def _news(self, subject: Subject, status: RunStatus, problem: Code | None) -> News:
        """Return what is owed; somebody may have begun to watch the run since its claim."""
        now = self._clock.now()
        return lambda run: news_of(subject, run, status, problem, now)

    async def _subject(self, claim: Claim) -> Subject | None:
        shop = await self._shops.by_id(claim.shop_id)
        seller = None if shop is None else await self._sellers.by_id(shop.seller_id)
        return None if shop is None or seller is None else Subject(claim, shop, seller)

    async def _named(self, subject: Subject, access: Access) -> Subject:
        """Ask once, at the shop's first run, what the shop is called."""
        if subject.run.kind is not RunKind.FIRST or subject.shop.name:
            return subject
        name = await self._marketplace.shop_name(access)
        if name is None:
            return subject
        await self._shops.rename(subject.shop.id, name)
        return replace(subject, shop=replace(subject.shop, name=name))

    def _show(self, run: Run, outcomes: Mapping[Source, SourceOutcome]) -> None:
        self._tasks.start("progress", self._progress(run.id, dict(outcomes)))

    async def _progress(self, run_id: int, outcomes: Mapping[Source, SourceOutcome]) -> None:
        """Show how far the run is to who watches it, until it has shown a table."""
        run = await self._runs.by_id(run_id)
        if run is not None and run.progress is not None and run.published_at is None:
            await self._messenger.show_progress(replace(run, outcomes=outcomes))

    def _report(self, run: Run, status: RunStatus, problem: Code | None, products: int) -> None:
        seconds = (self._clock.now() - run.created_at).total_seconds()
        self._observe(
            RunFinished(run.id, run.shop_id, run.kind, status, problem, seconds, products)
        )


def _has_figures(snapshots: Snapshots) -> bool:
    held = (snapshots.funnel, snapshots.funnel_so_far, snapshots.remains, snapshots.orders)
    return any(snapshot is not None for snapshot in held)


def _next_try(outcomes: Mapping[Source, SourceOutcome]) -> datetime | None:
    """Return when the first late source can be asked again; `None` when all are settled."""
    late = [o for o in outcomes.values() if o.stage not in SETTLED]
    return min((o.next_try_at for o in late if o.next_try_at is not None), default=None)


def _worth_showing(
    collected: Collected, patience_ends: datetime, wait_until: datetime | None, run: Run
) -> bool:
    """Say whether to publish now: at the end, and before a long or unplanned wait."""
    if not _has_figures(collected.snapshots):
        return False
    if wait_until is None:
        return True
    unplanned = any(
        o.stage is Stage.LATE and o.problem not in PLANNED_WAITS
        for o in collected.outcomes.values()
    )
    is_first_time = run.published_at is None
    return (collected.has_news or is_first_time) and (unplanned or wait_until > patience_ends)

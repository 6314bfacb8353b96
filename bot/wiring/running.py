"""The bot: opened, run, and stopped in order."""

import asyncio
import gc
import logging
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import structlog

from bot.core.errors import Code
from bot.core.events import DependencyChanged, Event, RunFinished, RunPostponed
from bot.core.ports import Messenger
from bot.kit.breaker import Breaker
from bot.kit.clock import Clock
from bot.kit.wakeup import Wakeup
from bot.observability.health import HealthServer
from bot.observability.heartbeat import Heartbeat
from bot.observability.logs import configure_logs
from bot.observability.metrics import Metrics
from bot.observability.sentry import reporting
from bot.scheduler import Scheduler
from bot.settings import Refused, Settings, bot_token
from bot.storage.errors import StorageUnreachable
from bot.telegram.account import Farewell
from bot.telegram.app import TelegramBot, build_bot, build_dispatcher
from bot.telegram.config import Registration, TelegramConfig
from bot.telegram.notifier import Notifier
from bot.telegram.progress_board import ProgressBoard
from bot.telegram.session import TelegramSession
from bot.telegram.texts import Catalogue
from bot.usecases.deliver import Deliver
from bot.usecases.ensure_day import EnsureDay, Night
from bot.usecases.finish_deletions import FinishDeletions
from bot.usecases.forget_old import ForgetOld
from bot.usecases.watch_night import WatchNight
from bot.usecases.work_due import WorkDue
from bot.wiring.backstage import Backstage, open_backstage
from bot.wiring.polling import PollingLock
from bot.wiring.window import LastLook, add_gauges, health_server
from bot.wiring.worker import open_worker

SIGNALS = (signal.SIGTERM, signal.SIGINT)
HANDLERS_STOP_SECONDS = 3.0
RUNS_STOP_SECONDS = 12.0
OUTBOX_STOP_SECONDS = 3.0
STOP_SECONDS = 27.0  # whatever hangs: all of them at their worst, one after another, take more
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
TELEGRAM_FAILURES = 5
REFUSED_BY_TELEGRAM = (
    "BOT_TOKEN is not accepted by Telegram: take the token anew from @BotFather (/token), "
    "or see whether TELEGRAM_API_URL is right"
)

log = structlog.get_logger(__name__)


async def run_bot(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT, then stop in order; a second signal ends at once.

    A database that is away at the start is waited for; a stop is heeded meanwhile, too.
    """
    secrets = _secrets(settings)
    configure_logs(settings.log_level, settings.log_format, secrets=secrets)
    dsn = settings.sentry_dsn.get_secret_value() if settings.sentry_dsn else None
    living = asyncio.ensure_future(_live(settings))
    _heed_signals(living.cancel)
    with reporting(dsn, secrets=secrets):
        try:
            await living
        except asyncio.CancelledError:
            log.info("bot.ended")


async def _live(settings: Settings) -> None:
    """Be the bot until cancelled. Raises: Refused, when Telegram does not know the token."""
    pause_seconds = FIRST_PAUSE_SECONDS
    while True:
        try:
            async with open_bot(settings) as running:
                await running.telegram.refused.wait()
            raise Refused(REFUSED_BY_TELEGRAM)
        except StorageUnreachable as error:
            log.warning("database.away", detail=error.detail, again_in=pause_seconds)
        await asyncio.sleep(pause_seconds)
        pause_seconds = min(pause_seconds * 2, LONGEST_PAUSE_SECONDS)


def _heed_signals(stop: Callable[[], object]) -> None:
    """Let the first SIGTERM or SIGINT stop in order, and the next one end the process at once."""
    loop = asyncio.get_running_loop()

    def first() -> None:
        for number in SIGNALS:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)
        loop.call_later(STOP_SECONDS, _leave_now)
        stop()

    for number in SIGNALS:
        loop.add_signal_handler(number, first)


def _leave_now() -> None:
    """End although something hangs, as connections of a silent database do; leases run out."""
    log.warning("bot.stop_cut_short")
    logging.shutdown()
    os._exit(0)


@dataclass(frozen=True, slots=True)
class RunningBot:
    """A bot that is up."""

    backstage: Backstage
    worker: WorkDue
    scheduler: Scheduler
    telegram: TelegramBot
    health: HealthServer
    metrics: Metrics
    deliver: Deliver
    deletions: FinishDeletions
    lock: PollingLock


@asynccontextmanager
async def open_bot(settings: Settings, clock: Clock | None = None) -> AsyncIterator[RunningBot]:
    """Open everything and begin to work; at the end stop in the order of the promises.

    The order is that of `docs/operating.md`: health, worker and outbox, the night, then polling.
    """
    token = bot_token(settings)
    config = _telegram_config(settings)
    async with open_backstage(settings, clock) as backstage:
        session = _session(settings, backstage.clock)
        bot = build_bot(token, session)
        catalogue, board = Catalogue(), ProgressBoard(bot, backstage.clock)
        notifier = Notifier(
            bot,
            people=backstage.usecases.people,
            runs=backstage.stores.runs,
            outbox=backstage.stores.outbox,
            hand_over=backstage.hand_over,
            catalogue=catalogue,
            config=config,
            board=board,
            clock=backstage.clock,
        )
        dispatcher = build_dispatcher(
            backstage.usecases,
            config=config,
            drafts=backstage.stores.drafts,
            clock=backstage.clock,
            observe=backstage.observe,
            catalogue=catalogue,
            board=board,
        )
        telegram = TelegramBot(
            bot, dispatcher, clock=backstage.clock, tasks=backstage.tasks, catalogue=catalogue
        )
        metrics = Metrics()
        backstage.observe.add(metrics.observe)
        worker = open_worker(backstage, notifier)
        scheduler = _scheduler(backstage)
        health = health_server(backstage, scheduler, session, metrics)
        breaker = _telegram_breaker(backstage)
        running = RunningBot(
            backstage=backstage,
            worker=worker,
            scheduler=scheduler,
            telegram=telegram,
            health=health,
            metrics=metrics,
            deliver=_deliver(backstage, notifier, breaker),
            deletions=_deletions(backstage, Farewell(bot, catalogue, board)),
            lock=PollingLock(backstage, token, lambda: session.health),
        )
        look = LastLook(backstage)
        add_gauges(metrics, look, _breakers(backstage, breaker), session)
        try:
            await _start(running, look)
            yield running
        finally:
            await _stop(running)


async def _start(running: RunningBot, look: LastLook) -> None:
    """Begin to work: the pages, runs and outbox, the night, then polling."""
    tasks = running.backstage.tasks
    await running.health.start()
    tasks.start("worker", running.worker.forever())
    tasks.start("leases", running.worker.keep_leases())
    tasks.start("outbox", running.deliver.forever())
    tasks.start("deletions", running.deletions.forever())
    running.backstage.sweep_soon()  # what happens to files from now on will be seen
    await running.scheduler.start()
    tasks.start("night watch", _watch(running.backstage).forever())
    tasks.start("vitals", look.forever())
    tasks.start("forgetting", _forget(running.backstage).forever())
    tasks.start("polling", running.lock.poll(running.telegram))
    gc.collect()
    gc.freeze()  # what lives for ever need not be walked: full collections stay short
    log.info("bot.started")


async def _stop(running: RunningBot) -> None:
    """Stop in order: polling and handlers, the night, runs, the outbox; then connections."""
    log.info("bot.stopping")
    backstage = running.backstage
    if not await running.telegram.stop(HANDLERS_STOP_SECONDS):
        log.warning("bot.handlers_left")
    running.scheduler.stop()
    await running.worker.stop(RUNS_STOP_SECONDS)
    if not await running.deliver.stop(OUTBOX_STOP_SECONDS):
        log.warning("bot.outbox_left")
    await backstage.tasks.close()
    await running.lock.let_go()
    await running.telegram.close()
    await running.health.stop()
    log.info("bot.stopped")


def _deliver(backstage: Backstage, messenger: Messenger, breaker: Breaker) -> Deliver:
    """Return the sender, woken as soon as a run ends or has to wait."""
    bell = Wakeup(backstage.clock)

    def ring(event: Event) -> None:
        if isinstance(event, RunFinished | RunPostponed):
            bell.ring()

    backstage.observe.add(ring)
    return Deliver(
        outbox=backstage.stores.outbox,
        messenger=messenger,
        sellers=backstage.stores.sellers,
        clock=backstage.clock,
        observe=backstage.observe,
        wakeup=bell,
        breaker=breaker,
    )


def _deletions(backstage: Backstage, farewell: Farewell) -> FinishDeletions:
    return FinishDeletions(
        backstage.stores.sellers,
        backstage.usecases.delete_account,
        farewell,
        backstage.clock,
        backstage.observe,
    )


def _telegram_breaker(backstage: Backstage) -> Breaker:
    """Return the breaker of what we send of our own accord; polling has its own back-off."""

    def changed(name: str, is_open: bool) -> None:  # noqa: FBT001 - what a breaker says
        backstage.observe(DependencyChanged(name, Code.TELEGRAM_FAILED, is_open))

    return Breaker("telegram", backstage.clock, changed, failures=TELEGRAM_FAILURES)


def _breakers(backstage: Backstage, telegram: Breaker) -> list[Breaker]:
    google = [] if backstage.publisher is None else [backstage.publisher.client.breaker]
    return [*backstage.marketplace.breakers, *google, telegram]


def _watch(backstage: Backstage) -> WatchNight:
    url = backstage.settings.heartbeat_url
    heartbeat = Heartbeat(url.get_secret_value() if url else None)
    return WatchNight(
        backstage.stores.vitals,
        _night(backstage.settings),
        backstage.clock,
        backstage.observe,
        heartbeat.ping,
    )


def _forget(backstage: Backstage) -> ForgetOld:
    return ForgetOld(
        backstage.stores.leftovers,
        _night(backstage.settings),
        backstage.clock,
        backstage.observe,
    )


def _night(settings: Settings) -> Night:
    return Night(settings.refresh_at, ZoneInfo(settings.timezone))


def _scheduler(backstage: Backstage) -> Scheduler:
    settings, stores = backstage.settings, backstage.stores
    return Scheduler(
        EnsureDay(
            stores.shops,
            stores.runs,
            backstage.clock,
            _night(settings),
            time_scale=settings.time_scale,
            on_night=backstage.sweep_soon,
        ),
        backstage.work_bell,
        backstage.tasks,
        backstage.clock,
        backstage.observe,
        refresh_at=settings.refresh_at,
        timezone=settings.timezone,
    )


def _session(settings: Settings, clock: Clock) -> TelegramSession:
    proxy = settings.telegram_proxy
    return TelegramSession(
        clock,
        api_url=settings.telegram_api_url,
        proxy=proxy.get_secret_value() if proxy else None,
    )


def _telegram_config(settings: Settings) -> TelegramConfig:
    return TelegramConfig(
        admin_ids=settings.admin_ids,
        support_contact=settings.support_contact,
        privacy_url=settings.privacy_url,
        registration=Registration(settings.registration),
        base_keys_are_full=settings.wb_client_secret is not None,
    )


def _secrets(settings: Settings) -> list[str]:
    """Return the values that may never appear in a log."""
    single = (
        settings.bot_token,
        settings.db_password,
        settings.wb_client_secret,
        settings.sentry_dsn,
        settings.heartbeat_url,
        settings.telegram_proxy,
        settings.database_url,
    )
    secrets = [*settings.encryption_keys, *(one for one in single if one is not None)]
    return [secret.get_secret_value() for secret in secrets]

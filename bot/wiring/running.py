"""The bot: opened, run, and stopped in order."""

import asyncio
import gc
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import structlog

from bot.core.errors import Code, Transient
from bot.core.events import DefectFound, Event, RunFinished, RunPostponed
from bot.core.ports import Messenger
from bot.kit.clock import Clock
from bot.kit.wakeup import Wakeup
from bot.observability.checks import (
    POLLING_MOST_SECONDS,
    TICK_MOST_SECONDS,
    holds,
    loop_is_responsive,
    recent,
)
from bot.observability.health import Checks, HealthServer
from bot.observability.logs import configure_logs
from bot.observability.metrics import Metrics
from bot.scheduler import Scheduler
from bot.settings import Settings, bot_token
from bot.storage.migrations import is_at_head
from bot.telegram.app import TelegramBot, build_bot, build_dispatcher
from bot.telegram.config import Registration, TelegramConfig
from bot.telegram.notifier import Notifier
from bot.telegram.session import TelegramSession
from bot.telegram.texts import Catalogue
from bot.usecases.deliver import Deliver
from bot.usecases.ensure_day import EnsureDay, Night
from bot.usecases.work_due import WorkDue
from bot.wiring.backstage import Backstage, open_backstage
from bot.wiring.worker import open_worker

HANDLERS_STOP_SECONDS = 5.0
RUNS_STOP_SECONDS = 20.0
OUTBOX_STOP_SECONDS = 5.0
POLLING_LOCK = "polling"
LOCK_SECONDS = 45.0
LOCK_EVERY_SECONDS = 10.0

log = structlog.get_logger(__name__)


async def run_bot(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT, then stop in order; a second signal ends at once."""
    configure_logs(settings.log_level, settings.log_format, secrets=_secrets(settings))
    async with open_bot(settings):
        await _asked_to_stop()


@dataclass(frozen=True, slots=True)
class RunningBot:
    """A bot that is up."""

    backstage: Backstage
    worker: WorkDue
    scheduler: Scheduler
    telegram: TelegramBot
    health: HealthServer
    metrics: Metrics


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
        catalogue = Catalogue()
        notifier = Notifier(
            bot,
            people=backstage.usecases.people,
            runs=backstage.stores.runs,
            hand_over=backstage.hand_over,
            catalogue=catalogue,
            config=config,
            clock=backstage.clock,
        )
        dispatcher = build_dispatcher(
            backstage.usecases,
            config=config,
            drafts=backstage.stores.drafts,
            clock=backstage.clock,
            observe=backstage.observe,
            catalogue=catalogue,
        )
        telegram = TelegramBot(
            bot, dispatcher, clock=backstage.clock, tasks=backstage.tasks, catalogue=catalogue
        )
        metrics = Metrics()
        backstage.observe.add(metrics.observe)
        worker = open_worker(backstage, notifier)
        scheduler = _scheduler(backstage)
        health = _health(backstage, scheduler, session, metrics)
        running = RunningBot(backstage, worker, scheduler, telegram, health, metrics)
        deliver, bell = _deliver(backstage, notifier)
        await health.start()
        backstage.tasks.start("worker", worker.forever())
        backstage.tasks.start("leases", worker.keep_leases())
        backstage.tasks.start("outbox", deliver.forever())
        await scheduler.start()
        backstage.tasks.start("polling", _poll(backstage, telegram))
        gc.collect()
        gc.freeze()  # what lives for ever need not be walked: full collections stay short
        log.info("bot.started")
        try:
            yield running
        finally:
            await _stop(running, deliver, bell)


async def _stop(running: RunningBot, deliver: Deliver, bell: Wakeup) -> None:
    """Stop in order: polling and handlers, the night, runs, the outbox; then connections."""
    log.info("bot.stopping")
    backstage = running.backstage
    if not await running.telegram.stop(HANDLERS_STOP_SECONDS):
        log.warning("bot.handlers_left")
    running.scheduler.stop()
    await running.worker.stop(RUNS_STOP_SECONDS)
    try:
        async with asyncio.timeout(OUTBOX_STOP_SECONDS):
            await deliver.once()
    except (TimeoutError, Transient) as error:
        log.info("bot.outbox_left", error=type(error).__name__)
    bell.ring()
    await backstage.tasks.close()
    await backstage.stores.locks.let_go(POLLING_LOCK, backstage.owner)
    await running.telegram.close()
    await running.health.stop()
    log.info("bot.stopped")


async def _poll(backstage: Backstage, telegram: TelegramBot) -> None:
    """Poll as soon as no other process of this bot does; the others work runs meanwhile."""
    locks, owner = backstage.stores.locks, backstage.owner
    while not await locks.hold(POLLING_LOCK, owner, seconds=LOCK_SECONDS):
        await backstage.clock.sleep(LOCK_EVERY_SECONDS)
    backstage.tasks.start("polling lock", _keep_lock(backstage))
    await telegram.run_polling()


async def _keep_lock(backstage: Backstage) -> None:
    """Prolong the polling lock as long as this process lives."""
    while True:
        await backstage.clock.sleep(LOCK_EVERY_SECONDS)
        try:
            kept = await backstage.stores.locks.hold(
                POLLING_LOCK, backstage.owner, seconds=LOCK_SECONDS
            )
        except Transient as error:
            backstage.observe(DefectFound("wiring.lock", error.code, error.detail))
        else:
            if not kept:
                backstage.observe(DefectFound("wiring.lock", Code.INTERNAL, "polling lock lost"))


async def _asked_to_stop() -> None:
    """Wait for SIGTERM or SIGINT; from then on the next signal ends the process at once."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    await asked.wait()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.remove_signal_handler(number)


def _deliver(backstage: Backstage, messenger: Messenger) -> tuple[Deliver, Wakeup]:
    """Return the sender, woken as soon as a run ends or has to wait."""
    bell = Wakeup(backstage.clock)

    def ring(event: Event) -> None:
        if isinstance(event, RunFinished | RunPostponed):
            bell.ring()

    backstage.observe.add(ring)
    deliver = Deliver(
        outbox=backstage.stores.outbox,
        messenger=messenger,
        sellers=backstage.stores.sellers,
        clock=backstage.clock,
        observe=backstage.observe,
        wakeup=bell,
    )
    return deliver, bell


def _scheduler(backstage: Backstage) -> Scheduler:
    settings, stores = backstage.settings, backstage.stores
    night = Night(settings.refresh_at, ZoneInfo(settings.timezone))
    return Scheduler(
        EnsureDay(stores.shops, stores.runs, backstage.clock, night),
        backstage.work_bell,
        backstage.tasks,
        backstage.clock,
        backstage.observe,
        refresh_at=settings.refresh_at,
        timezone=settings.timezone,
    )


def _health(
    backstage: Backstage, scheduler: Scheduler, session: TelegramSession, metrics: Metrics
) -> HealthServer:
    clock = backstage.clock

    async def schema_is_ours() -> bool:
        return await is_at_head(backstage.database.engine)

    checks = Checks(
        alive={
            "loop": loop_is_responsive(),
            "ticks": recent(lambda: scheduler.last_tick, clock, most_seconds=TICK_MOST_SECONDS),
        },
        ready={"database": holds(schema_is_ours, "the schema is not at its newest revision")},
        degraded={
            "telegram": recent(
                lambda: session.health.last_success_at, clock, most_seconds=POLLING_MOST_SECONDS
            )
        },
    )
    settings = backstage.settings
    return HealthServer(settings.http_host, settings.http_port, checks, metrics.render)


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


async def bot_is_alive(backstage: Backstage) -> bool:
    """Say whether a bot's process lives on this database."""
    return await backstage.stores.locks.is_held(POLLING_LOCK)


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

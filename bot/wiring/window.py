"""The operator's window: what the health pages ask, and the gauges on `/metrics`."""

from collections.abc import Callable

from bot.core.errors import Code, StockTrackerError
from bot.core.events import DefectFound
from bot.core.vitals import Vitals  # noqa: TC001 - as everywhere else
from bot.kit.breaker import Breaker
from bot.observability.checks import (
    POLLING_MOST_SECONDS,
    TICK_MOST_SECONDS,
    holds,
    loop_is_responsive,
    recent,
)
from bot.observability.health import Checks, HealthServer
from bot.observability.metrics import Metrics
from bot.scheduler import Scheduler
from bot.storage.keys import check_keys
from bot.storage.migrations import is_at_head
from bot.telegram.session import TelegramSession
from bot.wiring.backstage import Backstage

LOOK_SECONDS = 15.0


class LastLook:
    """The vitals as last read: gauges may not wait for a database."""

    def __init__(self, backstage: Backstage) -> None:
        self._backstage = backstage
        self.vitals: Vitals | None = None

    async def forever(self) -> None:
        """Read them again and again; while the database is away they are not known."""
        clock = self._backstage.clock
        while True:
            try:
                self.vitals = await self._backstage.stores.vitals.read(clock.now())
            except StockTrackerError:
                self.vitals = None
            except Exception as error:  # noqa: BLE001 - a gauge must not end the looking
                self.vitals = None
                found = DefectFound("vitals", Code.INTERNAL, type(error).__name__)
                self._backstage.observe(found)
            await clock.sleep(LOOK_SECONDS)

    def of(self, name: str) -> Callable[[], float | None]:
        """Return how to read one of them."""
        return lambda: None if self.vitals is None else getattr(self.vitals, name)


def add_gauges(
    metrics: Metrics, look: LastLook, breakers: list[Breaker], session: TelegramSession
) -> None:
    """Put on the page what is not counted from events."""
    clock = look._backstage.clock  # noqa: SLF001 - of this room
    for name, explained in (
        ("open_runs", "Runs that are not finished"),
        ("oldest_figures_seconds", "Age of the oldest answer that a shop's figures rest on"),
        ("stale_shops", "Shops of the night whose figures are older than 30 hours"),
        ("outbox_pending", "Messages that are due and not delivered"),
        ("outbox_oldest_seconds", "Age of the oldest message that is due"),
        ("blocked_users", "People who have blocked the bot"),
    ):
        metrics.gauge(name, explained, look.of(name))

    def polling_age() -> float | None:
        last = session.health.last_success
        return None if last is None else clock.monotonic() - last

    metrics.gauge("polling_age_seconds", "Since Telegram last gave us updates", polling_age)
    reads = {one.name: _state_of(one) for one in breakers}
    metrics.gauges("breaker_open", "1: left in peace, for it fails", "name", reads)


def health_server(
    backstage: Backstage, scheduler: Scheduler, session: TelegramSession, metrics: Metrics
) -> HealthServer:
    """Return the server of the pages; nothing listens yet."""
    clock = backstage.clock

    async def schema_is_ours() -> bool:
        return await is_at_head(backstage.database.engine)

    async def keys_open() -> bool:
        await check_keys(backstage.database, backstage.vault)
        return True

    checks = Checks(
        alive={
            "loop": loop_is_responsive(),
            "ticks": recent(lambda: scheduler.last_tick, clock, most_seconds=TICK_MOST_SECONDS),
        },
        ready={
            "database": holds(schema_is_ours, "the schema is not at its newest revision"),
            "keys": holds(keys_open, "the keys do not open what is stored"),
        },
        degraded={
            "telegram": recent(
                lambda: session.health.last_success, clock, most_seconds=POLLING_MOST_SECONDS
            )
        },
    )
    settings = backstage.settings
    return HealthServer(settings.http_host, settings.http_port, checks, metrics.render)


def _state_of(breaker: Breaker) -> Callable[[], float]:
    return lambda: float(breaker.is_open)

"""00:01 Moscow time and a heartbeat: ticks only, the database is the schedule's memory."""

from collections.abc import Awaitable, Callable
from datetime import time
from zoneinfo import ZoneInfo

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from bot.core.errors import Code, StockTrackerError
from bot.core.events import DefectFound
from bot.core.ports import Observe
from bot.kit.clock import Clock
from bot.kit.tasks import Tasks
from bot.kit.wakeup import Wakeup
from bot.usecases.ensure_day import EnsureDay

HEARTBEAT_SECONDS = 20
LATE_IS_FINE_SECONDS = 3600


class Scheduler:
    """Calls `ensure_day` at the night's beginning and with every heartbeat.

    A tick only starts a task of ours: APScheduler would cancel its own jobs at the stop.
    `last_tick` is when the last one ended, well or not, in monotonic seconds: for the health
    check, which must not kill a process that waits for its database.
    """

    def __init__(  # noqa: PLR0913 - each is a part of the tick
        self,
        ensure_day: EnsureDay,
        wakeup: Wakeup,
        tasks: Tasks,
        clock: Clock,
        observe: Observe,
        *,
        refresh_at: time,
        timezone: str,
    ) -> None:
        self._ensure_day = ensure_day
        self._wakeup = wakeup
        self._tasks = tasks
        self._clock = clock
        self._observe = observe
        self._ticker = _ticker(self._tick, refresh_at, ZoneInfo(timezone))
        self._ticker.add_listener(
            self._alarm, EVENT_JOB_ERROR | EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES
        )
        self._is_busy = False
        self._stopping = False
        self.last_tick: float | None = None

    async def start(self) -> None:
        """Reconcile once, now, and then with every tick."""
        await self.reconcile()
        self._ticker.start()
        self._tasks.start("heartbeat", self._heartbeat())

    def stop(self) -> None:
        """Tick no more."""
        self._stopping = True
        if self._ticker.running:
            self._ticker.shutdown(wait=False)

    async def reconcile(self) -> None:
        """Make the runs that are missing and wake the worker; a failure is told and survived."""
        self._is_busy = True
        try:
            if await self._ensure_day():
                self._wakeup.ring()
        except StockTrackerError as error:
            self._observe(DefectFound("scheduler", error.code, error.detail))
        except Exception as error:  # noqa: BLE001 - the heartbeat must outlive everything
            self._observe(DefectFound("scheduler", Code.INTERNAL, type(error).__name__))
        finally:
            self.last_tick = self._clock.monotonic()
            self._is_busy = False

    async def _heartbeat(self) -> None:
        """Tick by the monotonic clock: a wall clock that is set back would stop APScheduler."""
        while not self._stopping:
            await self._clock.sleep(HEARTBEAT_SECONDS)
            if not self._stopping:
                await self._tick()

    async def _tick(self) -> None:
        if not self._is_busy:
            self._tasks.start("reconcile", self.reconcile())

    def _alarm(self, event: object) -> None:
        self._observe(DefectFound("scheduler.tick", Code.INTERNAL, type(event).__name__))


def _ticker(tick: Callable[[], Awaitable[None]], at: time, zone: ZoneInfo) -> AsyncIOScheduler:
    ticker = AsyncIOScheduler(timezone=zone)
    options = {"misfire_grace_time": LATE_IS_FINE_SECONDS, "coalesce": True}
    night = CronTrigger(hour=at.hour, minute=at.minute, timezone=zone)
    ticker.add_job(tick, night, id="night", **options)
    return ticker

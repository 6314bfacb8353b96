"""Make sure that every eligible shop has its nightly run; asking twice changes nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.period import MOSCOW, moscow_day, start_of_day
from bot.core.ports import RunStore, ShopStore
from bot.core.sellers import GONE_AFTER
from bot.kit.clock import Clock

SPREAD_SECONDS = 300.0
SECONDS_PER_SHOP = 10.0  # a house of few shops need not wait for minutes


@dataclass(frozen=True, slots=True)
class Night:
    """When the night begins: a wall time in a zone."""

    begins: time = time(0, 1)
    zone: ZoneInfo = MOSCOW

    def start(self, now: datetime) -> datetime | None:
        """Return when the night of today's Moscow day began; `None` before that."""
        start = self._start_of(moscow_day(now))
        return start if start <= now else None

    def last(self, now: datetime) -> tuple[date, datetime]:
        """Return the day of the night that began last, maybe yesterday's, and when it began."""
        day = moscow_day(now)
        while self._start_of(day) > now:
            day -= timedelta(days=1)
        return day, self._start_of(day)

    def _start_of(self, day: date) -> datetime:
        """Return the instant of that Moscow day at which clocks in the zone show the hour.

        Where they leave the day out, as when summer time ends there, it is the day's beginning.
        """
        on_the_day = datetime.combine(day, self.begins, self.zone)
        near = (on_the_day + timedelta(days=shift) for shift in (0, -1, 1))
        return next((each for each in near if moscow_day(each) == day), start_of_day(day))


class EnsureDay:
    """Called at the night's beginning and by every heartbeat, also to catch up."""

    def __init__(  # noqa: PLR0913 - each is a part of the night
        self,
        shops: ShopStore,
        runs: RunStore,
        clock: Clock,
        night: Night,
        *,
        time_scale: float = 1.0,
        on_night: Callable[[], None] = lambda: None,
    ) -> None:
        self._shops = shops
        self._runs = runs
        self._clock = clock
        self._night = night
        self._on_night = on_night
        self._time_scale = time_scale

    async def __call__(self) -> int:
        """Return how many nightly runs were made now; `on_night` hears of it if there were any."""
        now = self._clock.now()
        start = self._night.start(now)
        if start is None:
            return 0
        shops = await self._shops.eligible(before=start, gone_since=now - GONE_AFTER)
        made = await self._runs.ensure_nightly(
            moscow_day(now), shops, now=now, spread_seconds=self._spread(len(shops))
        )
        if made:
            self._on_night()
        return made

    def _spread(self, number: int) -> float:
        """Return over how many seconds that many shops begin."""
        return min(SPREAD_SECONDS, SECONDS_PER_SHOP * number) / self._time_scale

"""Watch over the night: say when it is done, and sound the alarm when it is not by morning."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta

from bot.core.errors import Code, StockTrackerError
from bot.core.events import DefectFound
from bot.core.period import moscow_day
from bot.core.ports import Observe, VitalSigns
from bot.core.vitals import NightState
from bot.kit.clock import Clock
from bot.usecases.ensure_day import Night

LOOK_SECONDS = 20.0
TO_BE_DONE_WITHIN = timedelta(hours=5, minutes=59)  # 00:01 to 06:00

Ping = Callable[[str], Awaitable[bool]]


class WatchNight:
    """A dead man's switch that does not depend on the scheduler it watches.

    `ping` tells an outside watchman "start", "done" or "fail", each once a night, and returns
    whether it was heard; what was not is said again. Done: every run has ended, or waits for
    something that has a name.
    """

    def __init__(
        self, vitals: VitalSigns, night: Night, clock: Clock, observe: Observe, ping: Ping
    ) -> None:
        self._vitals = vitals
        self._night = night
        self._clock = clock
        self._observe = observe
        self._ping = ping
        self._day: date | None = None
        self._told: set[str] = set()

    async def forever(self) -> None:
        """Look again and again, by the monotonic clock."""
        while True:
            await self.look()
            await self._clock.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Look once; a database that is away counts as a night that is not done."""
        now = self._clock.now()
        began = self._night.start(now)
        if began is None:
            return
        if moscow_day(now) != self._day:
            self._day, self._told = moscow_day(now), set()
        await self._tell("start")
        state, why = await self._state(began, now)
        if state is not None and state.is_done:
            await self._tell("done")
        elif now >= began + TO_BE_DONE_WITHIN and "done" not in self._told:
            await self._miss(why)

    async def _state(self, began: datetime, now: datetime) -> tuple[NightState | None, str]:
        try:
            state = await self._vitals.night(moscow_day(now), began=began, now=now)
        except StockTrackerError as error:
            return None, str(error.code)
        return state, f"{state.missing} shops without a run, {state.unfinished} unfinished"

    async def _miss(self, why: str) -> None:
        if "fail" not in self._told:
            self._observe(DefectFound("night.not_done", Code.INTERNAL, why))
        await self._tell("fail")

    async def _tell(self, what: str) -> None:
        if what not in self._told and await self._ping(what):
            self._told.add(what)

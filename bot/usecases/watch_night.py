"""Watch over the night: say when it is done, and sound the alarm when it is not by morning."""

from datetime import date, datetime, timedelta
from typing import Protocol

from bot.core.errors import Code, StockTrackerError
from bot.core.events import DefectFound, NightMissed
from bot.core.ports import Observe, VitalSigns
from bot.kit.clock import Clock
from bot.usecases.ensure_day import Night

LOOK_SECONDS = 20.0
TO_BE_DONE_WITHIN = timedelta(hours=5, minutes=59)  # 00:01 to 06:00


class Ping(Protocol):
    """Tells an outside watchman "start", "done" or "fail", with words of our own if need be."""

    async def __call__(self, what: str, words: str = "") -> bool:
        """Return whether it was heard. Never raises."""
        ...


class WatchNight:
    """A dead man's switch that does not depend on the scheduler it watches.

    Each word is said once a night; what was not heard is said again. At 06:00 the night is judged,
    whatever was said of it before (as soon as somebody can tell, if it was done already); one that
    was missed and ends later is "done" after all.
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
        self._missed: NightMissed | None = None
        self._is_judged = False

    async def forever(self) -> None:
        """Look again and again, by the monotonic clock; whatever breaks is told."""
        while True:
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 - the watch must outlive everything
                self._observe(DefectFound("night.watch", Code.INTERNAL, type(error).__name__))
            await self._clock.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Look once; a night of which nobody can tell is not done."""
        now = self._clock.now()
        day, began = self._night.last(now)
        if day != self._day:
            self._day, self._told = day, set()
            self._is_judged, self._missed = False, None
        await self._tell("start")
        shortfall = await self._shortfall(day, began, now)
        if now >= began + TO_BE_DONE_WITHIN and not self._is_judged:
            nobody_can_tell = shortfall is not None and shortfall.state is None
            if not (nobody_can_tell and "done" in self._told):
                self._judge(shortfall)
        if shortfall is None:
            await self._tell("done")
        elif self._missed is not None and "done" not in self._told:
            await self._tell("fail", _words(self._missed))

    async def _shortfall(self, day: date, began: datetime, now: datetime) -> NightMissed | None:
        """Return what would make this a missed night; `None`: it is done."""
        try:
            state = await self._vitals.night(day, began=began, now=now)
        except Exception as error:  # noqa: BLE001 - whatever it is, the night is not known as done
            return NightMissed(
                error.code if isinstance(error, StockTrackerError) else Code.INTERNAL
            )
        return None if state.is_done else NightMissed(Code.INTERNAL, state)

    def _judge(self, shortfall: NightMissed | None) -> None:
        self._is_judged, self._missed = True, shortfall
        if shortfall is not None:
            self._told.discard("done")
            self._observe(shortfall)

    async def _tell(self, what: str, words: str = "") -> None:
        if what not in self._told and await self._ping(what, words):
            self._told.add(what)


def _words(missed: NightMissed) -> str:
    state = missed.state
    if state is None:
        return f"{missed.problem}: nobody can tell how far the night has come"
    return (
        f"{state.missing} shops without a run, {state.unfinished} unfinished, "
        f"{state.waiting} waiting with nothing new"
    )

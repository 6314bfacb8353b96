"""Forget, once a night, what nobody will need any more."""

from datetime import date, timedelta

from bot.core.errors import Code, StockTrackerError
from bot.core.events import DefectFound
from bot.core.ports import KeepSince, Leftovers, Observe
from bot.kit.clock import Clock
from bot.usecases.ensure_day import Night

LOOK_SECONDS = 600.0
AFTER_THE_NIGHT_BEGAN = timedelta(hours=4)  # when most of it is done
RUNS_AND_NOTICES_FOR = timedelta(days=90)
DRAFTS_FOR = timedelta(days=6)  # forgotten once a night: none reaches a week


class ForgetOld:
    """Drops ended runs, settled messages, abandoned forms, expired invitations, full budgets.

    In small steps, so that nobody has to wait; doing it twice, or in two processes at once, does
    no harm.
    """

    def __init__(self, leftovers: Leftovers, night: Night, clock: Clock, observe: Observe) -> None:
        self._leftovers = leftovers
        self._night = night
        self._clock = clock
        self._observe = observe
        self._done_for: date | None = None

    async def forever(self) -> None:
        """Do so every night; what breaks is told, and tried again."""
        while True:
            try:
                await self.tonight()
            except StockTrackerError as error:
                self._observe(DefectFound("forget_old", error.code, error.detail))
            except Exception as error:  # noqa: BLE001 - the next night's must come
                self._observe(DefectFound("forget_old", Code.INTERNAL, type(error).__name__))
            await self._clock.sleep(LOOK_SECONDS)

    async def tonight(self) -> None:
        """Do so when the night is far enough, unless that was done."""
        now = self._clock.now()
        day, began = self._night.last(now)
        if now >= began + AFTER_THE_NIGHT_BEGAN and self._done_for != day:
            await self()
            self._done_for = day

    async def __call__(self) -> int:
        """Forget what is old now; return how many rows that were.

        Raises:
            Transient: our own storage is away; what was forgotten stays so.
        """
        now = self._clock.now()
        keep = KeepSince(
            runs=now - RUNS_AND_NOTICES_FOR,
            notices=now - RUNS_AND_NOTICES_FOR,
            drafts=now - DRAFTS_FOR,
            invites=now,
            budgets=now,
        )
        dropped = 0
        while some := await self._leftovers.drop_some(keep):
            dropped += some
        return dropped

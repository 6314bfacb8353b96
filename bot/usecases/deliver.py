"""Deliver what the outbox owes; each kind of notice has its policy for unknown outcomes."""

from datetime import timedelta

from bot.core.errors import Code, SellerMustAct, StockTrackerError, Transient
from bot.core.events import DefectFound, Notice, NoticeKind
from bot.core.ports import Messenger, Observe, Outbox, SellerStore
from bot.kit.clock import Clock
from bot.kit.wakeup import Wakeup

AT_ONCE = 20
NAP_SECONDS = 2.0
RETRY_SECONDS = 15.0
LONGEST_RETRY_SECONDS = 600.0
AT_MOST_ONCE = frozenset({NoticeKind.MORNING_TABLE})


class Deliver:
    """The sender of one process."""

    def __init__(  # noqa: PLR0913 - each is a port of its own
        self,
        *,
        outbox: Outbox,
        messenger: Messenger,
        sellers: SellerStore,
        clock: Clock,
        observe: Observe,
        wakeup: Wakeup,
    ) -> None:
        self._outbox = outbox
        self._messenger = messenger
        self._sellers = sellers
        self._clock = clock
        self._observe = observe
        self._wakeup = wakeup

    async def forever(self) -> None:
        """Deliver until cancelled; a database or Telegram that is away is waited for."""
        while True:
            try:
                delivered = await self.once()
            except Transient as error:
                self._observe(DefectFound("deliver", error.code, error.detail))
                delivered = 0
            if delivered < AT_ONCE:
                await self._wakeup.wait(NAP_SECONDS)

    async def once(self) -> int:
        """Deliver what is due now; return how many notices were handled."""
        due = await self._outbox.due(now=self._clock.now(), limit=AT_ONCE)
        for notice in due:
            await self._one(notice)
        return len(due)

    async def _one(self, notice: Notice) -> None:
        if notice.expires_at <= self._clock.now() or self._may_be_out_already(notice):
            await self._outbox.settle(notice.id, delivered=False)
            return
        await self._outbox.started(notice.id)
        try:
            await self._messenger.deliver(notice)
        except Transient as error:
            await self._failed(notice, error)
        except SellerMustAct:
            await self._sellers.set_blocked(notice.telegram_id, self._clock.now())
            await self._outbox.settle(notice.id, delivered=False)
        except Exception as error:  # noqa: BLE001 - one notice must not hold up the others
            self._given_up(notice, error)
            await self._outbox.settle(notice.id, delivered=False)
        else:
            await self._outbox.settle(notice.id, delivered=True)

    async def _failed(self, notice: Notice, error: Transient) -> None:
        """Try again what surely did not go out, and what may go out twice."""
        unknown = error.retry_after_seconds is None
        if unknown and notice.kind in AT_MOST_ONCE:
            await self._outbox.settle(notice.id, delivered=False)
            return
        doubled = RETRY_SECONDS * 2.0 ** min(notice.attempts, 6)
        seconds = error.retry_after_seconds or min(doubled, LONGEST_RETRY_SECONDS)
        await self._outbox.postpone(notice.id, self._clock.now() + timedelta(seconds=seconds))

    def _may_be_out_already(self, notice: Notice) -> bool:
        """Say whether an attempt was begun and never settled (a crash in between)."""
        return notice.in_doubt and notice.kind in AT_MOST_ONCE

    def _given_up(self, notice: Notice, error: Exception) -> None:
        code = error.code if isinstance(error, StockTrackerError) else Code.INTERNAL
        self._observe(DefectFound(f"deliver.{notice.kind}", code, type(error).__name__))

"""Deliver what the outbox owes; each kind of notice has its policy for unknown outcomes."""

import asyncio
from datetime import timedelta

from bot.core.errors import Code, SellerMustAct, StockTrackerError, Transient, gravest
from bot.core.events import DefectFound, Notice, NoticeKind
from bot.core.ports import Messenger, Observe, Outbox, SellerStore
from bot.kit.breaker import Breaker
from bot.kit.clock import Clock
from bot.kit.wakeup import Wakeup
from bot.usecases.news import night_ends_at

AT_ONCE = 20
NAP_SECONDS = 2.0
RETRY_SECONDS = 15.0
LONGEST_RETRY_SECONDS = 600.0
BETWEEN_SECONDS = 0.04  # 25 messages a second; Telegram takes about 30
HIDDEN_SECONDS = 120.0
DROPPED_WITH_THE_PERSON_FROM = 1  # the id 0 stands for all admins
AT_MOST_ONCE = frozenset({NoticeKind.MORNING_TABLE})


class Deliver:
    """The sender of one process; several processes on one database never send the same thing.

    Of `AT_MOST_ONCE` kinds a doubtful attempt is the last one; all others are sent again.
    An appeal that comes late, because Telegram was away, waits for the person's next morning.
    """

    def __init__(  # noqa: PLR0913 - each is a port of its own
        self,
        *,
        outbox: Outbox,
        messenger: Messenger,
        sellers: SellerStore,
        clock: Clock,
        observe: Observe,
        wakeup: Wakeup,
        breaker: Breaker,
    ) -> None:
        self._outbox = outbox
        self._messenger = messenger
        self._sellers = sellers
        self._clock = clock
        self._observe = observe
        self._wakeup = wakeup
        self._breaker = breaker
        self._resumes_at = 0.0
        self._stopping = False
        self._idle = asyncio.Event()
        self._idle.set()

    async def forever(self) -> None:
        """Deliver until `stop`; a database or Telegram that is away is waited for."""
        while not self._stopping:
            if await self._guarded() < AT_ONCE:
                await self._wakeup.wait(max(NAP_SECONDS, self._pause_seconds()))

    async def stop(self, seconds: float) -> bool:
        """Send what is due now and no more; say whether that was done within `seconds`."""
        self._stopping = True
        self._wakeup.ring()
        try:
            async with asyncio.timeout(seconds):
                await self._idle.wait()
                await self._guarded()
        except TimeoutError:
            return False
        return True

    async def once(self) -> int:
        """Deliver what is due now; return how many notices were handled.

        Raises:
            Transient: our own storage is away.
        """
        due = await self._outbox.due(now=self._clock.now(), limit=AT_ONCE)
        for handled, notice in enumerate(due):
            if self._pause_seconds() > 0:
                return handled
            await self._one(notice)
            await self._clock.sleep(BETWEEN_SECONDS)
        return len(due)

    async def _guarded(self) -> int:
        """Deliver once; whatever breaks is told, and the sender lives on."""
        self._idle.clear()
        try:
            return await self.once()
        except Exception as error:  # noqa: BLE001 - the sender must outlive everything
            worst = gravest(error)
            code = worst.code if isinstance(worst, StockTrackerError) else Code.INTERNAL
            self._observe(DefectFound("deliver", code, type(worst).__name__))
            return 0
        finally:
            self._idle.set()

    def _pause_seconds(self) -> float:
        """Return how long nothing goes out: Telegram has said so, or seems to be away."""
        return self._resumes_at - self._clock.monotonic()

    async def _one(self, notice: Notice) -> None:
        now = self._clock.now()
        if notice.expires_at <= now or self._may_be_out_already(notice):
            await self._outbox.settle(notice.id, delivered=False)
            return
        morning = night_ends_at(notice, now)
        if morning is not None:
            await self._outbox.postpone(notice.id, morning)
            return
        wait_seconds = self._breaker.wait_seconds(notice.telegram_id)
        if wait_seconds:
            self._pause(wait_seconds)
            return
        await self._send(notice)

    async def _send(self, notice: Notice) -> None:
        until = self._clock.now() + timedelta(seconds=HIDDEN_SECONDS)
        if not await self._outbox.started(notice, until=until):
            return
        try:
            await self._messenger.deliver(notice)
        except Transient as error:
            await self._failed(notice, error)
            return
        except SellerMustAct:
            await self._person_is_gone(notice)
        except Exception as error:  # noqa: BLE001 - one notice must not hold up the others
            self._given_up(notice, error)
            await self._outbox.settle(notice.id, delivered=False)
        else:
            await self._outbox.settle(notice.id, delivered=True)
        self._breaker.succeeded()

    async def _person_is_gone(self, notice: Notice) -> None:
        """Nothing that is owed to him can be sent: not this, not the rest."""
        await self._outbox.settle(notice.id, delivered=False)
        if notice.telegram_id >= DROPPED_WITH_THE_PERSON_FROM:
            await self._sellers.set_blocked(notice.telegram_id, self._clock.now())
            await self._outbox.give_up_person(notice.telegram_id)

    async def _failed(self, notice: Notice, error: Transient) -> None:
        """Try again what surely did not go out, and what may go out twice.

        A wait that is named (too many messages, nobody reached) holds for everything we send.
        """
        if error.code is not Code.TELEGRAM_FAILED:  # ours: the table could not be read
            await self._again(notice, RETRY_SECONDS)
            return
        if error.retry_after_seconds is not None:
            self._pause(error.retry_after_seconds)
            await self._again(notice, error.retry_after_seconds)
            return
        self._breaker.failed(notice.telegram_id)
        if notice.kind in AT_MOST_ONCE:
            await self._outbox.settle(notice.id, delivered=False)
            return
        doubled = RETRY_SECONDS * 2.0 ** min(notice.attempts, 6)
        await self._again(notice, min(doubled, LONGEST_RETRY_SECONDS))

    async def _again(self, notice: Notice, seconds: float) -> None:
        await self._outbox.postpone(notice.id, self._clock.now() + timedelta(seconds=seconds))

    def _pause(self, seconds: float) -> None:
        self._resumes_at = max(self._resumes_at, self._clock.monotonic() + seconds)

    def _may_be_out_already(self, notice: Notice) -> bool:
        """Say whether an attempt was begun and never settled (a crash in between)."""
        return notice.in_doubt and notice.kind in AT_MOST_ONCE

    def _given_up(self, notice: Notice, error: Exception) -> None:
        code = error.code if isinstance(error, StockTrackerError) else Code.INTERNAL
        self._observe(DefectFound(f"deliver.{notice.kind}", code, type(error).__name__))

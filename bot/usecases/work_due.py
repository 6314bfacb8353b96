"""Work runs that are due: lease a shop, refresh it, give the lease back."""

import asyncio
from datetime import timedelta

from bot.core.errors import Code, StockTrackerError, Transient, gravest
from bot.core.events import DefectFound, RunFinished
from bot.core.ports import Observe, RunStore, Superseded
from bot.core.runs import Claim, RunStatus
from bot.kit.clock import Clock
from bot.kit.tasks import Tasks
from bot.kit.wakeup import Wakeup
from bot.usecases.refresh_shop import RefreshShop

LEASE_SECONDS = 45.0
HEARTBEAT_SECONDS = 10.0
LONGEST_NAP_SECONDS = 20.0
SHOPS_AT_ONCE = 64
MOST_ATTEMPTS = 3
PASS_SECONDS = 1800.0


class WorkDue:
    """The worker of one process. Waiting for a vendor holds none of its places."""

    def __init__(  # noqa: PLR0913 - each is a part of the loop
        self,
        runs: RunStore,
        refresh_shop: RefreshShop,
        clock: Clock,
        observe: Observe,
        wakeup: Wakeup,
        *,
        owner: str,
    ) -> None:
        self._runs = runs
        self._refresh_shop = refresh_shop
        self._clock = clock
        self._observe = observe
        self._wakeup = wakeup
        self._owner = owner
        self._working = Tasks(self._broke)
        self._stopping = False

    async def forever(self) -> None:
        """Claim and work until `stop`; a database that is away is waited for."""
        while not self._stopping:
            nap_seconds = await self._claim_and_nap()
            await self._wakeup.wait(nap_seconds)

    async def keep_leases(self) -> None:
        """Prolong this process's leases as long as it lives; real time, never scaled."""
        while True:
            await self._clock.sleep(HEARTBEAT_SECONDS)
            try:
                await self._runs.heartbeat(
                    self._owner, now=self._clock.now(), lease_seconds=LEASE_SECONDS
                )
            except Transient as error:
                self._observe(DefectFound("work_due.heartbeat", error.code, error.detail))

    async def stop(self, seconds: float) -> None:
        """Claim no more; let what runs end within `seconds`, then stop it at its last step."""
        self._stopping = True
        self._wakeup.ring()
        if not await self._working.drain(seconds):
            await self._working.close()
        await self._runs.release(self._owner)

    async def _claim_and_nap(self) -> float:
        """Start what is due and return how long there is nothing more to start."""
        try:
            while len(self._working) < SHOPS_AT_ONCE:
                claim = await self._runs.claim(
                    self._owner, now=self._clock.now(), lease_seconds=LEASE_SECONDS
                )
                if claim is None:
                    break
                self._working.start(f"run-{claim.run.id}", self._work(claim))
            due_at = await self._runs.next_due()
        except Transient as error:
            self._observe(DefectFound("work_due.claim", error.code, error.detail))
            return LONGEST_NAP_SECONDS
        if due_at is None or len(self._working) >= SHOPS_AT_ONCE:
            return LONGEST_NAP_SECONDS
        seconds = (due_at - self._clock.now()).total_seconds()
        return min(max(seconds, 0.0), LONGEST_NAP_SECONDS)

    async def _work(self, claim: Claim) -> None:
        """Refresh one shop; whatever happens ends in a stored state of the run."""
        try:
            if claim.run.attempts > MOST_ATTEMPTS:
                await self._fail(claim, claim.run.problem or Code.INTERNAL)
                return
            async with asyncio.timeout(PASS_SECONDS):
                await self._refresh_shop(claim)
        except Superseded:
            return
        except Exception as error:  # noqa: BLE001 - one shop's trouble must not touch another's
            await self._broken_pass(claim, gravest(error))
        finally:
            self._wakeup.ring()

    async def _broken_pass(self, claim: Claim, error: BaseException) -> None:
        if isinstance(error, Superseded):
            return
        code = error.code if isinstance(error, StockTrackerError) else Code.INTERNAL
        detail = error.detail if isinstance(error, StockTrackerError) else type(error).__name__
        self._observe(DefectFound("refresh_shop", code, detail, claim.shop_id))
        counts = not isinstance(error, Transient)
        if counts and claim.run.attempts + 1 >= MOST_ATTEMPTS:
            await self._fail(claim, code)
            return
        until = self._clock.now() + timedelta(seconds=60 * (claim.run.attempts + 1))
        await self._runs.postpone(claim, until, problem=code, counts=counts)

    async def _fail(self, claim: Claim, code: Code) -> None:
        now = self._clock.now()
        await self._runs.finish(claim, RunStatus.FAILED, problem=code, at=now)
        seconds = (now - claim.run.created_at).total_seconds()
        run = claim.run
        self._observe(
            RunFinished(run.id, run.shop_id, run.kind, RunStatus.FAILED, code, seconds, 0)
        )

    def _broke(self, name: str, error: BaseException) -> None:
        worst = gravest(error)
        code = worst.code if isinstance(worst, StockTrackerError) else Code.INTERNAL
        if not isinstance(worst, Superseded):
            self._observe(DefectFound(name, code, type(worst).__name__))

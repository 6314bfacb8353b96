"""Work runs that are due: lease a shop, refresh it, give the lease back."""

import asyncio
from datetime import timedelta

from bot.core.errors import Code, StockTrackerError, Transient, gravest
from bot.core.events import DefectFound, LeaseRescued
from bot.core.ports import Observe, RunStore, Superseded
from bot.core.runs import Claim
from bot.kit.clock import Clock
from bot.kit.tasks import Tasks
from bot.kit.wakeup import Wakeup
from bot.usecases.refresh_shop import RefreshShop

LEASE_SECONDS = 45.0
HEARTBEAT_SECONDS = 10.0
LONGEST_NAP_SECONDS = 20.0
STORAGE_NAP_SECONDS = 2.0
RELEASE_SECONDS = 2.0
SHOPS_AT_ONCE = 64
MOST_ATTEMPTS = 3
MOST_CRASHES = 5
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
        pass_seconds: float = PASS_SECONDS,
    ) -> None:
        self._runs = runs
        self._refresh_shop = refresh_shop
        self._clock = clock
        self._observe = observe
        self._wakeup = wakeup
        self._owner = owner
        self._pass_seconds = pass_seconds
        self._working = Tasks(self._broke)
        self._held: dict[int, int] = {}  # the fence of each shop that is worked here, by its id
        self._to_give_back: list[tuple[Claim, Code]] = []
        self._stopping = False
        self._claiming = asyncio.Lock()

    async def forever(self) -> None:
        """Claim and work until `stop`; a database that is away is waited for."""
        while not self._stopping:
            async with self._claiming:
                nap_seconds = await self._claim_and_nap()
            await self._wakeup.wait(nap_seconds)

    async def keep_leases(self) -> None:
        """Prolong the leases of what is worked here, in real time, never scaled.

        A lease whose claim or giving back was lost on the way is not: it runs out, and the run is
        taken over.
        """
        while True:
            await self._clock.sleep(HEARTBEAT_SECONDS)
            try:
                await self._runs.heartbeat(
                    self._owner,
                    now=self._clock.now(),
                    lease_seconds=LEASE_SECONDS,
                    held=dict(self._held),
                )
            except Exception as error:  # noqa: BLE001 - the heartbeat must outlive everything
                self._tell("work_due.heartbeat", error)

    async def stop(self, seconds: float) -> None:
        """Claim no more; let what runs end within `seconds`, then stop it at its last step."""
        self._stopping = True
        self._wakeup.ring()
        await self._last_claim()
        if not await self._working.drain(seconds):
            await self._working.close()
        try:
            async with asyncio.timeout(RELEASE_SECONDS):
                await self._runs.release(self._owner)
        except (Transient, TimeoutError) as error:
            self._tell("work_due.release", error)  # the leases run out by themselves

    async def _last_claim(self) -> None:
        """Wait for a claim that is on its way: one that came after `release` would stay."""
        try:
            async with asyncio.timeout(RELEASE_SECONDS), self._claiming:
                return
        except TimeoutError as error:
            self._tell("work_due.claim", error)  # its lease runs out by itself

    async def _claim_and_nap(self) -> float:
        """Start what is due and return how long there is nothing more to start."""
        try:
            await self._give_back()
            while len(self._working) < SHOPS_AT_ONCE and not self._stopping:
                claim = await self._runs.claim(
                    self._owner,
                    now=self._clock.now(),
                    lease_seconds=LEASE_SECONDS,
                    held=dict(self._held),
                )
                if claim is None:
                    break
                self._begin(claim)
            due_at = await self._runs.next_due(self._owner, held=dict(self._held))
        except Exception as error:  # noqa: BLE001 - the worker must outlive everything
            self._tell("work_due.claim", error)
            return STORAGE_NAP_SECONDS
        if due_at is None or len(self._working) >= SHOPS_AT_ONCE:
            return LONGEST_NAP_SECONDS
        seconds = (due_at - self._clock.now()).total_seconds()
        return min(max(seconds, 0.0), LONGEST_NAP_SECONDS)

    def _begin(self, claim: Claim) -> None:
        if claim.is_rescue:
            self._observe(LeaseRescued(claim.run.id, claim.shop_id))
        self._held[claim.shop_id] = claim.fence
        self._working.start(f"run-{claim.run.id}", self._work(claim))

    async def _give_back(self) -> None:
        """Give back what could not be given back while the database was away."""
        while self._to_give_back:
            claim, code = self._to_give_back[0]
            try:
                now = self._clock.now()
                await self._runs.postpone(claim, now, problem=code, counts=False)
            except Superseded:
                pass  # somebody has taken it over, or the seller has changed his mind
            del self._to_give_back[0]

    async def _work(self, claim: Claim) -> None:
        """Refresh one shop; whatever happens ends in a stored state of the run."""
        try:
            await self._one_pass(claim)
        except Superseded:
            return
        except Transient as error:  # storage is away: nothing can be written down just now
            self._tell("work_due.state", error, claim.shop_id)
            self._to_give_back.append((claim, error.code))
        finally:
            if self._held.get(claim.shop_id) == claim.fence:  # else a newer claim took its place
                del self._held[claim.shop_id]
            self._wakeup.ring()

    async def _one_pass(self, claim: Claim) -> None:
        if claim.run.crashes >= MOST_CRASHES:
            await self._refresh_shop.fail(claim, Code.INTERNAL)
            return
        try:
            async with asyncio.timeout(self._pass_seconds):
                await self._refresh_shop(claim)
        except Superseded:
            raise
        except Exception as error:  # noqa: BLE001 - one shop's trouble must not touch another's
            await self._broken_pass(claim, gravest(error))

    async def _broken_pass(self, claim: Claim, error: BaseException) -> None:
        if isinstance(error, Superseded):
            return
        code = _code(error)
        self._tell("refresh_shop", error, claim.shop_id)
        counts = not isinstance(error, Transient)
        if counts and claim.run.attempts + 1 >= MOST_ATTEMPTS:
            await self._refresh_shop.fail(claim, code)
            return
        until = self._clock.now() + timedelta(seconds=60 * (claim.run.attempts + 1))
        await self._runs.postpone(claim, until, problem=code, counts=counts)

    def _tell(self, where: str, error: BaseException, shop_id: int | None = None) -> None:
        worst = gravest(error)
        detail = worst.detail if isinstance(worst, StockTrackerError) else type(worst).__name__
        self._observe(DefectFound(where, _code(worst), detail, shop_id))

    def _broke(self, name: str, error: BaseException) -> None:
        self._tell(name, error)


def _code(error: BaseException) -> Code:
    return error.code if isinstance(error, StockTrackerError) else Code.INTERNAL

"""Whole refreshes: the use cases and the real adapter on the twin, on a real database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.core.runs import RunKind, RunStatus
from bot.sandbox.wildberries import KeyKind, Shop, WildberriesTwin, make_key, make_shop
from bot.usecases.request_refresh import OpenGate
from tests.support.databases import World
from tests.support.marketplace import KilledError, wildberries_at
from tests.support.nights import FakePublisher, House, house

SID = "11111111-2222-4333-8444-555555555555"
LEASE_SECONDS = 46.0


@dataclass
class Tables(FakePublisher):
    """Keeps every report that was published."""

    reports: list = field(default_factory=list)

    async def publish(self, report, destination, keep, *, guard, urgent=False):
        state = await super().publish(report, destination, keep, guard=guard, urgent=urgent)
        self.reports.append(report)
        return state


class Steps:
    """Counts what a refresh asks of its surroundings; the process dies before number `at`."""

    def __init__(self, at: int | None = None) -> None:
        self.taken, self._at = 0, at

    def step(self) -> None:
        self.taken += 1
        if self._at is not None and self.taken >= self._at:
            raise KilledError

    def around(self, real):
        return _Around(self, real)


class _Around:
    """Something whose every coroutine is a step; the dead do nothing any more."""

    def __init__(self, steps: Steps, real) -> None:
        self._steps, self._real = steps, real

    def __getattr__(self, name):
        found = getattr(self._real, name)
        if name == "memo":
            return lambda *args: self._steps.around(found(*args))
        if not callable(found) or name in {"sources", "read_key"}:
            return found

        async def call(*args, **kwargs):
            self._steps.step()
            return await found(*args, **kwargs)

        return call


@dataclass
class Refreshing:
    """A twin and a database that outlive the processes which work on them."""

    world: World
    twin: WildberriesTwin
    tables: Tables = field(default_factory=Tables)
    events: list = field(default_factory=list)

    @property
    def wb_shop(self) -> Shop:
        (shop,) = self.twin.world.shops.values()
        return shop

    @asynccontextmanager
    async def process(self, *, steps: Steps | None = None, owner: str = "me"):
        """Open one process: a worker with an adapter of its own."""
        steps = steps or Steps()
        real, clock = self.world.stores, self.world.clock
        stores = replace(
            real,
            runs=steps.around(real.runs),
            shops=steps.around(real.shops),
            snapshots=steps.around(real.snapshots),
            tables=steps.around(real.tables),
            budget=steps.around(real.budget),
        )
        around = replace(self.world, stores=stores)
        async with (
            wildberries_at(self.twin.url, clock, budget=stores.budget) as adapter,
            house(around, marketplace=adapter, publisher=self.tables, owner=owner) as here,
        ):
            yield here
            self.events += here.events

    async def connect(self, *, kind: KeyKind = KeyKind.BASE, **key):
        """Connect the shop, as yesterday, with a key of that kind."""
        stores, now = self.world.stores, self.world.clock.now()
        owner = await stores.sellers.add(77, _profile(), language="ru", consented_at=now)
        access = await self._access(kind, **key)
        return await stores.shops.connect(owner.id, access, now=now - timedelta(days=1))

    async def replace_key(self, shop, *, kind: KeyKind):
        """Give the shop another key of that kind."""
        access, now = await self._access(kind), self.world.clock.now()
        return await self.world.stores.shops.connect(shop.seller_id, access, now=now)

    async def _access(self, kind: KeyKind, **key):
        async with wildberries_at(self.twin.url, self.world.clock) as adapter:
            return adapter.read_key(make_key(sid=self.wb_shop.sid, kind=kind, **key))

    async def request(self, shop, kind: RunKind = RunKind.TAPPED):
        """Ask for a refresh."""
        now = self.world.clock.now()
        day = (now + timedelta(hours=3)).date()
        run, _ = await self.world.stores.runs.request(shop, kind, day=day, now=now)
        return run

    async def one_pass(self, here: House, run_id: int):
        """Work the run as far as it goes now."""
        async with self.world.clock.autorun(idle_seconds=0.004, busy=self.world.busy):
            await here.work()
        return await self.world.stores.runs.by_id(run_id)

    async def until_done(self, here: House, run_id: int):
        """Work the run to its end; waits pass by themselves."""
        run = await self.world.stores.runs.by_id(run_id)
        while run.status is RunStatus.OPEN:
            run = await self.one_pass(here, run_id)
            wait = (run.next_try_at - self.world.clock.now()).total_seconds()
            if run.status is RunStatus.OPEN and wait > 0:
                await self.world.clock.advance(wait)
        return run

    def counted(self, here: House):
        """Return the setting of what counts, of this process."""
        from bot.usecases.count_warehouses import CountWarehouses  # noqa: PLC0415 - few ask

        stores = self.world.stores
        return CountWarehouses(
            shops=stores.shops,
            runs=stores.runs,
            tables=stores.tables,
            gate=OpenGate(),
            clock=self.world.clock,
            wake=here.bell.ring,
        )


@asynccontextmanager
async def refreshing(world: World, shop: Shop | None = None, **sizes) -> AsyncIterator[Refreshing]:
    """Open a twin with one shop beside a database."""
    about = {"cards": 40, "warehouses": 6, "orders": 300} | sizes
    shop = shop or make_shop(now=world.clock.now(), sid=SID, **about)
    async with WildberriesTwin(world.clock, [shop]) as twin:
        yield Refreshing(world, twin)


def _profile():
    from tests.storage.people import PROFILE  # noqa: PLC0415 - a suite's own helper

    return PROFILE

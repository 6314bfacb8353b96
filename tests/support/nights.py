"""A worker among fakes of the marketplace, the table and the chat, on a real database."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

from bot.core.errors import Code, Defect, SellerMustAct, Transient
from bot.core.ports import TableState
from bot.core.products import Source
from bot.kit.tasks import Tasks
from bot.kit.threads import ThreadPool
from bot.kit.wakeup import Wakeup
from bot.usecases.collect import Collect
from bot.usecases.ensure_day import EnsureDay, Night
from bot.usecases.refresh_shop import RefreshShop
from bot.usecases.work_due import WorkDue
from tests.storage.people import access, remains, seller
from tests.support.databases import World

Answer = Callable[[], Awaitable[object]]


class Gate:
    """Something that hangs until it is opened; `reached` says that somebody is in it."""

    def __init__(self) -> None:
        self.reached, self._open = asyncio.Event(), asyncio.Event()

    async def __call__(self) -> None:
        self.reached.set()
        await self._open.wait()

    def open(self) -> None:
        self._open.set()


@dataclass
class FakeMarketplace:
    """Answers with stock; what `moods` says of a seller id happens instead, or first."""

    moods: dict[str, list[object]] = field(default_factory=dict)
    calls: Counter = field(default_factory=Counter)
    stock: int = 1

    def sources(self, _facts):
        return (Source.REMAINS,)

    async def shop_name(self, _access):
        return None

    async def collect(self, _source, access, _period, memo):
        sid, stock = access.facts.sid, self.stock
        self.calls[sid, access.key.reveal()] += 1
        mood = self.moods.get(sid)
        if mood:
            step = mood[0] if len(mood) == 1 else mood.pop(0)
            if isinstance(step, Gate):
                await step()
            elif isinstance(step, BaseException):
                raise step
        await memo.keep({"asked": 1}, b"page")
        return remains(*range(1, stock + 1))


@dataclass
class FakePublisher:
    """Writes tables into memory: one file per shop, made once; `gate` hangs before the write."""

    files: dict[int, str] = field(default_factory=dict)
    written: list[tuple[int, str]] = field(default_factory=list)
    made: Counter = field(default_factory=Counter)
    before_write: Gate | None = None
    error: Exception | None = None

    async def publish(self, report, destination, keep, *, guard, urgent=False):  # noqa: ARG002 - the port's
        shop_id, state = destination.shop_id, destination.state
        if self.error is not None:
            raise self.error
        if state.url is None:
            self.made[shop_id] += 1
            state = TableState(f"https://tables/{shop_id}/{self.made[shop_id]}", {})
            await keep(state)
        if self.before_write is not None:
            await self.before_write()
        await guard()
        self.written.append((shop_id, destination.title))
        return state


class Silent:
    """Shows nothing."""

    async def show_progress(self, _run):
        """Show nothing."""


@dataclass
class House:
    """One process: its worker, and what it has been told."""

    world: World
    marketplace: FakeMarketplace
    publisher: FakePublisher
    worker: WorkDue
    tasks: Tasks
    events: list
    bell: Wakeup
    ensure_day: EnsureDay

    async def work(self, seconds: float = 0.0) -> None:
        """Start what is due and let it end, as far as it can without time passing."""
        await self.worker._claim_and_nap()
        await self.worker._working.drain(20)
        if seconds:
            await self.world.clock.advance(seconds)


@asynccontextmanager
async def house(
    world: World, *, marketplace=None, publisher=None, owner: str = "me", **options
) -> AsyncIterator[House]:
    """Open one process's worker on a database; more than one can be open at once."""
    stores, clock, events = world.stores, world.clock, []
    marketplace = marketplace or FakeMarketplace()
    publisher = publisher or FakePublisher()
    tasks, pool, bell = Tasks(lambda *_: None), ThreadPool("test", 1), Wakeup(clock)
    dice = Random(1)  # noqa: S311 - jitter, no secret
    collect = Collect(
        marketplace, stores.snapshots, stores.runs, clock, events.append, random=dice
    )
    refresh = RefreshShop(
        sellers=stores.sellers,
        shops=stores.shops,
        runs=stores.runs,
        tables=stores.tables,
        locks=stores.locks,
        collect=collect,
        marketplace=marketplace,
        publisher=publisher,
        messenger=Silent(),
        pool=pool,
        tasks=tasks,
        clock=clock,
        observe=events.append,
        random=dice,
    )
    worker = WorkDue(stores.runs, refresh, clock, events.append, bell, owner=owner, **options)
    ensure_day = EnsureDay(stores.shops, stores.runs, clock, Night())
    try:
        yield House(world, marketplace, publisher, worker, tasks, events, bell, ensure_day)
    finally:
        await worker._working.close()
        await tasks.close()
        pool.close()


async def shops_of_the_night(world: World, count: int):
    """Connect that many shops yesterday, each of a seller of its own."""
    yesterday = world.clock.now() - timedelta(days=1)
    made = []
    for number in range(1, count + 1):
        owner = await seller(world, telegram_id=1000 + number)
        key = replace(access(f"sid-{number}", key=f"key.of.{number}"))
        made.append(await world.stores.shops.connect(owner.id, key, now=yesterday))
    return made


AWAY = Transient(Code.VENDOR_UNREACHABLE, "test")
GARBAGE = Defect(Code.ANSWER_NOT_UNDERSTOOD, "test")
REFUSED = SellerMustAct(Code.KEY_REJECTED, "test")

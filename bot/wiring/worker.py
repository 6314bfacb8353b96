"""The worker of one process, and working without a chat."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import SystemRandom

from bot.core.errors import Code, Transient
from bot.core.events import Notice
from bot.core.ports import Messenger
from bot.core.runs import Run
from bot.usecases.collect import Collect
from bot.usecases.refresh_shop import RefreshShop
from bot.usecases.work_due import WorkDue
from bot.wiring.backstage import Backstage

STOP_SECONDS = 20.0


class Silence:
    """The messenger where no chat is open: the outbox keeps what is owed."""

    async def show_progress(self, run: Run) -> None:
        """Show nothing."""

    async def deliver(self, notice: Notice) -> None:
        """Refuse: only the bot's process delivers."""
        raise Transient(Code.TELEGRAM_FAILED, notice.kind)


def open_worker(backstage: Backstage, messenger: Messenger) -> WorkDue:
    """Return the worker of this process."""
    stores, settings = backstage.stores, backstage.settings
    random = SystemRandom()
    collect = Collect(
        backstage.marketplace,
        stores.snapshots,
        stores.runs,
        backstage.clock,
        backstage.observe,
        random=random,
        time_scale=settings.time_scale,
    )
    refresh = RefreshShop(
        sellers=stores.sellers,
        shops=stores.shops,
        runs=stores.runs,
        tables=stores.tables,
        locks=stores.locks,
        collect=collect,
        marketplace=backstage.marketplace,
        publisher=backstage.publisher,
        messenger=messenger,
        pool=backstage.pool,
        tasks=backstage.tasks,
        clock=backstage.clock,
        observe=backstage.observe,
        random=random,
        time_scale=settings.time_scale,
    )
    return WorkDue(
        stores.runs,
        refresh,
        backstage.clock,
        backstage.observe,
        backstage.work_bell,
        owner=backstage.owner,
    )


@asynccontextmanager
async def working(backstage: Backstage) -> AsyncIterator[None]:
    """Work runs off in this process, without a chat."""
    worker = open_worker(backstage, Silence())
    backstage.tasks.start("worker", worker.forever())
    backstage.tasks.start("leases", worker.keep_leases())
    try:
        yield
    finally:
        await worker.stop(STOP_SECONDS)

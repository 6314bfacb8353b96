"""Everything that works without a chat: storage, vendors, use cases."""

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import structlog

from bot.core.errors import gravest
from bot.core.events import Event
from bot.core.ports import Observe
from bot.kit.clock import Clock, SystemClock
from bot.kit.tasks import Tasks
from bot.kit.threads import ThreadPool
from bot.kit.wakeup import Wakeup
from bot.marketplaces.wildberries.marketplace import Wildberries
from bot.observability.journal import journal
from bot.outputs.excel.maker import ExcelWorkbooks
from bot.outputs.google_sheets.publisher import GoogleSheets
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.engine import make_engine
from bot.storage.migrations import migrate
from bot.storage.stores import Stores, open_stores
from bot.storage.vault import Vault
from bot.usecases.adopt_sheet import AdoptSheet
from bot.usecases.alarm import Alarm
from bot.usecases.app import UseCases
from bot.usecases.connect_shop import CheckKey, ConnectShop, DeleteKey
from bot.usecases.count_warehouses import CountWarehouses
from bot.usecases.delete_account import DeleteAccount
from bot.usecases.hand_over import HandOver
from bot.usecases.invitations import Invitations
from bot.usecases.mend_table import MendTable
from bot.usecases.pause_shop import PauseShop
from bot.usecases.people import People
from bot.usecases.register_seller import RegisterSeller
from bot.usecases.request_refresh import AttachProgress, OpenGate, RequestRefresh
from bot.usecases.share_table import ShareTable
from bot.usecases.shop_status import ShopStatus
from bot.usecases.sweep_tables import SweepTables
from bot.usecases.switch_period import SwitchPeriod
from bot.wiring.file_modes import warn_of_open_files
from bot.wiring.sealing import using_database
from bot.wiring.vendors import google, naming_the_setting, open_keys, require_keys, wildberries

FIGURES_THREADS = 2

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Backstage:
    """Everything that works without a chat: stores, vendors, use cases."""

    settings: Settings
    clock: Clock
    owner: str
    database: Database
    vault: Vault
    stores: Stores
    marketplace: Wildberries
    publisher: GoogleSheets | None
    hand_over: HandOver
    usecases: UseCases
    sweep_soon: Callable[[], None]
    work_bell: Wakeup
    tasks: Tasks
    pool: ThreadPool
    observe: "Observers"


class Observers:
    """Hands each event to everybody who wants to know."""

    def __init__(self) -> None:
        self._all: list[Callable[[Event], None]] = []

    def add(self, observer: Callable[[Event], None]) -> None:
        """Tell this one, too, from now on."""
        self._all.append(observer)

    def __call__(self, event: Event) -> None:
        """Tell everybody."""
        for observer in self._all:
            observer(event)


@asynccontextmanager
async def open_backstage(
    settings: Settings, clock: Clock | None = None
) -> AsyncIterator[Backstage]:
    """Open storage, vendors and use cases; close them in reverse.

    Raises:
        ConfigurationError: settings and database do not fit.
        Transient: the database is away.
    """
    time = clock or SystemClock()
    async with AsyncExitStack() as stack:
        with naming_the_setting():
            database = Database(make_engine(settings.database))
            stack.push_async_callback(database.close)
            stack.enter_context(using_database(database))
            warn_of_open_files(settings, database)
            require_keys(settings, database)
            await migrate(database.engine)
        keys = await open_keys(settings, database)
        vault = Vault(keys)
        observe = Observers()
        stores = open_stores(database, vault, time, observe)
        stack.callback(stores.close)
        tasks = Tasks(_report_failure)
        stack.push_async_callback(tasks.close)
        observe.add(journal)
        observe.add(Alarm(stores.outbox, time, tasks))
        marketplace = wildberries(settings, stores, time, observe)
        stack.push_async_callback(marketplace.aclose)
        workbooks = ExcelWorkbooks()
        stack.callback(workbooks.close)
        pool = ThreadPool("figures", FIGURES_THREADS)
        stack.callback(pool.close)
        publisher = google(settings, time, keys, observe)
        if publisher is not None:
            stack.callback(publisher.close)
        hand_over = HandOver(
            stores.shops, stores.tables, workbooks, pool, links=publisher is not None
        )
        bell = Wakeup(time)
        sweep = _sweep(stores, publisher, time, observe)

        def sweep_soon() -> None:
            tasks.start("sweep", _swept(sweep))

        yield Backstage(
            settings=settings,
            clock=time,
            owner=secrets.token_hex(8),
            database=database,
            vault=vault,
            stores=stores,
            marketplace=marketplace,
            publisher=publisher,
            hand_over=hand_over,
            usecases=_usecases(
                stores, marketplace, hand_over, publisher, time, bell, tasks, observe, sweep_soon
            ),
            sweep_soon=sweep_soon,
            work_bell=bell,
            tasks=tasks,
            pool=pool,
            observe=observe,
        )


async def migrate_database(settings: Settings) -> None:
    """Bring the database to the newest schema.

    Raises:
        ConfigurationError: the settings name no database that lets us in.
        Transient: the database is away.
    """
    with naming_the_setting():
        database = Database(make_engine(settings.database))
        try:
            await migrate(database.engine)
        finally:
            await database.close()


def _usecases(  # noqa: PLR0913, PLR0917 - everything meets here
    stores: Stores,
    marketplace: Wildberries,
    hand_over: HandOver,
    output: GoogleSheets | None,
    clock: Clock,
    bell: Wakeup,
    tasks: Tasks,
    observe: Observe,
    sweep_soon: Callable[[], None],
) -> UseCases:
    gate = OpenGate()
    files = None if output is None else output.files
    request_refresh = RequestRefresh(
        stores.shops, stores.runs, gate, clock, bell.ring, on_everybody=sweep_soon
    )
    return UseCases(
        people=People(stores.sellers, stores.shops, clock),
        register_seller=RegisterSeller(stores.sellers, clock),
        invitations=Invitations(stores.invites, clock),
        connect_shop=ConnectShop(marketplace, stores.shops, stores.runs, clock, bell.ring),
        check_key=CheckKey(marketplace, stores.shops),
        delete_key=DeleteKey(stores.shops, clock),
        switch_period=SwitchPeriod(stores.shops, request_refresh, clock),
        pause_shop=PauseShop(stores.shops, clock, bell.ring),
        count_warehouses=CountWarehouses(
            shops=stores.shops,
            runs=stores.runs,
            tables=stores.tables,
            gate=gate,
            clock=clock,
            wake=bell.ring,
        ),
        delete_account=DeleteAccount(
            sellers=stores.sellers,
            shops=stores.shops,
            tables=stores.tables,
            output=output,
            tasks=tasks,
            clock=clock,
            observe=observe,
        ),
        request_refresh=request_refresh,
        attach_progress=AttachProgress(stores.runs, clock),
        hand_over=hand_over,
        shop_status=ShopStatus(stores.shops, stores.runs, stores.tables),
        share_table=ShareTable(stores.shops, stores.tables, files),
        adopt_sheet=AdoptSheet(
            stores.shops,
            stores.tables,
            files,
            request_refresh=request_refresh,
            clock=clock,
            random=secrets.SystemRandom(),
        ),
        mend_table=MendTable(stores.shops, stores.tables, files, request_refresh, clock),
    )


def _sweep(
    stores: Stores, output: GoogleSheets | None, clock: Clock, observe: Observe
) -> SweepTables:
    return SweepTables(
        files=None if output is None else output.files,
        bookmarks=stores.bookmarks,
        tables=stores.tables,
        shops=stores.shops,
        sellers=stores.sellers,
        outbox=stores.outbox,
        clock=clock,
        observe=observe,
    )


async def _swept(sweep: SweepTables) -> None:
    await sweep()


def _report_failure(name: str, error: BaseException) -> None:
    """Log what ended a background task; nothing dies in silence."""
    worst = gravest(error)
    log.error("task.failed", task=name, error=type(worst).__name__, exc_info=worst)

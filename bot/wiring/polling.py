"""Who takes Telegram's updates: one process per bot, by a lock; the others only work runs."""

import asyncio

import structlog

from bot.core.errors import Code, StockTrackerError, gravest
from bot.core.events import DefectFound
from bot.telegram.app import TelegramBot
from bot.wiring.backstage import Backstage

LOCK_SECONDS = 45.0
LOCK_EVERY_SECONDS = 10.0
LET_GO_SECONDS = 2.0

log = structlog.get_logger(__name__)


class PollingLock:
    """The right to take one bot's updates; the number in `token` names the bot."""

    def __init__(self, backstage: Backstage, token: str) -> None:
        self._locks = backstage.stores.locks
        self._owner = backstage.owner
        self._clock = backstage.clock
        self._observe = backstage.observe
        self._name = lock_name(token)

    async def poll(self, telegram: TelegramBot) -> None:
        """Poll whenever the lock is ours; a lock that is lost ends the polling."""
        while True:
            if await self._held(otherwise=False):
                log.info("polling.begins")
                try:
                    await self._while_held(telegram)
                except Exception as error:  # noqa: BLE001 - polling must outlive everything
                    name = type(gravest(error)).__name__
                    self._observe(DefectFound("polling", Code.INTERNAL, name))
            await self._clock.sleep(LOCK_EVERY_SECONDS)

    async def _while_held(self, telegram: TelegramBot) -> None:
        async with asyncio.TaskGroup() as group:
            polling = group.create_task(telegram.run_polling())
            while not polling.done():
                await self._clock.sleep(LOCK_EVERY_SECONDS)
                if not await self._held(otherwise=True):
                    self._observe(DefectFound("polling.lock", Code.INTERNAL, "lock lost"))
                    await telegram.pause()
                    return

    async def let_go(self) -> None:
        """Give the lock back, so that another process need not wait for its end."""
        try:
            async with asyncio.timeout(LET_GO_SECONDS):
                await self._locks.let_go(self._name, self._owner)
        except (StockTrackerError, TimeoutError) as error:
            log.info("polling.lock_left", error=type(error).__name__)

    async def _held(self, *, otherwise: bool) -> bool:
        """Take or prolong the lock; `otherwise` is what to believe while the database is away."""
        try:
            return await self._locks.hold(self._name, self._owner, seconds=LOCK_SECONDS)
        except StockTrackerError as error:
            self._observe(DefectFound("polling.lock", error.code, error.detail))
            return otherwise


def lock_name(token: str) -> str:
    """Return the name of a bot's lock; it does not hold the secret part of the token."""
    return f"polling:{token.partition(':')[0]}"


async def bot_is_alive(backstage: Backstage, token: str) -> bool:
    """Say whether a process of this bot lives on this database."""
    return await backstage.stores.locks.is_held(lock_name(token))

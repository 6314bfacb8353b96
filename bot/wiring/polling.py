"""Who takes Telegram's updates: one process per bot, by a lock; the others only work runs."""

import asyncio
from collections.abc import Callable

import structlog

from bot.core.errors import Code, StockTrackerError, gravest
from bot.core.events import DefectFound
from bot.telegram.app import TelegramBot
from bot.telegram.session import PollingHealth
from bot.wiring.backstage import Backstage

LOCK_SECONDS = 45.0
LOCK_EVERY_SECONDS = 10.0
LET_GO_SECONDS = 2.0

log = structlog.get_logger(__name__)


class PollingLock:
    """The right to take one bot's updates; the number in `token` names the bot.

    `health` is what Telegram says of our polling. While the database is away polling goes on, so
    that people are answered; but once the lock has run out, and Telegram says that somebody else
    takes the updates, he has it.
    """

    def __init__(
        self, backstage: Backstage, token: str, health: Callable[[], PollingHealth]
    ) -> None:
        self._locks = backstage.stores.locks
        self._owner = backstage.owner
        self._clock = backstage.clock
        self._observe = backstage.observe
        self._name = lock_name(token)
        self._health = health

    async def poll(self, telegram: TelegramBot) -> None:
        """Poll whenever the lock is ours; a lock that is lost ends the polling."""
        while True:
            if await self._held():
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
            held_until = self._clock.monotonic() + LOCK_SECONDS
            while not polling.done():
                await self._clock.sleep(LOCK_EVERY_SECONDS)
                asked_at = self._clock.monotonic()
                is_held = await self._held()
                if is_held:
                    held_until = asked_at + LOCK_SECONDS
                elif is_held is False or self._is_contested(since=held_until):
                    self._observe(DefectFound("polling.lock", Code.INTERNAL, "lock lost"))
                    await telegram.pause()
                    return

    def _is_contested(self, *, since: float) -> bool:
        conflict = self._health().last_conflict
        return conflict is not None and conflict > since

    async def let_go(self) -> None:
        """Give the lock back, so that another process need not wait for its end."""
        try:
            async with asyncio.timeout(LET_GO_SECONDS):
                await self._locks.let_go(self._name, self._owner)
        except (StockTrackerError, TimeoutError) as error:
            log.info("polling.lock_left", error=type(error).__name__)

    async def _held(self) -> bool | None:
        """Take or prolong the lock, and say whether it is ours; `None` while nobody can tell."""
        try:
            async with asyncio.timeout(LOCK_EVERY_SECONDS):
                return await self._locks.hold(self._name, self._owner, seconds=LOCK_SECONDS)
        except TimeoutError:
            self._observe(DefectFound("polling.lock", Code.STORAGE_UNREACHABLE, "no answer"))
        except StockTrackerError as error:
            self._observe(DefectFound("polling.lock", error.code, error.detail))
        except Exception as error:  # noqa: BLE001 - polling must outlive everything
            name = type(error).__name__
            self._observe(DefectFound("polling.lock", Code.INTERNAL, name))
        return None


def lock_name(token: str) -> str:
    """Return the name of a bot's lock; it does not hold the secret part of the token."""
    return f"polling:{token.partition(':')[0]}"


async def bot_is_alive(backstage: Backstage, token: str) -> bool:
    """Say whether a process of this bot lives on this database."""
    return await backstage.stores.locks.is_held(lock_name(token))

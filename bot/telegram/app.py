"""The bot as a whole: its dispatcher, and polling that starts, goes on and stops in order."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.base import BaseSession
from aiogram.enums import ParseMode
from aiogram.exceptions import AiogramError, TelegramNotFound, TelegramUnauthorizedError
from aiogram.types import Update
from aiogram.utils.backoff import BackoffConfig

from bot.core.events import UpdateHandled
from bot.core.ports import Drafts, Observe
from bot.kit.clock import Clock
from bot.kit.tasks import Tasks
from bot.kit.wakeup import Wakeup
from bot.telegram import (
    account,
    admin,
    membership,
    menu,
    registration,
    settings,
    sheet,
    sheet_own,
    shop_keys,
    shop_settings,
    status,
    table,
    warehouses,
)
from bot.telegram.config import Pace, TelegramConfig
from bot.telegram.errors import ErrorAnswers
from bot.telegram.fsm import DraftStorage, OneAtATime
from bot.telegram.introduction import introduce
from bot.telegram.middlewares import (
    AnswerTaps,
    DeleteKeysFirst,
    Introduce,
    PrivateOnly,
    Recognise,
    Slow,
)
from bot.telegram.progress_board import ProgressBoard
from bot.telegram.texts import Catalogue
from bot.telegram.throttle import Throttle
from bot.usecases.app import UseCases

ANSWER_SECONDS = 2.0  # for the word to those whose answer was cut short

log = structlog.get_logger(__name__)


class InFlight:
    """How many updates are being handled, error answers included."""

    def __init__(self) -> None:
        self._number = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @contextmanager
    def one(self) -> Iterator[None]:
        """Count one update while it is handled."""
        self._number += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._number -= 1
            if not self._number:
                self._idle.set()

    async def wait_idle(self, seconds: float) -> bool:
        """Wait up to that many real seconds until nothing is handled; say whether that is so."""
        try:
            async with asyncio.timeout(seconds):
                await self._idle.wait()
        except TimeoutError:
            return False
        return True


class CountingDispatcher(Dispatcher):
    """aiogram's dispatcher, which knows what is being handled: aiogram does not wait for it."""

    def __init__(self, clock: Clock, observe: Observe, door: PrivateOnly, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._door = door
        self._clock = clock
        self._observe = observe
        self.in_flight = InFlight()

    async def feed_update(self, bot: Bot, update: Update, **kwargs: Any) -> Any:
        """Handle one update."""
        began = self._clock.monotonic()
        with self.in_flight.one():
            try:
                return await super().feed_update(bot, update, **kwargs)
            finally:
                self._observe(UpdateHandled(self._clock.monotonic() - began))

    async def finish(self, seconds: float) -> bool:
        """Let what is in hand end within that time, then cut it short; say whether all ended."""
        if await self.in_flight.wait_idle(seconds):
            return True
        self._door.cut_short()
        await self.in_flight.wait_idle(ANSWER_SECONDS)
        return False


def build_bot(token: str, session: BaseSession) -> Bot:
    """Return the bot: HTML everywhere, link previews off."""
    defaults = DefaultBotProperties(parse_mode=ParseMode.HTML, link_preview_is_disabled=True)
    return Bot(token, session=session, default=defaults)


def build_dispatcher(  # noqa: PLR0913 - each is a neighbour of its own
    uc: UseCases,
    *,
    config: TelegramConfig,
    drafts: Drafts,
    clock: Clock,
    observe: Observe,
    catalogue: Catalogue,
    board: ProgressBoard,
    pace: Pace | None = None,
) -> CountingDispatcher:
    """Return the dispatcher with every conversation.

    An update passes, from the outside in: error answers · private chats only, time limit ·
    language · a key is deleted · a tap is answered · throttle · the user's queue and state ·
    who it is · a deletion that was cut off · the conversations in the order below.
    """
    limits = pace or Pace()
    throttle = Throttle(
        clock, burst=limits.burst_per_user, refill_per_second=limits.refill_per_second
    )
    door = PrivateOnly(limits.handler_seconds)
    dispatcher = CountingDispatcher(
        clock,
        observe,
        door,
        storage=DraftStorage(drafts, clock),
        events_isolation=OneAtATime(limits.waiting_per_user),
        disable_fsm=True,  # it is put in its place below
        uc=uc,
        config=config,
        catalogue=catalogue,
        board=board,
    )
    for middleware in (
        door,
        Introduce(catalogue),
        DeleteKeysFirst(),
        AnswerTaps(),
        Slow(throttle),
        dispatcher.fsm,
        Recognise(uc.people),
        account.FinishFirst(),
    ):
        dispatcher.update.outer_middleware(middleware)
    dispatcher.include_routers(
        ErrorAnswers(catalogue, throttle, observe).router(),
        membership.build_router(),
        shop_keys.build_guard_router(),
        admin.build_router(),
        menu.build_router(),
        table.build_router(),
        status.build_router(),
        settings.build_router(),
        shop_settings.build_router(),
        warehouses.build_router(),
        account.build_router(),
        sheet.build_router(),
        sheet_own.build_router(),
        shop_keys.build_router(),
        menu.build_guard_router(),
        registration.build_router(),
        shop_keys.build_form_router(),
        sheet_own.build_form_router(),
        menu.build_fallback_router(),
    )
    return dispatcher


class TelegramBot:
    """Polling with our own supervision: aiogram gives up at once when Telegram is away at start.

    `refused` is set when Telegram does not know the token: no waiting helps, an operator does.

    One `run_polling` at a time. It is ended by `pause` (it can be run again) or by `stop`, not by
    cancelling it: aiogram would leave its own tasks behind. After `stop` comes the owner's
    `tasks.close()`, then `close`.
    """

    def __init__(  # noqa: PLR0913 - each is a neighbour of its own
        self,
        bot: Bot,
        dispatcher: CountingDispatcher,
        *,
        clock: Clock,
        tasks: Tasks,
        catalogue: Catalogue,
        pace: Pace | None = None,
    ) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._tasks = tasks
        self._catalogue = catalogue
        self._pace = pace or Pace()
        self._wakeup = Wakeup(clock)
        self.refused = asyncio.Event()
        self._stopping = False
        self._paused = False
        self._polling = False

    async def run_polling(self) -> None:
        """Take and handle updates until `stop`; while Telegram is away, try again and again."""
        delay, longest = self._pace.backoff_seconds
        self._paused = False
        while not self._is_over():
            try:
                await self._bot.me()
            except (TelegramUnauthorizedError, TelegramNotFound):
                self.refused.set()
                return
            except AiogramError as error:
                log.warning("telegram.away", error=type(error).__name__, again_in=delay)
                await self._wakeup.wait(delay)
                delay = min(delay * 2, longest)
                continue
            if self._is_over():
                return
            self._tasks.start("introduce the bot", introduce(self._bot, self._catalogue))
            await self._poll()

    def _is_over(self) -> bool:
        return self._stopping or self._paused

    async def pause(self) -> None:
        """Take no more updates for now: another process takes them."""
        self._paused = True
        self._wakeup.ring()
        if self._polling:
            await self._dispatcher.stop_polling()

    async def stop(self, deadline_seconds: float) -> bool:
        """Take no more updates, let those in hand end; say whether all did in time.

        Whoever waits for one that did not is told to come again.
        """
        self._stopping = True
        self._wakeup.ring()
        try:
            async with asyncio.timeout(deadline_seconds):
                if self._polling:
                    await self._dispatcher.stop_polling()
        except TimeoutError:
            log.warning("telegram.polling_left")
        await asyncio.sleep(0)  # a handler whose task was just made counts from its first step
        return await self._dispatcher.finish(deadline_seconds)

    async def close(self) -> None:
        """Close the connections to Telegram."""
        await self._bot.session.close()

    async def _poll(self) -> None:
        shortest, longest = self._pace.backoff_seconds
        backoff = BackoffConfig(min_delay=shortest, max_delay=longest, factor=1.5, jitter=0.1)
        self._polling = True
        try:
            await self._dispatcher.start_polling(
                self._bot,
                polling_timeout=self._pace.polling_seconds,
                backoff_config=backoff,
                allowed_updates=self._dispatcher.resolve_used_update_types(),
                handle_signals=False,
                close_bot_session=False,
                tasks_concurrency_limit=self._pace.handlers_at_once,
            )
        finally:
            self._polling = False

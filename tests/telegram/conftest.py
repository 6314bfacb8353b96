"""The bot over real sockets: polling against the Telegram twin, use cases in memory."""

from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import pytest

from bot.core.events import Event
from bot.kit.clock import ManualClock
from bot.kit.tasks import Tasks
from bot.sandbox.telegram.hands import TwinUser
from bot.sandbox.telegram.keyboards import CALLBACK_DATA_LIMIT_BYTES, buttons
from bot.sandbox.telegram.twin import TelegramTwin
from bot.telegram.account import Farewell
from bot.telegram.app import CountingDispatcher, TelegramBot, build_bot, build_dispatcher
from bot.telegram.config import Pace, TelegramConfig
from bot.telegram.notifier import Notifier
from bot.telegram.progress_board import ProgressBoard
from bot.telegram.session import TelegramSession
from bot.telegram.texts import Catalogue
from tests.support.usecases import (
    GOOD_KEY,
    NOON,
    FakeOutbox,
    FakeRuns,
    House,
    MemoryDrafts,
    use_cases,
)

ADMIN = 900
EXPECTED_REFUSALS = ("not modified", "not found", "can't be edited")
PATIENT = Pace(burst_per_user=10_000, waiting_per_user=50, backoff_seconds=(0.5, 1.0))


@dataclass
class World:
    """A running bot and everything around it."""

    twin: TelegramTwin
    clock: ManualClock
    house: House
    drafts: MemoryDrafts
    telegram: TelegramBot
    dispatcher: CountingDispatcher
    session: TelegramSession
    notifier: Notifier
    farewell: Farewell
    events: list[Event] = field(default_factory=list)

    def user(self, user_id: int = 100, language: str = "ru") -> TwinUser:
        return self.twin.user(user_id, language_code=language)

    async def settled(self) -> None:
        """Wait until the bot has handled everything that it was sent."""
        await self.twin.world.bell.wait_for(self._all_taken, 5.0)
        assert await self.dispatcher.in_flight.wait_idle(5.0)

    def _all_taken(self) -> bool | None:
        return not self.twin.updates.pending or None

    async def state(self, user_id: int = 100) -> str | None:
        states = [
            state for key, state in self.drafts.states.items() if f":{user_id}:{user_id}" in key
        ]
        return states[0] if states else None


@pytest.fixture
def clock():
    return ManualClock(NOON)


@pytest.fixture
async def twin(clock):
    async with TelegramTwin(clock) as twin:
        yield twin
        assert_well_mannered(twin)


@pytest.fixture
def house():
    return House()


@pytest.fixture
def drafts():
    return MemoryDrafts()


@pytest.fixture
def start_bot(twin, house, drafts):
    """Return a context manager that runs a bot; a second use is a restart."""

    @asynccontextmanager
    async def start(*, pace: Pace = PATIENT, **config):
        config.setdefault("admin_ids", frozenset({ADMIN}))
        async with AsyncExitStack() as stack:
            tasks = Tasks(lambda name, error: pytest.fail(f"{name}: {error!r}"))
            world = _assemble((twin, house, drafts, tasks), TelegramConfig(**config), pace)
            stack.push_async_callback(world.telegram.close)
            stack.push_async_callback(tasks.close)
            stack.push_async_callback(world.telegram.stop, 5.0)
            tasks.start("polling", world.telegram.run_polling())
            yield world

    return start


@pytest.fixture
async def world(start_bot):
    async with start_bot() as world:
        yield world


def _assemble(around, config, pace) -> World:
    twin, house, drafts, tasks = around
    clock = twin.world.clock
    events: list[Event] = []
    session = TelegramSession(clock, api_url=twin.url, timeout_seconds=5.0)
    bot = build_bot(twin.token, session)
    uc, catalogue, board = use_cases(house), Catalogue(), ProgressBoard(bot, clock)
    dispatcher = build_dispatcher(
        uc,
        config=config,
        drafts=drafts,
        clock=clock,
        observe=events.append,
        catalogue=catalogue,
        board=board,
        pace=pace,
    )
    telegram = TelegramBot(
        bot, dispatcher, clock=clock, tasks=tasks, catalogue=catalogue, pace=pace
    )
    notifier = Notifier(
        bot,
        people=uc.people,
        runs=FakeRuns(house),
        outbox=FakeOutbox(house),
        hand_over=uc.hand_over,
        catalogue=catalogue,
        config=config,
        board=board,
        clock=clock,
    )
    farewell = Farewell(bot, catalogue, board)
    return World(
        twin, clock, house, drafts, telegram, dispatcher, session, notifier, farewell, events
    )


def assert_well_mannered(twin: TelegramTwin) -> None:
    """What holds for every chat of every test."""
    chats = twin.world.chats.values()
    for message in [one for chat in chats for one in chat.messages.values()]:
        if not message.from_bot:
            continue
        assert GOOD_KEY not in message.source
        for button in buttons(message.markup):
            assert len(button.get("callback_data", "").encode()) <= CALLBACK_DATA_LIMIT_BYTES
    for tap in twin.world.taps.values():
        assert tap.answers, f"a tap of {tap.data} was never answered"
    for call in twin.calls:
        if call.status == 400 and call.fault is None:
            assert any(words in call.answer for words in EXPECTED_REFUSALS), call.answer

"""Where a dialogue stands: its states, their storage in our database, and one user at a time."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiogram.exceptions import DataNotDictLikeError
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.base import (
    BaseEventIsolation,
    BaseStorage,
    DefaultKeyBuilder,
    StateType,
    StorageKey,
)

from bot.core.ports import Drafts
from bot.kit.clock import Clock


class RegistrationStates(StatesGroup):
    """The three questions of registration."""

    GET_NAME = State()
    GET_EMAIL = State()
    GET_PHONE = State()


class ApiKeyStates(StatesGroup):
    """The next message is a key."""

    WAITING_FOR_API_KEY = State()


class GoogleSheetStates(StatesGroup):
    """A table is being asked for; ends when the run is accepted and blocks nothing."""

    GENERATING_TABLE = State()


class DraftStorage(BaseStorage):
    """aiogram's storage on our `Drafts`, so that a restart loses no half-typed form."""

    def __init__(self, drafts: Drafts, clock: Clock) -> None:
        self._drafts = drafts
        self._clock = clock
        self._keys = DefaultKeyBuilder(
            with_bot_id=True, with_business_connection_id=True, with_destiny=True
        )

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        """Set or, with None, clear the state."""
        name = state.state if isinstance(state, State) else state
        await self._drafts.save_state(self._keys.build(key), name, now=self._clock.now())

    async def get_state(self, key: StorageKey) -> str | None:
        """Return the state's name."""
        state, _ = await self._drafts.load(self._keys.build(key))
        return state

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        """Replace what was typed so far.

        Raises:
            DataNotDictLikeError: it is not a mapping.
        """
        if not isinstance(data, Mapping):
            raise DataNotDictLikeError(f"a mapping is needed, not {type(data).__name__}")
        await self._drafts.save_answers(self._keys.build(key), dict(data), now=self._clock.now())

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        """Return what was typed so far."""
        _, answers = await self._drafts.load(self._keys.build(key))
        return dict(answers)

    async def close(self) -> None:
        """Do nothing: aiogram closes the storage while handlers still run."""


class BusyError(Exception):
    """Too many updates of one user wait already."""


@dataclass(slots=True)
class _Queue:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0


class OneAtATime(BaseEventIsolation):
    """One update of a user at a time, in their order; a bounded number may wait.

    aiogram's own isolation queues without a bound and keeps its locks for ever.
    """

    def __init__(self, most_waiting: int) -> None:
        self._most_waiting = most_waiting
        self._queues: dict[StorageKey, _Queue] = {}

    @property
    def users(self) -> int:
        """How many users are being served; with a `__len__` of 0 aiogram would not use us."""
        return len(self._queues)

    @asynccontextmanager
    async def lock(self, key: StorageKey) -> AsyncGenerator[None, None]:
        """Hold the user's turn.

        Raises:
            BusyError: too many of his updates wait.
        """
        queue = self._queues.setdefault(key, _Queue())
        if queue.users > self._most_waiting:
            raise BusyError
        queue.users += 1
        try:
            async with queue.lock:
                yield
        finally:
            queue.users -= 1
            if not queue.users:
                del self._queues[key]

    async def close(self) -> None:
        """Do nothing: locks vanish with their users."""

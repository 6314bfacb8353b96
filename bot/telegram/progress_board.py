"""The progress messages that are being edited: not too often, and never after their end."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramRetryAfter
from aiogram.types import InlineKeyboardMarkup

from bot.core.runs import ProgressMessage
from bot.kit.clock import Clock
from bot.telegram.texts import Html

_EVERY_SECONDS = 3.0
_REMEMBERED = 5_000
_NOT_MODIFIED = "message is not modified"

Around = Callable[[], AbstractAsyncContextManager[bool]]
"""Goes around one edit: says right before it whether it is still due, and looks back after it."""


@dataclass(frozen=True, slots=True)
class _Stage:
    text: Html
    around: Around


@dataclass(slots=True)
class _Shown:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    text: str = ""
    newest: _Stage | None = None
    busy: bool = False
    quiet_until: float = 0.0
    ended: bool = False

    def is_behind(self) -> bool:
        """Say whether there is something to show."""
        is_new = self.newest is not None and self.newest.text != self.text
        return is_new and not self.ended


class ProgressBoard:
    """Edits progress messages; edits count against a chat's one message per second too."""

    def __init__(self, bot: Bot, clock: Clock) -> None:
        self._bot = bot
        self._clock = clock
        self._shown: OrderedDict[ProgressMessage, _Shown] = OrderedDict()

    def wants(self, message: ProgressMessage) -> bool:
        """Say whether this message still shows progress."""
        return not self._of(message).ended

    async def update(self, message: ProgressMessage, text: Html, around: Around) -> None:
        """Show a stage in between; of those that come too early, only the newest, in due time.

        Returns when it is shown or not due any more, or when somebody else will show it or
        something newer.

        Raises:
            TelegramAPIError: the edit did not go through.
        """
        shown = self._of(message)
        shown.newest = _Stage(text, around)
        if shown.busy:
            return
        shown.busy = True
        try:
            while shown.is_behind():
                await self._clock.sleep(shown.quiet_until - self._clock.monotonic())
                stage, shown.newest = shown.newest, None
                if stage is not None:
                    await self._show(message, shown, stage)
        finally:
            shown.busy = False

    async def _show(self, message: ProgressMessage, shown: _Shown, stage: _Stage) -> None:
        async with stage.around() as is_due, shown.lock:
            if not is_due or shown.ended:
                return
            shown.quiet_until = self._clock.monotonic() + _EVERY_SECONDS
            try:
                await self._edit(message, stage.text, None)
            except TelegramRetryAfter as error:
                shown.quiet_until = self._clock.monotonic() + error.retry_after
                raise
            shown.text = stage.text

    async def end(
        self, message: ProgressMessage, text: Html, markup: InlineKeyboardMarkup | None
    ) -> bool:
        """Put the message into its final state; False when it is gone or cannot be edited.

        Raises:
            TelegramAPIError: the edit did not go through; it may be repeated.
        """
        shown = self._of(message)
        shown.ended = True
        async with shown.lock:
            try:
                await self._edit(message, text, markup)
            except TelegramBadRequest as error:
                return _NOT_MODIFIED in error.message
            return True

    async def _edit(
        self, message: ProgressMessage, text: Html, markup: InlineKeyboardMarkup | None
    ) -> None:
        await self._bot.edit_message_text(
            text,
            chat_id=message.chat_id,
            message_id=message.message_id,
            reply_markup=markup,
        )

    def _of(self, message: ProgressMessage) -> _Shown:
        shown = self._shown.setdefault(message, _Shown())
        self._shown.move_to_end(message)
        while len(self._shown) > _REMEMBERED:
            self._shown.popitem(last=False)
        return shown

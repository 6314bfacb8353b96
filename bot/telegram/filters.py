"""Which handler an update is for."""

from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message, TelegramObject

from bot.core.sellers import Seller
from bot.telegram.config import TelegramConfig
from bot.telegram.middlewares import Pasted
from bot.telegram.texts import Catalogue, Label


class Pressed(Filter):
    """A message that reads as one of these buttons, in either language."""

    def __init__(self, *labels: Label) -> None:
        self._labels = frozenset(labels)

    async def __call__(self, message: Message, catalogue: Catalogue) -> bool:
        """Compare the words."""
        return catalogue.label_of(message.text) in self._labels


class Registered(Filter):
    """Whoever asks is a registered seller, or, with False, is not."""

    def __init__(self, *, is_so: bool = True) -> None:
        self._is_so = is_so

    async def __call__(self, _event: TelegramObject, seller: Seller | None = None) -> bool:
        """Look at who was recognised."""
        return (seller is not None) is self._is_so


class PastedKey(Filter):
    """A message that looks like a key."""

    async def __call__(self, _event: TelegramObject, pasted: Pasted | None = None) -> bool:
        """Look at what was found before the queue."""
        return pasted is not None


class FromAdmin(Filter):
    """Whoever asks is one of the operator's people; by id, never by name."""

    async def __call__(self, event: Message | CallbackQuery, config: TelegramConfig) -> bool:
        """Look the id up."""
        return event.from_user is not None and event.from_user.id in config.admin_ids

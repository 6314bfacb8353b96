"""The way to a person, who may be refreshed, and who observes."""

from collections.abc import Callable
from typing import Protocol

from bot.core.events import Event, Notice
from bot.core.runs import Run
from bot.core.sellers import Shop


class Messenger(Protocol):
    """The way to a person; Telegram today."""

    async def show_progress(self, run: Run) -> None:
        """Show how far a run has come in its message; best effort, never raises.

        It is looked at again when the message's time has come: an end that was told meanwhile,
        in whatever process, stays the last word, or is owed anew.
        """
        ...

    async def deliver(self, notice: Notice) -> None:
        """Send one notice.

        Raises:
            SellerMustAct: the person has blocked us; nothing more can be sent.
            Transient: it did not go out, or nobody knows (`Code.TELEGRAM_FAILED`).
        """
        ...


class Gate(Protocol):
    """May this shop be refreshed? Billing will answer one day; today everybody may."""

    async def allows(self, shop: Shop) -> bool:
        """Say yes or no."""
        ...


Observe = Callable[[Event], None]

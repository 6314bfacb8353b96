"""Sellers and their shops, remembered."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from bot.core.runs import Claim, NewRun, ProgressMessage
from bot.core.sellers import Access, Profile, Seller, Shop, ShopState


class SellerStore(Protocol):
    """Registered people; personal data are sealed at rest."""

    async def add(
        self, telegram_id: int, profile: Profile, *, language: str, consented_at: datetime
    ) -> Seller:
        """Register a person, or replace the profile of one who is."""
        ...

    async def by_telegram_id(self, telegram_id: int) -> Seller | None:
        """Return the seller of a Telegram user."""
        ...

    async def by_id(self, seller_id: int) -> Seller | None:
        """Return a seller."""
        ...

    async def set_blocked(self, telegram_id: int, at: datetime | None) -> None:
        """Remember that the user blocked the bot (or, with None, that he is back)."""
        ...

    async def begin_erasing(self, seller_id: int, *, now: datetime) -> None:
        """Mark that a seller is being erased, and take the keys of all his shops in one step.

        From then on running work of his is worthless, no key of his is taken and no message goes
        out to him. Again, it only renews the mark.
        """
        ...

    async def take_half_erased(self, *, before: datetime, now: datetime) -> Seller | None:
        """Return a seller whose mark is not younger than `before`, and renew it to `now`.

        Two processes never get the same one.

        Raises:
            Defect: his profile does not open; the next one asked for is another's.
        """
        ...

    async def erase(self, seller_id: int) -> Sequence[ProgressMessage]:
        """Erase a seller with shops, keys, figures, runs and messages; nothing of him stays.

        Returned are the messages in his chat that still show progress: their end went with it.
        """
        ...


class ShopStore(Protocol):
    """Shops and their keys; keys are sealed at rest and bound to their shop."""

    async def connect(
        self, seller_id: int, access: Access, *, now: datetime, begins: NewRun | None = None
    ) -> Shop:
        """Store a key: of a new sid a new shop, of a known one it replaces the old key.

        Replacing bumps the fence and closes the open run. `begins` is made in the same step, so
        that no crash lies between; who asks for a run afterwards joins it.
        """
        ...

    async def of_seller(self, seller_id: int) -> Sequence[Shop]:
        """Return a seller's shops by number."""
        ...

    async def by_id(self, shop_id: int) -> Shop | None:
        """Return a shop."""
        ...

    async def access(self, shop_id: int) -> Access | None:
        """Unseal the shop's key; `None` without one."""
        ...

    async def rename(self, shop_id: int, name: str) -> None:
        """Set the shop's name."""
        ...

    async def delete_key(self, shop_id: int, *, now: datetime) -> None:
        """Erase the key; shop and table stay. Bumps the fence, closes the open run."""
        ...

    async def set_period(
        self, shop_id: int, days: int, *, now: datetime, begins: NewRun | None = None
    ) -> None:
        """Set the length of the period. Bumps the fence, closes the open run.

        `begins` is made in the same step; a shop without a working key gets none.
        """
        ...

    async def set_paused(self, shop_id: int, *, paused: bool, now: datetime) -> None:
        """Pause or resume the nights. Pausing bumps the fence and closes the open run."""
        ...

    async def set_uncounted(self, shop_id: int, warehouses: Collection[str]) -> None:
        """Set the warehouses whose stock is not counted in totals and turnover."""
        ...

    async def set_state(self, claim: Claim, state: ShopState) -> None:
        """Mark that the key no longer opens the shop. Raises: Superseded."""
        ...

    async def eligible(self, before: datetime, gone_since: datetime) -> Sequence[Shop]:
        """Return shops for the night, by id.

        A live key, not paused, connected before `before`, and its seller has not blocked the bot
        since before `gone_since`. They come without their names.
        """
        ...

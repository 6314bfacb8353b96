"""Registered people. What they told us of themselves is sealed; erasing leaves nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, delete, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import Code
from bot.core.runs import ProgressMessage
from bot.core.sellers import Profile, Seller
from bot.kit.clock import Clock
from bot.storage.budgets import forget_expired
from bot.storage.database import Database, whole
from bot.storage.guard import supersede
from bot.storage.outbox import forget_person
from bot.storage.shops import delete_keys
from bot.storage.tables import drafts, invites, sellers, shops
from bot.storage.upsert import insert_into
from bot.storage.vault import Purpose, Vault


class SqlSellerStore:
    """The port `SellerStore`."""

    def __init__(self, database: Database, vault: Vault, clock: Clock) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock

    @whole
    async def add(
        self, telegram_id: int, profile: Profile, *, language: str, consented_at: datetime
    ) -> Seller:
        """Register a person, or replace the profile of one who is."""
        async with self._database.write() as connection:
            seller_id = await self._ensure(connection, telegram_id)
            told = {"language": language, "consented_at": consented_at, "blocked_at": None}
            sealed = self._sealed(seller_id, profile)
            changed = (
                update(sellers)
                .where(sellers.c.id == seller_id)
                .values(profile_sealed=sealed, **told)
                .returning(sellers)
            )
            return self._seller((await connection.execute(changed)).one())

    async def by_telegram_id(self, telegram_id: int) -> Seller | None:
        """Return the seller of a Telegram user."""
        return await self._one(sellers.c.telegram_id == telegram_id)

    async def by_id(self, seller_id: int) -> Seller | None:
        """Return a seller."""
        return await self._one(sellers.c.id == seller_id)

    @whole
    async def set_blocked(self, telegram_id: int, at: datetime | None) -> None:
        """Remember that the user blocked the bot (the first time counts), or that he is back."""
        of_user = update(sellers).where(sellers.c.telegram_id == telegram_id)
        if at is not None:
            of_user = of_user.where(sellers.c.blocked_at.is_(None))
        async with self._database.write() as connection:
            await connection.execute(of_user.values(blocked_at=at))

    @whole
    async def begin_erasing(self, seller_id: int, *, now: datetime) -> None:
        """Mark that a seller is being erased, and take the keys of all his shops in one step.

        Whoever watches his running work is owed its end: `erase` returns it.
        """
        mark = update(sellers).where(sellers.c.id == seller_id).values(erasing_at=now)
        async with self._database.write() as connection:  # before his shops, as by who adds one
            await connection.execute(mark)
            await delete_keys(connection, seller_id, now=now)

    @whole
    async def take_half_erased(self, *, before: datetime, now: datetime) -> Seller | None:
        """Return a seller whose mark is not younger than `before`, and renew it to `now`.

        Two processes never get the same one.

        Raises:
            Defect: his profile does not open; the next one asked for is another's.
        """
        oldest = (
            select(sellers.c.id)
            .where(sellers.c.erasing_at <= before)
            .order_by(sellers.c.erasing_at, sellers.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
        taken = update(sellers).where(sellers.c.id == oldest).values(erasing_at=now)
        async with self._database.write() as connection:
            row = (await connection.execute(taken.returning(sellers))).one_or_none()
        return None if row is None else self._seller(row)

    async def erase(self, seller_id: int) -> Sequence[ProgressMessage]:
        """Erase a seller with shops, keys, figures, runs, messages and half-typed forms.

        Running work of his shops is superseded by that. Returned are the progress messages whose
        end goes with it, untold: it is for the caller to end them. Budgets of calls stay while
        they are in force: they name nobody.
        """
        watched: list[ProgressMessage] = []
        await self._erase(seller_id, watched)
        return tuple(watched)

    @whole
    async def _erase(self, seller_id: int, watched: list[ProgressMessage]) -> None:
        """Do so; what is `watched` outlives a first try of which only the answer was lost."""
        now = self._clock.now()
        his = select(sellers.c.telegram_id).where(sellers.c.id == seller_id)
        owned = select(shops.c.id, shops.c.sid).where(shops.c.seller_id == seller_id)
        async with self._database.write() as connection:
            held = his.with_for_update(key_share=True)  # before his shops, as by who adds one
            telegram_id = (await connection.execute(held)).scalar_one_or_none()
            if telegram_id is None:
                return
            for shop in (await connection.execute(owned.order_by(shops.c.id))).all():
                await supersede(connection, shop.id, now=now, why=Code.SUPERSEDED)
                await forget_expired(connection, shop.sid, now=now)
            watched[:] = await forget_person(connection, telegram_id)
            await connection.execute(delete(invites).where(invites.c.used_by == telegram_id))
            await connection.execute(delete(drafts).where(_draft_of(telegram_id)))
            await connection.execute(delete(sellers).where(sellers.c.id == seller_id))

    async def _ensure(self, connection: AsyncConnection, telegram_id: int) -> int:
        """Return the id of the user's row, made now and still unsealed if there was none."""
        blank = {"telegram_id": telegram_id, "profile_sealed": "", "language": ""}
        made = insert_into(connection, sellers).on_conflict_do_nothing(
            index_elements=["telegram_id"]
        )
        await connection.execute(made, blank)
        found = select(sellers.c.id).where(sellers.c.telegram_id == telegram_id)
        return int((await connection.execute(found)).scalar_one())

    @whole
    async def _one(self, condition: ColumnElement[bool]) -> Seller | None:
        async with self._database.read() as connection:
            row = (await connection.execute(select(sellers).where(condition))).one_or_none()
        return None if row is None else self._seller(row)

    def _sealed(self, seller_id: int, profile: Profile) -> str:
        return self._vault.seal(Purpose.PROFILE, seller_id, msgspec.json.encode(profile).decode())

    def _seller(self, row: Row[Any]) -> Seller:
        profile = self._vault.open(Purpose.PROFILE, row.id, row.profile_sealed)
        return Seller(
            id=row.id,
            telegram_id=row.telegram_id,
            profile=msgspec.json.decode(profile, type=Profile),
            language=row.language,
            morning_hour=row.morning_hour,
            consented_at=row.consented_at,
            blocked_at=row.blocked_at,
            erasing_at=row.erasing_at,
        )


def _draft_of(telegram_id: int) -> ColumnElement[bool]:
    """Drafts are keyed by numbers between colons, the user's among them."""
    return (literal(":") + drafts.c.key + literal(":")).contains(f":{telegram_id}:")

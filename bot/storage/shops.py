"""Shops and their keys, which are sealed and bound to their shop."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import Code, Defect, SellerMustAct
from bot.core.events import DefectFound
from bot.core.period import DEFAULT_PERIOD_DAYS
from bot.core.ports import Observe
from bot.core.runs import Claim, NewRun
from bot.core.sellers import (
    Access,
    ApiKey,
    KeyFacts,
    KeyKind,
    Right,
    Shop,
    ShopState,
)
from bot.storage.beginnings import begin_with_change
from bot.storage.database import Database, whole
from bot.storage.guard import hold, supersede
from bot.storage.tables import sellers, shops
from bot.storage.vault import Purpose, Vault

_SLICE = 200
_KINDS = frozenset(KeyKind)
_NO_KEY: dict[str, Any] = {
    "state": ShopState.WITHOUT_KEY,
    "key_sealed": None,
    "key_kind": None,
    "key_rights": [],
    "key_expires_at": None,
}


class SqlShopStore:
    """The port `ShopStore`."""

    def __init__(
        self, database: Database, vault: Vault, observe: Observe = lambda _event: None
    ) -> None:
        self._database = database
        self._vault = vault
        self._observe = observe

    @whole
    async def connect(
        self, seller_id: int, access: Access, *, now: datetime, begins: NewRun | None = None
    ) -> Shop:
        """Store a key: of a new sid a new shop, of a known one it replaces the old key.

        Replacing bumps the fence and closes the open run; a shop that was not live counts as
        connected anew. `begins` is made in the same step.

        Raises:
            SellerMustAct: there is no such seller (any more).
        """
        async with self._database.write() as connection:
            await _hold_seller(connection, seller_id)
            of_sid = shops.c.seller_id == seller_id, shops.c.sid == access.facts.sid
            known = (await connection.execute(select(shops).where(*of_sid))).one_or_none()
            if known is None:
                shop_id = await _add(connection, seller_id, access.facts.sid, now=now)
                connected_at = now
            else:
                shop_id = known.id
                connected_at = known.connected_at if known.state == ShopState.LIVE else now
                await supersede(connection, shop_id, now=now, why=Code.SUPERSEDED)
            values = {"connected_at": connected_at, **self._with_key(shop_id, access)}
            stored = update(shops).where(shops.c.id == shop_id).values(**values).returning(shops)
            row = (await connection.execute(stored)).one()
            await begin_with_change(connection, shop_id, begins, now=now)
            return self._shop(row)

    @whole
    async def of_seller(self, seller_id: int) -> Sequence[Shop]:
        """Return a seller's shops by number."""
        return await self._all(
            select(shops).where(shops.c.seller_id == seller_id).order_by(shops.c.number)
        )

    @whole
    async def by_id(self, shop_id: int) -> Shop | None:
        """Return a shop."""
        return next(iter(await self._all(select(shops).where(shops.c.id == shop_id))), None)

    @whole
    async def access(self, shop_id: int) -> Access | None:
        """Unseal the shop's key; `None` without one. Raises: Defect when it does not open."""
        async with self._database.read() as connection:
            found = await connection.execute(select(shops).where(shops.c.id == shop_id))
            row = found.one_or_none()
        if row is None or row.key_sealed is None:
            return None
        facts = KeyFacts(
            kind=KeyKind(row.key_kind),
            rights=_rights(row.key_rights),
            sid=row.sid,
            expires_at=row.key_expires_at,
        )
        return Access(ApiKey(self._vault.open(Purpose.SHOP_KEY, row.id, row.key_sealed)), facts)

    async def rename(self, shop_id: int, name: str) -> None:
        """Set the shop's name; sealed, for it is often a person's («ИП Иванов И. И.»)."""
        await self._change(shop_id, name_sealed=self._vault.seal(Purpose.SHOP_NAME, shop_id, name))

    async def delete_key(self, shop_id: int, *, now: datetime) -> None:
        """Erase the key; shop and table stay. Bumps the fence, closes the open run."""
        await self._change(shop_id, superseded_at=now, why=Code.KEY_MISSING, **_NO_KEY)

    async def set_period(
        self, shop_id: int, days: int, *, now: datetime, begins: NewRun | None = None
    ) -> None:
        """Set the length of the period. Bumps the fence, closes the open run.

        `begins` is made in the same step; a shop without a working key gets none.
        """
        await self._change(shop_id, superseded_at=now, begins=begins, period_days=days)

    async def set_paused(self, shop_id: int, *, paused: bool, now: datetime) -> None:
        """Pause or resume the nights. Pausing bumps the fence and closes the open run."""
        instant = now if paused else None
        await self._change(shop_id, superseded_at=instant, why=Code.PAUSED, paused=paused)

    async def set_uncounted(self, shop_id: int, warehouses: Collection[str]) -> None:
        """Set the warehouses whose stock is not counted in totals and turnover."""
        await self._change(shop_id, uncounted=sorted(warehouses))

    @whole
    async def set_state(self, claim: Claim, state: ShopState) -> None:
        """Mark that the key no longer opens the shop. Raises: Superseded."""
        async with self._database.write() as connection:
            await hold(connection, claim)
            await connection.execute(_of(claim.shop_id).values(state=state))

    @whole
    async def eligible(self, before: datetime, gone_since: datetime) -> Sequence[Shop]:
        """Return shops for the night, by id.

        A live key, not paused, connected before `before`, and its seller has not blocked the bot
        since before `gone_since`. Their names stay sealed: the night needs none.
        """
        return await self._all(
            select(shops)
            .join(sellers, sellers.c.id == shops.c.seller_id)
            .where(
                *works_at_night(),
                shops.c.connected_at < before,
                or_(sellers.c.blocked_at.is_(None), sellers.c.blocked_at >= gone_since),
            )
            .order_by(shops.c.id),
            with_names=False,
        )

    @whole
    async def _change(
        self,
        shop_id: int,
        *,
        superseded_at: datetime | None = None,
        why: Code = Code.SUPERSEDED,
        begins: NewRun | None = None,
        **values: Any,
    ) -> None:
        """Change a shop; with `superseded_at` make its running work worthless as well.

        Whoever watches that work is owed its end, and `why`; `begins` takes its place.
        """
        async with self._database.write() as connection:
            if superseded_at is not None:
                await supersede(connection, shop_id, now=superseded_at, why=why)
            await connection.execute(_of(shop_id).values(**values))
            if superseded_at is not None:
                await begin_with_change(connection, shop_id, begins, now=superseded_at)

    async def _all(self, query: Select[Any], *, with_names: bool = True) -> list[Shop]:
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        found = []
        for row in rows:
            found.append(self._shop(row, with_name=with_names))
            if len(found) % _SLICE == 0:
                await asyncio.sleep(0)  # thousands of shops must not hold up the loop
        return found

    def _with_key(self, shop_id: int, access: Access) -> dict[str, Any]:
        return {
            "state": ShopState.LIVE,
            "key_sealed": self._vault.seal(Purpose.SHOP_KEY, shop_id, access.key.reveal()),
            "key_kind": int(access.facts.kind),
            "key_rights": sorted(access.facts.rights),
            "key_expires_at": access.facts.expires_at,
        }

    def _shop(self, row: Row[Any], *, with_name: bool = True) -> Shop:
        return Shop(
            id=row.id,
            seller_id=row.seller_id,
            number=row.number,
            sid=row.sid,
            name=self._name(row) if with_name else None,
            state=ShopState(row.state),
            connected_at=row.connected_at,
            fence=row.fence,
            period_days=row.period_days,
            paused=row.paused,
            key_kind=KeyKind(row.key_kind) if row.key_kind in _KINDS else None,
            key_rights=_rights(row.key_rights),
            key_expires_at=row.key_expires_at,
            uncounted_warehouses=frozenset(row.uncounted),
        )

    def _name(self, row: Row[Any]) -> str | None:
        """Unseal a shop's name; without one that opens the shop goes by its number."""
        if row.name_sealed is None:
            return None
        try:
            return self._vault.open(Purpose.SHOP_NAME, row.id, row.name_sealed)
        except Defect as error:
            self._observe(DefectFound("shop_name", error.code, error.detail, row.id))
            return None


def works_at_night() -> tuple[ColumnElement[bool], ...]:
    """Return what a shop itself must be for its nightly run: live and not paused."""
    return shops.c.state == ShopState.LIVE, shops.c.paused.is_(False)


def _of(shop_id: int) -> Any:
    return update(shops).where(shops.c.id == shop_id)


def _rights(words: Collection[str]) -> frozenset[Right]:
    """Return the rights that this version knows."""
    return frozenset(right for right in Right if right in words)


async def delete_keys(connection: AsyncConnection, seller_id: int, *, now: datetime) -> None:
    """Erase the keys of all shops of a seller who is held, within somebody else's transaction."""
    his = select(shops.c.id).where(shops.c.seller_id == seller_id).order_by(shops.c.id)
    for shop_id in (await connection.execute(his)).scalars().all():
        await supersede(connection, shop_id, now=now, why=Code.KEY_MISSING)
        await connection.execute(_of(shop_id).values(**_NO_KEY))


async def _hold_seller(connection: AsyncConnection, seller_id: int) -> None:
    """Let one connection at a time add shops of a seller; one who is being erased is gone."""
    his = select(sellers.c.erasing_at).where(sellers.c.id == seller_id)
    row = (await connection.execute(his.with_for_update(key_share=True))).one_or_none()
    if row is None or row.erasing_at is not None:
        raise SellerMustAct(Code.NOT_REGISTERED)


async def _add(connection: AsyncConnection, seller_id: int, sid: str, *, now: datetime) -> int:
    """Insert a shop that has no key yet, and return its id, to which the key will be bound."""
    taken = select(func.max(shops.c.number)).where(shops.c.seller_id == seller_id)
    number = (await connection.execute(taken)).scalar_one_or_none() or 0
    added = insert(shops).values(
        seller_id=seller_id,
        number=number + 1,
        sid=sid,
        connected_at=now,
        period_days=DEFAULT_PERIOD_DAYS,
        uncounted=[],
        **_NO_KEY,
    )
    return int((await connection.execute(added.returning(shops.c.id))).scalar_one())

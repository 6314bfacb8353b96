"""What is remembered of a shop's table: sealed, with the file's hash beside it."""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import replace

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import Code, Defect, SellerMustAct
from bot.core.ports import TableState
from bot.core.table_file import Trouble
from bot.storage.tables import shop_tables
from bot.storage.upsert import put
from bot.storage.vault import Purpose, Vault

_HASHES_PER_ROUND = 500


class TableStates:
    """Reads and writes states within somebody else's transaction."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def load(self, connection: AsyncConnection, shop_id: int) -> TableState:
        """Return a shop's state; an empty one before the first publishing.

        Raises:
            Defect: it does not open (`Code.STORED_DATA_SEALED`), or is of another version.
        """
        query = select(shop_tables.c.state_sealed).where(shop_tables.c.shop_id == shop_id)
        sealed = (await connection.execute(query)).scalar_one_or_none()
        if sealed is None:
            return TableState()
        text = self._vault.open(Purpose.TABLE_STATE, shop_id, sealed)
        try:
            return msgspec.json.decode(text, type=TableState)
        except msgspec.DecodeError:
            raise Defect(Code.INTERNAL, "a table's state is of another version") from None

    async def put(
        self,
        connection: AsyncConnection,
        shop_id: int,
        state: TableState,
        *,
        over: Trouble | None = None,
    ) -> bool:
        """Store a publisher's state, and say whether it is news; what the seller wishes stays.

        Raises:
            SellerMustAct: another shop has this file.
        """
        return await self.change(
            connection,
            shop_id,
            lambda old: replace(state, sharing=old.sharing, trouble=_left(old.trouble, over)),
        )

    async def change(
        self,
        connection: AsyncConnection,
        shop_id: int,
        change: Callable[[TableState], TableState],
    ) -> bool:
        """Store what `change` makes of the state, and say whether that is another one.

        Raises:
            SellerMustAct: another shop has this file.
        """
        row = select(shop_tables.c.shop_id).where(shop_tables.c.shop_id == shop_id)
        await connection.execute(row.with_for_update())
        before = await self.load(connection, shop_id)
        state = change(before)
        hashed = None if state.file_id is None else hash_of(state.file_id)
        if hashed is not None:
            owners = await self._owners(connection, [hashed])
            if owners.get(hashed, shop_id) != shop_id:
                raise SellerMustAct(Code.SHEET_TAKEN)
        sealed = self._vault.seal(
            Purpose.TABLE_STATE, shop_id, msgspec.json.encode(state).decode()
        )
        values = {"shop_id": shop_id, "state_sealed": sealed, "file_hash": hashed}
        await put(connection, shop_tables, **values)
        return state != before

    async def shops_of_files(
        self, connection: AsyncConnection, file_ids: Collection[str]
    ) -> dict[str, int]:
        """Return which of these files are tables, by shop."""
        by_hash = {hash_of(file_id): file_id for file_id in file_ids}
        hashes = list(by_hash)
        found: dict[str, int] = {}
        for start in range(0, len(hashes), _HASHES_PER_ROUND):
            owners = await self._owners(connection, hashes[start : start + _HASHES_PER_ROUND])
            found |= {by_hash[hashed]: shop_id for hashed, shop_id in owners.items()}
        return found

    async def _owners(self, connection: AsyncConnection, hashes: list[str]) -> dict[str, int]:
        columns = select(shop_tables.c.file_hash, shop_tables.c.shop_id)
        rows = await connection.execute(columns.where(shop_tables.c.file_hash.in_(hashes)))
        return {row.file_hash: row.shop_id for row in rows.all()}


def _left(trouble: Trouble | None, over: Trouble | None) -> Trouble | None:
    return None if trouble == over else trouble


def hash_of(file_id: str) -> str:
    """Return what stands for a file: whoever may read the database cannot open it."""
    return hashlib.sha256(file_id.encode()).hexdigest()

"""Half-typed forms: a restart loses none, and what was typed is sealed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import delete, select

from bot.storage.database import Database, whole
from bot.storage.tables import drafts
from bot.storage.upsert import put
from bot.storage.vault import Purpose, Vault


class SqlDrafts:
    """The port `Drafts`. Keys are numbers between colons, the Telegram user's among them."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    @whole
    async def load(self, key: str) -> tuple[str | None, Mapping[str, Any]]:
        """Return the state's name and what was typed so far.

        Raises:
            Defect: what was typed does not open (`Code.STORED_DATA_SEALED`).
        """
        query = select(drafts.c.state, drafts.c.answers_sealed).where(drafts.c.key == key)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            return None, {}
        return row.state, self._opened(key, row.answers_sealed)

    async def save_state(self, key: str, state: str | None, *, now: datetime) -> None:
        """Set the state's name."""
        await self._save(key, now, state=state)

    async def save_answers(self, key: str, answers: Mapping[str, Any], *, now: datetime) -> None:
        """Replace what was typed so far."""
        await self._save(key, now, answers_sealed=self._sealed(key, answers))

    @whole
    async def _save(self, key: str, now: datetime, **changed: str | None) -> None:
        """Write the change; a draft with neither state nor answers is no draft."""
        nothing = delete(drafts).where(
            drafts.c.key == key, drafts.c.state.is_(None), drafts.c.answers_sealed.is_(None)
        )
        async with self._database.write() as connection:
            await put(connection, drafts, key=key, updated_at=now, **changed)
            await connection.execute(nothing)

    def _sealed(self, key: str, answers: Mapping[str, Any]) -> str | None:
        if not answers:
            return None
        text = msgspec.json.encode(answers).decode()
        return self._vault.seal(Purpose.DRAFT, key, text)

    def _opened(self, key: str, sealed: str | None) -> Mapping[str, Any]:
        if sealed is None:
            return {}
        text = self._vault.open(Purpose.DRAFT, key, sealed)
        return msgspec.json.decode(text, type=dict[str, Any])

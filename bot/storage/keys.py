"""Where the vault's keys come from, and whether they open what is stored."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Select, func, select

from bot.core.errors import Code
from bot.storage.database import Database, whole
from bot.storage.errors import Misconfigured
from bot.storage.key_file import KEY_FILE, make_key_file, read_key_file
from bot.storage.tables import SEALED, Sealed
from bot.storage.vault import ENVELOPE_PREFIX_CHARACTERS, Vault, key_id

POSTGRESQL_NEEDS_KEYS = (
    "ENCRYPTION_KEYS is not set, and PostgreSQL needs it: a Fernet key, kept apart from the "
    "database (make one: python -m bot keys generate)"
)


def load_or_make_keys(
    encryption_keys: Sequence[str],
    *,
    database_is_sqlite: bool,
    data_dir: Path,
    has_sealed_rows: bool,
) -> list[str]:
    """Return the keys of the setting ENCRYPTION_KEYS, or of `encryption.key` in `data_dir`.

    The file is for SQLite only. It is made when it is missing, and only for a database without
    sealed rows.

    Raises:
        Misconfigured: there are none and none may be made, or they are no Fernet keys.
    """
    keys = [key.strip() for key in encryption_keys if key.strip()]
    if not keys:
        keys = _from_file(
            data_dir / KEY_FILE, is_sqlite=database_is_sqlite, has_sealed_rows=has_sealed_rows
        )
    for key in keys:
        key_id(key)
    return keys


def _from_file(path: Path, *, is_sqlite: bool, has_sealed_rows: bool) -> list[str]:
    if not is_sqlite:
        raise Misconfigured(Code.STORED_DATA_SEALED, POSTGRESQL_NEEDS_KEYS)
    if not path.exists():
        if has_sealed_rows:
            raise Misconfigured(
                Code.STORED_DATA_SEALED,
                f"ENCRYPTION_KEYS is not set and {path} is gone, but the database holds sealed "
                "data: put the key back",
            )
        make_key_file(path)
    return read_key_file(path)


@whole
async def has_sealed_rows(database: Database) -> bool:
    """Say whether anything sealed is stored; the schema has to be there."""
    async with database.read() as connection:
        for sealed in SEALED:
            found = select(sealed.column).where(sealed.column.is_not(None)).limit(1)
            if (await connection.execute(found)).first() is not None:
                return True
    return False


@whole
async def check_keys(database: Database, vault: Vault) -> None:
    """Open one stored text of every kind and of every key that sealed one.

    Raises:
        Defect: a key is missing or wrong (`Code.STORED_DATA_SEALED`).
    """
    async with database.read() as connection:
        for sealed in SEALED:
            for row in await connection.execute(_one_of_each_key(sealed)):
                vault.open(sealed.purpose, row[0], row[1])


def _one_of_each_key(sealed: Sealed) -> Select[Any]:
    key = func.substr(sealed.column, 1, ENVELOPE_PREFIX_CHARACTERS)
    firsts = select(func.min(sealed.owner)).where(sealed.column.is_not(None)).group_by(key)
    return select(sealed.owner, sealed.column).where(sealed.owner.in_(firsts))

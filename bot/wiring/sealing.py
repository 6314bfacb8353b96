"""The keys of one database: held while they are used, and rotated."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from cryptography.fernet import Fernet

from bot.core.errors import Code, Defect
from bot.settings import ConfigurationError, Settings
from bot.storage.database import Database
from bot.storage.engine import make_engine
from bot.storage.errors import Misconfigured
from bot.storage.key_file import KEY_FILE, in_use, lock_of, make_key_file, read_key_file
from bot.storage.key_file import replace_key_file as replace
from bot.storage.keys import has_sealed_rows
from bot.storage.migrations import migrate
from bot.storage.rotation import envelopes_by_key, rotate
from bot.storage.vault import Vault, key_id

Say = Callable[[str], None]


def key_file(settings: Settings, database: Database) -> Path | None:
    """Return where the keys lie when no setting holds them; `None` for PostgreSQL and settings."""
    path = database.engine.url.database
    if settings.encryption_keys or not database.is_sqlite or path is None:
        return None
    return Path(path).parent / KEY_FILE


def keys_without_making(settings: Settings, database_file: Path) -> list[str]:
    """Return the keys of an SQLite database, from the setting or from the file beside it.

    Raises:
        ConfigurationError: there are none.
    """
    if settings.encryption_keys:
        return [key.get_secret_value() for key in settings.encryption_keys]
    try:
        return read_key_file(database_file.with_name(KEY_FILE))
    except Misconfigured as error:
        raise ConfigurationError(error.detail) from None


@contextmanager
def using_database(database: Database) -> Iterator[None]:
    """Keep others from putting another file or key in the place of those in use here.

    Raises:
        ConfigurationError: somebody is doing that now.
    """
    path = database.engine.url.database
    if not database.is_sqlite or path is None:
        yield
        return
    with in_use(lock_of(Path(path))) as may_use:
        if not may_use:
            raise ConfigurationError(
                f"DATABASE_URL: {path} is being restored, or its key rotated, just now"
            )
        yield


async def rotate_keys(settings: Settings, say: Say) -> None:
    """Seal everything by the first key; a key file gets a new one, and loses those out of use.

    Killed at any moment it goes on from there when it is called again.

    Raises:
        ConfigurationError: a process still seals by the key file, or there are no keys.
        Defect: some rows did not open; the keys that they name were kept.
        Transient: the database is away.
    """
    async with _opened(settings) as database:
        path = key_file(settings, database)
        if path is None:
            keys = [key.get_secret_value() for key in settings.encryption_keys]
            await _rotate(database, keys, say)
            say("Keys of ENCRYPTION_KEYS after the first one may be taken out where 0 are left.")
            return
        file = Path(database.engine.url.database or "")
        with in_use(lock_of(file), alone=True) as is_alone:
            if not is_alone:
                raise ConfigurationError(
                    f"a running process seals by {path}: stop the bot, then rotate"
                )
            await _rotate_file(database, path, say)


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Database]:
    try:
        database = Database(make_engine(settings.database))
        try:
            await migrate(database.engine)
            yield database
        finally:
            await database.close()
    except Misconfigured as error:
        raise ConfigurationError(error.detail) from None


async def _rotate_file(database: Database, path: Path, say: Say) -> None:
    """Add a key unless a rotation was broken off, seal by it, drop what nothing needs."""
    if not await has_sealed_rows(database):
        make_key_file(path)
    keys = read_key_file(path)
    if len(keys) == 1:
        keys = [Fernet.generate_key().decode(), *keys]
        replace(path, keys)
        say(f"A new key stands first in {path}.")
    else:
        say(f"{path} holds {len(keys)} keys: going on with the first one.")
    try:
        await _rotate(database, keys, say)
    finally:
        counts = await envelopes_by_key(database)
        needed = [keys[0], *(key for key in keys[1:] if counts.get(key_id(key)))]
        if len(needed) < len(keys):
            replace(path, needed)
            say(f"{len(keys) - len(needed)} key(s) that seal nothing any more are out of {path}.")


async def _rotate(database: Database, keys: Sequence[str], say: Say) -> None:
    if not keys:
        raise ConfigurationError("ENCRYPTION_KEYS is not set: there is nothing to rotate to")
    vault = Vault(keys)
    moved: dict[str, int] = {}
    async for step in rotate(database, vault):
        moved[step.table] = moved.get(step.table, 0) + step.moved
    for table, number in moved.items():
        say(f"{table}: {number} sealed anew.")
    counts = await envelopes_by_key(database)
    left = sum(number for kid, number in counts.items() if kid != vault.current_kid)
    say(f"Left under other keys: {left}.")
    if left:
        raise Defect(
            Code.STORED_DATA_SEALED,
            f"{left} row(s) do not open and stay as they are; the keys they name are still needed",
        )

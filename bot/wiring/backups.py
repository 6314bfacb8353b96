"""`backup` and `restore`, for SQLite."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from bot.core.errors import Code, Defect
from bot.kit.clock import Clock
from bot.settings import ConfigurationError, Settings
from bot.storage import backup as copies
from bot.storage.engine import make_engine
from bot.storage.errors import Misconfigured
from bot.storage.key_file import in_use, lock_of
from bot.storage.vault import Vault
from bot.wiring.sealing import keys_without_making

Say = Callable[[str], None]

FOR_POSTGRESQL = (
    "DATABASE_URL names PostgreSQL: use pg_dump and pg_restore (docs/secrets.md says how)"
)


async def backup(settings: Settings, target: Path, say: Say) -> None:
    """Copy the database into `target` while the bot goes on; checked before it gets its name.

    Raises:
        ConfigurationError: not SQLite, no database there, or the target is something else.
        Defect: the copy does not open with the keys of today.
    """
    source = _database_file(settings)
    await asyncio.to_thread(_refuse_target, source, target)
    vault = Vault(keys_without_making(settings, source))
    try:
        with copies.draft_of(target) as draft:
            await asyncio.to_thread(copies.copy_whole, source, draft)
            await copies.check_copy(draft, vault)
            await asyncio.to_thread(copies.put_in_place, draft, target, alone=True)
    except Misconfigured as error:
        raise ConfigurationError(error.detail) from None
    say(f"{target}: whole, at the newest schema, and what is sealed in it opens.")
    say("The encryption key is not in it: keep the key elsewhere.")


async def restore(
    settings: Settings, source: Path, clock: Clock, say: Say, *, force: bool
) -> None:
    """Put a copy in the place of the database; leases and old messages do not come back.

    The database that was there is set aside, not deleted.

    Raises:
        ConfigurationError: a bot lives, the copy is none, `force` is missing, or the keys of
            today do not open it; nothing was changed.
    """
    target = _database_file(settings, must_exist=False)
    await asyncio.to_thread(_refuse_source, source, target, force=force)
    vault = Vault(keys_without_making(settings, target))
    with in_use(lock_of(target), alone=True) as is_alone:
        if not is_alone:
            raise ConfigurationError(f"a running process uses {target}: stop the bot first")
        try:
            await _restore(source, target, vault, clock, say)
        except Misconfigured as error:
            raise ConfigurationError(error.detail) from None
        except Defect as error:
            if error.code is not Code.STORED_DATA_SEALED:
                raise
            sentence = f"ENCRYPTION_KEYS does not open {source}: put the key of its time back"
            raise ConfigurationError(sentence) from None


async def _restore(source: Path, target: Path, vault: Vault, clock: Clock, say: Say) -> None:
    now = clock.now()
    with copies.draft_of(target) as draft:
        await asyncio.to_thread(copies.copy_whole, source, draft)
        expired = await copies.make_ready(draft, vault, now=now)
        if await asyncio.to_thread(target.exists):
            name = f"{target.name}.before-{now:%Y%m%dT%H%M%SZ}"
            aside = await asyncio.to_thread(copies.set_aside, target, name)
            say(f"The database that was there is now {aside}.")
        await asyncio.to_thread(copies.put_in_place, draft, target)
    say(f"{target} is restored; {expired} old message(s) will not be sent again.")


def _database_file(settings: Settings, *, must_exist: bool = True) -> Path:
    """Return the file of the database without making it."""
    engine = make_engine(settings.database, make_file=False)
    if engine.dialect.name != "sqlite":
        raise ConfigurationError(FOR_POSTGRESQL)
    path = Path(engine.url.database or "")
    if must_exist and not path.is_file():
        raise ConfigurationError(f"DATABASE_URL: there is no database {path}")
    return path


def _refuse_target(source: Path, target: Path) -> None:
    """Refuse to overwrite what is not an older copy."""
    if not target.parent.is_dir():
        raise ConfigurationError(f"{target.parent} is no folder")
    if not target.exists():
        return
    if target.is_dir() or target.samefile(source) or not copies.is_sqlite_file(target):
        raise ConfigurationError(f"{target} is there already and is no older backup")


def _refuse_source(source: Path, target: Path, *, force: bool) -> None:
    if not source.is_file() or not copies.is_sqlite_file(source):
        raise ConfigurationError(f"{source} is no backup")
    if not target.exists():
        return
    if target.samefile(source):
        raise ConfigurationError(f"{source} is the database itself")
    if not force:
        raise ConfigurationError(f"{target} is there already: add --force to set it aside")

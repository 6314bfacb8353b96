"""A copy of an SQLite database while it is written to, checked before it counts, and its way back.

PostgreSQL has tools of its own: docs/secrets.md. The encryption key is never in a copy.
"""

import os
import re
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, update

from bot.core.errors import Code
from bot.storage.database import Database
from bot.storage.engine import make_engine
from bot.storage.errors import Misconfigured
from bot.storage.keys import check_keys
from bot.storage.migrations import is_at_head, knows_revision, migrate
from bot.storage.tables import locks, outbox, shops
from bot.storage.vault import Vault

OLD_NEWS = timedelta(hours=6)
BUSY_SECONDS = 30.0
_SQLITE_MAGIC = b"SQLite format 3\0"
_BESIDE = ("-wal", "-shm")
_DRAFT = re.compile(r"\..+\.draft-[0-9a-f]{16}(-wal|-shm)?")
_LEFT_SECONDS = 3600.0  # a draft that nobody has touched for so long is nobody's


def is_sqlite_file(path: Path) -> bool:
    """Say whether a file is an SQLite database."""
    with path.open("rb") as file:
        return file.read(len(_SQLITE_MAGIC)) == _SQLITE_MAGIC


@contextmanager
def draft_of(path: Path) -> Iterator[Path]:
    """Give an empty file beside `path`, for us alone; what is left of it is removed.

    So is what a process that was killed has left there of earlier ones.
    """
    _clear_away_old_drafts(path.parent)
    draft = path.with_name(f".{path.name}.draft-{secrets.token_hex(8)}")
    draft.touch(mode=0o600, exist_ok=False)
    try:
        yield draft
    finally:
        for one in (draft, *beside(draft)):
            one.unlink(missing_ok=True)


def _clear_away_old_drafts(folder: Path) -> None:
    oldest = time.time() - _LEFT_SECONDS
    for draft in folder.iterdir():
        if _DRAFT.fullmatch(draft.name) is None:
            continue
        with suppress(OSError):  # gone meanwhile, or somebody else's
            if draft.stat().st_mtime < oldest:
                draft.unlink()


def copy_whole(source: Path, draft: Path) -> None:
    """Copy what is committed now into an empty file; writers go on meanwhile. Blocking.

    Pages that are out of use, with what was once erased, are not copied.

    Raises:
        Misconfigured: the source is damaged, or no database.
    """
    address = f"{source.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS)) as connection:
            connection.execute("VACUUM INTO ?", (str(draft),))
        with closing(sqlite3.connect(draft)) as connection:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
            loose = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise Misconfigured(
            Code.INTERNAL, f"{source} cannot be read as a database ({error})"
        ) from None
    if found != ["ok"] or loose is not None:
        raise Misconfigured(Code.INTERNAL, f"{source} is damaged: its integrity check failed")


async def check_copy(draft: Path, vault: Vault) -> None:
    """Make sure that a copy is of this version's schema and opens with these keys.

    Raises:
        Misconfigured: it is not of this schema.
        Defect: what is sealed in it does not open (`Code.STORED_DATA_SEALED`).
    """
    database = Database(make_engine(f"sqlite:///{draft}"))
    try:
        if not await is_at_head(database.engine):
            raise Misconfigured(Code.INTERNAL, "the copy is not at the newest schema")
        await check_keys(database, vault)
    finally:
        await database.close()


async def make_ready(draft: Path, vault: Vault, *, now: datetime) -> int:
    """Turn a copy into a database that a bot may start on; return how many messages expired.

    An older schema is brought up to date. Nobody holds a lease any more, and every old claim is
    worthless; messages that were due hours ago are not sent again.

    Raises:
        Misconfigured: it is of a schema that this version does not know.
        Defect: what is sealed in it does not open (`Code.STORED_DATA_SEALED`).
    """
    database = Database(make_engine(f"sqlite:///{draft}"))
    try:
        if not await knows_revision(database.engine):
            raise Misconfigured(
                Code.INTERNAL, "the copy is of another program, or of a newer version of this one"
            )
        await migrate(database.engine)
        await check_keys(database, vault)
        return await _settle(database, now)
    finally:
        await database.close()


async def _settle(database: Database, now: datetime) -> int:
    free = update(shops).values(fence=shops.c.fence + 1, lease_owner=None, lease_until=None)
    stale = (
        update(outbox)
        .where(outbox.c.status == "pending", outbox.c.not_before <= now - OLD_NEWS)
        .values(status="expired")
    )
    async with database.write() as connection:
        await connection.execute(free)
        await connection.execute(delete(locks))
        return int((await connection.execute(stale)).rowcount)


def put_in_place(draft: Path, path: Path, *, alone: bool = False) -> None:
    """Give a finished file its name, whole also in a power cut. Blocking.

    `alone`: it will be read where nothing can be written beside it.
    """
    with closing(sqlite3.connect(draft, timeout=BUSY_SECONDS)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if alone:
            connection.execute("PRAGMA journal_mode = DELETE")
    descriptor = os.open(draft, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def set_aside(path: Path, name: str) -> Path:
    """Keep a database that nobody uses under another name, whole. Blocking.

    It has its own name, too, until another one is put in its place: no moment is without any,
    where the file system knows hard links.

    Raises:
        OSError: there is a file of that name already.
    """
    with closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    aside = path.with_name(name)
    try:
        aside.hardlink_to(path)
    except OSError:  # a file system without hard links
        if aside.exists():
            raise
        path.rename(aside)
    for one in beside(path):
        one.unlink(missing_ok=True)
    return aside


def beside(path: Path) -> list[Path]:
    """Return the files that SQLite keeps beside a database."""
    return [path.with_name(path.name + ending) for ending in _BESIDE]

"""The key file beside an SQLite database: read, replaced whole, and held while it is in use."""

import fcntl
import os
import secrets
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cryptography.fernet import Fernet

from bot.core.errors import Code
from bot.storage.errors import Misconfigured
from bot.storage.files import make_once

KEY_FILE = "encryption.key"
_OTHERS = stat.S_IRWXO


def make_key_file(path: Path) -> None:
    """Make a file with one new key, for us alone; the first of two processes wins."""
    make_once(path, lambda draft: _write(draft, [Fernet.generate_key().decode()]))


def read_key_file(path: Path) -> list[str]:
    """Return the keys of the file, the one that seals first.

    Raises:
        Misconfigured: it cannot be read, is empty, or everybody may read it.
    """
    try:
        everybody = path.stat().st_mode & _OTHERS
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(
            Code.STORED_DATA_SEALED,
            f"ENCRYPTION_KEYS is not set and {path} cannot be read ({type(error).__name__})",
        ) from None
    if everybody:
        raise Misconfigured(
            Code.STORED_DATA_SEALED,
            f"ENCRYPTION_KEYS is not set and everybody on this machine may read {path}: "
            f"chmod 600 {path}",
        )
    keys = text.replace(",", " ").split()
    if not keys:
        raise Misconfigured(
            Code.STORED_DATA_SEALED, f"ENCRYPTION_KEYS is not set and {path} is empty"
        )
    return keys


def replace_key_file(path: Path, keys: Sequence[str]) -> None:
    """Put these keys in the place of the old ones: wholly or not at all, also in a power cut."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    draft.touch(mode=0o600, exist_ok=False)
    try:
        _write(draft, keys)
        draft.replace(path)
        _sync_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def lock_of(database: Path) -> Path:
    """Return the file that is locked by whoever uses an SQLite database and its keys."""
    return database.with_name(f"{database.name}.lock")


@contextmanager
def in_use(lock: Path, *, alone: bool = False) -> Iterator[bool]:
    """Say that this process uses a database and its keys; yield False where it may not.

    Many may at once; whoever puts another key or database in their place has to be `alone`. The
    kernel frees the lock with the process, however that ends.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _locked(descriptor, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def _locked(descriptor: int, how: int) -> bool:
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without such locks: the locks of the database remain
        return True
    return True


def _write(path: Path, keys: Sequence[str]) -> None:
    with path.open("wb") as file:
        file.write("\n".join(keys).encode("ascii") + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

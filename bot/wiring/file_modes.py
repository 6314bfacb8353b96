"""Files with secrets that others on this machine may read: said once, at the start."""

import stat
from collections.abc import Iterator
from pathlib import Path

import structlog

from bot.settings import Settings
from bot.storage.database import Database

OTHERS = stat.S_IRWXG | stat.S_IRWXO
ENV_FILE = Path(".env")

log = structlog.get_logger(__name__)


def warn_of_open_files(settings: Settings, database: Database) -> None:
    """Warn of each one by its name. Blocking, and short; `encryption.key` is refused elsewhere."""
    for path in _with_secrets(settings, database):
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
        except OSError:
            continue  # it is not there, or not ours to look at: then it is not read either
        if mode & OTHERS:
            log.warning(
                "file.readable_by_others",
                file=str(path),
                mode=f"{mode:04o}",
                advice=f"chmod 600 {path}",
            )


def _with_secrets(settings: Settings, database: Database) -> Iterator[Path]:
    yield ENV_FILE
    yield from settings.google_credentials_file
    yield settings.google_oauth_client_file
    yield settings.google_token_file
    if database.is_sqlite and database.engine.url.database:
        yield Path(database.engine.url.database)

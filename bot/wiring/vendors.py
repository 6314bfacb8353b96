"""Keys and vendors, as the settings name them."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import SystemRandom

from bot.core.errors import Code, StockTrackerError
from bot.core.ports import Observe
from bot.kit.clock import Clock
from bot.marketplaces.wildberries.hosts import WildberriesUrls
from bot.marketplaces.wildberries.marketplace import Wildberries, open_wildberries
from bot.outputs.google_sheets.accounts import GoogleSetupError
from bot.outputs.google_sheets.config import GoogleConfig
from bot.outputs.google_sheets.publisher import GoogleSheets, open_google_sheets
from bot.settings import ConfigurationError, Settings
from bot.storage.database import Database
from bot.storage.errors import Misconfigured
from bot.storage.keys import POSTGRESQL_NEEDS_KEYS, check_keys, has_sealed_rows, load_or_make_keys
from bot.storage.stores import Stores
from bot.storage.vault import Vault


@contextmanager
def naming_the_setting() -> Iterator[None]:
    """Turn what the database finds wrong with the settings into the operator's sentence.

    Raises:
        ConfigurationError: the settings do not fit the database.
    """
    try:
        yield
    except Misconfigured as error:
        raise ConfigurationError(error.detail) from None


def require_keys(settings: Settings, database: Database) -> None:
    """Refuse PostgreSQL without keys before anything is made there.

    Raises:
        ConfigurationError: there are none.
    """
    if not database.is_sqlite and not settings.encryption_keys:
        raise ConfigurationError(POSTGRESQL_NEEDS_KEYS)


async def open_keys(settings: Settings, database: Database) -> list[str]:
    """Return the keys that open what is stored.

    Raises:
        ConfigurationError: there are none, or they do not open it.
    """
    path = database.engine.url.database
    try:
        keys = load_or_make_keys(
            [key.get_secret_value() for key in settings.encryption_keys],
            database_is_sqlite=database.is_sqlite,
            data_dir=Path(path or "data").parent,
            has_sealed_rows=await has_sealed_rows(database),
        )
        await check_keys(database, Vault(keys))
    except Misconfigured as error:
        raise ConfigurationError(error.detail) from None
    except StockTrackerError as error:
        if error.code is Code.STORED_DATA_SEALED:
            sentence = "ENCRYPTION_KEYS does not hold the key that sealed the stored data"
            raise ConfigurationError(sentence) from None
        raise
    return keys


def wildberries(settings: Settings, stores: Stores, clock: Clock, observe: Observe) -> Wildberries:
    """Return Wildberries, its calls debited from the stored budget."""
    secret = settings.wb_client_secret
    return open_wildberries(
        WildberriesUrls(
            analytics=settings.wb_analytics_url,
            statistics=settings.wb_statistics_url,
            marketplace=settings.wb_marketplace_url,
            content=settings.wb_content_url,
            common=settings.wb_common_url,
        ),
        budget=stores.budget,
        clock=clock,
        random=SystemRandom(),
        client_secret=secret.get_secret_value() if secret else None,
        time_scale=settings.time_scale,
        refresh_at=settings.refresh_at,
        observe=observe,
    )


def google(
    settings: Settings, clock: Clock, keys: Sequence[str], observe: Observe
) -> GoogleSheets | None:
    """Return Google Sheets where the operator has set it up.

    Raises:
        ConfigurationError: a credentials file cannot be used.
    """
    if not settings.google_files:
        return None
    config = GoogleConfig(
        credentials_files=settings.google_files,
        token_file=settings.google_token_file,
        folder_id=settings.google_drive_folder_id,
        sheets_url=settings.google_sheets_url,
        drive_url=settings.google_drive_url,
        gzip=settings.google_gzip,
    )
    marker_secret = hashlib.sha256(b"google marker" + keys[-1].encode()).digest()
    try:
        return open_google_sheets(
            config,
            clock,
            time_scale=settings.time_scale,
            marker_secret=marker_secret,
            observe=observe,
        )
    except GoogleSetupError as error:
        raise ConfigurationError(f"GOOGLE_CREDENTIALS_FILE cannot be used: {error}") from None

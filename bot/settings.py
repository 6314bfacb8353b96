"""The settings: the only reader of the environment. Names and defaults are design §7."""

from dataclasses import dataclass
from datetime import time
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cryptography.fernet import Fernet
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

HOW_TO_GET_A_BOT = (
    "BOT_TOKEN is missing: get one from @BotFather in Telegram (/newbot) "
    "and put BOT_TOKEN=… into .env"
)
OFFICIAL_TELEGRAM = "https://api.telegram.org"


class ConfigurationError(Exception):
    """The settings cannot be used; `sentences` says why, one per fault, naming the variable."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


class Refused(ConfigurationError):  # noqa: N818 - said as it happens: somebody refused
    """An outside service does not accept what a setting holds; `sentences` name it."""


class Settings(BaseSettings):
    """Everything that can be set; each field is the variable of the same name in capitals."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        hide_input_in_errors=True,
        env_ignore_empty=True,
    )

    bot_token: SecretStr | None = None
    telegram_api_url: str = OFFICIAL_TELEGRAM
    telegram_proxy: SecretStr | None = None
    admin_ids: Annotated[frozenset[int], NoDecode] = frozenset()
    registration: Literal["open", "invite"] = "open"
    support_contact: str | None = None
    privacy_url: str | None = None

    database_url: SecretStr | None = None
    db_host: str | None = None
    db_port: int = Field(default=5432, ge=1, le=65535)
    db_name: str | None = None
    db_user: str | None = None
    db_password: SecretStr | None = None
    encryption_keys: Annotated[tuple[SecretStr, ...], NoDecode] = ()

    wb_analytics_url: str = "https://seller-analytics-api.wildberries.ru"
    wb_statistics_url: str = "https://statistics-api.wildberries.ru"
    wb_marketplace_url: str = "https://marketplace-api.wildberries.ru"
    wb_content_url: str = "https://content-api.wildberries.ru"
    wb_common_url: str = "https://common-api.wildberries.ru"
    wb_client_secret: SecretStr | None = None

    google_credentials_file: Annotated[tuple[Path, ...], NoDecode] = (Path("credentials.json"),)
    google_oauth_client_file: Path = Path("oauth_client.json")
    google_token_file: Path = Path("token.json")
    google_drive_folder_id: str | None = None
    google_sheets_url: str = "https://sheets.googleapis.com"
    google_drive_url: str = "https://www.googleapis.com"
    google_gzip: bool = True

    refresh_at: time = time(0, 1)
    timezone: str = "Europe/Moscow"
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8080, ge=0, le=65535)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["auto", "json", "console"] = "auto"
    sentry_dsn: SecretStr | None = None
    heartbeat_url: SecretStr | None = None
    time_scale: float = Field(default=1.0, ge=1.0, le=100_000.0)

    @field_validator("admin_ids", mode="before")
    @classmethod
    def _ids(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return frozenset(int(part) for part in _parts(value))
        except ValueError:
            raise ValueError("must be Telegram ids (numbers) separated by commas") from None

    @field_validator("encryption_keys", mode="before")
    @classmethod
    def _keys(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        keys = _parts(value)
        for key in keys:
            try:
                Fernet(key)
            except ValueError:
                raise ValueError(
                    "must be Fernet keys separated by commas "
                    "(make one: python -m bot keys generate)"
                ) from None
        return keys

    @field_validator("google_credentials_file", mode="before")
    @classmethod
    def _files(cls, value: Any) -> Any:
        return tuple(Path(part) for part in _parts(value)) if isinstance(value, str) else value

    @field_validator(
        "telegram_api_url",
        "wb_analytics_url",
        "wb_statistics_url",
        "wb_marketplace_url",
        "wb_content_url",
        "wb_common_url",
        "google_sheets_url",
        "google_drive_url",
    )
    @classmethod
    def _address(cls, value: str) -> str:
        parts = urlsplit(value)
        has_only_a_host = parts.path in {"", "/"} and not parts.query and not parts.fragment
        if parts.scheme not in {"http", "https"} or not parts.hostname or not has_only_a_host:
            raise ValueError("must be scheme, host and port without a path, as https://host:443")
        return f"{parts.scheme}://{parts.netloc}"

    @field_validator("refresh_at", mode="before")
    @classmethod
    def _wall_time(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            hour, minute = value.split(":")
            return time(int(hour), int(minute))
        except ValueError:
            raise ValueError("must be a wall time as 00:01") from None

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("must be a time zone as Europe/Moscow") from None
        return value

    @model_validator(mode="after")
    def _scaled_only_on_loopback(self) -> "Settings":
        if self.time_scale == 1.0:
            return self
        strangers = sorted(n for n, url in self._addresses().items() if not is_loopback(url))
        if strangers:
            raise ValueError(
                f"TIME_SCALE may differ from 1 only when every vendor is on loopback: "
                f"{', '.join(strangers)} is not"
            )
        return self

    def _addresses(self) -> dict[str, str]:
        """Return the vendor addresses in use by the name of their variable."""
        used = ["telegram_api_url", "wb_analytics_url", "wb_statistics_url"]
        used += ["wb_marketplace_url", "wb_content_url", "wb_common_url"]
        if self.google_files:
            used += ["google_sheets_url", "google_drive_url"]
        return {name.upper(): getattr(self, name) for name in used}

    @property
    def google_files(self) -> tuple[Path, ...]:
        """The service accounts' files that are there; none means Excel only."""
        return tuple(path for path in self.google_credentials_file if path.is_file())

    @property
    def database(self) -> str:
        """The database's URL, from `DATABASE_URL`, else from the `DB_…` parts, else SQLite."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        if self.db_host is None:
            return "sqlite+aiosqlite:///data/bot.db"
        user = quote(self.db_user or "postgres", safe="")
        secret = self.db_password.get_secret_value() if self.db_password else ""
        password = f":{quote(secret, safe='')}" if secret else ""
        name = self.db_name or "stock_tracker"
        return f"postgresql://{user}{password}@{self.db_host}:{self.db_port}/{name}"


@dataclass(frozen=True, slots=True)
class Fault:
    """A variable and what is wrong with it."""

    variable: str
    problem: str

    def __str__(self) -> str:
        return f"{self.variable} {self.problem}" if self.variable else self.problem


def read_settings(**overrides: Any) -> Settings:
    """Read the environment and `.env`.

    Raises:
        ConfigurationError: a variable cannot be used; never shows its value.
    """
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise ConfigurationError(*(str(_fault(item)) for item in error.errors())) from None


def bot_token(settings: Settings) -> str:
    """Return the bot's token.

    Raises:
        ConfigurationError: there is none, or it cannot be one.
    """
    token = settings.bot_token.get_secret_value().strip() if settings.bot_token else ""
    if not token:
        raise ConfigurationError(HOW_TO_GET_A_BOT)
    number, _, secret = token.partition(":")
    if not number.isdigit() or not secret or any(c.isspace() for c in token):
        raise ConfigurationError("BOT_TOKEN is not a bot's token: it looks like 123456:ABC-DEF…")
    return token


def is_loopback(url: str) -> bool:
    """Say whether an address stays on this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _fault(item: Any) -> Fault:
    """Return one validation error as a variable and a sentence without the value."""
    message = str(item["msg"]).removeprefix("Value error, ")
    variable = str(item["loc"][0]).upper() if item["loc"] else ""
    if item["type"] != "value_error":
        message = f"cannot be used: {message[:1].lower()}{message[1:]}"
    return Fault(variable, message)


def _parts(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())

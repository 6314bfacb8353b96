"""A stage for whole stories: the three twins, and our bot between them over real sockets."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from bot.kit.clock import SystemClock
from bot.sandbox.google import GoogleTwin, Hands
from bot.sandbox.telegram import TelegramTwin, TwinUser
from bot.sandbox.wildberries import Card, Shop, Warehouse, WildberriesTwin
from bot.settings import Settings, read_settings
from bot.wiring.running import RunningBot, open_bot

ROBOT = "robot@stock-tracker-sandbox.iam.gserviceaccount.com"
SELLER_EMAIL = "anna.petrova@example.com"
SELLER_PHONE = "+79161234567"
SELLER_NAME = "Анна Петрова"
TIME_SCALE = 60.0
PATIENCE_SECONDS = 20.0

GET_TABLE = "📊 Получить мою таблицу"
REFRESH = "🔄 Обновить сейчас"
ADD_KEY = "🔑 Добавить API ключ"


@dataclass
class Stage:
    """The twins, and how to start a bot among them."""

    wb: WildberriesTwin
    google: GoogleTwin
    tg: TelegramTwin
    folder: Path
    database_url: str
    with_google: bool
    extra: dict[str, Any] = field(default_factory=dict)
    encryption_key: str = field(default_factory=lambda: Fernet.generate_key().decode())

    def settings(self) -> Settings:
        """Return the settings of a bot that lives here."""
        hosts = ("analytics", "statistics", "marketplace", "content", "common")
        values: dict[str, Any] = {f"wb_{host}_url": self.wb.url for host in hosts}
        values |= {
            "bot_token": self.tg.token,
            "telegram_api_url": self.tg.url,
            "database_url": self.database_url,
            "google_sheets_url": self.google.url,
            "google_drive_url": self.google.url,
            "google_credentials_file": str(self.folder / "credentials.json"),
            "google_token_file": self.folder / "token.json",
            "http_port": 0,
            "encryption_keys": (self.encryption_key,),
            "time_scale": TIME_SCALE,
        }
        return read_settings(**values | self.extra)

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[RunningBot]:
        """Run a bot."""
        async with open_bot(self.settings()) as running:
            yield running

    def the_sheet(self) -> Hands:
        """Return the only spreadsheet there is."""
        (sheet,) = self.google.tables()
        return sheet

    def grid(self) -> list[list[Any]]:
        """Return what stands in the main tab."""
        return self.the_sheet().grid("Остатки")


@asynccontextmanager
async def open_stage(
    folder: Path, database_url: str, *, with_google: bool, shops: list[Shop]
) -> AsyncIterator[Stage]:
    """Start the twins."""
    clock = SystemClock()
    wb = WildberriesTwin(clock, shops, time_scale=TIME_SCALE)
    google, tg = GoogleTwin(clock), TelegramTwin(clock)
    stage = Stage(wb, google, tg, folder, database_url, with_google)
    async with AsyncExitStack() as stack:
        for twin in (wb, google, tg):
            await twin.start()
            stack.push_async_callback(twin.stop)
        if with_google:
            google.service_account_file(folder / "credentials.json", ROBOT)
            drive = google.drive.add_shared_drive("Stock Tracker", {ROBOT: "fileOrganizer"})
            stage.extra["google_drive_folder_id"] = drive
        yield stage


def small_shop(sid: str = "11111111-2222-4333-8444-555555555555") -> Shop:
    """Return a shop of three cards with known figures."""
    now = SystemClock().now()
    shop = Shop(sid=sid, name="ИП Петрова А. А.", trade_mark="Лавка")
    shop.add_warehouses(Warehouse("Минск", 1, hidden_as=None))
    shop.cards += [
        Card(101, "АРТ-1", stock={"Минск": 14}, to_customer=3, from_customer=1),
        Card(102, '=HYPERLINK("http://x";"y")', stock={"Минск": 5}),
        Card(103, "АРТ-3"),
    ]
    for day in range(1, 8):
        shop.place_order(101, now - timedelta(days=day), warehouse="Минск")
    return shop


async def register(user: TwinUser) -> None:
    """Answer the three questions."""
    user.start()
    await user.wait_for("зовут", timeout_seconds=PATIENCE_SECONDS)
    user.send(SELLER_NAME)
    await user.wait_for("mail", timeout_seconds=PATIENCE_SECONDS)
    user.send(SELLER_EMAIL)
    await user.wait_for("телефон", timeout_seconds=PATIENCE_SECONDS)
    user.send(SELLER_PHONE)
    await user.wait_until(lambda: ADD_KEY in user.keyboard, timeout_seconds=PATIENCE_SECONDS)


async def connect(user: TwinUser, key: str) -> None:
    """Paste a key and wait until the first table is there."""
    user.press(ADD_KEY)
    await user.wait_for("ключ", timeout_seconds=PATIENCE_SECONDS)
    user.send(key)
    await user.wait_until(lambda: GET_TABLE in user.keyboard, timeout_seconds=PATIENCE_SECONDS)
    await user.wait_for(holds_table, timeout_seconds=PATIENCE_SECONDS)


def holds_table(message: Any) -> bool:
    """Say whether a message brings the table, as a link or as a file."""
    linked = any("/spreadsheets/" in link for link in message.links)
    return linked or message.file is not None

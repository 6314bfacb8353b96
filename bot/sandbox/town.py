"""The three outside worlds side by side, and the settings that lead our bot into them."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.kit.clock import Clock
from bot.sandbox.google.twin import GoogleTwin
from bot.sandbox.telegram import TelegramTwin
from bot.sandbox.wildberries.behaviour import Behaviour
from bot.sandbox.wildberries.generate import make_shop
from bot.sandbox.wildberries.keys import make_key
from bot.sandbox.wildberries.twin import WildberriesTwin

SERVICE_ACCOUNT = "stock-tracker@stock-tracker-sandbox.iam.gserviceaccount.com"


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the twins listen; 0 takes a free port."""

    wildberries: int = 0
    google: int = 0
    telegram: int = 0


@dataclass(frozen=True, slots=True)
class Town:
    """Running twins, with one shop whose key is `key`."""

    wildberries: WildberriesTwin
    google: GoogleTwin
    telegram: TelegramTwin
    key: str
    time_scale: float

    def settings(self) -> dict[str, str]:
        """Return the environment with which `python -m bot run` lives in this town."""
        wildberries = dict.fromkeys(
            (
                "WB_ANALYTICS_URL",
                "WB_STATISTICS_URL",
                "WB_MARKETPLACE_URL",
                "WB_CONTENT_URL",
                "WB_COMMON_URL",
            ),
            self.wildberries.url,
        )
        return wildberries | {
            "BOT_TOKEN": self.telegram.token,
            "TELEGRAM_API_URL": self.telegram.url,
            "GOOGLE_SHEETS_URL": self.google.url,
            "GOOGLE_DRIVE_URL": self.google.url,
            "TIME_SCALE": f"{self.time_scale:g}",
        }

    def google_settings(self, folder: Path) -> dict[str, str]:
        """Write a service account's file into `folder` and return the settings that use it."""
        path = self.google.service_account_file(folder / "credentials.json", SERVICE_ACCOUNT)
        drive = self.google.drive.add_shared_drive(
            "Stock Tracker", {SERVICE_ACCOUNT: "fileOrganizer"}
        )
        return {"GOOGLE_CREDENTIALS_FILE": str(path), "GOOGLE_DRIVE_FOLDER_ID": drive}


@asynccontextmanager
async def open_town(
    clock: Clock, *, ports: Ports | None = None, time_scale: float = 1.0
) -> AsyncIterator[Town]:
    """Start the three twins on loopback with one shop; stop them at the end."""
    listen = ports or Ports()
    shop = make_shop(7, now=clock.now(), cards=40, warehouses=6, orders=24_000)
    wildberries = WildberriesTwin(clock, [shop], behaviour=Behaviour(), time_scale=time_scale)
    google, telegram = GoogleTwin(clock), TelegramTwin(clock)
    async with AsyncExitStack() as stack:
        places = (listen.wildberries, listen.google, listen.telegram)
        for twin, port in zip((wildberries, google, telegram), places, strict=True):
            await twin.start(port=port)
            stack.push_async_callback(twin.stop)
        yield Town(wildberries, google, telegram, make_key(sid=shop.sid), time_scale)

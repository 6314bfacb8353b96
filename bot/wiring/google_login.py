"""`google-login`: a person consents to own the tables; the token and the folder are made."""

import asyncio
import threading
import webbrowser
from collections.abc import Callable

from bot.kit.clock import SystemClock
from bot.outputs.google_sheets.accounts import GoogleSetupError
from bot.outputs.google_sheets.config import GoogleConfig
from bot.outputs.google_sheets.login import (
    LoginRefusedError,
    ask_consent,
    read_client,
    write_token_file,
)
from bot.outputs.google_sheets.owner_folder import prepare_folder
from bot.settings import ConfigurationError, Settings

__all__ = ["LoginRefusedError", "google_login"]


async def google_login(
    settings: Settings, say: Callable[[str], None], *, port: int = 0, browser: bool = True
) -> None:
    """Ask for consent in a browser; write the token file and say the folder's id.

    Raises:
        ConfigurationError: the client file or a credentials file cannot be used.
        LoginRefusedError: there is no consent.
        Transient: Google is away.
        Defect: Google refuses.
    """

    def show(address: str) -> None:
        say("Open this address and let the app make its own files:")
        say(address)
        if browser:  # a daemon thread: a text browser would hold us until it is closed
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    try:
        client = await asyncio.to_thread(read_client, settings.google_oauth_client_file)
        token = await ask_consent(client, show, port=port)
        path = settings.google_token_file
        await asyncio.to_thread(write_token_file, path, token)
        say(f"The token is in {path}; only its owner can read that file.")
        folder_id = await prepare_folder(_config(settings), token, SystemClock())
    except GoogleSetupError as error:
        raise ConfigurationError(str(error)) from None
    await asyncio.to_thread(write_token_file, path, token | {"folder_id": folder_id})
    say("Put this into .env:")
    say(f"GOOGLE_DRIVE_FOLDER_ID={folder_id}")


def _config(settings: Settings) -> GoogleConfig:
    return GoogleConfig(
        credentials_files=settings.google_files,
        folder_id=settings.google_drive_folder_id,
        sheets_url=settings.google_sheets_url,
        drive_url=settings.google_drive_url,
        gzip=settings.google_gzip,
    )

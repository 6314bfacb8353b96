"""The folder in which an owner's tables are made: his own, service accounts are editors."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.core.errors import SellerMustAct
from bot.core.table_file import ShareRole
from bot.kit.clock import Clock
from bot.outputs.google_sheets.accounts import Account, owner_of, read_accounts
from bot.outputs.google_sheets.client import GoogleClient
from bot.outputs.google_sheets.config import GoogleConfig
from bot.outputs.google_sheets.drive import Drive
from bot.outputs.google_sheets.permissions import Permissions
from bot.outputs.google_sheets.quota import Quota

FOLDER_TITLE = "Stock Tracker"


async def prepare_folder(config: GoogleConfig, token: Mapping[str, Any], clock: Clock) -> str:
    """Return the folder's id: the one that is set if this owner's app made it, else a new one.

    Raises:
        GoogleSetupError: a credentials file cannot be used.
        Transient: Google is away.
        Defect: a refusal that is the operator's matter.

    """
    owner = owner_of(token)
    client = GoogleClient(config, Quota(clock), clock)
    try:
        drive = Drive(client, None)
        folder_id = config.folder_id
        if folder_id is None or not await _is_seen(drive, owner, folder_id):
            folder_id = await drive.make_folder(owner, FOLDER_TITLE)
        permissions = Permissions(client)
        for address in _editors(config):
            await permissions.give(owner, folder_id, address, ShareRole.WRITER)
    finally:
        client.close()
    return folder_id


async def _is_seen(drive: Drive, owner: Account, folder_id: str) -> bool:
    """Say whether the folder is one of our own making (with `drive.file` no other is seen)."""
    try:
        facts = await drive.look(owner, folder_id)
    except SellerMustAct:
        return False
    return not facts.trashed and not facts.in_shared_drive


def _editors(config: GoogleConfig) -> list[str]:
    if not config.credentials_files:
        return []
    accounts = read_accounts(replace(config, token_file=None)).everybody
    return [account.address for account in accounts if account.address]

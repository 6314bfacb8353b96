"""Who may see a file, by the Drive API: one entry for the seller, one for the link, our own.

Changes of one file's sharing must not overlap ("only the last update is applied"), so callers go
one after the other. Source: Drive v3 "Share files", discovery document 20261106 (read 2026-11-20).
"""

from collections.abc import Mapping
from typing import Any

import orjson

from bot.core.errors import Code, Defect, SellerMustAct
from bot.core.table_file import ShareRole
from bot.outputs.google_sheets.accounts import Account
from bot.outputs.google_sheets.client import Call, GoogleClient, Guard
from bot.outputs.google_sheets.config import DRIVE_URL
from bot.outputs.google_sheets.quota import CallKind

_DRIVE = f"{DRIVE_URL}/drive/v3"
_ALL_DRIVES = {"supportsAllDrives": "true"}
_ANYONE = "anyoneWithLink"  # Drive's own id of that entry, the same in every file


class Permissions:
    """The sharing list of files; asking twice for the same does no harm.

    `guard` is asked before each try of each change.
    """

    def __init__(self, client: GoogleClient, guard: Guard | None = None) -> None:
        self._client = client
        self._guard = guard

    async def give(self, account: Account, file_id: str, email: str, role: ShareRole) -> str:
        """Let an address in, without a mail from Google; return the id of its entry.

        Raises:
            SellerMustAct: Google knows no account behind the address, or the file is gone.
            Transient: Google is away.
            Defect: sharing is limited for hours, or forbidden.

        """
        body = {"type": "user", "role": role.value, "emailAddress": email}
        params = _ALL_DRIVES | {"sendNotificationEmail": "false", "fields": "id"}
        answer = await self._call(account, "POST", _entries(file_id), params, body)
        return str(answer.get("id", ""))

    async def change(self, account: Account, file_id: str, entry_id: str, role: ShareRole) -> None:
        """Give an entry another role.

        Raises:
            As `give`.

        """
        url = f"{_entries(file_id)}/{entry_id}"
        params = _ALL_DRIVES | {"fields": "id"}
        await self._call(account, "PATCH", url, params, {"role": role.value})

    async def open_link(self, account: Account, file_id: str) -> None:
        """Let whoever has the link read.

        Raises:
            As `give`.

        """
        body = {"type": "anyone", "role": ShareRole.READER.value}
        params = _ALL_DRIVES | {"fields": "id"}
        await self._call(account, "POST", _entries(file_id), params, body)

    async def close_link(self, account: Account, file_id: str) -> None:
        """Let nobody in by the link alone."""
        await self.take(account, file_id, _ANYONE)

    async def take(self, account: Account, file_id: str, entry_id: str) -> None:
        """Take an entry away; one that is not there is fine."""
        url = f"{_entries(file_id)}/{entry_id}"
        try:
            await self._call(account, "DELETE", url, _ALL_DRIVES, None)
        except SellerMustAct as error:
            if error.code is not Code.SHEET_GONE:
                raise

    async def leave(self, account: Account, file_id: str) -> None:
        """Take the account's own entry away: anybody may do that to himself."""
        about = await self._call(
            account, "GET", f"{_DRIVE}/about", {"fields": "user(permissionId)"}, None
        )
        own = (about.get("user") or {}).get("permissionId")
        if not isinstance(own, str):
            raise Defect(Code.ANSWER_NOT_UNDERSTOOD, "an account without a permission id")
        await self.take(account, file_id, own)

    async def _call(
        self,
        account: Account,
        method: str,
        url: str,
        params: Mapping[str, str],
        body: Mapping[str, Any] | None,
    ) -> Mapping[str, Any]:
        raw = None if body is None else orjson.dumps(body)
        guard = None if method == "GET" else self._guard
        call = Call(CallKind.DRIVE, method, url, params, raw, guard=guard)
        answer: Mapping[str, Any] = await self._client.call(account, call)
        return answer


def _entries(file_id: str) -> str:
    return f"{_DRIVE}/files/{file_id}/permissions"

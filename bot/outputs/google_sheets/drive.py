"""Files, by the Drive API: made, found, looked at, binned and deleted.

Source: Drive v3 "Create files", "Trash or delete files", discovery document 20261106 (read
2026-11-20).
"""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

import orjson

from bot.core.errors import Code, Defect, SellerMustAct
from bot.outputs.google_sheets.accounts import Account
from bot.outputs.google_sheets.client import Call, GoogleClient, Guard
from bot.outputs.google_sheets.config import DRIVE_URL
from bot.outputs.google_sheets.quota import CallKind

_FILES = f"{DRIVE_URL}/drive/v3/files"
_SPREADSHEET = "application/vnd.google-apps.spreadsheet"
_FOLDER = "application/vnd.google-apps.folder"
_PROPERTY = "stock_tracker"
_ALL_DRIVES = {"supportsAllDrives": "true"}
_DIGEST_LENGTH = 32


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What Drive says of a file; `can_edit` is about the account that asks."""

    is_spreadsheet: bool
    can_edit: bool
    trashed: bool
    in_shared_drive: bool


class Drive:
    """Makes, finds and removes files; `folder_id` is where new ones go.

    `folder_is_shared` says whether that is in a shared drive, `None` that it has to be asked.
    """

    def __init__(
        self,
        client: GoogleClient,
        folder_id: str | None,
        *,
        folder_is_shared: bool | None = None,
    ) -> None:
        self._client = client
        self._folder_id = folder_id
        self._folder_is_shared = folder_is_shared

    async def create(self, account: Account, title: str, marker: str, guard: Guard) -> str:
        """Make a blank spreadsheet that carries `marker`; return its id. `guard` is asked first.

        Raises:
            Transient: nobody knows whether it was made; look for the marker before trying again.
            Defect: Google refuses; a missing folder and a closed one are the operator's matter.

        """
        body: dict[str, Any] = {
            "name": title,
            "mimeType": _SPREADSHEET,
            "properties": {_PROPERTY: marker},
        }
        if self._folder_id:
            body["parents"] = [self._folder_id]
        params = _ALL_DRIVES | {"fields": "id"}
        try:
            if not await self._is_in_shared_drive(account):
                body["writersCanShare"] = False  # Drive refuses that word in shared drives
            raw = orjson.dumps(body)
            call = Call(CallKind.DRIVE, "POST", _FILES, params, raw, repeatable=False, guard=guard)
            answer = await self._client.call(account, call)
        except SellerMustAct as error:
            raise Defect(error.code, f"a file cannot be made: {error.detail}") from None
        return _id_of(answer)

    async def find(self, account: Account, marker: str) -> str | None:
        """Return the id of the file that carries `marker`, `None` when there is none."""
        query = f"properties has {{ key='{_PROPERTY}' and value='{marker}' }} and trashed=false"
        if self._folder_id:
            query += f" and '{self._folder_id}' in parents"
        params = _ALL_DRIVES | {
            "q": query,
            "fields": "files(id)",
            "includeItemsFromAllDrives": "true",
        }
        answer = await self._client.call(account, Call(CallKind.DRIVE, "GET", _FILES, params))
        files = answer.get("files") or []
        return _id_of(files[0]) if files else None

    async def look(self, account: Account, file_id: str) -> FileFacts:
        """Return what Drive says of a file.

        Raises:
            SellerMustAct: it is gone, or was never shared with this account.
            Transient: Google is away.

        """
        params = _ALL_DRIVES | {"fields": "mimeType,trashed,driveId,capabilities(canEdit)"}
        call = Call(CallKind.DRIVE, "GET", f"{_FILES}/{file_id}", params)
        found = await self._client.call(account, call)
        return FileFacts(
            is_spreadsheet=found.get("mimeType") == _SPREADSHEET,
            can_edit=bool((found.get("capabilities") or {}).get("canEdit")),
            trashed=bool(found.get("trashed")),
            in_shared_drive=bool(found.get("driveId")),
        )

    async def set_trashed(self, account: Account, file_id: str, *, trashed: bool) -> None:
        """Put a file into the bin or take it out.

        Raises:
            SellerMustAct: it is not ours to move, or it is gone.
            Transient: Google is away.

        """
        params = _ALL_DRIVES | {"fields": "id"}
        body = orjson.dumps({"trashed": trashed})
        call = Call(CallKind.DRIVE, "PATCH", f"{_FILES}/{file_id}", params, body)
        await self._client.call(account, call)

    async def delete(self, account: Account, file_id: str) -> None:
        """Delete a file for ever; in a shared drive it goes into the bin, for thirty days.

        Raises:
            SellerMustAct: it is gone already, or not ours.
            Transient: Google is away.

        """
        call = Call(CallKind.DRIVE, "DELETE", f"{_FILES}/{file_id}", _ALL_DRIVES)
        try:
            await self._client.call(account, call)
        except SellerMustAct as error:
            if error.code is not Code.SHEET_NO_ACCESS:
                raise
            await self.set_trashed(account, file_id, trashed=True)

    async def make_folder(self, account: Account, title: str) -> str:
        """Make a folder in the account's own Drive; return its id."""
        body = orjson.dumps({"name": title, "mimeType": _FOLDER})
        params = _ALL_DRIVES | {"fields": "id"}
        call = Call(CallKind.DRIVE, "POST", _FILES, params, body, repeatable=False)
        return _id_of(await self._client.call(account, call))

    async def _is_in_shared_drive(self, account: Account) -> bool:
        """Say where new files go; asked once. A service account has no place but shared drives."""
        if not self._folder_id:
            return False
        if account.address:
            return True
        if self._folder_is_shared is None:
            try:
                facts = await self.look(account, self._folder_id)
            except SellerMustAct:  # with `drive.file` only folders of our own making are seen
                self._folder_is_shared = True
            else:
                self._folder_is_shared = facts.in_shared_drive
        return self._folder_is_shared


class Digests:
    """Opaque stand-ins for what must not be stored or shown to Google as it is."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def of(self, *parts: object) -> str:
        """Return the same 32 characters for the same parts."""
        text = "\n".join(map(str, parts)).encode()
        return hmac.new(self._secret, text, hashlib.sha256).hexdigest()[:_DIGEST_LENGTH]


def _id_of(answer: Any) -> str:
    file_id = answer.get("id") if isinstance(answer, dict) else None
    if not isinstance(file_id, str) or not file_id:
        raise Defect(Code.ANSWER_NOT_UNDERSTOOD, "a file without an id")
    return file_id

"""Files and their sharing, by the Drive API.

Source: Drive v3 "Create files", "Share files", discovery document 20261106 (read 2026-11-20).
"""

import hashlib
import hmac
from typing import Any

import orjson

from bot.core.errors import Code, Defect, SellerMustAct
from bot.outputs.google_sheets.accounts import Account
from bot.outputs.google_sheets.client import Call, GoogleClient
from bot.outputs.google_sheets.config import DRIVE_URL
from bot.outputs.google_sheets.notes import Sharing
from bot.outputs.google_sheets.quota import CallKind

_FILES = f"{DRIVE_URL}/drive/v3/files"
_SPREADSHEET = "application/vnd.google-apps.spreadsheet"
_PROPERTY = "stock_tracker"
_ALL_DRIVES = {"supportsAllDrives": "true"}
_DIGEST_LENGTH = 32
_SHARING_REFUSED = {
    Code.SHEET_ADDRESS_UNKNOWN: Sharing.NO_GOOGLE_ACCOUNT,
    Code.GOOGLE_RATE_LIMITED: Sharing.LATER,
    Code.SHEET_REQUEST_REFUSED: Sharing.REFUSED,
    Code.SHEET_NO_ACCESS: Sharing.REFUSED,
}


class Drive:
    """Makes, finds and shares files; `folder_id` is where new ones go."""

    def __init__(self, client: GoogleClient, folder_id: str | None) -> None:
        self._client = client
        self._folder_id = folder_id

    async def create(self, account: Account, title: str, marker: str) -> str:
        """Make a blank spreadsheet that carries `marker`; return its id.

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
        else:
            body["writersCanShare"] = False
        params = _ALL_DRIVES | {"fields": "id"}
        call = Call(CallKind.DRIVE, "POST", _FILES, params, orjson.dumps(body), repeatable=False)
        try:
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

    async def share(self, account: Account, file_id: str, email: str) -> Sharing:
        """Let an address edit the file, without a mail from Google; doing it twice is harmless.

        Raises:
            Transient: Google is away.
            SellerMustAct: the file is gone.

        """
        body = {"type": "user", "role": "writer", "emailAddress": email}
        params = _ALL_DRIVES | {"sendNotificationEmail": "false", "fields": "id"}
        url = f"{_FILES}/{file_id}/permissions"
        call = Call(CallKind.DRIVE, "POST", url, params, orjson.dumps(body))
        try:
            await self._client.call(account, call)
        except (SellerMustAct, Defect) as error:
            if error.code not in _SHARING_REFUSED:
                raise
            return _SHARING_REFUSED[error.code]
        return Sharing.DONE


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

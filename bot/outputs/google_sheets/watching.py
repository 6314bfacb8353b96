"""What has happened to files, by Drive's log of changes: one call per account and night.

Google goes on taking writes for a file in the bin, so only this log tells. Source: Drive v3
"Retrieve changes", discovery document 20261106 (read 2026-11-20).
"""

from collections.abc import Mapping
from typing import Any

from bot.core.errors import Code, Defect, SellerMustAct, Transient
from bot.core.table_file import Fate
from bot.outputs.google_sheets.accounts import Account
from bot.outputs.google_sheets.client import Call, GoogleClient
from bot.outputs.google_sheets.config import DRIVE_URL
from bot.outputs.google_sheets.quota import CallKind

_CHANGES = f"{DRIVE_URL}/drive/v3/changes"
_EVERYWHERE = {"supportsAllDrives": "true"}
_LIST = _EVERYWHERE | {
    "includeItemsFromAllDrives": "true",
    "includeRemoved": "true",
    "pageSize": "1000",
    "fields": "nextPageToken,newStartPageToken,changes(fileId,removed,file(trashed))",
}
_MOST_PAGES = 1_000  # a million changes; more is a loop


async def place_now(client: GoogleClient, account: Account) -> str:
    """Return the place in the account's log from which on changes are still to come."""
    answer = await _get(client, account, f"{_CHANGES}/startPageToken", _EVERYWHERE)
    return _token(answer, "startPageToken")


async def since(client: GoogleClient, account: Account, place: str) -> tuple[str, dict[str, Fate]]:
    """Return the newest place, and what became of every file that has changed since `place`.

    A place that Google no longer knows is replaced by the newest one.

    Raises:
        Transient: Google is away.
        Defect: a refusal that is the operator's matter.

    """
    fates: dict[str, Fate] = {}
    token = place
    for _ in range(_MOST_PAGES):
        try:
            page = await _get(client, account, _CHANGES, _LIST | {"pageToken": token})
        except (Defect, SellerMustAct) as error:
            if error.code in {Code.SHEET_REQUEST_REFUSED, Code.SHEET_GONE}:
                return await place_now(client, account), fates
            raise
        fates |= {str(each.get("fileId")): _fate(each) for each in page.get("changes") or ()}
        if not page.get("nextPageToken"):
            return _token(page, "newStartPageToken"), fates
        token = _token(page, "nextPageToken")
    raise Transient(Code.GOOGLE_FAILED, "a list of changes without an end")


def _fate(change: Mapping[str, Any]) -> Fate:
    if change.get("removed"):
        return Fate.OUT_OF_REACH
    trashed = (change.get("file") or {}).get("trashed")
    return Fate.TRASHED if trashed else Fate.THERE


async def _get(
    client: GoogleClient, account: Account, url: str, params: Mapping[str, str]
) -> Mapping[str, Any]:
    answer: Mapping[str, Any] = await client.call(
        account, Call(CallKind.DRIVE, "GET", url, params)
    )
    return answer


def _token(answer: Mapping[str, Any], name: str) -> str:
    token = answer.get(name)
    if not isinstance(token, str) or not token:
        raise Defect(Code.ANSWER_NOT_UNDERSTOOD, f"changes without {name}")
    return token

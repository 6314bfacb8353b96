"""`about.get` and `changes.*`: how full a Drive is, and what happened since."""

from http import HTTPStatus

from bot.sandbox.google.accounts import Principal
from bot.sandbox.google.drive.model import SPREADSHEET, Change
from bot.sandbox.google.drive.shape import DEFAULT_FILE, file_shape, picked, stamp, user
from bot.sandbox.google.drive.store import DriveStore
from bot.sandbox.google.errors import ApiError, invalid
from bot.sandbox.google.incoming import Incoming
from bot.sandbox.google.wire import Json

_PAGE_SIZE = 100
_FREE_LIMIT_BYTES = 15 * 1024**3
_SHEET_BYTES = 1024


class WatchApi:
    """What an operator looks at, and the sweep that finds trashed files."""

    def __init__(self, store: DriveStore) -> None:
        self._store = store

    def about(self, call: Incoming) -> Json:
        """Answer `about.get`, which wants to be told its fields."""
        if not call.query.given("fields"):
            raise ApiError(
                HTTPStatus.BAD_REQUEST,
                "The 'fields' parameter is required for this method.",
                reason="required",
            )
        return {
            "kind": "drive#about",
            "user": user(call.principal.email),
            "storageQuota": self._quota(call.principal),
        }

    def start_token(self, call: Incoming) -> Json:
        """Answer `changes.getStartPageToken`: from now on."""
        del call
        token = str(len(self._store.changes) + 1)
        return {"kind": "drive#startPageToken", "startPageToken": token}

    def changes(self, call: Incoming) -> Json:
        """Answer `changes.list`: the newest change of each file since the token, oldest first."""
        token = call.query.one("pageToken")
        if not token.isdigit() or not 1 <= int(token) <= len(self._store.changes) + 1:
            raise invalid("Invalid Value")
        size = call.query.number("pageSize", _PAGE_SIZE)
        log = self._store.changes
        last: dict[str, int] = {}
        for place in range(int(token) - 1, len(log)):
            if self._visible(call, log[place]):
                last[log[place].file_id] = place
        seen = sorted(last.values())
        shapes = [self._shape(call, log[place]) for place in seen[:size]]
        answer: Json = {"kind": "drive#changeList", "changes": shapes}
        if len(seen) > size:
            return answer | {"nextPageToken": str(seen[size] + 1)}
        return answer | {"newStartPageToken": str(len(log) + 1)}

    def _quota(self, principal: Principal) -> Json:
        own = [each for each in self._store.files.values() if each.owner == principal.email]
        usage = _SHEET_BYTES * sum(each.mime_type == SPREADSHEET for each in own)
        limit = 0 if principal.service_account else _FREE_LIMIT_BYTES
        if principal.email in self._store.full_owners:
            usage = limit
        binned = _SHEET_BYTES * sum(each.trashed for each in own)
        return {
            "limit": str(limit),
            "usage": str(usage),
            "usageInDrive": str(usage),
            "usageInDriveTrash": str(binned),
        }

    def _visible(self, call: Incoming, change: Change) -> bool:
        query, caller = call.query, call.principal
        everywhere = query.flag("includeItemsFromAllDrives") and query.flag("supportsAllDrives")
        if change.drive_id and not everywhere:
            return False
        if caller.drive_shows_only_own_files and change.client_id != caller.client_id:
            return False
        if self._reachable(call, change):
            return True
        return caller.email in change.audience and query.flag("includeRemoved", default=True)

    def _reachable(self, call: Incoming, change: Change) -> bool:
        file = self._store.files.get(change.file_id)
        return file is not None and self._store.rank(file, call.principal.email) > 0

    def _shape(self, call: Incoming, change: Change) -> Json:
        reachable = self._reachable(call, change)
        shape: Json = {
            "kind": "drive#change",
            "changeType": "file",
            "type": "file",
            "time": stamp(change.at),
            "fileId": change.file_id,
            "removed": not reachable,
        }
        if reachable:
            file = file_shape(self._store, self._store.files[change.file_id], call.principal)
            shape["file"] = file if call.query.given("fields") else picked(file, DEFAULT_FILE)
        return shape

"""`files.*`: making, finding, changing and deleting files.

Source: https://developers.google.com/workspace/drive/api/guides/about-shareddrives (read
2026-11-20).
"""

from http import HTTPStatus
from typing import Any

from bot.sandbox.google.drive.model import FOLDER, RANK, SPREADSHEET, DriveFile
from bot.sandbox.google.drive.search import Filter, parse_query
from bot.sandbox.google.drive.shape import (
    DEFAULT_FILE,
    file_shape,
    may_delete,
    may_trash,
    picked,
)
from bot.sandbox.google.drive.store import ROOT_PREFIX, DriveStore
from bot.sandbox.google.errors import (
    ApiError,
    file_not_found,
    insufficient_file_permissions,
    invalid,
    storage_quota_exceeded,
)
from bot.sandbox.google.incoming import Incoming
from bot.sandbox.google.wire import Json

_PAGE_SIZE = 100
_NATIVE = "application/vnd.google-apps."


class FilesApi:
    """The methods of the `files` resource."""

    def __init__(self, store: DriveStore) -> None:
        self._store = store

    def visible(self, call: Incoming) -> DriveFile:
        """Return the file of the path, as far as this client may see it.

        Raises:
            ApiError: 404; also for a shared drive's file without `supportsAllDrives=true`.

        """
        file_id = call.path["fileId"]
        own_only = call.principal.drive_shows_only_own_files
        file = self._store.find(file_id, call.principal, own_only=own_only)
        if file.drive_id and not call.query.flag("supportsAllDrives"):
            raise file_not_found(file_id)
        return file

    def get(self, call: Incoming) -> Json:
        """Answer `files.get`; a folder's or shared drive's own id works too."""
        return self._answer(call, self.visible(call))

    def create(self, call: Incoming) -> Json:
        """Answer `files.create` of metadata alone: a sheet, a folder, an empty file."""
        body = call.body
        mime_type = str(body.get("mimeType", "application/octet-stream"))
        if "id" in body and mime_type.startswith(_NATIVE):
            raise ApiError(
                HTTPStatus.BAD_REQUEST,
                "Generated IDs are not supported for Docs Editors formats.",
                reason="invalid",
            )
        parent = self._parent(call, body.get("parents") or [])
        self._check_room(call, parent)
        file = self._store.add_file(
            str(body.get("name", "Untitled")),
            owner=call.principal.email,
            client_id=call.principal.client_id,
            mime_type=mime_type,
            parent=parent,
        )
        self._apply(call, file, body)
        return self._answer(call, file)

    def search(self, call: Incoming) -> Json:
        """Answer `files.list`: what the principal can see and `q` matches, newest first."""
        query = call.query
        wanted = parse_query(query.one("q"))
        everywhere = query.flag("includeItemsFromAllDrives") and query.flag("supportsAllDrives")
        found = [
            file
            for file in reversed(self._store.files.values())
            if self._listed(call, file, everywhere=everywhere)
            and self._matches(call, file, wanted)
        ]
        start = query.number("pageToken", 0)
        end = start + query.number("pageSize", _PAGE_SIZE)
        shapes = [file_shape(self._store, file, call.principal) for file in found[start:end]]
        if not query.given("fields"):
            shapes = [picked(shape, DEFAULT_FILE) for shape in shapes]
        answer: Json = {"kind": "drive#fileList", "incompleteSearch": False, "files": shapes}
        return answer | ({"nextPageToken": str(end)} if end < len(found) else {})

    def update(self, call: Incoming) -> Json:
        """Answer `files.update`: name, properties, bin, parents, who may share."""
        file = self.visible(call)
        rank = self._store.rank(file, call.principal.email)
        if "trashed" in call.body:
            if not may_trash(self._store, file, call.principal.email):
                raise insufficient_file_permissions()
            self._store.trash(file, trashed=bool(call.body["trashed"]))
        if rank < RANK["writer"]:
            raise insufficient_file_permissions()
        if "name" in call.body:
            self._store.rename(file, str(call.body["name"]))
        self._move(call, file)
        self._apply(call, file, call.body)
        self._store.touch(file)
        return self._answer(call, file)

    def delete(self, call: Incoming) -> None:
        """Answer `files.delete`: for ever, and only by who may."""
        file = self.visible(call)
        if not may_delete(self._store, file, call.principal.email):
            raise insufficient_file_permissions()
        self._store.delete(file)

    def _answer(self, call: Incoming, file: DriveFile) -> Json:
        shape = file_shape(self._store, file, call.principal)
        return shape if call.query.given("fields") else picked(shape, DEFAULT_FILE)

    def _parent(self, call: Incoming, parents: list[Any]) -> str | None:
        if len(parents) > 1:
            raise invalid("A file cannot have more than one parent.")
        if not parents or parents[0] == "root":
            return None
        parent = str(parents[0])
        self._check_parent(call, parent)
        return parent

    def _check_parent(self, call: Incoming, parent: str) -> None:
        """Check that the principal can see the folder or drive and may put files there."""
        folder = self._store.files.get(parent)
        own_only = call.principal.drive_shows_only_own_files
        is_drive = parent in self._store.shared_drives
        strange = folder is not None and folder.client_id != call.principal.client_id
        hidden = own_only and strange and not is_drive
        rank = self._store.parent_rank(parent, call.principal.email)
        shared = self._store.drive_of(parent) is not None
        if hidden or not rank or (shared and not call.query.flag("supportsAllDrives")):
            raise file_not_found(parent)
        if rank < RANK["writer"] or (folder is not None and folder.mime_type != FOLDER):
            raise insufficient_file_permissions()

    def _check_room(self, call: Incoming, parent: str | None) -> None:
        if parent is not None and self._store.drive_of(parent) is not None:
            return
        if call.principal.service_account:
            raise storage_quota_exceeded(service_account=True)
        if call.principal.email in self._store.full_owners:
            raise storage_quota_exceeded(service_account=False)

    def _apply(self, call: Incoming, file: DriveFile, body: Json) -> None:
        _set_properties(file.properties, body.get("properties") or {})
        own = file.app_properties.setdefault(call.principal.client_id, {})
        _set_properties(own, body.get("appProperties") or {})
        if "writersCanShare" in body:
            if file.drive_id:
                raise invalid("writersCanShare cannot be set for items in shared drives.")
            file.writers_can_share = bool(body["writersCanShare"])

    def _move(self, call: Incoming, file: DriveFile) -> None:
        added = [each for each in call.query.one("addParents").split(",") if each]
        removed = call.query.one("removeParents").split(",")
        kept = [parent for parent in file.parents if parent not in removed]
        for parent in added:
            self._check_parent(call, parent)
        if added:
            kept = [parent for parent in kept if not parent.startswith(ROOT_PREFIX)]
            file.drive_id = self._store.drive_of(added[-1])
        if len(kept + added) > 1:
            raise invalid("A file cannot have more than one parent; use removeParents.")
        file.parents = kept + added or file.parents

    def _listed(self, call: Incoming, file: DriveFile, *, everywhere: bool) -> bool:
        if file.file_id in self._store.shared_drives or (file.drive_id and not everywhere):
            return False
        wanted = call.query.one("driveId")
        if wanted and file.drive_id != wanted:
            return False
        own_only = call.principal.drive_shows_only_own_files
        if own_only and file.client_id != call.principal.client_id:
            return False
        return self._store.rank(file, call.principal.email) > 0

    def _matches(self, call: Incoming, file: DriveFile, wanted: Filter) -> bool:
        own = file.app_properties.get(call.principal.client_id, {})
        root = ROOT_PREFIX + call.principal.email
        return wanted.matches(file, own, root)


def _set_properties(target: dict[str, str], wanted: Json) -> None:
    """Set the given properties; a null takes one away."""
    for key, value in wanted.items():
        if value is None:
            target.pop(key, None)
        else:
            target[key] = str(value)


def is_sheet(file: DriveFile) -> bool:
    """Say whether a file is a spreadsheet."""
    return file.mime_type == SPREADSHEET

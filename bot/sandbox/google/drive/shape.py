"""How a file and a permission look in an answer."""

from datetime import datetime
from typing import Any

from bot.sandbox.google.accounts import Principal
from bot.sandbox.google.drive.model import FOLDER, RANK, SPREADSHEET, DriveFile, Permission
from bot.sandbox.google.drive.store import DriveStore, permission_id
from bot.sandbox.google.wire import Json

DEFAULT_FILE = ("kind", "id", "name", "mimeType")
DEFAULT_PERMISSION = ("kind", "id", "type", "role")


def stamp(instant: datetime) -> str:
    """Return an instant as Drive writes it, to the millisecond."""
    return instant.strftime("%Y-%m-%dT%H:%M:%S.") + f"{instant.microsecond // 1000:03d}Z"


def may_share(store: DriveStore, file: DriveFile, email: str) -> bool:
    """Say whether an address may change the sharing of a file."""
    rank = store.rank(file, email)
    if file.drive_id is not None or rank >= RANK["owner"]:
        return rank >= RANK["fileOrganizer"]
    return file.writers_can_share and rank >= RANK["writer"]


def may_trash(store: DriveStore, file: DriveFile, email: str) -> bool:
    """Say whether an address may trash a file: its owner, in a shared drive a content manager."""
    needed = "fileOrganizer" if file.drive_id else "owner"
    return store.rank(file, email) >= RANK[needed]


def may_delete(store: DriveStore, file: DriveFile, email: str) -> bool:
    """Say whether an address may delete a file for ever: its owner, or the drive's manager."""
    needed = "organizer" if file.drive_id else "owner"
    return store.rank(file, email) >= RANK[needed]


def file_shape(store: DriveStore, file: DriveFile, principal: Principal) -> Json:
    """Return every field of a file that the twin knows, as this principal sees it."""
    shape: Json = {
        "kind": "drive#file",
        "id": file.file_id,
        "name": file.name,
        "mimeType": file.mime_type,
        "parents": [
            each for each in file.parents if not each.startswith("root:") and each != file.file_id
        ],
        "trashed": file.trashed,
        "explicitlyTrashed": file.trashed,
        "createdTime": stamp(file.created),
        "modifiedTime": stamp(file.modified),
        "version": str(file.version),
        "properties": dict(file.properties),
        "appProperties": dict(file.app_properties.get(principal.client_id, {})),
        "writersCanShare": file.writers_can_share,
        "shared": len(file.permissions) > 1,
        "ownedByMe": file.owner == principal.email,
        "capabilities": _capabilities(store, file, principal.email),
        "permissionIds": list(file.permissions),
        "webViewLink": _link(file),
    }
    if may_share(store, file, principal.email):
        shape["permissions"] = [permission_shape(each) for each in file.permissions.values()]
    if file.drive_id:
        shape |= {"driveId": file.drive_id, "teamDriveId": file.drive_id}
    if file.owner:
        shape["owners"] = [_user(file.owner, me=file.owner == principal.email)]
    return shape


def permission_shape(permission: Permission) -> Json:
    """Return every field of a permission."""
    shape: Json = {
        "kind": "drive#permission",
        "id": permission.permission_id,
        "type": permission.kind,
        "role": permission.role,
        "pendingOwner": False,
    }
    if permission.email:
        shape |= {"emailAddress": permission.email, "displayName": permission.email}
        shape["deleted"] = False
    else:
        shape["allowFileDiscovery"] = False
    return shape


def picked(shape: Json, names: tuple[str, ...]) -> Json:
    """Return only the named fields: what Drive shows without a field mask."""
    return {name: shape[name] for name in names}


def user(email: str) -> Json:
    """Return the user of `about.get`."""
    return _user(email, me=True)


def _user(email: str, *, me: bool) -> Json:
    return {
        "kind": "drive#user",
        "displayName": email.partition("@")[0],
        "me": me,
        "permissionId": permission_id("user", email),
        "emailAddress": email,
    }


def _capabilities(store: DriveStore, file: DriveFile, email: str) -> dict[str, Any]:
    edits = store.rank(file, email) >= RANK["writer"]
    return {
        "canEdit": edits,
        "canRename": edits,
        "canModifyContent": edits,
        "canComment": store.rank(file, email) >= RANK["commenter"],
        "canShare": may_share(store, file, email),
        "canTrash": may_trash(store, file, email),
        "canUntrash": may_trash(store, file, email),
        "canDelete": may_delete(store, file, email),
        "canAddChildren": edits and file.mime_type == FOLDER,
        "canDownload": True,
        "canCopy": True,
    }


def _link(file: DriveFile) -> str:
    if file.mime_type == SPREADSHEET:
        return f"https://docs.google.com/spreadsheets/d/{file.file_id}/edit?usp=drivesdk"
    return f"https://drive.google.com/drive/folders/{file.file_id}"

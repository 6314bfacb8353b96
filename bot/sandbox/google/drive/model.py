"""What Drive keeps: files, permissions, shared drives."""

import secrets
import string
from dataclasses import dataclass, field
from datetime import datetime

SPREADSHEET = "application/vnd.google-apps.spreadsheet"
FOLDER = "application/vnd.google-apps.folder"

RANK = {
    "none": 0,
    "reader": 1,
    "commenter": 2,
    "writer": 3,
    "fileOrganizer": 4,
    "organizer": 5,
    "owner": 6,
}
"""Roles by what they allow; `fileOrganizer` is the content manager of a shared drive."""

ANYONE = "anyoneWithLink"
_ID_ALPHABET = string.ascii_letters + string.digits + "-_"
_FILE_ID_LENGTH = 44


def new_file_id() -> str:
    """Return an id that looks like Google's: 44 characters, the first of them a 1."""
    rest = (secrets.choice(_ID_ALPHABET) for _ in range(_FILE_ID_LENGTH - 1))
    return "1" + "".join(rest)


def new_drive_id() -> str:
    """Return an id that looks like a shared drive's: 19 characters."""
    rest = (secrets.choice(_ID_ALPHABET) for _ in range(15))
    return "0A" + "".join(rest) + "PVA"[1:]


@dataclass(frozen=True, slots=True)
class Permission:
    """One entry of a sharing list; `kind` is user, group, domain or anyone."""

    permission_id: str
    kind: str
    role: str
    email: str = ""


@dataclass(slots=True)
class DriveFile:
    """A file or folder. In a shared drive (`drive_id`) it has no owner."""

    file_id: str
    name: str
    mime_type: str
    parents: list[str]
    owner: str | None
    client_id: str
    created: datetime
    modified: datetime
    drive_id: str | None = None
    properties: dict[str, str] = field(default_factory=dict)
    app_properties: dict[str, dict[str, str]] = field(default_factory=dict)
    permissions: dict[str, Permission] = field(default_factory=dict)
    trashed: bool = False
    writers_can_share: bool = True
    version: int = 1


@dataclass(frozen=True, slots=True)
class SharedDrive:
    """A shared drive and its members: address → role."""

    drive_id: str
    name: str
    members: dict[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the change log; its place in the log is its page token.

    `audience` are the addresses that could see the file just before or after the change.
    """

    file_id: str
    at: datetime
    removed: bool
    drive_id: str | None
    client_id: str
    audience: frozenset[str]


@dataclass(frozen=True, slots=True)
class Mail:
    """A notification that Google would have sent."""

    to: str
    file_id: str

"""The one place where files live, and the rules of who may do what with them."""

import hashlib
from dataclasses import replace

from bot.kit.clock import Clock
from bot.sandbox.google.accounts import Principal
from bot.sandbox.google.book import Book, new_book
from bot.sandbox.google.drive.model import (
    ANYONE,
    FOLDER,
    RANK,
    SPREADSHEET,
    Change,
    DriveFile,
    Mail,
    Permission,
    SharedDrive,
    new_drive_id,
    new_file_id,
)
from bot.sandbox.google.errors import file_not_found

ROOT_PREFIX = "root:"


class DriveStore:
    """Files with their spreadsheets, shared drives, the change log and the mails sent."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.files: dict[str, DriveFile] = {}
        self.books: dict[str, Book] = {}
        self.shared_drives: dict[str, SharedDrive] = {}
        self.changes: list[Change] = []
        self.mails: list[Mail] = []
        self.full_owners: set[str] = set()

    def add_shared_drive(self, name: str, members: dict[str, str]) -> str:
        """Return the id of a new shared drive; roles are Drive's (`fileOrganizer`, …)."""
        drive = SharedDrive(new_drive_id(), name, dict(members))
        self.shared_drives[drive.drive_id] = drive
        now = self._clock.now()
        self.files[drive.drive_id] = DriveFile(
            file_id=drive.drive_id,
            name=name,
            mime_type=FOLDER,
            parents=[drive.drive_id],
            owner=None,
            client_id="",
            created=now,
            modified=now,
            drive_id=drive.drive_id,
        )
        return drive.drive_id

    def add_file(
        self,
        name: str,
        *,
        owner: str | None,
        client_id: str,
        mime_type: str = SPREADSHEET,
        parent: str | None = None,
    ) -> DriveFile:
        """Store a new file, with an empty spreadsheet where it is one; nothing is checked."""
        now = self._clock.now()
        drive_id = self.drive_of(parent) if parent else None
        file = DriveFile(
            file_id=new_file_id(),
            name=name,
            mime_type=mime_type,
            parents=[parent or ROOT_PREFIX + (owner or "")],
            owner=None if drive_id else owner,
            client_id=client_id,
            created=now,
            modified=now,
            drive_id=drive_id,
        )
        if file.owner:
            self.put_permission(file, "user", "owner", file.owner)
        self.files[file.file_id] = file
        if mime_type == SPREADSHEET:
            self.books[file.file_id] = new_book(name)
        self.touch(file)
        return file

    def drive_of(self, parent: str) -> str | None:
        """Return the shared drive that a parent is or lies in, `None` for a My Drive."""
        if parent in self.shared_drives:
            return parent
        return self.files[parent].drive_id if parent in self.files else None

    def find(self, file_id: str, principal: Principal, *, own_only: bool) -> DriveFile:
        """Return a file that the principal may see.

        Raises:
            ApiError: 404, there is none, it is not shared, or its client did not make it.

        """
        file = self.files.get(file_id)
        hidden = own_only and file is not None and file.client_id != principal.client_id
        if file is None or hidden or not self.rank(file, principal.email):
            raise file_not_found(file_id)
        return file

    def rank(self, file: DriveFile, email: str) -> int:
        """Return how much an address may do with a file, 0 for nothing (see `RANK`)."""
        ranks = [
            RANK[each.role]
            for each in file.permissions.values()
            if each.permission_id == ANYONE or each.email.casefold() == email.casefold()
        ]
        ranks.extend(self.parent_rank(parent, email) for parent in file.parents)
        return max(ranks, default=0)

    def parent_rank(self, parent: str, email: str) -> int:
        """Return what a folder, a shared drive or one's own root lets an address do."""
        if parent in self.shared_drives:
            return RANK[self.shared_drives[parent].members.get(email, "none")]
        if parent in self.files:
            inherited = self.rank(self.files[parent], email)
            return min(inherited, RANK["organizer"])
        return RANK["owner"] if parent == ROOT_PREFIX + email else 0

    def put_permission(self, file: DriveFile, kind: str, role: str, email: str = "") -> Permission:
        """Set what an address (or anyone) may do; a second entry replaces the first."""
        permission = Permission(permission_id(kind, email), kind, role, email)
        file.permissions[permission.permission_id] = permission
        return permission

    def drop_permission(self, file: DriveFile, permission: Permission) -> None:
        """Take an entry away; who held it can see that once in the change log."""
        del file.permissions[permission.permission_id]
        self.touch(file, lost_by=permission.email)

    def set_role(self, file: DriveFile, permission: Permission, role: str) -> Permission:
        """Change the role of an entry."""
        changed = replace(permission, role=role)
        file.permissions[permission.permission_id] = changed
        return changed

    def touch(self, file: DriveFile, *, removed: bool = False, lost_by: str = "") -> None:
        """Write a change of the file into the log; `lost_by` is who can see it no more."""
        file.modified = self._clock.now()
        file.version += 1
        audience = self._audience(file) | {lost_by}
        self.changes.append(
            Change(file.file_id, file.modified, removed, file.drive_id, file.client_id, audience)
        )

    def _audience(self, file: DriveFile) -> frozenset[str]:
        people = {each.email for each in file.permissions.values()}
        for parent in file.parents:
            if parent in self.shared_drives:
                people |= set(self.shared_drives[parent].members)
            elif parent in self.files:
                people |= self._audience(self.files[parent])
        return frozenset(people)

    def commit(self, file: DriveFile, book: Book) -> None:
        """Replace a file's spreadsheet by its next version."""
        self.books[file.file_id] = book
        file.name = str(book.properties["title"])
        self.touch(file)

    def trash(self, file: DriveFile, *, trashed: bool) -> None:
        """Put a file into the bin or take it out."""
        file.trashed = trashed
        self.touch(file)

    def delete(self, file: DriveFile) -> None:
        """Delete a file for ever, a folder with all that lies in it."""
        if file.mime_type == FOLDER:
            inside = [each for each in self.files.values() if file.file_id in each.parents]
            for child in inside:
                self.delete(child)
        self.touch(file, removed=True)
        del self.files[file.file_id]
        self.books.pop(file.file_id, None)

    def rename(self, file: DriveFile, name: str) -> None:
        """Rename a file, and the spreadsheet in it."""
        file.name = name
        if file.file_id in self.books:
            self.books[file.file_id].properties["title"] = name
        self.touch(file)


def permission_id(kind: str, email: str) -> str:
    """Return the id that Drive gives an address (the same everywhere) or the link."""
    if kind == "anyone":
        return ANYONE
    digest = hashlib.sha256(email.casefold().encode()).digest()
    return f"{int.from_bytes(digest[:8], 'big'):020d}"

"""`permissions.*`: who a file is shared with.

Source: https://developers.google.com/workspace/drive/api/guides/manage-sharing (read 2026-11-20).
"""

from http import HTTPStatus

from bot.sandbox.google.accounts import Accounts
from bot.sandbox.google.drive.files import FilesApi
from bot.sandbox.google.drive.model import RANK, DriveFile, Mail, Permission
from bot.sandbox.google.drive.shape import (
    DEFAULT_PERMISSION,
    may_share,
    permission_shape,
    picked,
)
from bot.sandbox.google.drive.store import DriveStore
from bot.sandbox.google.errors import ApiError, insufficient_file_permissions, invalid
from bot.sandbox.google.incoming import Incoming
from bot.sandbox.google.wire import Json

_PEOPLE = {"user", "group"}
_KINDS = _PEOPLE | {"domain", "anyone"}
_LINK_ROLES = {"reader", "commenter", "writer"}


class PermissionsApi:
    """The methods of the `permissions` resource."""

    def __init__(self, store: DriveStore, accounts: Accounts, files: FilesApi) -> None:
        self._store = store
        self._accounts = accounts
        self._files = files

    def create(self, call: Incoming) -> Json:
        """Answer `permissions.create`; people are mailed unless the caller says no."""
        file = self._shareable(call)
        kind, role = str(call.body.get("type", "")), str(call.body.get("role", ""))
        email = str(call.body.get("emailAddress", ""))
        self._check(kind, role, email)
        self._notify(call, file, kind, email)
        permission = self._store.put_permission(file, kind, role, email)
        self._store.touch(file)
        return self._answer(call, permission)

    def entries(self, call: Incoming) -> Json:
        """Answer `permissions.list`."""
        file = self._shareable(call)
        shapes = [permission_shape(each) for each in file.permissions.values()]
        if not call.query.given("fields"):
            shapes = [picked(shape, DEFAULT_PERMISSION) for shape in shapes]
        return {"kind": "drive#permissionList", "permissions": shapes}

    def get(self, call: Incoming) -> Json:
        """Answer `permissions.get`."""
        return self._answer(call, self._entry(call, self._files.visible(call)))

    def update(self, call: Incoming) -> Json:
        """Answer `permissions.update`: another role."""
        file = self._shareable(call)
        entry = self._entry(call, file)
        role = str(call.body.get("role", ""))
        self._check(entry.kind, role, entry.email)
        if entry.role == "owner":
            raise insufficient_file_permissions()
        changed = self._store.set_role(file, entry, role)
        self._store.touch(file)
        return self._answer(call, changed)

    def delete(self, call: Incoming) -> None:
        """Answer `permissions.delete`; everyone may take himself away."""
        file = self._files.visible(call)
        entry = self._entry(call, file)
        own = entry.email.casefold() == call.principal.email.casefold()
        if entry.role == "owner" or not (own or self._may_share(call, file)):
            raise insufficient_file_permissions()
        self._store.drop_permission(file, entry)

    def _shareable(self, call: Incoming) -> DriveFile:
        file = self._files.visible(call)
        if not self._may_share(call, file):
            raise insufficient_file_permissions()
        return file

    def _may_share(self, call: Incoming, file: DriveFile) -> bool:
        return may_share(self._store, file, call.principal.email)

    def _entry(self, call: Incoming, file: DriveFile) -> Permission:
        number = call.path["permissionId"]
        if number not in file.permissions:
            raise ApiError(
                HTTPStatus.NOT_FOUND, f"Permission not found: {number}.", reason="notFound"
            )
        return file.permissions[number]

    def _check(self, kind: str, role: str, email: str) -> None:
        if kind not in _KINDS:
            raise invalid("The permission type field is required.")
        if role not in RANK or role in {"none", "owner"}:
            raise invalid("The permission role field is required, and ownership is not given.")
        if kind in _PEOPLE and "@" not in email:
            raise invalid("The emailAddress field is required for this permission type.")
        if kind == "anyone" and role not in _LINK_ROLES:
            raise invalid("This role cannot be given to anyone with the link.")

    def _notify(self, call: Incoming, file: DriveFile, kind: str, email: str) -> None:
        if kind not in _PEOPLE:
            if call.query.given("sendNotificationEmail"):
                raise invalid("sendNotificationEmail is only allowed for users and groups.")
            return
        mailed = call.query.flag("sendNotificationEmail", default=True)
        if not mailed and not self._accounts.has_google_account(email):
            raise ApiError(
                HTTPStatus.BAD_REQUEST,
                'Bad Request. User message: "You are trying to invite '
                f"{email}. Since there is no Google account associated with this email address, "
                'you must check the "Notify people" box to invite this recipient."',
                reason="invalidSharingRequest",
            )
        if mailed:
            self._store.mails.append(Mail(email, file.file_id))

    def _answer(self, call: Incoming, permission: Permission) -> Json:
        shape = permission_shape(permission)
        return shape if call.query.given("fields") else picked(shape, DEFAULT_PERMISSION)

"""The table of methods: discovery's id, its path, what it costs, who answers."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from bot.kit.clock import Clock
from bot.sandbox.google.accounts import DRIVE, DRIVE_FILE, SPREADSHEETS, Accounts, Principal
from bot.sandbox.google.drive.files import FilesApi
from bot.sandbox.google.drive.sharing import PermissionsApi
from bot.sandbox.google.drive.store import DriveStore
from bot.sandbox.google.drive.watching import WatchApi
from bot.sandbox.google.incoming import Incoming
from bot.sandbox.google.quotas import Bucket
from bot.sandbox.google.spreadsheets import Access, SpreadsheetsApi
from bot.sandbox.google.values_calls import ValuesApi
from bot.sandbox.google.wire import Json

Answer = Callable[[Incoming], Json | None]

_SCOPES = {"sheets": {SPREADSHEETS, DRIVE, DRIVE_FILE}, "drive": {DRIVE, DRIVE_FILE}}
_SHEET = "/v4/spreadsheets/{spreadsheetId}"
_FILES = "/drive/v3/files"


@dataclass(frozen=True, slots=True)
class Method:
    """One method of an api. Reading methods are also open to `….readonly` scopes."""

    method_id: str
    http: str
    pattern: re.Pattern[str]
    bucket: Bucket
    answer: Answer

    @property
    def api(self) -> str:
        """`sheets` or `drive`."""
        return self.method_id.partition(".")[0]

    def allows(self, principal: Principal) -> bool:
        """Say whether the principal's scopes cover this method."""
        wanted = _SCOPES[self.api]
        if self.bucket == "read":
            wanted = wanted | {f"{scope}.readonly" for scope in wanted}
        return bool(wanted & principal.scopes)


class MethodTable:
    """Every method that the twin answers."""

    def __init__(self, store: DriveStore, accounts: Accounts, clock: Clock) -> None:
        access = Access(store)
        self._methods = [
            *_spreadsheets(SpreadsheetsApi(store, access)),
            *_values(ValuesApi(access, clock)),
            *_drive(store, accounts),
        ]

    def find(self, http: str, raw_path: str) -> tuple[Method, dict[str, str]] | None:
        """Return the method for an encoded path, with its decoded parameters."""
        for method in self._methods:
            match = method.pattern.fullmatch(raw_path) if method.http == http else None
            if match is not None:
                return method, {key: unquote(text) for key, text in match.groupdict().items()}
        return None


def _method(method_id: str, verb: str, path: str, answer: Answer, bucket: Bucket) -> Method:
    escaped = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+?)", path)
    return Method(method_id, verb, re.compile(escaped), bucket, answer)


def _spreadsheets(api: SpreadsheetsApi) -> Iterator[Method]:
    head = "sheets.spreadsheets"
    data = f"{_SHEET}/developerMetadata"
    yield _method(f"{head}.create", "POST", "/v4/spreadsheets", api.create, "write")
    yield _method(f"{head}.get", "GET", "/v4/spreadsheets/{spreadsheetId}", api.get, "read")
    yield _method(
        f"{head}.batchUpdate", "POST", f"{_SHEET}:batchUpdate", api.batch_update, "write"
    )
    yield _method(
        f"{head}.getByDataFilter", "POST", f"{_SHEET}:getByDataFilter", api.get_by_filter, "read"
    )
    yield _method(
        f"{head}.developerMetadata.search", "POST", f"{data}:search", api.find_metadata, "read"
    )
    yield _method(
        f"{head}.developerMetadata.get", "GET", data + "/{metadataId}", api.get_metadata, "read"
    )


def _values(api: ValuesApi) -> Iterator[Method]:
    rows: tuple[tuple[str, str, str, Answer, Bucket], ...] = (
        ("batchGet", "GET", ":batchGet", api.batch_get, "read"),
        ("batchGetByDataFilter", "POST", ":batchGetByDataFilter", api.batch_get_by_filter, "read"),
        ("batchUpdate", "POST", ":batchUpdate", api.batch_update, "write"),
        (
            "batchUpdateByDataFilter",
            "POST",
            ":batchUpdateByDataFilter",
            api.batch_update_by_filter,
            "write",
        ),
        ("batchClear", "POST", ":batchClear", api.batch_clear, "write"),
        (
            "batchClearByDataFilter",
            "POST",
            ":batchClearByDataFilter",
            api.batch_clear_by_filter,
            "write",
        ),
        ("append", "POST", "/{range}:append", api.append, "write"),
        ("clear", "POST", "/{range}:clear", api.clear, "write"),
        ("get", "GET", "/{range}", api.get, "read"),
        ("update", "PUT", "/{range}", api.update, "write"),
    )
    for name, verb, path, answer, bucket in rows:
        head = "sheets.spreadsheets.values"
        yield _method(f"{head}.{name}", verb, f"{_SHEET}/values{path}", answer, bucket)


def _drive(store: DriveStore, accounts: Accounts) -> Iterator[Method]:
    files, watch = FilesApi(store), WatchApi(store)
    sharing = PermissionsApi(store, accounts, files)
    one = _FILES + "/{fileId}"
    entry = one + "/permissions/{permissionId}"
    rows: tuple[tuple[str, str, str, Answer, Bucket], ...] = (
        ("files.create", "POST", _FILES, files.create, "write"),
        ("files.list", "GET", _FILES, files.search, "read"),
        ("files.get", "GET", one, files.get, "read"),
        ("files.update", "PATCH", one, files.update, "write"),
        ("files.delete", "DELETE", one, files.delete, "write"),
        ("permissions.create", "POST", f"{one}/permissions", sharing.create, "write"),
        ("permissions.list", "GET", f"{one}/permissions", sharing.entries, "read"),
        ("permissions.get", "GET", entry, sharing.get, "read"),
        ("permissions.update", "PATCH", entry, sharing.update, "write"),
        ("permissions.delete", "DELETE", entry, sharing.delete, "write"),
        ("about.get", "GET", "/drive/v3/about", watch.about, "read"),
        ("changes.list", "GET", "/drive/v3/changes", watch.changes, "read"),
        (
            "changes.getStartPageToken",
            "GET",
            "/drive/v3/changes/startPageToken",
            watch.start_token,
            "read",
        ),
    )
    for name, verb, path, answer, bucket in rows:
        yield _method(f"drive.{name}", verb, path, answer, bucket)

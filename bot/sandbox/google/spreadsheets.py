"""`spreadsheets.*`: making, reading and restructuring a spreadsheet."""

from bot.sandbox.google.a1 import Place, parse_a1
from bot.sandbox.google.book import Book
from bot.sandbox.google.drive.model import RANK, SPREADSHEET, DriveFile
from bot.sandbox.google.drive.store import DriveStore
from bot.sandbox.google.errors import (
    entity_not_found,
    invalid,
    no_permission,
    storage_quota_exceeded,
)
from bot.sandbox.google.incoming import Incoming
from bot.sandbox.google.masks import parse_mask
from bot.sandbox.google.render import View, book_shape
from bot.sandbox.google.requests.dispatch import apply_requests
from bot.sandbox.google.requests.protection import find_metadata
from bot.sandbox.google.sheet import Editor, new_sheet
from bot.sandbox.google.values import places
from bot.sandbox.google.wire import Json


class Access:
    """Finds the spreadsheet that a Sheets call names and checks that the caller may."""

    def __init__(self, store: DriveStore) -> None:
        self._store = store

    def reading(self, call: Incoming) -> tuple[DriveFile, Book]:
        """Return a file that the caller may read; one in the bin is read like any other.

        Raises:
            ApiError: 404, there is none or its client did not make it; 403, not shared.

        """
        file_id = call.path["spreadsheetId"]
        file = self._store.files.get(file_id)
        hidden = call.principal.only_own_files
        if file is None or (hidden and file.client_id != call.principal.client_id):
            raise entity_not_found()
        if not self._store.rank(file, call.principal.email):
            raise no_permission()
        if file.mime_type != SPREADSHEET:
            raise invalid("This operation is not supported for this document")
        return file, self._store.books[file_id]

    def writing(self, call: Incoming) -> tuple[DriveFile, Book, Editor]:
        """Return a file that the caller may write, a copy of its book, and him as editor.

        Raises:
            ApiError: as `reading`; 403, he may only read, or the owner's storage is full.

        """
        file, book = self.reading(call)
        rank = self._store.rank(file, call.principal.email)
        if rank < RANK["writer"]:
            raise no_permission()
        if file.owner in self._store.full_owners:
            raise storage_quota_exceeded(service_account=False)
        unbound = file.owner == call.principal.email
        return file, book.copy(), Editor(call.principal.email, unbound=unbound)

    def commit(self, file: DriveFile, book: Book) -> None:
        """Make a changed copy the file's spreadsheet."""
        self._store.commit(file, book)


class SpreadsheetsApi:
    """The methods of the `spreadsheets` resource."""

    def __init__(self, store: DriveStore, access: Access) -> None:
        self._store = store
        self._access = access

    def create(self, call: Incoming) -> Json:
        """Answer `spreadsheets.create`, in the caller's own Drive; a service account has none."""
        if call.principal.service_account:
            raise no_permission()
        if call.principal.email in self._store.full_owners:
            raise storage_quota_exceeded(service_account=False)
        title = str(call.body.get("properties", {}).get("title", "Untitled spreadsheet"))
        file = self._store.add_file(
            title, owner=call.principal.email, client_id=call.principal.client_id
        )
        book = self._store.books[file.file_id]
        book.properties |= call.body.get("properties", {})
        tabs = [dict(each.get("properties", {})) for each in call.body.get("sheets", [])]
        if tabs:
            book.sheets.clear()
        for number, properties in enumerate(tabs):
            properties.pop("index", None)
            defaults = {"sheetId": number, "title": f"Sheet{number + 1}"}
            book.add(new_sheet(defaults | properties), None)
        return book_shape(file.file_id, book, View())

    def get(self, call: Incoming) -> Json:
        """Answer `spreadsheets.get`; a field mask decides over `includeGridData`."""
        file, book = self._access.reading(call)
        wanted = [parse_a1(book, text) for text in call.query.many("ranges")]
        view = View(wanted, self._shows_cells(call, asked=call.query.flag("includeGridData")))
        return book_shape(file.file_id, book, view)

    def get_by_filter(self, call: Incoming) -> Json:
        """Answer `spreadsheets.getByDataFilter`."""
        file, book = self._access.reading(call)
        filters = call.body.get("dataFilters", [])
        wanted: list[Place] = [place for each in filters for place in places(book, each)]
        cells = self._shows_cells(call, asked=bool(call.body.get("includeGridData")))
        return book_shape(file.file_id, book, View(wanted, cells))

    def batch_update(self, call: Incoming) -> Json:
        """Answer `spreadsheets.batchUpdate`: every request, or none."""
        file, book, editor = self._access.writing(call)
        changed, replies = apply_requests(book, call.body.get("requests"), editor)
        self._access.commit(file, changed)
        answer: Json = {"spreadsheetId": file.file_id, "replies": replies}
        if call.body.get("includeSpreadsheetInResponse"):
            cells = bool(call.body.get("responseIncludeGridData"))
            answer["updatedSpreadsheet"] = book_shape(file.file_id, changed, View((), cells))
        return answer

    def find_metadata(self, call: Incoming) -> Json:
        """Answer `spreadsheets.developerMetadata.search`."""
        _, book = self._access.reading(call)
        filters = call.body.get("dataFilters", [])
        found = find_metadata(book.metadata, filters)
        matched = [{"developerMetadata": entry, "dataFilters": filters} for entry in found]
        return {"matchedDeveloperMetadata": matched} if matched else {}

    def get_metadata(self, call: Incoming) -> Json:
        """Answer `spreadsheets.developerMetadata.get`."""
        _, book = self._access.reading(call)
        number = call.path["metadataId"]
        entry = book.metadata.get(int(number)) if number.isdigit() else None
        if entry is None:
            raise entity_not_found()
        return entry

    def _shows_cells(self, call: Incoming, *, asked: bool) -> bool:
        if not call.query.given("fields"):
            return asked
        tabs = parse_mask(call.query.one("fields")).get("sheets")
        return tabs is not None and (not tabs or "data" in tabs)

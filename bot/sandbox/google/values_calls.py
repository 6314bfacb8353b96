"""`spreadsheets.values.*`: the methods over `values`."""

from collections.abc import Callable, Iterable

from bot.kit.clock import Clock
from bot.sandbox.google.a1 import Place, parse_a1
from bot.sandbox.google.book import Book
from bot.sandbox.google.errors import naming
from bot.sandbox.google.incoming import Incoming
from bot.sandbox.google.sheet import Editor
from bot.sandbox.google.spreadsheets import Access
from bot.sandbox.google.values import Writer, append_row, clear, places, read, write
from bot.sandbox.google.wire import Json


class ValuesApi:
    """The methods of the `spreadsheets.values` resource; each is atomic."""

    def __init__(self, access: Access, clock: Clock) -> None:
        self._access = access
        self._clock = clock

    def get(self, call: Incoming) -> Json:
        """Answer `values.get`."""
        _, book = self._access.reading(call)
        return self._read(call, book, parse_a1(book, call.path["range"]))

    def batch_get(self, call: Incoming) -> Json:
        """Answer `values.batchGet`."""
        file, book = self._access.reading(call)
        found = [parse_a1(book, text) for text in call.query.many("ranges")]
        ranges = [self._read(call, book, place) for place in found]
        return {"spreadsheetId": file.file_id, "valueRanges": ranges}

    def batch_get_by_filter(self, call: Incoming) -> Json:
        """Answer `values.batchGetByDataFilter`."""
        file, book = self._access.reading(call)
        major = str(call.body.get("majorDimension", "ROWS"))
        option = str(call.body.get("valueRenderOption", "FORMATTED_VALUE"))
        answers = []
        for index, wanted in enumerate(call.body.get("dataFilters", [])):
            with naming(f"dataFilters[{index}]"):
                for place in places(book, wanted):
                    shape = read(book, place, major=major, option=option)
                    answers.append({"valueRange": shape, "dataFilters": [wanted]})
        return {"spreadsheetId": file.file_id, "valueRanges": answers}

    def update(self, call: Incoming) -> Json:
        """Answer `values.update`."""
        file, book, editor = self._access.writing(call)
        writer = self._writer(call.query.one("valueInputOption"), editor)
        reply = write(book, parse_a1(book, call.path["range"]), call.body, writer)
        self._access.commit(file, book)
        return {"spreadsheetId": file.file_id} | reply

    def append(self, call: Incoming) -> Json:
        """Answer `values.append`: under the last filled row; the grid grows as it must."""
        file, book, editor = self._access.writing(call)
        writer = self._writer(call.query.one("valueInputOption"), editor)
        place = append_row(parse_a1(book, call.path["range"]))
        missing = place.grid.top + len(call.body.get("values", [])) - place.sheet.row_count
        if missing > 0:
            place.sheet.grid["rowCount"] += missing
            place.sheet.shape()
            book.check_limits()
        reply = write(book, place, call.body, writer)
        self._access.commit(file, book)
        updates = {"spreadsheetId": file.file_id} | reply
        return {"spreadsheetId": file.file_id, "updates": updates}

    def batch_update(self, call: Incoming) -> Json:
        """Answer `values.batchUpdate`: every range, or none."""
        return self._write_all(
            call, lambda book, entry: [parse_a1(book, str(entry.get("range", "")))], echo=False
        )

    def batch_update_by_filter(self, call: Incoming) -> Json:
        """Answer `values.batchUpdateByDataFilter`: every filter, or none."""
        return self._write_all(
            call, lambda book, entry: places(book, entry.get("dataFilter", {})), echo=True
        )

    def clear(self, call: Incoming) -> Json:
        """Answer `values.clear`."""
        file, book, editor = self._access.writing(call)
        cleared = clear(parse_a1(book, call.path["range"]), editor)
        self._access.commit(file, book)
        return {"spreadsheetId": file.file_id, "clearedRange": cleared}

    def batch_clear(self, call: Incoming) -> Json:
        """Answer `values.batchClear`."""
        return self._clear_all(
            call, lambda book: [parse_a1(book, text) for text in call.body.get("ranges", [])]
        )

    def batch_clear_by_filter(self, call: Incoming) -> Json:
        """Answer `values.batchClearByDataFilter`."""
        filters = call.body.get("dataFilters", [])
        return self._clear_all(
            call, lambda book: [place for each in filters for place in places(book, each)]
        )

    def _clear_all(self, call: Incoming, find: Callable[[Book], Iterable[Place]]) -> Json:
        file, book, editor = self._access.writing(call)
        cleared = [clear(place, editor) for place in find(book)]
        self._access.commit(file, book)
        return {"spreadsheetId": file.file_id, "clearedRanges": cleared}

    def _write_all(
        self, call: Incoming, find: Callable[[Book, Json], list[Place]], *, echo: bool
    ) -> Json:
        file, book, editor = self._access.writing(call)
        writer = self._writer(str(call.body.get("valueInputOption", "")), editor)
        responses: list[Json] = []
        tabs: set[int] = set()
        for index, entry in enumerate(call.body.get("data", [])):
            extra = (
                {"dataFilter": entry.get("dataFilter")}
                if echo
                else {"spreadsheetId": file.file_id}
            )
            with naming(f"data[{index}]"):
                for place in find(book, entry):
                    responses.append(write(book, place, entry, writer) | extra)
                    tabs.add(place.sheet.sheet_id)
        self._access.commit(file, book)
        return _totals(file.file_id, responses, len(tabs))

    def _writer(self, option: str, editor: Editor) -> Writer:
        return Writer(option, editor, self._clock.now().date())

    def _read(self, call: Incoming, book: Book, place: Place) -> Json:
        major = call.query.one("majorDimension", "ROWS")
        option = call.query.one("valueRenderOption", "FORMATTED_VALUE")
        return read(book, place, major=major, option=option)


def _totals(file_id: str, responses: list[Json], tabs: int) -> Json:
    def total(key: str) -> int:
        return sum(int(reply.get(key, 0)) for reply in responses)

    return {
        "spreadsheetId": file_id,
        "totalUpdatedRows": total("updatedRows"),
        "totalUpdatedColumns": total("updatedColumns"),
        "totalUpdatedCells": total("updatedCells"),
        "totalUpdatedSheets": tabs,
        "responses": responses,
    }

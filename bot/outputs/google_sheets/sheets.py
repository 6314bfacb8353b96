"""The Sheets API calls that we make, each one HTTP request."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from bot.outputs.google_sheets.accounts import Account
from bot.outputs.google_sheets.client import Call, GoogleClient, Guard
from bot.outputs.google_sheets.config import SHEETS_URL
from bot.outputs.google_sheets.grid import Json
from bot.outputs.google_sheets.quota import CallKind

_SHAPE_FIELDS = (
    "sheets(properties(sheetId,title,index,gridProperties(rowCount,columnCount)),"
    "conditionalFormats,protectedRanges(protectedRangeId))"
)
_CELL_FIELDS = "sheets(properties(sheetId),data(rowData(values(formattedValue))))"


class Spreadsheet:
    """One file, worked on by one account; `guard` is asked before each try of each write."""

    def __init__(
        self,
        client: GoogleClient,
        account: Account,
        spreadsheet_id: str,
        *,
        urgent: bool,
        guard: Guard | None = None,
    ) -> None:
        self._client = client
        self._account = account
        self._url = f"{SHEETS_URL}/v4/spreadsheets/{spreadsheet_id}"
        self._urgent = urgent
        self._guard = guard

    async def restructure(self, requests: Sequence[Json]) -> None:
        """Apply structural requests, all or none. Not repeatable: inserting twice is two inserts.

        Raises:
            Transient: nobody knows whether it was applied.

        """
        body = await self._client.run(orjson.dumps, {"requests": list(requests)})
        await self._call(
            CallKind.WRITE,
            f"{self._url}:batchUpdate",
            body,
            fields="spreadsheetId",
            repeatable=False,
        )

    async def read(self, question: Json) -> Mapping[str, Any]:
        """Return the answer to a `values:batchGetByDataFilter`."""
        body = orjson.dumps(question)
        return await self._call(CallKind.READ, f"{self._url}/values:batchGetByDataFilter", body)

    async def write(self, body: bytes) -> None:
        """Write values, all ranges or none; the same body may go out twice."""
        url = f"{self._url}/values:batchUpdateByDataFilter"
        await self._call(CallKind.WRITE, url, body, fields="totalUpdatedCells")

    async def first_cell(self) -> tuple[int, str]:
        """Return the first tab's number and what is to be read in its A1."""
        params = {"ranges": "A1", "fields": _CELL_FIELDS}
        call = Call(CallKind.READ, "GET", self._url, params)
        answer = await self._client.call(self._account, call, urgent=self._urgent)
        tab = (answer.get("sheets") or [{}])[0]
        data = (tab.get("data") or [{}])[0]
        row = (data.get("rowData") or [{}])[0]
        cell = (row.get("values") or [{}])[0]
        return sheet_id_of(tab), str(cell.get("formattedValue", ""))

    async def shape(self) -> Sequence[Mapping[str, Any]]:
        """Return the tabs with their sizes, colour rules and protections."""
        call = Call(CallKind.READ, "GET", self._url, {"fields": _SHAPE_FIELDS})
        answer = await self._client.call(self._account, call, urgent=self._urgent)
        return answer.get("sheets") or []

    async def _call(
        self, kind: CallKind, url: str, body: bytes, *, fields: str = "", repeatable: bool = True
    ) -> Mapping[str, Any]:
        params = {"fields": fields} if fields else {}
        guard = self._guard if kind is CallKind.WRITE else None
        call = Call(kind, "POST", url, params, body, repeatable, guard)
        answer: Mapping[str, Any] = await self._client.call(
            self._account, call, urgent=self._urgent
        )
        return answer


def tab_of(shape: Sequence[Mapping[str, Any]], sheet_id: int) -> Mapping[str, Any] | None:
    """Return the tab of that number, `None` when it is gone."""
    return next((tab for tab in shape if sheet_id_of(tab) == sheet_id), None)


def sheet_id_of(tab: Mapping[str, Any]) -> int:
    """Return a tab's number; Google may leave a 0 out."""
    return int((tab.get("properties") or {}).get("sheetId", 0))


def size_of(tab: Mapping[str, Any]) -> tuple[int, int]:
    """Return rows and columns of a tab."""
    grid = (tab.get("properties") or {}).get("gridProperties") or {}
    return int(grid.get("rowCount", 0)), int(grid.get("columnCount", 0))


def titles_of(shape: Sequence[Mapping[str, Any]]) -> set[str]:
    """Return the tabs' names, lower case: Google takes names that differ in case for one."""
    return {str((tab.get("properties") or {}).get("title", "")).casefold() for tab in shape}


def ids_in(shape: Sequence[Mapping[str, Any]]) -> set[int]:
    """Return the numbers of all tabs and protections."""
    protections = (each for tab in shape for each in tab.get("protectedRanges") or ())
    return {sheet_id_of(tab) for tab in shape} | {
        int(each.get("protectedRangeId", 0)) for each in protections
    }

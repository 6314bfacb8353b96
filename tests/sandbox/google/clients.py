"""Two ways to talk to the twin: plain HTTP, and gspread with its addresses replaced."""

from __future__ import annotations

import gzip
import io
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import gspread
import orjson

from bot.sandbox.google.accounts import DRIVE, DRIVE_FILE, SPREADSHEETS, Principal
from bot.sandbox.google.credentials import CLIENT_ID

SHEET_TYPE = "application/vnd.google-apps.spreadsheet"


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer; `json` is `None` where there is no JSON."""

    status: int
    json: Any
    text: str = ""

    @property
    def error(self) -> dict[str, Any]:
        return self.json["error"]

    @property
    def reason(self) -> str:
        return self.error["errors"][0]["reason"]


class RestClient:
    """Calls methods as one principal."""

    def __init__(self, twin, session, principal):
        self.principal = principal
        self._session = session
        self._twin = twin
        self._token = twin.accounts.issue(principal)

    @classmethod
    @asynccontextmanager
    async def of(cls, twin, principal):
        async with aiohttp.ClientSession() as session:
            yield cls(twin, session, principal)

    @classmethod
    def service_account(cls, twin, email, scopes=(SPREADSHEETS, DRIVE)):
        return cls.of(twin, Principal(email, email, frozenset(scopes), service_account=True))

    @classmethod
    def owner(cls, twin):
        return cls.of(twin, Principal(twin.owner_email, CLIENT_ID, frozenset({DRIVE_FILE})))

    async def call(self, verb, path, body=None, *, zipped=False, **params) -> Reply:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        data = None if body is None else orjson.dumps(body)
        if zipped:
            headers["Content-Encoding"] = "gzip"
            data = gzip.compress(data or b"", compresslevel=1)
        query = {key: _words(value) for key, value in params.items()}
        stream = None if data is None else io.BytesIO(data)
        async with self._session.request(
            verb, self._twin.url + path, data=stream, params=query, headers=headers
        ) as response:
            text = await response.text()
            parsed = orjson.loads(text) if text.startswith(("{", "[")) else None
            return Reply(response.status, parsed, text)

    async def create(self, parent=None, **body) -> Reply:
        content = {"name": "Stock Tracker – Shop", "mimeType": SHEET_TYPE} | body
        if parent:
            content["parents"] = [parent]
        return await self.call("POST", "/drive/v3/files", content, supportsAllDrives=True)

    async def create_sheet(self, parent=None, **body) -> str:
        reply = await self.create(parent, **body)
        assert reply.status == 200, reply.text
        return reply.json["id"]

    async def batch(self, file_id, *requests, **params) -> Reply:
        path = f"/v4/spreadsheets/{file_id}:batchUpdate"
        return await self.call("POST", path, {"requests": list(requests)}, **params)

    async def done(self, file_id, *requests) -> list[dict[str, Any]]:
        reply = await self.batch(file_id, *requests)
        assert reply.status == 200, reply.text
        return reply.json["replies"]

    async def refused(self, file_id, *requests) -> str:
        reply = await self.batch(file_id, *requests)
        assert reply.status == 400, reply.text
        return reply.error["message"]

    async def write(self, file_id, *data, option="RAW", zipped=False) -> Reply:
        path = f"/v4/spreadsheets/{file_id}/values:batchUpdateByDataFilter"
        body = {"valueInputOption": option, "data": list(data)}
        return await self.call("POST", path, body, zipped=zipped)

    async def get(self, file_id, **params) -> dict[str, Any]:
        reply = await self.call("GET", f"/v4/spreadsheets/{file_id}", **params)
        assert reply.status == 200, reply.text
        return reply.json

    async def get_status(self, file_id) -> int:
        return (await self.call("GET", f"/v4/spreadsheets/{file_id}")).status

    async def file(self, file_id, fields="*") -> Reply:
        return await self.call(
            "GET", f"/drive/v3/files/{file_id}", fields=fields, supportsAllDrives=True
        )


def grid(sheet_id, top=None, bottom=None, left=None, right=None) -> dict[str, int]:
    edges = {
        "startRowIndex": top,
        "endRowIndex": bottom,
        "startColumnIndex": left,
        "endColumnIndex": right,
    }
    return {"sheetId": sheet_id} | {key: edge for key, edge in edges.items() if edge is not None}


def at(sheet_id, top, left, values) -> dict[str, Any]:
    """Return one `data` entry that exactly covers its values."""
    width = max(map(len, values))
    box = grid(sheet_id, top, top + len(values), left, left + width)
    return {"dataFilter": {"gridRange": box}, "majorDimension": "ROWS", "values": values}


class TwinHttpClient(gspread.HTTPClient):
    """gspread's transport with Google's two addresses replaced."""

    base_url = ""

    @classmethod
    def at(cls, url):
        return type("AtTwin", (cls,), {"base_url": url})

    def request(self, method, endpoint, **kwargs):
        for prefix in ("https://sheets.googleapis.com", "https://www.googleapis.com"):
            endpoint = endpoint.replace(prefix, self.base_url)
        return super().request(method, endpoint, **kwargs)


def gspread_client(http_client, credentials):
    client = gspread.Client(auth=credentials, http_client=http_client)
    client.set_timeout((5, 20))
    return client


def _words(value):
    if isinstance(value, bool):
        return str(value).lower()
    return value

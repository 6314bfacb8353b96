"""The same hands over HTTP, for scripts: nothing of this exists at the real Google.

`GET /control/files`, `GET /control/calls`, `POST /control/faults` with the words of
`Faults.plant`, and `POST /control/files/{id}/{act}` with the keywords of a method of `Hands`.
"""

from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from http import HTTPStatus
from typing import Any

import orjson
from aiohttp import web

from bot.sandbox.google.calls import CallLog
from bot.sandbox.google.drive.store import DriveStore
from bot.sandbox.google.errors import ApiError
from bot.sandbox.google.faults import Fault, Faults
from bot.sandbox.google.hands import Hands
from bot.sandbox.google.wire import Json

_ACTS = frozenset(
    [
        "write",
        "note",
        "colour",
        "sort",
        "insert_columns",
        "insert_rows",
        "delete_columns",
        "delete_rows",
        "hide_columns",
        "cut_grid",
        "filter_by",
        "filter_view",
        "add_tab",
        "rename_tab",
        "move_tab",
        "hide_tab",
        "delete_tab",
        "harden",
        "unprotect",
        "rename_file",
        "trash",
        "untrash",
        "delete_file",
        "share",
        "revoke",
        "tabs",
        "grid",
        "texts",
        "cell",
        "format",
        "note_on",
        "merges",
        "rules",
        "filter",
        "filter_views",
        "protections",
        "column_width",
        "is_hidden",
        "shared_with",
    ]
)


class Control:
    """The routes under `/control`."""

    def __init__(
        self,
        store: DriveStore,
        faults: Faults,
        calls: CallLog,
        hands: Callable[[str], Hands],
    ) -> None:
        self._store = store
        self._faults = faults
        self._calls = calls
        self._hands = hands

    def add_routes(self, app: web.Application) -> None:
        """Put the routes in front of Google's."""
        app.router.add_get("/control/files", self._files)
        app.router.add_get("/control/calls", self._call_list)
        app.router.add_post("/control/faults", self._plant)
        app.router.add_post("/control/files/{file_id}/{act}", self._act)

    async def _files(self, request: web.Request) -> web.Response:
        del request
        files = [self._store.files[file_id] for file_id in self._store.books]
        return _json([_file(each.file_id, each.name, trashed=each.trashed) for each in files])

    async def _call_list(self, request: web.Request) -> web.Response:
        del request
        shown = [
            {"method": call.method, "status": call.status, "body_bytes": call.body_bytes}
            for call in self._calls
        ]
        return _json(shown)

    async def _plant(self, request: web.Request) -> web.Response:
        words = await _words(request)
        try:
            self._faults.plant(Fault(words.pop("fault", "")), **words)
        except (TypeError, ValueError) as error:
            return _json({"error": str(error)}, HTTPStatus.BAD_REQUEST)
        return _json({"planted": True})

    async def _act(self, request: web.Request) -> web.Response:
        act, words = request.match_info["act"], await _words(request)
        if act not in _ACTS:
            return _json({"error": f"no such act: {act}"}, HTTPStatus.NOT_FOUND)
        try:
            hands = self._hands(request.match_info["file_id"])
            result = getattr(hands, act)(**words)
        except (ApiError, KeyError, TypeError, ValueError) as error:
            return _json({"error": str(error)}, HTTPStatus.BAD_REQUEST)
        return _json({"result": _plain(result)})


async def _words(request: web.Request) -> Json:
    raw = await request.read()
    words = orjson.loads(raw) if raw else {}
    return words if isinstance(words, dict) else {}


def _file(file_id: str, name: str, *, trashed: bool) -> Json:
    return {"id": file_id, "name": name, "trashed": trashed}


def _plain(result: Any) -> Any:
    if isinstance(result, list):
        return [_plain(each) for each in result]
    if is_dataclass(result) and not isinstance(result, type):
        return asdict(result)
    return result


def _json(content: Any, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    return web.Response(body=orjson.dumps(content), status=status, content_type="application/json")

"""The users' hands over HTTP, so that a script in another process can drive them.

All under `/__control/`, JSON in and out; an impossible wish is answered 404 or 400 with
`{"error": …}`.

- `POST users` `{id, first_name?, language_code?, username?, phone?}` makes a user
- `POST users/{id}/{act}`: `send {text}`, `contact {phone?, owner_id?, first_name?}`,
  `document {filename, content, caption?, mime_type?}` (content in base64), `photo {content,
  caption?}`, `press {label, message_id?}`, `edit {message_id, text}`, `forward {text}`,
  `poison {text?}`, `block`, `unblock`; answers `{"sequence": n}`: what changes next is newer
- `GET users/{id}/transcript?since=n&timeout_seconds=s` waits for a change after `n`
- `GET users/{id}/files/{file_id}` is a file's content
- `POST faults` (the fields of `Fault`), `DELETE faults`, `POST repeat {update_id?}`, `GET calls`
"""

import base64
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox.telegram.faults import Fault, FaultKind
from bot.sandbox.telegram.hands import TwinUser
from bot.sandbox.telegram.messages import ChatMessage
from bot.sandbox.telegram.transcript import transcript_to_json

if TYPE_CHECKING:
    from bot.sandbox.telegram.twin import TelegramTwin

_Body = dict[str, Any]
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_MAX_WAIT_SECONDS = 60.0


def control_routes(twin: "TelegramTwin") -> list[web.RouteDef]:
    """Return the control's routes for one twin."""
    control = Control(twin)
    return [
        web.post("/__control/users", _guarded(control.make_user)),
        web.post("/__control/users/{id}/{act}", _guarded(control.act)),
        web.get("/__control/users/{id}/transcript", _guarded(control.transcript)),
        web.get("/__control/users/{id}/files/{file_id}", _guarded(control.file)),
        web.post("/__control/faults", _guarded(control.plan_fault)),
        web.delete("/__control/faults", _guarded(control.clear_faults)),
        web.post("/__control/repeat", _guarded(control.repeat)),
        web.get("/__control/calls", _guarded(control.calls)),
    ]


class Control:
    """Answers the control's requests by using the twin's Python interface."""

    def __init__(self, twin: "TelegramTwin") -> None:
        self._twin = twin

    async def make_user(self, request: web.Request) -> web.StreamResponse:
        """Make a user, or find the one with this id."""
        body = await _body(request)
        user_id = int(body.pop("id"))
        user = self._twin.user(user_id, **body)
        return web.json_response({"id": user.id, "sequence": self._twin.world.sequence})

    async def act(self, request: web.Request) -> web.StreamResponse:
        """Let a user do something."""
        user = self._user(request)
        _do(user, request.match_info["act"], await _body(request))
        return web.json_response({"sequence": user.mark})

    async def transcript(self, request: web.Request) -> web.StreamResponse:
        """Show a user's chat, at once or as soon as it has changed."""
        user, world = self._user(request), self._twin.world
        since = int(request.query.get("since", "-1"))
        seconds = min(float(request.query.get("timeout_seconds", "0")), _MAX_WAIT_SECONDS)

        def changed() -> bool | None:
            return any(message.changed > since for message in user.transcript) or None

        await world.bell.wait_for(changed, seconds)
        return web.json_response(transcript_to_json(user, world.sequence))

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Hand over a file's content."""
        file = self._twin.world.files[request.match_info["file_id"]]
        return web.Response(body=file.content, content_type="application/octet-stream")

    async def plan_fault(self, request: web.Request) -> web.StreamResponse:
        """Plan a fault."""
        body = await _body(request)
        self._twin.faults.add(Fault(FaultKind(body.pop("kind")), **body))
        return web.json_response({})

    async def clear_faults(self, _request: web.Request) -> web.StreamResponse:
        """Behave from now on."""
        self._twin.faults.clear()
        return web.json_response({})

    async def repeat(self, request: web.Request) -> web.StreamResponse:
        """Deliver an update once more."""
        self._twin.updates.repeat((await _body(request)).get("update_id"))
        return web.json_response({})

    async def calls(self, _request: web.Request) -> web.StreamResponse:
        """List the bot's calls: method, status and fault, without what was in them."""
        listed = [
            {"method": call.method, "status": call.status, "fault": call.fault}
            for call in self._twin.calls
        ]
        return web.json_response(listed)

    def _user(self, request: web.Request) -> TwinUser:
        return self._twin.known_user(int(request.match_info["id"]))


def _do(user: TwinUser, act: str, body: _Body) -> None:
    acts: dict[str, Callable[..., Any]] = {
        "send": user.send,
        "contact": user.send_contact,
        "document": user.send_document,
        "photo": user.send_photo,
        "press": user.press,
        "edit": user.edit,
        "forward": user.forward,
        "poison": user.send_poison,
        "block": user.block,
        "unblock": user.unblock,
    }
    if "content" in body:
        body["content"] = base64.b64decode(body["content"])
    if act == "edit":
        body["message"] = _message(user, int(body.pop("message_id")))
    acts[act](**body)


def _message(user: TwinUser, message_id: int) -> ChatMessage:
    for message in user.transcript:
        if message.message_id == message_id:
            return message
    raise LookupError(f"no message {message_id}")


async def _body(request: web.Request) -> _Body:
    if not request.can_read_body:
        return {}
    body: _Body = await request.json()
    return body


def _guarded(handler: _Handler) -> _Handler:
    """Turn a wish that cannot be fulfilled into an answer that says why."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except LookupError as error:
            return web.json_response({"error": f"not there: {error}"}, status=404)
        except (TypeError, ValueError, RuntimeError) as error:
            return web.json_response({"error": str(error)}, status=400)

    return guarded

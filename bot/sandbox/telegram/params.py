"""One call's parameters, however they were sent: JSON, a form, or multipart with files."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.sandbox.telegram.errors import BotApiError, bad_request

UPLOAD_LIMIT_BYTES = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call."""

    filename: str
    mime_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Params:
    """Parameters by name; structured ones are decoded when they are asked for."""

    values: Mapping[str, Any]
    uploads: Mapping[str, Upload]

    def text(self, name: str, default: str = "") -> str:
        """Return a parameter as text; structures come back as their JSON."""
        value = self.values.get(name)
        if value is None:
            return default
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def integer(self, name: str, default: int = 0) -> int:
        """Return a whole number.

        Raises:
            BotApiError: 400, it is none.

        """
        value = self.text(name)
        if not value:
            return default
        try:
            return int(value)
        except ValueError:
            raise bad_request(f"{name} must be an Integer") from None

    def flag(self, name: str) -> bool:
        """Return a Boolean; what is absent is false."""
        return self.text(name).lower() in {"true", "1", "yes"}

    def structure(self, name: str) -> Any:
        """Return a parameter that holds JSON; None when it is absent.

        Raises:
            BotApiError: 400, it is not JSON.

        """
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def upload(self, name: str) -> Upload | None:
        """Return the file given directly under `name` or through `attach://…`."""
        reference = self.text(name)
        if reference.startswith("attach://"):
            return self.uploads.get(reference.removeprefix("attach://"))
        return self.uploads.get(name)


async def read_params(request: web.Request) -> Params:
    """Read what `request` carries, its query included.

    Raises:
        BotApiError: 400 for a body that is no JSON object, 413 for a file over 50 MB.

    """
    if request.content_type == "application/json":
        return Params(await _json_object(request), {})
    values: dict[str, Any] = dict(request.query)
    uploads: dict[str, Upload] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            uploads[name] = _upload(value)
        else:
            values[name] = value if isinstance(value, str) else bytes(value).decode()
    return Params(values, uploads)


async def _json_object(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(body, dict):
        raise bad_request("expected a JSON object")
    return {**request.query, **body}


def _upload(field: web.FileField) -> Upload:
    content = field.file.read()
    field.file.close()
    if len(content) > UPLOAD_LIMIT_BYTES:
        raise BotApiError(413, "Request Entity Too Large")
    return Upload(field.filename, field.content_type, content)

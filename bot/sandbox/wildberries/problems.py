"""The vendor's error bodies.

Source: https://dev.wildberries.ru/openapi/api-information and public recordings (read 2026-11-20)
"""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from uuid import uuid4

import orjson

from bot.sandbox.wildberries.answers import Answer

BASE_CLOSED = "base token is not allowed"
NO_SECRET_CLOSED = "base token without secret is not allowed"  # noqa: S105 - an error's text
REQUIREMENTS = "token does not satisfy additional requirements"
_DISABLED = (
    "This method is temporarily disabled. Link: https://dev.wildberries.ru/release-notes?id=570"
)


def unauthorized(now: datetime, reason: str = "token is malformed") -> Answer:
    """401: no key, a dead key, or a key without the host's right."""
    return _gateway(now, 401, "unauthorized", f"token problem; {reason}", "s2s-api-auth-catalog")


def payment_required(now: datetime) -> Answer:
    """402: the service's balance at the vendor is empty; hits every seller."""
    detail = "the service has insufficient funds on its balance to call this method"
    return _gateway(now, 402, "payment required", detail, "s2s-api-auth-catalog")


def forbidden(now: datetime, detail: str = BASE_CLOSED) -> Answer:
    """403 of the gateway: the method is closed to this kind of key."""
    return _gateway(now, 403, "forbidden", detail, "s2sauth-ca")


def authorization_error(detail: str = "user that created the token was removed") -> Answer:
    """403 of the service behind the gateway."""
    return _service(403, "Authorization error", detail)


def path_not_found(now: datetime) -> Answer:
    """404: no such path on this host."""
    detail = "Please consult the https://dev.wildberries.ru"
    return _gateway(now, 404, "path not found", detail, "s2s-api")


def not_found() -> Answer:
    """404: the report is gone, or was never there."""
    return _service(404, "Not Found", "not found")


def disabled(now: datetime) -> Answer:
    """404: switched off for a time, by a release note."""
    return _gateway(now, 404, "not found", _DISABLED, "s2s-api")


def bad_request(message: str) -> Answer:
    """400 of the analytics host."""
    detail = f"code=400, message={message}, internal={message}"
    return _service(400, "Invalid request body", detail)


def statistics_error(errors: str | list[str]) -> Answer:
    """400 of the statistics host; its `errors` is a list or a string."""
    return Answer(400, orjson.dumps({"errors": errors}))


def too_large(now: datetime) -> Answer:
    """413."""
    return _gateway(now, 413, "request entity too large", "body is too large", "s2s-api")


def too_many(now: datetime, headers: Mapping[str, str]) -> Answer:
    """429 of a method's bucket."""
    detail = f"limited by {uuid4()}"
    return _gateway(now, 429, "too many requests", detail, "s2s-api-rl", headers)


def globally_limited(now: datetime, sid: str) -> Answer:
    """429 of the undocumented limiter per seller, which names no wait."""
    detail = f"Limited by global limiter, per seller {sid}; see https://dev.wildberries.ru"
    return _gateway(now, 429, "too many requests", detail, "s2s-api")


def _gateway(  # noqa: PLR0913, PLR0917 - the fields of the vendor's body
    now: datetime,
    status: int,
    title: str,
    detail: str,
    origin: str,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    body = {
        "title": title,
        "detail": detail,
        "code": "07e4668e--s2s-5a9c",
        "requestId": uuid4().hex,
        "origin": origin,
        "status": status,
        "statusText": HTTPStatus(status).phrase,
        "timestamp": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    return Answer(status, orjson.dumps(body), "application/problem+json", headers or {})


def _service(status: int, title: str, detail: str) -> Answer:
    body = {
        "title": title,
        "detail": detail,
        "requestId": str(uuid4()),
        "origin": "analytic-open-api",
    }
    return Answer(status, orjson.dumps(body))

"""How the Bot API says no: a status, a sentence, and sometimes parameters."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class BotApiError(Exception):
    """A refusal as the caller reads it: HTTP `status`, `description`, `parameters`."""

    def __init__(
        self, status: int, description: str, parameters: Mapping[str, Any] = _NOTHING
    ) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters

    def to_api(self) -> dict[str, Any]:
        """Return the JSON object of the answer."""
        answer: dict[str, Any] = {
            "ok": False,
            "error_code": self.status,
            "description": self.description,
        }
        if self.parameters:
            answer["parameters"] = dict(self.parameters)
        return answer


def bad_request(reason: str) -> BotApiError:
    """Return a 400 with Telegram's usual prefix."""
    return BotApiError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> BotApiError:
    """Return a 403 with Telegram's usual prefix."""
    return BotApiError(403, f"Forbidden: {reason}")


def too_many_requests(retry_after: int) -> BotApiError:
    """Return a 429 that names the whole seconds to wait."""
    return BotApiError(
        429,
        f"Too Many Requests: retry after {retry_after}",
        {"retry_after": retry_after},
    )


def conflict() -> BotApiError:
    """Return what the older of two pollers is told."""
    return BotApiError(
        409,
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
    )


def unauthorized() -> BotApiError:
    """Return what a wrong or revoked token is told."""
    return BotApiError(401, "Unauthorized")


def not_found() -> BotApiError:
    """Return what an unknown method or a malformed token is told."""
    return BotApiError(404, "Not Found")

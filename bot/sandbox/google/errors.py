"""What Google answers when it refuses: one exception, two shapes of body.

Source: texts and reasons as users of the APIs reported them, and
https://developers.google.com/workspace/drive/api/guides/handle-errors (read 2026-11-20); where a
report gives only a fragment, the rest of the sentence is ours.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from bot.sandbox.google.wire import Json

_STATUS = {
    HTTPStatus.BAD_REQUEST: "INVALID_ARGUMENT",
    HTTPStatus.UNAUTHORIZED: "UNAUTHENTICATED",
    HTTPStatus.FORBIDDEN: "PERMISSION_DENIED",
    HTTPStatus.NOT_FOUND: "NOT_FOUND",
    HTTPStatus.TOO_MANY_REQUESTS: "RESOURCE_EXHAUSTED",
    HTTPStatus.INTERNAL_SERVER_ERROR: "INTERNAL",
    HTTPStatus.SERVICE_UNAVAILABLE: "UNAVAILABLE",
}


class ApiError(Exception):
    """A refusal: `code` is the HTTP status, `reason` Drive's word for it."""

    def __init__(
        self,
        code: HTTPStatus,
        message: str,
        *,
        reason: str = "invalid",
        domain: str = "global",
        details: tuple[Json, ...] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.reason = reason
        self.domain = domain
        self.details = details

    def within(self, place: str) -> "ApiError":
        """Return the same refusal of a bad argument with the `place` in front of its text."""
        if self.code != HTTPStatus.BAD_REQUEST:
            return self
        return ApiError(self.code, f"Invalid {place}: {self.message}", details=self.details)

    def body(self, api: str) -> Json:
        """Return the JSON body as that `api` ("sheets" or "drive") shapes it."""
        error: Json = {"code": int(self.code), "message": self.message}
        if api == "drive":
            cause = {"message": self.message, "domain": self.domain, "reason": self.reason}
            error["errors"] = [cause]
        else:
            error["status"] = _STATUS.get(self.code, "UNKNOWN")
            if self.details:
                error["details"] = list(self.details)
        return {"error": error}


@contextmanager
def naming(place: str) -> Iterator[None]:
    """Put the `place` in front of every bad argument that is found within."""
    try:
        yield
    except ApiError as refusal:
        raise refusal.within(place) from refusal


def invalid(message: str) -> ApiError:
    """Return the 400 of an argument that Google does not accept."""
    return ApiError(HTTPStatus.BAD_REQUEST, message)


def entity_not_found() -> ApiError:
    """Return the 404 of Sheets."""
    return ApiError(HTTPStatus.NOT_FOUND, "Requested entity was not found.", reason="notFound")


def file_not_found(file_id: str) -> ApiError:
    """Return the 404 of Drive, also for what the caller may not see."""
    return ApiError(HTTPStatus.NOT_FOUND, f"File not found: {file_id}.", reason="notFound")


def no_permission() -> ApiError:
    """Return the 403 of Sheets."""
    message = "The caller does not have permission"
    return ApiError(HTTPStatus.FORBIDDEN, message, reason="forbidden")


def insufficient_file_permissions() -> ApiError:
    """Return the 403 of Drive."""
    message = "The user does not have sufficient permissions for this file."
    return ApiError(HTTPStatus.FORBIDDEN, message, reason="insufficientFilePermissions")


def storage_quota_exceeded(*, service_account: bool) -> ApiError:
    """Return the 403 of an account that has no room, which a service account never has."""
    message = "The user's Drive storage quota has been exceeded."
    if service_account:
        message = (
            "Service Accounts do not have storage quota. Leverage shared drives "
            "(https://developers.google.com/workspace/drive/api/guides/about-shareddrives), "
            "or use OAuth delegation instead."
        )
    return ApiError(
        HTTPStatus.FORBIDDEN, message, reason="storageQuotaExceeded", domain="usageLimits"
    )


def unauthenticated() -> ApiError:
    """Return the 401 of a missing, unknown or expired access token."""
    return ApiError(
        HTTPStatus.UNAUTHORIZED,
        "Request had invalid authentication credentials. Expected OAuth 2 access token, "
        "login cookie or other valid authentication credential.",
        reason="authError",
    )


def scope_insufficient() -> ApiError:
    """Return the 403 of a token whose scopes do not cover the method."""
    return ApiError(
        HTTPStatus.FORBIDDEN,
        "Request had insufficient authentication scopes.",
        reason="insufficientPermissions",
        details=(
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
                "domain": "googleapis.com",
            },
        ),
    )

"""Misbehaviour on request: what a vendor does to us on a bad night."""

from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from http import HTTPStatus

from bot.sandbox.google.errors import ApiError, no_permission, storage_quota_exceeded
from bot.sandbox.google.quotas import Bucket, exhausted


class Fault(StrEnum):
    """What goes wrong. `…_AFTER` does the work first and only then fails."""

    UNAVAILABLE = "unavailable"
    UNAVAILABLE_AFTER = "unavailable_after"
    INTERNAL_ERROR = "internal_error"
    BAD_GATEWAY_HTML = "bad_gateway_html"
    RESET = "reset"
    RESET_AFTER = "reset_after"
    STALL = "stall"
    STALL_AFTER = "stall_after"
    USER_QUOTA = "user_quota"
    PROJECT_QUOTA = "project_quota"
    PERMISSION_DENIED = "permission_denied"
    SERVICE_DISABLED = "service_disabled"
    STORAGE_FULL = "storage_full"
    SHARING_RATE_LIMIT = "sharing_rate_limit"
    UNAUTHENTICATED = "unauthenticated"
    INVALID_GRANT = "invalid_grant"

    @property
    def comes_after(self) -> bool:
        """Whether the work is done first."""
        return self.value.endswith("_after")


@dataclass(slots=True)
class Planted:
    """A fault that waits for its call."""

    fault: Fault
    method: str
    times: int
    skip: int
    seconds: float
    email: str | None


class Faults:
    """The faults that wait, in the order in which they were planted."""

    def __init__(self) -> None:
        self._planted: list[Planted] = []

    def plant(  # noqa: PLR0913 -- each is an optional word of one sentence
        self,
        fault: Fault,
        method: str = "sheets.*",
        *,
        times: int = 1,
        skip: int = 0,
        seconds: float = 3600,
        email: str | None = None,
    ) -> None:
        """Let the next `times` calls of a method fail, after `skip` that do not.

        `method` is discovery's id with wildcards, like `sheets.spreadsheets.values.*` or
        `oauth2.token`; `seconds` is how long a stall lasts; `email` limits it to one caller.
        """
        self._planted.append(Planted(Fault(fault), method, times, skip, seconds, email))

    def clear(self) -> None:
        """Take every waiting fault back."""
        self._planted.clear()

    def take(self, method: str, email: str) -> Planted | None:
        """Return the fault that this call runs into, and count it."""
        for planted in self._planted:
            if not fnmatchcase(method, planted.method) or planted.email not in {None, email}:
                continue
            if planted.skip > 0:
                planted.skip -= 1
                continue
            planted.times -= 1
            if planted.times <= 0:
                self._planted.remove(planted)
            return planted
        return None


def refusal(fault: Fault, *, reads: bool) -> ApiError | None:
    """Return the error body of a fault that has one."""
    bucket: Bucket = "read" if reads else "write"
    known = {
        Fault.UNAVAILABLE: _unavailable(),
        Fault.UNAVAILABLE_AFTER: _unavailable(),
        Fault.INTERNAL_ERROR: ApiError(
            HTTPStatus.INTERNAL_SERVER_ERROR, "Internal error encountered.", reason="backendError"
        ),
        Fault.USER_QUOTA: exhausted(bucket, "PerUser", 60),
        Fault.PROJECT_QUOTA: exhausted(bucket, "PerProject", 300),
        Fault.PERMISSION_DENIED: no_permission(),
        Fault.SERVICE_DISABLED: _disabled(),
        Fault.STORAGE_FULL: storage_quota_exceeded(service_account=False),
        Fault.SHARING_RATE_LIMIT: ApiError(
            HTTPStatus.FORBIDDEN,
            'Rate limit exceeded. User message: "Sorry, you have exceeded your sharing quota."',
            reason="sharingRateLimitExceeded",
        ),
    }
    return known.get(fault)


def _unavailable() -> ApiError:
    return ApiError(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The service is currently unavailable.",
        reason="backendError",
    )


def _disabled() -> ApiError:
    return ApiError(
        HTTPStatus.FORBIDDEN,
        "Google Sheets API has not been used in project 1 before or it is disabled.",
        reason="accessNotConfigured",
        domain="usageLimits",
        details=(
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "SERVICE_DISABLED",
                "domain": "googleapis.com",
                "metadata": {"service": "sheets.googleapis.com", "consumer": "projects/1"},
            },
        ),
    )

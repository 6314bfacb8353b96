"""One table: what Google answers when it refuses, and which of our errors that is.

Source: Sheets limits, Drive "Resolve errors", discovery documents (read 2026-11-20).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson

from bot.core.errors import Code, Defect, SellerMustAct, StockTrackerError, Transient


class ShapeChanged(Defect):
    """A tab or a part of the grid that we address is not there; a repair may help."""


class TokenRefused(Defect):
    """Google takes our access token no longer; nothing was done. Another one may help."""


class RateLimited(Transient):
    """A quota is spent: of one account, or of the whole project."""

    def __init__(self, *, whole_project: bool, retry_after_seconds: float | None) -> None:
        scope = "project" if whole_project else "account"
        super().__init__(
            Code.GOOGLE_RATE_LIMITED,
            f"the quota of the {scope}",
            retry_after_seconds=retry_after_seconds,
        )
        self.whole_project = whole_project


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is no success. `retry_after_seconds` only if Google named a time."""

    status: int
    reasons: frozenset[str]
    message: str
    quota_limit: str = ""
    retry_after_seconds: float | None = None


_Kind = type[Defect] | type[SellerMustAct] | type[Transient]

_RATE_REASONS = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"})

_TEXTS: tuple[tuple[str, _Kind, Code], ...] = (
    ("protected cell or object", SellerMustAct, Code.SHEET_PROTECTED),
    ("No grid with id", ShapeChanged, Code.SHEET_BROKEN),
    ("No sheet with id", ShapeChanged, Code.SHEET_BROKEN),
    ("exceeds grid limits", ShapeChanged, Code.SHEET_BROKEN),
    ("Unable to parse range", ShapeChanged, Code.SHEET_BROKEN),
    ("payload size exceeds", Defect, Code.SHEET_TOO_LARGE),
    ("number of cells in the workbook above", Defect, Code.SHEET_TOO_LARGE),
)

_STORAGE = "storage quota"

_REASONS: Mapping[tuple[int, str], tuple[_Kind, Code]] = {
    (400, "invalidSharingRequest"): (SellerMustAct, Code.SHEET_ADDRESS_UNKNOWN),
    (400, "invalid_grant"): (Defect, Code.GOOGLE_TOKEN_DEAD),
    (403, "storageQuotaExceeded"): (Defect, Code.GOOGLE_STORAGE_FULL),
    (403, "teamDriveFileLimitExceeded"): (Defect, Code.GOOGLE_STORAGE_FULL),
    (403, "numChildrenInNonRootLimitExceeded"): (Defect, Code.GOOGLE_STORAGE_FULL),
    (403, "accessNotConfigured"): (Defect, Code.GOOGLE_DISABLED),
    (403, "SERVICE_DISABLED"): (Defect, Code.GOOGLE_DISABLED),
    (403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT"): (Defect, Code.GOOGLE_DISABLED),
    (403, "sharingRateLimitExceeded"): (Defect, Code.GOOGLE_RATE_LIMITED),
    (403, "cannotShareTeamDriveWithNonGoogleAccounts"): (
        SellerMustAct,
        Code.SHEET_ADDRESS_UNKNOWN,
    ),
    (403, "publishOutNotPermitted"): (Defect, Code.SHEET_REQUEST_REFUSED),
}

_STATUSES: Mapping[int, tuple[_Kind, Code]] = {
    HTTPStatus.BAD_REQUEST: (Defect, Code.SHEET_REQUEST_REFUSED),
    HTTPStatus.UNAUTHORIZED: (TokenRefused, Code.GOOGLE_TOKEN_DEAD),
    HTTPStatus.FORBIDDEN: (SellerMustAct, Code.SHEET_NO_ACCESS),
    HTTPStatus.NOT_FOUND: (SellerMustAct, Code.SHEET_GONE),
    HTTPStatus.REQUEST_TIMEOUT: (Transient, Code.GOOGLE_FAILED),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (Defect, Code.SHEET_TOO_LARGE),
    HTTPStatus.INTERNAL_SERVER_ERROR: (Transient, Code.GOOGLE_FAILED),
    HTTPStatus.BAD_GATEWAY: (Transient, Code.GOOGLE_FAILED),
    HTTPStatus.SERVICE_UNAVAILABLE: (Transient, Code.GOOGLE_FAILED),
    HTTPStatus.GATEWAY_TIMEOUT: (Transient, Code.GOOGLE_FAILED),
}

_EMAIL = re.compile(r"\S+@\S+")
_DETAIL_LENGTH = 200


def error_of(refusal: Refusal) -> StockTrackerError:
    """Return our error for a refusal; an unknown status is a `Defect`."""
    if refusal.status == HTTPStatus.TOO_MANY_REQUESTS or refusal.reasons & _RATE_REASONS:
        whole = refusal.quota_limit.endswith("PerProject")
        return RateLimited(whole_project=whole, retry_after_seconds=refusal.retry_after_seconds)
    kind, code = _rule(refusal)
    return kind(code, _detail(refusal))


def _rule(refusal: Refusal) -> tuple[_Kind, Code]:
    for reason in sorted(refusal.reasons):
        if (refusal.status, reason) in _REASONS:
            return _REASONS[refusal.status, reason]
    if refusal.status == HTTPStatus.BAD_REQUEST:
        for text, kind, code in _TEXTS:
            if text in refusal.message:
                return kind, code
    if refusal.status == HTTPStatus.FORBIDDEN and _STORAGE in refusal.message:
        return Defect, Code.GOOGLE_STORAGE_FULL  # Sheets says it in words alone
    return _STATUSES.get(refusal.status, (Defect, Code.STATUS_UNKNOWN))


def _detail(refusal: Refusal) -> str:
    message = _EMAIL.sub("…", refusal.message)[:_DETAIL_LENGTH]
    return f"{refusal.status} {' '.join(sorted(refusal.reasons))} {message}".strip()


def read_refusal(status: int, body: bytes, retry_after: str | None = None) -> Refusal:
    """Take an answer apart; an HTML page or an unexpected JSON gives just the status."""
    error = _error_of_body(body)
    if isinstance(error, str):
        error = {"status": error}
    details = [each for each in error.get("details") or () if isinstance(each, dict)]
    causes = [each for each in error.get("errors") or () if isinstance(each, dict)]
    words = [error.get("status"), *(each.get("reason") for each in (*details, *causes))]
    limits = [(each.get("metadata") or {}).get("quota_limit") for each in details]
    return Refusal(
        status=status,
        reasons=frozenset(word for word in words if isinstance(word, str)),
        message=str(error.get("message", "")),
        quota_limit=next((limit for limit in limits if isinstance(limit, str)), ""),
        retry_after_seconds=float(retry_after) if retry_after and retry_after.isdigit() else None,
    )


def _error_of_body(body: bytes) -> Any:
    try:
        decoded = orjson.loads(body)
    except ValueError:
        return {}
    error = decoded.get("error") if isinstance(decoded, dict) else None
    return error if isinstance(error, dict | str) else {}

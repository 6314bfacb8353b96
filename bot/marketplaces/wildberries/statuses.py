"""One table: what each status means, and which of our errors it becomes.

Source: https://dev.wildberries.ru/openapi/api-information and public recordings of error bodies
(read 2026-11-20). An unknown status is a Defect, not a retry.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from bot.core.errors import Code, Defect, SellerMustAct, StockTrackerError, Transient
from bot.core.ports import LONGEST_WAIT_SECONDS, Unfinished
from bot.marketplaces.wildberries.limits import MINUTE, Method

WAIT_WITHOUT_A_NAME_SECONDS = MINUTE
_TOLD_CHARACTERS = 160
_SERVER_ERRORS = range(500, 600)
_SECRET = re.compile(r"[\w.+/=-]{32,}", re.ASCII)
_CLOSED_TO_KIND = (
    "base token",
    "token is not allowed",
    "without secret",
    "additional requirements",
)
_CREATOR_IS_GONE = re.compile(r"(user|пользовател).*(remov|delet|удал)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is not the one we wanted; `text` is all its words, in small letters."""

    status: int
    method: Method
    text: str
    wait_seconds: float

    @property
    def is_global(self) -> bool:
        """Whether a limiter spoke that stands before all methods of the seller."""
        return "global limiter" in self.text

    @property
    def told(self) -> str:
        """What the operator reads: the call, the status, the vendor's words; no secrets."""
        words = _SECRET.sub("…", self.text)[:_TOLD_CHARACTERS]
        return f"{self.method.name}: {self.status} {words}".rstrip()


def refusal(
    status: int,
    method: Method,
    headers: Mapping[str, str],
    body: bytes,
    *,
    default_wait_seconds: float = WAIT_WITHOUT_A_NAME_SECONDS,
) -> Refusal:
    """Read an answer's words and wait; the body may be JSON, HTML or nothing."""
    named = _seconds(headers.get("X-Ratelimit-Retry"))
    wait = default_wait_seconds if named is None else named
    return Refusal(status, method, _words(body), wait)


def error_of(refused: Refusal) -> StockTrackerError:
    """Return the error that a refusal becomes."""
    if refused.status in _SERVER_ERRORS:
        return Transient(Code.VENDOR_FAILED, refused.told)
    make = _TABLE.get(refused.status)
    return Defect(Code.STATUS_UNKNOWN, refused.told) if make is None else make(refused)


def _forbidden(refused: Refusal) -> StockTrackerError:
    """403 speaks of the kind of key, of its maker, or of a method that is blocked."""
    if any(words in refused.text for words in _CLOSED_TO_KIND):
        return Defect(Code.METHOD_CLOSED_FOR_KEY, refused.told)
    if _CREATOR_IS_GONE.search(refused.text):
        return SellerMustAct(Code.KEY_REJECTED, refused.told)
    return Defect(Code.METHOD_BLOCKED, refused.told)


def _not_found(refused: Refusal) -> StockTrackerError:
    """404 speaks of a method that is switched off, a wrong host, or a report that is gone."""
    if "disabled" in refused.text:
        return Defect(Code.METHOD_DISABLED, refused.told)
    if refused.method.has_report and "path not found" not in refused.text:
        return Transient(Code.REPORT_GONE, refused.told)
    return Defect(Code.PATH_NOT_FOUND, refused.told)


def _too_many(refused: Refusal) -> StockTrackerError:
    return Unfinished(Code.RATE_LIMITED, refused.told, retry_after_seconds=refused.wait_seconds)


def _defect(code: Code) -> Callable[[Refusal], StockTrackerError]:
    return lambda refused: Defect(code, refused.told)


_TABLE: Mapping[int, Callable[[Refusal], StockTrackerError]] = {
    400: _defect(Code.REQUEST_REFUSED),
    401: lambda refused: SellerMustAct(Code.KEY_REJECTED, refused.told),
    402: _defect(Code.SERVICE_BALANCE_EMPTY),
    403: _forbidden,
    404: _not_found,
    410: _defect(Code.METHOD_DISABLED),
    413: _defect(Code.REQUEST_TOO_LARGE),
    422: _defect(Code.REQUEST_TOO_LARGE),
    429: _too_many,
}


def _seconds(header: str | None) -> float | None:
    """Return the wait that a header names, at least a second; `None` when it names none."""
    try:
        seconds = float((header or "").strip())
    except ValueError:
        return None
    if not math.isfinite(seconds) or seconds < 0:
        return None
    return min(max(1.0, seconds), LONGEST_WAIT_SECONDS)


def _words(body: bytes) -> str:
    try:
        told = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return "html" if body.lstrip()[:1] == b"<" else ""
    return " · ".join(_said(told)).lower()


def _said(told: Any) -> list[str]:
    """Return the sentences of an error body; `errors` may be a list or a text."""
    if isinstance(told, str):
        return [told]
    if isinstance(told, list):
        return [word for word in told if isinstance(word, str)]
    if not isinstance(told, dict):
        return []
    fields = ("title", "detail", "message", "errorText", "errors")
    return [word for field in fields for word in _said(told.get(field))]

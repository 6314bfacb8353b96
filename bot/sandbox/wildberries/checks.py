"""The vendor's checks of a request's body."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.sandbox.wildberries.answers import BadRequestError
from bot.sandbox.wildberries.world import MOSCOW_OFFSET_SECONDS


def body_object(body: Any) -> dict[str, Any]:
    """Return the body if it is an object.

    Raises:
        BadRequestError: it is something else.

    """
    if not isinstance(body, dict):
        raise BadRequestError("invalid: body (must be an object)")
    return body


def whole(body: dict[str, Any], name: str, default: int, *, most: int | None = None) -> int:
    """Return a whole number from 0 to `most`, `default` where it is absent."""
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise BadRequestError(f"invalid: {name} (must be an integer)")
    if most is not None and value > most:
        raise BadRequestError(f"invalid: {name} (must be less than or equal to {most})")
    return value


def numbers(body: dict[str, Any], name: str, *, most: int) -> frozenset[int]:
    """Return a list of numbers, at most so many, empty where it is absent."""
    value = body.get(name) or []
    if not isinstance(value, list) or any(type(item) is not int for item in value):
        raise BadRequestError(f"invalid: {name} (must be an array of integers)")
    if len(value) > most:
        raise BadRequestError(f"invalid: {name} (must contain at most {most} items)")
    return frozenset(value)


def texts(body: dict[str, Any], name: str, *, most: int) -> frozenset[str]:
    """Return a list of texts, at most so many, empty where it is absent."""
    value = body.get(name) or []
    if not isinstance(value, list) or any(not isinstance(item, str) for item in value):
        raise BadRequestError(f"invalid: {name} (must be an array of strings)")
    if len(value) > most:
        raise BadRequestError(f"invalid: {name} (must contain at most {most} items)")
    return frozenset(value)


def days(body: dict[str, Any], name: str, now: datetime) -> tuple[date, date]:
    """Return the first and last day of a required period of at most 365 days back."""
    period = body.get(name)
    if not isinstance(period, dict):
        raise BadRequestError(f"invalid: {name} (field required)")
    start, end = _day(period, name, "start"), _day(period, name, "end")
    today = (now + timedelta(seconds=MOSCOW_OFFSET_SECONDS)).date()
    if start > end:
        raise BadRequestError(f"invalid: {name}.start (must not be later than end)")
    if start < today - timedelta(days=365):
        raise BadRequestError(f"invalid: {name}.start (must be within the last 365 days)")
    return start, end


def instant(value: Any, name: str) -> datetime:
    """Return an instant from a text with a zone."""
    try:
        read = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise BadRequestError(f"invalid: {name} (must be a date-time)") from None
    if read.tzinfo is None:
        raise BadRequestError(f"invalid: {name} (must have a zone)")
    return read.astimezone(UTC)


def _day(period: dict[str, Any], name: str, end: str) -> date:
    try:
        return date.fromisoformat(period[end])
    except KeyError:
        raise BadRequestError(f"invalid: {name}.{end} (field required)") from None
    except (TypeError, ValueError):
        raise BadRequestError(f"invalid: {name}.{end} (must be a date)") from None

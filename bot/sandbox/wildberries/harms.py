"""The harms that the vendor has been seen to do, ready to be planted."""

import copy
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Literal

import orjson

from bot.sandbox.wildberries import problems
from bot.sandbox.wildberries.answers import Answer
from bot.sandbox.wildberries.faults import Fault, Harm

_HTML = (
    "<!DOCTYPE html><html><head><title>{0}</title></head>"
    "<body><center><h1>{0}</h1></center><hr><center>nginx</center></body></html>"
)


def unauthorized(reason: str = "token is withdrawn") -> Fault:
    """401."""
    return Fault(Harm.ANSWER, partial(problems.unauthorized, reason=reason))


def payment_required() -> Fault:
    """402."""
    return Fault(Harm.ANSWER, problems.payment_required)


def forbidden(
    meaning: Literal["base", "base_without_secret", "requirements", "service"] = "base",
) -> Fault:
    """403 in one of its four meanings."""
    if meaning == "service":
        return Fault(Harm.ANSWER, lambda _now: problems.authorization_error())
    detail = {
        "base": problems.BASE_CLOSED,
        "base_without_secret": problems.NO_SECRET_CLOSED,
        "requirements": problems.REQUIREMENTS,
    }[meaning]
    return Fault(Harm.ANSWER, partial(problems.forbidden, detail=detail))


def not_found() -> Fault:
    """404 of a report that is gone."""
    return Fault(Harm.ANSWER, lambda _now: problems.not_found())


def path_not_found() -> Fault:
    """404 of a method that is gone."""
    return Fault(Harm.ANSWER, problems.path_not_found)


def disabled() -> Fault:
    """404 of a method that is switched off."""
    return Fault(Harm.ANSWER, problems.disabled)


def too_large() -> Fault:
    """413."""
    return Fault(Harm.ANSWER, problems.too_large)


def too_many(retry_seconds: int = 20, limit: int = 3, reset_seconds: int | None = None) -> Fault:
    """429 with its three headers."""
    headers = {
        "X-Ratelimit-Retry": str(retry_seconds),
        "X-Ratelimit-Limit": str(limit),
        "X-Ratelimit-Reset": str(retry_seconds if reset_seconds is None else reset_seconds),
    }
    return Fault(Harm.ANSWER, partial(problems.too_many, headers=headers))


def global_limiter(sid: str = "b1c5f9a0") -> Fault:
    """429 of the limiter per seller, without any header."""
    return Fault(Harm.ANSWER, partial(problems.globally_limited, sid=sid))


def server_error(status: int = 500, body: Literal["html", "json", "empty"] = "html") -> Fault:
    """5xx."""
    answer = {
        "html": Answer(status, _HTML.format(status).encode(), "text/html"),
        "json": Answer(status, orjson.dumps({"title": "internal error", "status": status})),
        "empty": Answer(status, b"", "text/plain"),
    }[body]
    return Fault(Harm.ANSWER, lambda _now: answer)


def html_ok() -> Fault:
    """HTML with status 200."""
    answer = Answer(200, _HTML.format("Технические работы").encode(), "text/html")
    return Fault(Harm.ANSWER, lambda _now: answer)


def no_content() -> Fault:
    """204."""
    return Fault(Harm.ANSWER, lambda _now: Answer(204))


def replace(status: int = 200, body: Any = None, content_type: str = "application/json") -> Fault:
    """Answer with that status and body: bytes and text as they are, else as JSON."""
    raw = body.encode() if isinstance(body, str) else body
    whole = raw if isinstance(raw, bytes) else orjson.dumps(raw)
    return Fault(Harm.ANSWER, lambda _now: Answer(status, whole, content_type))


def stall(seconds: float = 30.0) -> Fault:
    """Answer truly, but only after so many seconds of the twin's clock."""
    return Fault(Harm.STALL, seconds=seconds)


def reset() -> Fault:
    """Reset the connection before a byte of the answer."""
    return Fault(Harm.RESET)


def reset_mid_body() -> Fault:
    """Send the headers and half of the true body, then reset the connection."""
    return Fault(Harm.CUT)


def truncated() -> Fault:
    """Answer with half of the true body, as if it were all."""
    return Fault(Harm.TRUNCATE)


def mutate(change: Callable[[Any], Any]) -> Fault:
    """Answer with what `change` returns for the true JSON."""
    return Fault(Harm.MUTATE, mutate=change)


def edit(set: Mapping[str, Any] | None = None, remove: Sequence[str] = ()) -> Fault:  # noqa: A002 - the word on the wire
    """Answer truly but for some places, named like `data.products.0.product.nmId`."""
    return mutate(partial(_edited, changes=dict(set or {}), removed=tuple(remove)))


def _edited(value: Any, *, changes: Mapping[str, Any], removed: Sequence[str]) -> Any:
    value = copy.deepcopy(value)
    for place, new in changes.items():
        holder, last = _holder(value, place)
        holder[last] = new
    for place in removed:
        holder, last = _holder(value, place)
        del holder[last]
    return value


def _holder(value: Any, place: str) -> tuple[Any, Any]:
    steps: list[Any] = [int(step) if step.isdigit() else step for step in place.split(".")]
    for step in steps[:-1]:
        value = value[step]
    return value, steps[-1]


HARMS: Mapping[str, Callable[..., Fault]] = {
    harm.__name__: harm
    for harm in (
        unauthorized,
        payment_required,
        forbidden,
        not_found,
        path_not_found,
        disabled,
        too_large,
        too_many,
        global_limiter,
        server_error,
        html_ok,
        no_content,
        replace,
        stall,
        reset,
        reset_mid_body,
        truncated,
        edit,
    )
}

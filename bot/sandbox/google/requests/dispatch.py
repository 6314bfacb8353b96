"""Applies the requests of a `batchUpdate` in order, all of them or none."""

from collections.abc import Mapping
from typing import Any

from bot.sandbox.google.book import Book
from bot.sandbox.google.errors import invalid, naming
from bot.sandbox.google.requests import cells, copying, lines, protection, rules, tabs
from bot.sandbox.google.requests.context import Batch, Handler
from bot.sandbox.google.sheet import Editor
from bot.sandbox.google.wire import Json


def handlers() -> Mapping[str, Handler]:
    """Return every kind of request that the twin knows."""
    families = (tabs, cells, lines, rules, protection, copying)
    return {kind: handler for family in families for kind, handler in family.HANDLERS.items()}


def apply_requests(book: Book, requests: Any, editor: Editor) -> tuple[Book, list[Json]]:
    """Return the changed book and one reply per request; the given book is left as it was.

    Raises:
        ApiError: 400, naming the first request that Google would refuse.

    """
    if not isinstance(requests, list) or not requests:
        raise invalid("Must specify at least one request.")
    known = handlers()
    kinds = [_kind(known, index, request) for index, request in enumerate(requests)]
    batch = Batch(book.copy(), editor)
    replies: list[Json] = []
    for index, (kind, request) in enumerate(zip(kinds, requests, strict=True)):
        with naming(f"requests[{index}].{kind}"):
            replies.append(known[kind](batch, request[kind] or {}) or {})
    return batch.book, replies


def _kind(known: Mapping[str, Handler], index: int, request: Any) -> str:
    """Return the one kind that a request names."""
    place = f"requests[{index}]"
    if not isinstance(request, dict) or not request:
        raise invalid(f"Invalid {place}: No request set.")
    if len(request) > 1:
        raise invalid(
            f"Invalid value at '{place}' (oneof), oneof field 'kind' is already set. "
            f"Cannot set '{list(request)[1]}'"
        )
    kind = next(iter(request))
    if kind not in known:
        raise invalid(
            f"Invalid JSON payload received. Unknown name \"{kind}\" at '{place}': "
            "Cannot find field."
        )
    return str(kind)

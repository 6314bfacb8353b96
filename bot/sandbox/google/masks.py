"""Field masks: which part of an object a request writes or an answer shows.

Both spellings are read: `a.b,c` and `a(b,c)`, and Drive's `a/b`. `*` is everything below.
"""

import re
from collections.abc import Iterator
from typing import Any

from bot.sandbox.google.errors import invalid
from bot.sandbox.google.wire import Json

Mask = dict[str, "Mask"]
"""A tree of field names; an empty branch means the whole field."""

_TOKENS = re.compile(r"[A-Za-z0-9_\-@*]+|[(),./]")


def parse_mask(text: str) -> Mask:
    """Return the tree that `text` names.

    Raises:
        ApiError: 400, the text is empty or is not a mask.

    """
    compact = "".join(text.split())
    tokens = _TOKENS.findall(compact)
    if not compact or "".join(tokens) != compact:
        raise invalid(f"Invalid field selection {text}")
    stream = iter([*tokens, ""])
    tree: Mask = {}
    if _parse_list(stream, tree) != "":
        raise invalid(f"Invalid field selection {text}")
    return tree


def _parse_list(stream: Iterator[str], tree: Mask) -> str:
    """Read comma-separated paths into `tree`; return the token that ended the list."""
    while True:
        end = _parse_path(stream, tree)
        if end != ",":
            return end


def _parse_path(stream: Iterator[str], tree: Mask) -> str:
    node = tree
    while True:
        name = next(stream, "")
        if not name or not (name[0].isalnum() or name[0] in "_@*"):
            raise invalid(f"Invalid field selection {name}")
        if name != "*":
            node = node.setdefault(name, {})
        after = next(stream, "")
        if after == "(":
            if _parse_list(stream, node) != ")":
                raise invalid("Invalid field selection (")
            return next(stream, "")
        if after not in {".", "/"}:
            return after


def write_mask(body: Json) -> Mask:
    """Return the tree of an update request's `fields`; `*` alone is the empty tree.

    Raises:
        ApiError: 400, there is no mask.

    """
    text = body.get("fields")
    if not isinstance(text, str) or not text.strip():
        raise invalid(
            "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)"
        )
    return {} if text.strip() == "*" else parse_mask(text)


def known_roots(tree: Mask, allowed: frozenset[str]) -> None:
    """Check that a mask names only fields that exist.

    Raises:
        ApiError: 400, naming the first that does not.

    """
    for name in tree:
        if name not in allowed:
            raise invalid(f"Invalid field: {name}")


def merged(target: Json | None, source: Json, tree: Mask) -> Json:
    """Return `target` with the fields of `tree` taken from `source`; absent there means cleared.

    Neither argument is changed. The empty tree takes the whole source.
    """
    if not tree:
        return dict(source)
    result = dict(target or {})
    for name, branch in tree.items():
        value: Any = source.get(name)
        if branch and (isinstance(value, dict) or value is None):
            value = merged(result.get(name), value or {}, branch) or None
        if value is None:
            result.pop(name, None)
        else:
            result[name] = value
    return result


def select(answer: Any, tree: Mask) -> Any:
    """Return the part of `answer` that the mask shows; lists are looked through."""
    if not tree:
        return answer
    if isinstance(answer, list):
        return [select(item, tree) for item in answer]
    if not isinstance(answer, dict):
        return answer
    return {key: select(answer[key], branch) for key, branch in tree.items() if key in answer}

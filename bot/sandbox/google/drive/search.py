"""The search language of `files.list`, as far as our code speaks it: terms joined by `and`."""

import re
from dataclasses import dataclass

from bot.sandbox.google.drive.model import DriveFile
from bot.sandbox.google.errors import invalid

_TEXT = r"'(?P<{name}>(?:[^'\\]|\\.)*)'"


def _term(pattern: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"@(\w+)@", lambda m: _TEXT.format(name=m.group(1)), pattern))


_PROPERTY = _term(
    r"(?P<bag>properties|appProperties) has \{ ?key ?= ?@key@ and value ?= ?@value@ ?\}"
)
_PARENT = _term(r"@text@ in parents")
_EQUAL = _term(r"(?P<what>name|mimeType) ?= ?@text@")
_UNLIKE = _term(r"(?P<what>name|mimeType) ?!= ?@text@")
_CONTAINS = _term(r"name contains @text@")
_TRASHED = re.compile(r"trashed ?= ?(?P<text>true|false)")


@dataclass(frozen=True, slots=True)
class Term:
    """One condition: what it looks at and what it wants to find there."""

    what: str
    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """All conditions of a search; a file must meet every one."""

    terms: tuple[Term, ...]

    def matches(self, file: DriveFile, app_properties: dict[str, str], root: str) -> bool:
        """Say whether a file is found, for a client with these properties and this root."""
        return all(_meets(term, file, app_properties, root) for term in self.terms)


def parse_query(text: str) -> Filter:
    """Return the conditions of a `q`.

    Raises:
        ApiError: 400, the twin (or Google) cannot read it.

    """
    rest = " ".join(text.split())
    terms: list[Term] = []
    while rest:
        term, rest = _next_term(rest)
        terms.append(term)
        if rest and not rest.startswith("and "):
            raise invalid("Invalid Value")
        rest = rest.removeprefix("and ").strip()
    return Filter(tuple(terms))


def _next_term(text: str) -> tuple[Term, str]:
    for pattern, name in (
        (_PROPERTY, ""),
        (_PARENT, "parent"),
        (_EQUAL, ""),
        (_UNLIKE, "not "),
        (_CONTAINS, "contains"),
        (_TRASHED, "trashed"),
    ):
        match = pattern.match(text)
        if match is not None:
            return _read(match.groupdict(), name), text[match.end() :].strip()
    raise invalid("Invalid Value")


def _read(found: dict[str, str], name: str) -> Term:
    if "bag" in found:
        return Term(found["bag"], _plain(found["value"]), _plain(found["key"]))
    return Term(name + found.get("what", ""), _plain(found["text"]))


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _meets(term: Term, file: DriveFile, app_properties: dict[str, str], root: str) -> bool:
    checks = {
        "properties": lambda: file.properties.get(term.key) == term.text,
        "appProperties": lambda: app_properties.get(term.key) == term.text,
        "parent": lambda: (root if term.text == "root" else term.text) in file.parents,
        "name": lambda: file.name == term.text,
        "mimeType": lambda: file.mime_type == term.text,
        "not name": lambda: file.name != term.text,
        "not mimeType": lambda: file.mime_type != term.text,
        "contains": lambda: term.text.casefold() in file.name.casefold(),
        "trashed": lambda: file.trashed == (term.text == "true"),
    }
    return checks[term.what]()

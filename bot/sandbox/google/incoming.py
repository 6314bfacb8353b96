"""One authorised call, taken apart for the method that answers it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.sandbox.google.accounts import Principal
from bot.sandbox.google.wire import Json


@dataclass(frozen=True, slots=True)
class Query:
    """The query parameters; one that is repeated has several values."""

    values: dict[str, list[str]] = field(default_factory=dict)

    def one(self, name: str, default: str = "") -> str:
        """Return the last value of a parameter."""
        return self.values.get(name, [default])[-1]

    def many(self, name: str) -> Sequence[str]:
        """Return every value of a repeated parameter."""
        return self.values.get(name, [])

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a boolean parameter; the case does not matter."""
        return self.one(name, str(default)).lower() == "true"

    def number(self, name: str, default: int) -> int:
        """Return a whole number, the default where it is none."""
        text = self.one(name)
        return int(text) if text.isdigit() else default

    def given(self, name: str) -> bool:
        """Say whether the parameter was sent."""
        return name in self.values


@dataclass(frozen=True, slots=True)
class Incoming:
    """Who calls, with what: path parameters by discovery's names, query, decoded body."""

    principal: Principal
    path: dict[str, str]
    query: Query
    body: Json

"""The record of calls that a twin has answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """One call and its status, without the key. A status of 0 is a connection that was reset."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Any
    sid: str | None
    status: int
    at: datetime
    with_secret: bool = False

    def plain(self) -> dict[str, Any]:
        """Return it as JSON-ready fields."""
        return {
            "method": self.method,
            "path": self.path,
            "query": dict(self.query),
            "body": self.body,
            "sid": self.sid,
            "status": self.status,
            "at": self.at.isoformat(),
            "with_secret": self.with_secret,
        }

"""Sheets' quotas: read and write requests per minute, per user and per project.

Source: https://developers.google.com/workspace/sheets/api/limits (read 2026-11-20). The twin's
minutes are those of the clock's wall.
"""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Literal

from bot.kit.clock import Clock
from bot.sandbox.google.errors import ApiError

Bucket = Literal["read", "write"]
Holder = Literal["PerUser", "PerProject"]

PROJECT = "projects/1"
_SECONDS_PER_MINUTE = 60
_WORDS = {"PerUser": "per minute per user", "PerProject": "per minute"}


@dataclass(slots=True)
class Quotas:
    """Counts calls of the running minute; `enabled` can be switched at any time."""

    clock: Clock
    per_user: int = 60
    per_project: int = 300
    enabled: bool = True
    _minute: int = -1
    _used: dict[tuple[Bucket, str], int] = field(default_factory=dict)

    def take(self, bucket: Bucket, email: str) -> None:
        """Count one call of a user.

        Raises:
            ApiError: 429, the user or the project has used up this minute.

        """
        if not self.enabled:
            return
        minute = int(self.clock.now().timestamp()) // _SECONDS_PER_MINUTE
        if minute != self._minute:
            self._minute, self._used = minute, {}
        user, project = (bucket, email), (bucket, "")
        if self._used.get(user, 0) >= self.per_user:
            raise exhausted(bucket, "PerUser", self.per_user)
        if self._used.get(project, 0) >= self.per_project:
            raise exhausted(bucket, "PerProject", self.per_project)
        for key in (user, project):
            self._used[key] = self._used.get(key, 0) + 1


def exhausted(bucket: Bucket, holder: Holder, limit: int) -> ApiError:
    """Return the 429 of a bucket, with the details that tell whose it is."""
    word = bucket.capitalize()
    return ApiError(
        HTTPStatus.TOO_MANY_REQUESTS,
        f"Quota exceeded for quota metric '{word} requests' and limit '{word} requests "
        f"{_WORDS[holder]}' of service 'sheets.googleapis.com' for consumer "
        "'project_number:1'.",
        reason="rateLimitExceeded",
        domain="usageLimits",
        details=(
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "RATE_LIMIT_EXCEEDED",
                "domain": "googleapis.com",
                "metadata": {
                    "service": "sheets.googleapis.com",
                    "quota_limit": f"{word}RequestsPerMinute{holder}",
                    "quota_limit_value": str(limit),
                    "quota_metric": f"sheets.googleapis.com/{bucket}_requests",
                    "consumer": PROJECT,
                },
            },
        ),
    )

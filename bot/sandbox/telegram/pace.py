"""How many messages a chat takes.

Source: https://core.telegram.org/bots/faq, "My bot is hitting limits": about one message per
second and chat, short bursts tolerated (read 2026-11-20); the exact numbers are not published.
"""

import math
from dataclasses import dataclass, field

from bot.kit.clock import Clock
from bot.sandbox.telegram.errors import too_many_requests


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


@dataclass(slots=True)
class ChatPace:
    """Lets `burst` messages through at once and then one per `seconds_each`, per chat."""

    clock: Clock
    seconds_each: float = 1.0
    burst: int = 3
    _buckets: dict[int, _Bucket] = field(default_factory=dict)

    def debit(self, chat_id: int) -> None:
        """Count one message to `chat_id`.

        Raises:
            BotApiError: 429 with whole seconds to wait; the message does not count then.

        """
        now = self.clock.monotonic()
        bucket = self._buckets.setdefault(chat_id, _Bucket(self.burst, now))
        gained = (now - bucket.at) / self.seconds_each
        bucket.left, bucket.at = min(self.burst, bucket.left + gained), now
        if bucket.left < 1:
            raise too_many_requests(math.ceil((1 - bucket.left) * self.seconds_each))
        bucket.left -= 1

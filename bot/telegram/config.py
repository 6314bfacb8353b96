"""What the operator decides about the bot's conversations."""

from dataclasses import dataclass, field
from enum import StrEnum


class Registration(StrEnum):
    """Who may register."""

    OPEN = "open"
    INVITE = "invite"


@dataclass(frozen=True, slots=True)
class TelegramConfig:
    """Settings of the conversations.

    `base_keys_are_full`: the operator has a client secret, which lifts the limits of Base keys.
    """

    admin_ids: frozenset[int] = frozenset()
    support_contact: str | None = None
    privacy_url: str | None = None
    registration: Registration = Registration.OPEN
    base_keys_are_full: bool = False


@dataclass(frozen=True, slots=True)
class Pace:
    """Limits of one process, in seconds and pieces; the defaults suit thousands of sellers."""

    handler_seconds: float = 60.0
    handlers_at_once: int = 64
    waiting_per_user: int = 8
    burst_per_user: int = 100
    refill_per_second: float = 3.0
    polling_seconds: int = 25
    backoff_seconds: tuple[float, float] = field(default=(1.0, 30.0))

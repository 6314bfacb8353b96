"""Who we work for: sellers, their shops, and the keys that open them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from bot.core.period import DEFAULT_PERIOD_DAYS

DEFAULT_MORNING_HOUR = 9


class ApiKey:
    """A marketplace key that never prints itself; `reveal` is for the request header only."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the key itself."""
        return self._text

    def __repr__(self) -> str:
        """Return a stand-in."""
        return "ApiKey(…)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        """Two keys are equal when their texts are."""
        return isinstance(other, ApiKey) and other.reveal() == self._text

    def __hash__(self) -> int:
        """Return a hash that agrees with equality."""
        return hash(self._text)


class KeyKind(IntEnum):
    """The kinds of key, numbered as Wildberries' claim `acc`."""

    BASE = 1
    TEST = 2
    PERSONAL = 3
    SERVICE = 4


class Right(StrEnum):
    """What a key may read, as far as we ask."""

    ANALYTICS = "analytics"
    STATISTICS = "statistics"


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What a key says of itself; `sid` is the marketplace's id of the seller."""

    kind: KeyKind
    rights: frozenset[Right]
    sid: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Access:
    """A key with what it says of itself: all that a call needs."""

    key: ApiKey
    facts: KeyFacts


@dataclass(frozen=True, slots=True)
class Profile:
    """What a seller told us at registration."""

    name: str = field(repr=False)
    email: str = field(repr=False)
    phone: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Seller:
    """A registered person. `language` is "ru" or "en"; hours are Moscow hours.

    `erasing_at`: when his deletion was last begun or gone on with. Such a person has no keys any
    more, nothing is done for him, and all that is left to do is to end it.
    """

    id: int
    telegram_id: int
    profile: Profile
    language: str = "ru"
    morning_hour: int = DEFAULT_MORNING_HOUR
    consented_at: datetime | None = None
    blocked_at: datetime | None = None
    erasing_at: datetime | None = None


class ShopState(StrEnum):
    """Whether a shop can be refreshed."""

    LIVE = "live"
    NEEDS_KEY = "needs_key"  # the marketplace refuses the key, or it has expired
    WITHOUT_KEY = "without_key"  # the seller has deleted it


@dataclass(frozen=True, slots=True)
class Shop:
    """One cabinet of a seller on the marketplace; `number` counts the seller's shops from 1.

    `fence` grows with every change that makes running work worthless: a late step that still
    carries the old number stores and publishes nothing.
    """

    id: int
    seller_id: int
    number: int
    sid: str
    name: str | None
    state: ShopState
    connected_at: datetime
    fence: int
    period_days: int = DEFAULT_PERIOD_DAYS
    paused: bool = False
    key_kind: KeyKind | None = None
    key_rights: frozenset[Right] = frozenset()
    key_expires_at: datetime | None = None
    uncounted_warehouses: frozenset[str] = frozenset()

    @property
    def title(self) -> str:
        """The shop's name as people see it."""
        return self.name or f"Магазин {self.number}"


GONE_AFTER = timedelta(days=14)

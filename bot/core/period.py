"""Days are Moscow days; a period is a run of full ones with both ends in."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MOSCOW = ZoneInfo("Europe/Moscow")
PERIOD_LENGTHS_DAYS = (7, 14, 30)
DEFAULT_PERIOD_DAYS = 7


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Full Moscow days from `first` to `last`, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a period cannot end ({self.last}) before it begins ({self.first})")

    @classmethod
    def ending_before(cls, day: date, days: int) -> "Period":
        """Return the `days` full days whose last one is the day before `day`."""
        return cls(first=day - timedelta(days=days), last=day - timedelta(days=1))

    @property
    def days(self) -> int:
        """How many days the period has, both ends counted."""
        return (self.last - self.first).days + 1

    @property
    def start(self) -> datetime:
        """The instant at which the first day begins, in Moscow time."""
        return datetime.combine(self.first, time(), MOSCOW)

    def holds(self, day: date) -> bool:
        """Say whether that Moscow day lies in the period."""
        return self.first <= day <= self.last


def moscow_day(instant: datetime) -> date:
    """Return the Moscow date of an aware instant."""
    return instant.astimezone(MOSCOW).date()


def start_of_day(day: date, *, hour: int = 0, minute: int = 0) -> datetime:
    """Return the instant of that Moscow wall time on that Moscow day."""
    return datetime.combine(day, time(hour, minute), MOSCOW)


def next_wall_time(after: datetime, *, hour: int, minute: int = 0) -> datetime:
    """Return the first instant later than `after` at which Moscow clocks show that time."""
    candidate = start_of_day(moscow_day(after), hour=hour, minute=minute)
    return candidate if candidate > after else candidate + timedelta(days=1)

"""What happened, for whoever observes: logs, metrics, alarms. Frozen, and free of secrets."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.errors import Code
from bot.core.runs import RunKind, RunStatus
from bot.core.vitals import NightState


@dataclass(frozen=True, slots=True)
class RunFinished:
    """A run came to its end; durations in seconds."""

    run_id: int
    shop_id: int
    kind: RunKind
    status: RunStatus
    problem: Code | None
    duration_seconds: float
    products: int


@dataclass(frozen=True, slots=True)
class RunPostponed:
    """A run waits for a vendor until `until`."""

    run_id: int
    shop_id: int
    problem: Code | None
    until: datetime


@dataclass(frozen=True, slots=True)
class SourceFailed:
    """One source did not answer as it should; its last good figures stay."""

    run_id: int
    shop_id: int
    source: str
    problem: Code
    detail: str


@dataclass(frozen=True, slots=True)
class TotalsDiffer:
    """Shelves do not add up to the marketplace's own total."""

    run_id: int
    shop_id: int
    cards: int
    pieces: int


@dataclass(frozen=True, slots=True)
class DefectFound:
    """Something broke that nobody expects; the operator has to look."""

    where: str
    problem: Code
    detail: str
    shop_id: int | None = None


@dataclass(frozen=True, slots=True)
class LeaseRescued:
    """A run was taken over from an owner that had died or was cut off."""

    run_id: int
    shop_id: int


@dataclass(frozen=True, slots=True)
class VendorTrouble:
    """A call was refused or failed in a way that may pass; `is_retried`: tried again at once."""

    vendor: str
    problem: Code
    is_retried: bool


@dataclass(frozen=True, slots=True)
class VendorSurprise:
    """An answer holds something that we do not know and leave out; `field` and what it says."""

    vendor: str
    field: str
    said: str


@dataclass(frozen=True, slots=True)
class DependencyChanged:
    """A breaker has opened (what it guards is left in peace for a while) or closed again."""

    name: str
    problem: Code
    is_open: bool


@dataclass(frozen=True, slots=True)
class NightMissed:
    """By 06:00 the night was not done; without `state` nobody can tell, for the reason given."""

    problem: Code
    state: NightState | None = None


@dataclass(frozen=True, slots=True)
class UpdateHandled:
    """A person's act was handled; in seconds from its arrival."""

    seconds: float


Event = (
    RunFinished
    | RunPostponed
    | SourceFailed
    | TotalsDiffer
    | DefectFound
    | LeaseRescued
    | VendorTrouble
    | VendorSurprise
    | DependencyChanged
    | NightMissed
    | UpdateHandled
)


class NoticeKind(StrEnum):
    """What a message to a person is about; each kind has its words and its delivery policy."""

    RUN_FINISHED = "run_finished"  # edits the run's progress message
    MORNING_TABLE = "morning_table"
    KEY_REFUSED = "key_refused"
    TABLE_PROBLEM = "table_problem"
    OPERATOR_ALARM = "operator_alarm"


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to be delivered from the outbox.

    `dedupe_key` is unique for ever. `payload` holds ids, codes, and numbers, never a secret or
    personal data. `in_doubt`: an attempt was begun and its outcome was never stored.
    """

    kind: NoticeKind
    telegram_id: int
    dedupe_key: str
    payload: dict[str, str | int | None]
    not_before: datetime
    expires_at: datetime
    id: int = 0
    attempts: int = 0
    collapse_key: str | None = None
    in_doubt: bool = False

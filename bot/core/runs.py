"""Refreshing, as records: a run, the claim of whoever works it, and how far it has come."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from bot.core.errors import Code
from bot.core.products import Source


class RunKind(StrEnum):
    """Why a run exists."""

    NIGHTLY = "nightly"
    TAPPED = "tapped"
    FIRST = "first"
    ADMIN = "admin"


class RunStatus(StrEnum):
    """Where a run stands. Only `OPEN` is worked; the others are final."""

    OPEN = "open"
    DONE = "done"
    FAILED = "failed"
    NEEDS_SELLER = "needs_seller"
    SUPERSEDED = "superseded"


FINISHED = frozenset({RunStatus.DONE, RunStatus.FAILED, RunStatus.NEEDS_SELLER})


class Stage(StrEnum):
    """How far one source has come within a run."""

    WAITING = "waiting"
    ARRIVED = "arrived"
    LATE = "late"  # it will be tried again: `SourceOutcome.next_try_at`
    FAILED = "failed"  # settled for this run without an answer
    CLOSED = "closed"  # this key may not read it


@dataclass(frozen=True, slots=True)
class SourceOutcome:
    """What became of one source in a run. `settled_at`: when it arrived or failed."""

    stage: Stage = Stage.WAITING
    problem: Code | None = None
    next_try_at: datetime | None = None
    rows: int | None = None
    settled_at: datetime | None = None


SUSPECT_CRASHES = 2
Held = Mapping[int, int]  # the fence of each shop that somebody works, by the shop's id
NOTHING_HELD: Held = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ProgressMessage:
    """The chat message that shows a run's progress."""

    chat_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class Run:
    """One refresh of one shop. `day` is the Moscow date at creation and fixes the period.

    `attempts` counts defects and `crashes` the deaths of whoever worked it since it last came
    further: many runs are in hand when a process dies, and most of them are bystanders. From
    `SUSPECT_CRASHES` on a process works only one such run at a time, so that the culprit is found
    among them. Waiting counts as neither. `period_days` is the shop's setting at its creation.
    """

    id: int
    shop_id: int
    day: date
    kind: RunKind
    status: RunStatus
    created_at: datetime
    next_try_at: datetime
    period_days: int
    attempts: int = 0
    crashes: int = 0
    problem: Code | None = None
    progress: ProgressMessage | None = None
    outcomes: Mapping[Source, SourceOutcome] = field(default_factory=dict)
    published_at: datetime | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewRun:
    """A run that belongs to a change of its shop and begins in the same step."""

    kind: RunKind
    day: date


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work one run of one shop; worth nothing once the shop's fence has moved on.

    `is_rescue`: it was taken over from an owner whose lease ran out.
    """

    run: Run
    shop_id: int
    owner: str
    fence: int
    is_rescue: bool = False

"""Runs as rows, and back."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, ScalarSelect, select

from bot.core.errors import Code
from bot.core.products import Source
from bot.core.runs import FINISHED, ProgressMessage, Run, RunKind, RunStatus, SourceOutcome
from bot.storage.tables import runs

_CODES = frozenset(Code)


def last_finished(shop_id: ColumnElement[int] | int) -> ScalarSelect[int]:
    """Choose the run of a shop that was the last to be done, to fail or to wait for the seller."""
    of_shop = runs.alias()
    return (
        select(of_shop.c.id)
        .where(of_shop.c.shop_id == shop_id, of_shop.c.status.in_(FINISHED))
        .order_by(of_shop.c.finished_at.desc(), of_shop.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def run_of(row: Row[Any]) -> Run:
    """Return the record of a row of `runs`."""
    return Run(
        id=row.id,
        shop_id=row.shop_id,
        day=row.day,
        kind=RunKind(row.kind),
        status=RunStatus(row.status),
        created_at=row.created_at,
        next_try_at=row.next_try_at,
        period_days=row.period_days,
        attempts=row.attempts,
        crashes=row.crashes,
        problem=_code(row.problem),
        progress=progress_of(row),
        outcomes=outcomes_of(row.outcomes),
        published_at=row.published_at,
        finished_at=row.finished_at,
    )


def outcomes_of(stored: Mapping[str, Any]) -> dict[Source, SourceOutcome]:
    """Return outcomes from their JSON; what another version wrote, this one asks anew."""
    outcomes = {}
    for source, one in stored.items():
        with suppress(ValueError, msgspec.ValidationError):
            told = {**one, "problem": _code(one.get("problem"))}
            outcomes[Source(source)] = msgspec.convert(told, SourceOutcome)
    return outcomes


def outcomes_json(outcomes: Mapping[Source, SourceOutcome]) -> dict[str, Any]:
    """Return outcomes as JSON."""
    return {source.value: msgspec.to_builtins(one) for source, one in outcomes.items()}


def _code(stored: str | None) -> Code | None:
    """Return a stored code; one that another version wrote is nothing that this one expects."""
    if stored is None:
        return None
    return Code(stored) if stored in _CODES else Code.INTERNAL


def progress_of(row: Row[Any]) -> ProgressMessage | None:
    """Return the chat message that shows the run of a row."""
    if row.progress_chat_id is None or row.progress_message_id is None:
        return None
    return ProgressMessage(row.progress_chat_id, row.progress_message_id)

"""Runs as rows, and back."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import Row

from bot.core.errors import Code
from bot.core.products import Source
from bot.core.runs import ProgressMessage, Run, RunKind, RunStatus, SourceOutcome


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
        problem=None if row.problem is None else Code(row.problem),
        progress=_progress(row.progress_chat_id, row.progress_message_id),
        outcomes=outcomes_of(row.outcomes),
        published_at=row.published_at,
        finished_at=row.finished_at,
    )


def fresh_run(shop: Row[Any], kind: RunKind, *, day: date, now: datetime) -> dict[str, Any]:
    """Return the values of a new open run of a shop's row; due at once."""
    return {
        "shop_id": shop.id,
        "day": day,
        "kind": kind,
        "status": RunStatus.OPEN,
        "awaited": kind is not RunKind.NIGHTLY,
        "period_days": shop.period_days,
        "created_at": now,
        "next_try_at": now,
        "outcomes": {},
        "progress_chat_id": None,
        "progress_message_id": None,
    }


def outcomes_of(stored: Mapping[str, Any]) -> dict[Source, SourceOutcome]:
    """Return outcomes from their JSON."""
    return msgspec.convert(stored, dict[Source, SourceOutcome])


def outcomes_json(outcomes: Mapping[Source, SourceOutcome]) -> dict[str, Any]:
    """Return outcomes as JSON."""
    return {source.value: msgspec.to_builtins(one) for source, one in outcomes.items()}


def _progress(chat_id: int | None, message_id: int | None) -> ProgressMessage | None:
    if chat_id is None or message_id is None:
        return None
    return ProgressMessage(chat_id, message_id)

"""Every event has its line, with names that do not change."""

import json
from datetime import UTC, datetime
from typing import get_args

import pytest

from bot.core.errors import Code
from bot.core.events import (
    DefectFound,
    DependencyChanged,
    Event,
    LeaseRescued,
    NightMissed,
    RunFinished,
    RunPostponed,
    SourceFailed,
    TotalsDiffer,
    UpdateHandled,
    VendorSurprise,
    VendorTrouble,
)
from bot.core.runs import RunKind, RunStatus
from bot.core.vitals import NightState
from bot.observability.journal import journal


def finished(status, problem=None):
    return RunFinished(42, 7, RunKind.NIGHTLY, status, problem, 61.23456, 1_000)


UNTIL = datetime(2026, 11, 20, 0, 12, tzinfo=UTC)
LINES = [
    (finished(RunStatus.DONE), "report.refreshed", "info", {"products": 1_000, "seconds": 61.235}),
    (finished(RunStatus.FAILED, Code.INTERNAL), "run.failed", "warning", {"code": "internal"}),
    (
        finished(RunStatus.NEEDS_SELLER, Code.KEY_REJECTED),
        "run.needs_seller",
        "info",
        {"code": "key_rejected", "kind": "nightly"},
    ),
    (finished(RunStatus.SUPERSEDED), "run.superseded", "info", {"code": None}),
    (
        RunPostponed(42, 7, Code.RATE_LIMITED, UNTIL),
        "run.postponed",
        "info",
        {"run_id": 42, "shop_id": 7, "until": "2026-11-20T00:12:00+00:00"},
    ),
    (
        SourceFailed(42, 7, "funnel", Code.VENDOR_FAILED, "HTTP 502"),
        "source.failed",
        "warning",
        {"source": "funnel", "code": "vendor_failed", "detail": "HTTP 502"},
    ),
    (TotalsDiffer(42, 7, 3, 12), "totals.differ", "warning", {"cards": 3, "pieces": 12}),
    (
        DefectFound("refresh_shop", Code.INTERNAL, "KeyError", 7),
        "defect.found",
        "error",
        {"where": "refresh_shop", "code": "internal", "detail": "KeyError", "shop_id": 7},
    ),
    (LeaseRescued(42, 7), "lease.rescued", "warning", {"run_id": 42, "shop_id": 7}),
    (
        VendorTrouble("google", Code.GOOGLE_FAILED, is_retried=True),
        "vendor.trouble",
        "info",
        {"vendor": "google", "code": "google_failed", "retried": True},
    ),
    (
        VendorSurprise("wildberries", "warehouses.warehouseName", "В пути на Марс"),
        "vendor.surprise",
        "warning",
        {
            "vendor": "wildberries",
            "field": "warehouses.warehouseName",
            "said": "В пути на Марс",
        },
    ),
    (
        DependencyChanged("google", Code.GOOGLE_UNREACHABLE, is_open=True),
        "dependency.lost",
        "warning",
        {"dependency": "google", "code": "google_unreachable"},
    ),
    (
        DependencyChanged("google", Code.GOOGLE_UNREACHABLE, is_open=False),
        "dependency.back",
        "warning",
        {"dependency": "google"},
    ),
    (
        NightMissed(Code.INTERNAL, NightState(missing=1, unfinished=2, waiting=3)),
        "night.missed",
        "error",
        {"code": "internal", "missing": 1, "unfinished": 2, "waiting": 3},
    ),
    (
        NightMissed(Code.STORAGE_UNREACHABLE),
        "night.missed",
        "error",
        {"code": "storage_unreachable"},
    ),
]


@pytest.mark.parametrize(("event", "name", "level", "fields"), LINES)
def test_an_event_is_one_canonical_line(logged, event, name, level, fields):
    logged.configure()
    journal(event)
    (line,) = logged
    entry = json.loads(line)
    assert (entry["event"], entry["level"]) == (name, level)
    assert {key: entry[key] for key in fields} == fields


def test_no_event_was_forgotten():
    for_debugging = {UpdateHandled}
    assert {type(line[0]) for line in LINES} | for_debugging == set(get_args(Event))

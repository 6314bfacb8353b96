"""What Prometheus sees after events."""

from datetime import UTC, datetime

from prometheus_client.parser import text_string_to_metric_families

from bot.core.errors import Code
from bot.core.events import (
    DefectFound,
    NightMissed,
    RunFinished,
    RunPostponed,
    SourceFailed,
    TotalsDiffer,
)
from bot.core.runs import RunKind, RunStatus
from bot.observability.metrics import Metrics


def samples(metrics):
    """Return every sample by name and labels."""
    page, content_type = metrics.render()
    assert content_type.startswith("text/plain")
    return {
        (sample.name, *(sample.labels[key] for key in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(page.decode())
        for sample in family.samples
    }


def test_runs_are_counted_by_kind_outcome_and_code():
    metrics = Metrics()
    for _ in range(2):
        metrics.observe(
            RunFinished(
                1, 1, RunKind.NIGHTLY, RunStatus.DONE, None, duration_seconds=45, products=9
            )
        )
    metrics.observe(
        RunFinished(2, 1, RunKind.TAPPED, RunStatus.FAILED, Code.INTERNAL, 3.0, products=0)
    )
    seen = samples(metrics)
    assert seen["stock_tracker_runs_total", "none", "nightly", "done"] == 2
    assert seen["stock_tracker_runs_total", "internal", "tapped", "failed"] == 1
    assert seen["stock_tracker_run_duration_seconds_sum", "nightly"] == 90
    assert seen["stock_tracker_run_duration_seconds_bucket", "nightly", "60.0"] == 2
    assert seen["stock_tracker_run_duration_seconds_bucket", "nightly", "30.0"] == 0


def test_waits_failures_differences_and_defects_are_counted():
    metrics = Metrics()
    now = datetime(2026, 11, 20, tzinfo=UTC)
    metrics.observe(RunPostponed(1, 1, Code.BUDGET_SPENT, now))
    metrics.observe(RunPostponed(1, 1, None, now))
    metrics.observe(SourceFailed(1, 1, "orders", Code.VENDOR_FAILED, "HTTP 502"))
    metrics.observe(TotalsDiffer(1, 1, 3, 12))
    metrics.observe(DefectFound("refresh_shop", Code.INTERNAL, "KeyError"))
    metrics.observe(NightMissed(Code.INTERNAL))
    seen = samples(metrics)
    assert seen["stock_tracker_runs_postponed_total", "budget_spent"] == 1
    assert seen["stock_tracker_runs_postponed_total", "none"] == 1
    assert seen["stock_tracker_source_failures_total", "vendor_failed", "orders"] == 1
    assert seen["stock_tracker_totals_differ_total",] == 1
    assert seen["stock_tracker_defects_total", "internal", "refresh_shop"] == 1
    assert seen["stock_tracker_defects_total", "internal", "night.missed"] == 1


def test_a_gauge_is_read_when_it_is_asked_for():
    metrics = Metrics()
    ages = iter([5.0, 7.5])
    metrics.gauge("outbox_age_seconds", "Age of the oldest message owed", lambda: next(ages))
    assert samples(metrics)["stock_tracker_outbox_age_seconds",] == 5.0
    assert samples(metrics)["stock_tracker_outbox_age_seconds",] == 7.5


def test_a_gauge_that_is_not_known_is_no_zero():
    metrics = Metrics()
    metrics.gauge("polling_age_seconds", "Since the last answer of Telegram", lambda: None)
    value = samples(metrics)["stock_tracker_polling_age_seconds",]
    assert value != value  # noqa: PLR0124 - only NaN differs from itself


def test_two_processes_in_one_interpreter_do_not_share_counters():
    first, second = Metrics(), Metrics()
    first.observe(TotalsDiffer(1, 1, 1, 1))
    assert samples(second)["stock_tracker_totals_differ_total",] == 0


def test_the_process_itself_is_measured():
    assert samples(Metrics())["process_resident_memory_bytes",] > 0

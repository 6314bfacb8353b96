"""What Prometheus may ask: counters fed by events, gauges read when they are asked for."""

import math
from collections.abc import Callable, Mapping
from typing import assert_never

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

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

PREFIX = "stock_tracker"
# From a small shop on a quiet day to a night of waiting for a marketplace's report.
DURATION_BUCKETS_SECONDS = (1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 14_400)
HANDLER_BUCKETS_SECONDS = (0.05, 0.1, 0.3, 1, 3, 10, 60)


class Metrics:
    """All metrics of one process, in a registry of their own. `observe` takes each event."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._runs = self._counter("runs", "Runs that ended", "kind", "outcome", "code")
        self._durations = Histogram(
            f"{PREFIX}_run_duration_seconds",
            "From a run's creation to its end, waiting included",
            ("kind",),
            buckets=DURATION_BUCKETS_SECONDS,
            registry=self.registry,
        )
        self._postponed = self._counter("runs_postponed", "Waits written down", "code")
        self._source_failures = self._counter(
            "source_failures", "Sources that did not answer as they should", "source", "code"
        )
        self._totals_differ = self._counter(
            "totals_differ", "Runs whose shelves do not add up to the marketplace's total"
        )
        self._defects = self._counter("defects", "What nobody expects", "where", "code")
        self._rescues = self._counter("lease_rescues", "Runs taken over from a dead owner")
        self._troubles = self._counter(
            "vendor_troubles", "Calls that failed or were refused for now", "vendor", "code"
        )
        self._surprises = self._counter(
            "vendor_surprises", "Unknown things in answers, left out", "vendor"
        )
        self._changes = self._counter(
            "dependency_changes", "Breakers that opened or closed", "name", "to"
        )
        self._retries = self._counter("retries", "Calls tried again at once", "vendor")
        self._handlers = Histogram(
            f"{PREFIX}_handler_seconds",
            "From an update's arrival to the end of its handling",
            buckets=HANDLER_BUCKETS_SECONDS,
            registry=self.registry,
        )

    def observe(self, event: Event) -> None:
        """Count one event."""
        match event:
            case RunFinished(kind=kind, status=status, problem=problem):
                self._runs.labels(kind, status, _label(problem)).inc()
                self._durations.labels(kind).observe(event.duration_seconds)
            case RunPostponed(problem=problem):
                self._postponed.labels(_label(problem)).inc()
            case SourceFailed(source=source, problem=problem):
                self._source_failures.labels(source, problem).inc()
            case TotalsDiffer():
                self._totals_differ.inc()
            case DefectFound(where=where, problem=problem):
                self._defects.labels(where, problem).inc()
            case _:
                self._count(event)

    def _count(
        self,
        event: LeaseRescued
        | VendorTrouble
        | VendorSurprise
        | DependencyChanged
        | NightMissed
        | UpdateHandled,
    ) -> None:
        """Count what concerns the machinery, not one seller's report."""
        match event:
            case LeaseRescued():
                self._rescues.inc()
            case VendorTrouble(vendor=vendor, problem=problem, is_retried=is_retried):
                self._troubles.labels(vendor, problem).inc()
                if is_retried:
                    self._retries.labels(vendor).inc()
            case VendorSurprise(vendor=vendor):
                self._surprises.labels(vendor).inc()
            case DependencyChanged(name=name, is_open=is_open):
                self._changes.labels(name, "open" if is_open else "closed").inc()
            case NightMissed(problem=problem):
                self._defects.labels("night.missed", problem).inc()
            case UpdateHandled(seconds=seconds):
                self._handlers.observe(seconds)
            case _:
                assert_never(event)

    def gauge(self, name: str, explained: str, read: Callable[[], float | None]) -> None:
        """Show what `read` returns at each question; `None` (not known) is shown as NaN.

        `name` ends in its unit (`…_seconds`) and gets our prefix.
        """
        gauge = Gauge(f"{PREFIX}_{name}", explained, registry=self.registry)
        gauge.set_function(lambda: _known(read()))

    def gauges(
        self, name: str, explained: str, label: str, reads: Mapping[str, Callable[[], float]]
    ) -> None:
        """Show one value per name of `label`, each read at each question."""
        gauge = Gauge(f"{PREFIX}_{name}", explained, (label,), registry=self.registry)
        for which, read in reads.items():
            gauge.labels(which).set_function(read)

    def render(self) -> tuple[bytes, str]:
        """Return the page for `/metrics` and its content type."""
        return generate_latest(self.registry), CONTENT_TYPE_LATEST

    def _counter(self, name: str, explained: str, *labels: str) -> Counter:
        return Counter(f"{PREFIX}_{name}", explained, labels, registry=self.registry)


def _label(problem: Code | None) -> str:
    return "none" if problem is None else problem


def _known(value: float | None) -> float:
    return math.nan if value is None else value

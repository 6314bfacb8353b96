"""One canonical line per event: the names that operators search and dashboards count."""

from dataclasses import asdict
from typing import assert_never

import structlog

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
from bot.core.runs import RunStatus

log = structlog.get_logger(__name__)


def journal(event: Event) -> None:
    """Write the event's line."""
    match event:
        case RunFinished():
            _finished(event)
        case RunPostponed(run_id, shop_id, problem, until):
            log.info(
                "run.postponed",
                run_id=run_id,
                shop_id=shop_id,
                code=problem,
                until=until.isoformat(timespec="seconds"),
            )
        case SourceFailed(run_id, shop_id, source, problem, detail):
            log.warning(
                "source.failed",
                run_id=run_id,
                shop_id=shop_id,
                source=source,
                code=problem,
                detail=detail,
            )
        case TotalsDiffer(run_id, shop_id, cards, pieces):
            log.warning(
                "totals.differ", run_id=run_id, shop_id=shop_id, cards=cards, pieces=pieces
            )
        case DefectFound(where, problem, detail, shop_id):
            log.error("defect.found", where=where, code=problem, detail=detail, shop_id=shop_id)
        case _:
            _of_the_house(event)


def _of_the_house(
    event: LeaseRescued
    | VendorTrouble
    | VendorSurprise
    | DependencyChanged
    | NightMissed
    | UpdateHandled,
) -> None:
    """Write the line of what concerns the machinery, not one seller's report."""
    match event:
        case LeaseRescued(run_id, shop_id):
            log.warning("lease.rescued", run_id=run_id, shop_id=shop_id)
        case VendorTrouble(vendor, problem, is_retried):
            log.info("vendor.trouble", vendor=vendor, code=problem, retried=is_retried)
        case VendorSurprise(vendor, field, said):
            log.warning("vendor.surprise", vendor=vendor, field=field, said=said)
        case DependencyChanged(name, problem, is_open):
            line = "dependency.lost" if is_open else "dependency.back"
            log.warning(line, dependency=name, code=problem)
        case NightMissed(problem, state):
            log.error("night.missed", code=problem, **({} if state is None else asdict(state)))
        case UpdateHandled(seconds):
            log.debug("update.handled", seconds=round(seconds, 3))
        case _:
            assert_never(event)


def _finished(event: RunFinished) -> None:
    """`report.refreshed` is a run that has done its work; the others are named as they ended."""
    names = {
        RunStatus.DONE: "report.refreshed",
        RunStatus.FAILED: "run.failed",
        RunStatus.NEEDS_SELLER: "run.needs_seller",
        RunStatus.SUPERSEDED: "run.superseded",
    }
    write = log.warning if event.status is RunStatus.FAILED else log.info
    write(
        names.get(event.status, "run.finished"),
        run_id=event.run_id,
        shop_id=event.shop_id,
        kind=event.kind,
        status=event.status,
        code=event.problem,
        seconds=round(event.duration_seconds, 3),
        products=event.products,
    )

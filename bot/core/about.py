"""The tab «О таблице»: how fresh each part is, what does not add up, what each column means."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.core import table_words as words
from bot.core.metrics import ProductMetrics
from bot.core.period import MOSCOW, Period
from bot.core.products import Remains, Snapshot, Snapshots, Source
from bot.core.runs import SourceOutcome, Stage

_TITLES = {
    Source.REMAINS: words.SOURCE_REMAINS,
    Source.FUNNEL: words.SOURCE_FUNNEL,
    Source.ORDERS: words.SOURCE_ORDERS,
    Source.SELLER_STOCKS: words.SOURCE_SELLER_STOCKS,
}
_EXPLAINED = (
    words.TO_CUSTOMER,
    words.TO_WAREHOUSE,
    words.ORDERS_TOTAL,
    words.STOCKS_TOTAL,
    words.TURNOVER,
    words.PLACE_STOCK,
    words.PLACE_ORDERS,
    words.PLACE_TURNOVER,
)


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Shelves against the marketplace's own total, pieces; `cards` differ."""

    shelves: int
    total: int
    cards: int


def reconcile(remains: Snapshot[Remains] | None) -> Reconciliation | None:
    """Compare the sum of real warehouses with «Всего находится на складах», card by card."""
    if remains is None:
        return None
    rows = [row for row in remains.rows.values() if row.reported_total is not None]
    shelves = [sum(row.by_warehouse.values()) for row in rows]
    totals = [row.reported_total or 0 for row in rows]
    different = sum(1 for left, right in zip(shelves, totals, strict=True) if left != right)
    return Reconciliation(sum(shelves), sum(totals), different)


def is_partial(outcomes: Mapping[Source, SourceOutcome]) -> bool:
    """Say whether a source of this run is stale; a closed extra source has its substitute."""
    return any(
        outcome.stage is not Stage.ARRIVED
        and not (source is Source.SELLER_STOCKS and outcome.stage is Stage.CLOSED)
        for source, outcome in outcomes.items()
    )


def about(  # noqa: PLR0913 - the page speaks of exactly these
    snapshots: Snapshots,
    outcomes: Mapping[Source, SourceOutcome],
    metrics: Sequence[ProductMetrics],
    *,
    period: Period,
    refreshed_at: datetime,
    uncounted_warehouses: Sequence[str] = (),
) -> tuple[tuple[str, str], ...]:
    """Return the lines of «О таблице», a title and a text each; the shop is not named here.

    They are stored as they are, and a shop's name may be a person's.
    """
    lines = [
        (words.ABOUT_REFRESHED, f"{_moment(refreshed_at)} МСК"),
        (words.ABOUT_PERIOD, _period(period)),
    ]
    lines.extend(_source_lines(snapshots, outcomes, period))
    lines.extend(_check_lines(snapshots.remains))
    if uncounted_warehouses:
        names = ", ".join(uncounted_warehouses)
        lines.append((words.ABOUT_UNCOUNTED, words.UNCOUNTED.format(names=names)))
    half_known = sum(1 for card in metrics if (card.stocks_wb is None) != (card.stocks_mp is None))
    if half_known:
        lines.append((words.ABOUT_UNKNOWN, words.UNKNOWN_PARTS.format(cards=half_known)))
    lines.append((words.ABOUT_COLUMNS, ""))
    lines.extend((f"«{title}»", note) for title, note in _EXPLAINED)
    return tuple(lines)


def _source_lines(
    snapshots: Snapshots, outcomes: Mapping[Source, SourceOutcome], period: Period
) -> Iterator[tuple[str, str]]:
    held: dict[Source, Snapshot[Any] | None] = {
        Source.REMAINS: snapshots.remains,
        Source.ORDERS: snapshots.orders,
        Source.FUNNEL: snapshots.funnel_so_far or snapshots.funnel,
        Source.SELLER_STOCKS: snapshots.seller_stocks,
    }
    for source, snapshot in held.items():
        outcome = outcomes.get(source)
        if outcome is not None:
            yield _TITLES[source], _freshness(snapshot, outcome, period)


def _freshness(snapshot: Snapshot[Any] | None, outcome: SourceOutcome, period: Period) -> str:
    arrived = outcome.stage is Stage.ARRIVED
    reason = words.REASONS.get(str(outcome.problem), words.REASON_OTHER)
    if snapshot is None:
        return words.DATA_NEVER + words.DATA_STALE.format(reason=reason)
    text = words.DATA_AS_OF.format(moment=_moment(snapshot.taken_at), rows=len(snapshot.rows))
    if snapshot.period is not None and snapshot.period != period:
        text += words.DATA_OF_PERIOD.format(
            first=_day(snapshot.period.first), last=_day(snapshot.period.last)
        )
    if not snapshot.complete:
        text += words.DATA_UNFINISHED
    return text if arrived else text + words.DATA_STALE.format(reason=reason)


def _check_lines(remains: Snapshot[Remains] | None) -> Iterator[tuple[str, str]]:
    check = reconcile(remains)
    if check is None or not (check.shelves or check.total):
        return
    text = words.CHECK_DIFFERS if check.cards else words.CHECK_EQUAL
    yield (
        words.ABOUT_CHECK,
        text.format(shelves=check.shelves, total=check.total, cards=check.cards),
    )


def _period(period: Period) -> str:
    return words.PERIOD.format(first=_day(period.first), last=_day(period.last), days=period.days)


def _day(day: date) -> str:
    return day.strftime("%d.%m.%Y")


def _moment(instant: datetime) -> str:
    return instant.astimezone(MOSCOW).strftime("%d.%m.%Y %H:%M")

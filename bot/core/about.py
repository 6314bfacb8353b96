"""The tab «О таблице»: how fresh each part is, what does not add up, what each column means."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from bot.core import table_words as words
from bot.core.metrics import ProductMetrics
from bot.core.period import MOSCOW, Period
from bot.core.products import Snapshot, Snapshots, Source
from bot.core.reconciliation import (
    OrdersCheck,
    compare_averages,
    compare_orders,
    newest_funnel,
    reconcile,
)
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
_NM_IDS_NAMED = 20


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
    lines.extend(_check_lines(snapshots, period))
    lines.extend(_awaiting_lines(snapshots, metrics, period))
    lines.extend(uncounted_lines(uncounted_warehouses))
    half_known = sum(1 for card in metrics if (card.stocks_wb is None) != (card.stocks_mp is None))
    if half_known:
        lines.append((words.ABOUT_UNKNOWN, words.UNKNOWN_PARTS.format(cards=half_known)))
    lines.append((words.ABOUT_COLUMNS, ""))
    lines.extend((f"«{title}»", note) for title, note in _EXPLAINED)
    lines.extend(_hidden_places(metrics))
    return tuple(lines)


def uncounted_lines(warehouses: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return the line that names the warehouses out of the totals, none where there are none."""
    if not warehouses:
        return ()
    names = ", ".join(warehouses)
    return ((words.ABOUT_UNCOUNTED, words.UNCOUNTED.format(names=names)),)


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
            is_replaced = source is Source.SELLER_STOCKS and outcome.stage is Stage.CLOSED
            text = words.DATA_SUBSTITUTED if is_replaced else _freshness(snapshot, outcome, period)
            yield _TITLES[source], text


def _freshness(snapshot: Snapshot[Any] | None, outcome: SourceOutcome, period: Period) -> str:
    stale = "" if outcome.stage is Stage.ARRIVED else _staleness(outcome)
    if snapshot is None:
        return words.DATA_NEVER + stale
    text = words.DATA_AS_OF.format(moment=_moment(snapshot.taken_at), rows=len(snapshot.rows))
    if snapshot.period is not None and snapshot.period != period:
        text += words.DATA_OF_PERIOD.format(
            first=_day(snapshot.period.first), last=_day(snapshot.period.last)
        )
    if not snapshot.complete:
        text += words.DATA_UNFINISHED
    return text + stale


def _staleness(outcome: SourceOutcome) -> str:
    """Say why there is nothing newer, and when it is tried again."""
    reason = words.REASONS.get(str(outcome.problem), words.REASON_OTHER)
    text = words.DATA_STALE.format(reason=reason)
    if outcome.next_try_at is None:
        return text
    return text + words.DATA_NEXT_TRY.format(moment=_moment(outcome.next_try_at))


def _check_lines(snapshots: Snapshots, period: Period) -> Iterator[tuple[str, str]]:
    check = reconcile(snapshots.remains)
    if check is not None and (check.shelves or check.total):
        text = words.CHECK_DIFFERS if check.cards else words.CHECK_EQUAL
        yield (
            words.ABOUT_CHECK,
            text.format(shelves=check.shelves, total=check.total, cards=check.cards),
        )
    orders = compare_orders(snapshots)
    if orders is not None:
        yield words.ABOUT_ORDERS_CHECK, _orders_check(orders)
    average = compare_averages(snapshots, period)
    if average is not None and average.cards:
        text = words.AVERAGE_DIFFERS if average.differing else words.AVERAGE_EQUAL
        told = text.format(days=period.days, cards=average.cards, differing=average.differing)
        yield words.ABOUT_AVERAGE_CHECK, told


def _orders_check(check: OrdersCheck) -> str:
    """Say how the funnel's orders stand to those that we counted, and why they differ."""
    if not check.is_same_period:
        return words.ORDERS_OF_OTHER_DAYS.format(
            funnel_first=_day(check.funnel_period.first),
            funnel_last=_day(check.funnel_period.last),
            orders_first=_day(check.orders_period.first),
            orders_last=_day(check.orders_period.last),
        )
    text = words.ORDERS_DIFFER if check.cards else words.ORDERS_EQUAL
    told = text.format(funnel=check.funnel, counted=check.counted, cards=check.cards)
    if check.counted != check.funnel:
        told += words.ORDERS_FEWER if check.counted < check.funnel else words.ORDERS_MORE
    if check.cancelled:
        told += words.ORDERS_CANCELLED.format(cancelled=check.cancelled)
    return told + (words.ORDERS_FBS.format(fbs=check.fbs) if check.fbs else "")


def _awaiting_lines(
    snapshots: Snapshots, metrics: Sequence[ProductMetrics], period: Period
) -> Iterator[tuple[str, str]]:
    """Name the rows that a funnel of this period has not reached yet."""
    funnel = newest_funnel(snapshots)
    is_current = funnel is not None and funnel.period == period
    if funnel is not None and is_current and funnel.complete:
        return
    reached = funnel.rows.keys() if funnel is not None and is_current else frozenset[int]()
    waiting = [card.nm_id for card in metrics if card.nm_id not in reached]
    if waiting:
        named = ", ".join(map(str, waiting[:_NM_IDS_NAMED]))
        more = len(waiting) - _NM_IDS_NAMED
        nm_ids = named + (words.AND_MORE.format(more=more) if more > 0 else "")
        text = words.AWAITING_FUNNEL.format(cards=len(waiting), nm_ids=nm_ids)
        yield words.ABOUT_AWAITING_FUNNEL, text


def _hidden_places(metrics: Sequence[ProductMetrics]) -> Iterator[tuple[str, str]]:
    """Explain the columns that stand for many warehouses."""
    shown = {name for card in metrics for name in card.stocks_by_warehouse or ()}
    shown |= {name for card in metrics for name in card.orders_by_warehouse or ()}
    for name in sorted(shown):
        note = words.HIDDEN_PLACES.get(name.casefold())
        if note is not None:
            yield f"«{name}»", note


def _period(period: Period) -> str:
    return words.PERIOD.format(first=_day(period.first), last=_day(period.last), days=period.days)


def _day(day: date) -> str:
    return day.strftime("%d.%m.%Y")


def _moment(instant: datetime) -> str:
    return instant.astimezone(MOSCOW).strftime("%d.%m.%Y %H:%M")

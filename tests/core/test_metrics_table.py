"""`orders_total`, `stocks_wb`, `stocks_mp` for every combination of what the sources have said.

The expectation is written here a second time, from the sentences of design §4, not from the code.
"""

from datetime import UTC, date, datetime
from itertools import product

import pytest

from bot.core.metrics import merge
from bot.core.period import Period
from bot.core.products import (
    CardOrders,
    Remains,
    SalesFunnel,
    SellerStock,
    Snapshot,
    Snapshots,
    Source,
)

PERIOD = Period.ending_before(date(2026, 11, 20), 7)
EARLIER = Period.ending_before(date(2026, 11, 19), 7)
AT = datetime(2026, 11, 20, tzinfo=UTC)
CARD, OTHER = 1, 2
FUNNEL_SAYS = {"orders": 11, "stocks_wb": 12, "stocks_mp": 13}
PLACED, ON_SHELVES, OWN = 21, 22, 23

FUNNELS = ("never", "partial", "whole", "stale")
ORDERS = ("never", "stale", "current")
REMAINS = ("never", "answered")
SELLER_STOCKS = ("never", "answered")
ROWS = ("present", "null", "absent")


def funnel_of(state, row):
    fields = FUNNEL_SAYS if row == "present" else {}
    mine = {} if row == "absent" else {CARD: SalesFunnel(CARD, **fields)}
    rows = mine | {OTHER: SalesFunnel(OTHER, orders=1)}
    period = EARLIER if state == "stale" else PERIOD
    return Snapshot(Source.FUNNEL, AT, rows, period, complete=state != "partial")


def snapshots_of(  # noqa: PLR0913 - one per source, and the card
    funnel, row, orders, remains, own, *, is_there
):
    """Return the snapshots; the other card is in every source that has answered."""
    told = funnel_of(funnel, row)
    placed = {OTHER: CardOrders(OTHER)} | (
        {CARD: CardOrders(CARD, placed=PLACED)} if is_there else {}
    )
    shelves = {OTHER: Remains(OTHER)}
    pieces = {OTHER: SellerStock(OTHER, 1)}
    if is_there:
        shelves[CARD] = Remains(CARD, by_warehouse={"Тула": ON_SHELVES})
        pieces[CARD] = SellerStock(CARD, OWN)
    of = EARLIER if orders == "stale" else PERIOD
    return Snapshots(
        funnel_so_far=told if funnel == "partial" else None,
        funnel=told if funnel in {"whole", "stale"} else None,
        orders=None if orders == "never" else Snapshot(Source.ORDERS, AT, placed, of),
        remains=None if remains == "never" else Snapshot(Source.REMAINS, AT, shelves),
        seller_stocks=None if own == "never" else Snapshot(Source.SELLER_STOCKS, AT, pieces),
    )


def has_answered(funnel, row):
    """A funnel still short of pages has answered only for the cards that it brought."""
    return funnel in {"whole", "stale"} or (funnel == "partial" and row != "absent")


def expected_orders(funnel, row, orders, *, is_there):
    counted = PLACED if is_there else 0
    beaten = funnel == "stale" and orders == "current"
    if has_answered(funnel, row) and row == "present" and not beaten:
        return FUNNEL_SAYS["orders"]
    if orders != "never":
        return counted  # without the funnel's count the orders are counted
    return 0 if has_answered(funnel, row) and row == "absent" else None


def expected_wb(funnel, row, remains, *, is_there):
    if remains == "answered" and is_there:
        return ON_SHELVES
    if has_answered(funnel, row) and row == "present":
        return FUNNEL_SAYS["stocks_wb"]  # missing from remains, or remains never answered
    if remains == "answered":
        return 0
    return 0 if has_answered(funnel, row) and row == "absent" else None


def expected_mp(funnel, row, own, *, is_there):
    if own == "answered":
        return OWN if is_there else 0
    if not has_answered(funnel, row) or row == "null":
        return None
    return FUNNEL_SAYS["stocks_mp"] if row == "present" else 0


def combinations():
    for one in product(FUNNELS, ROWS, ORDERS, REMAINS, SELLER_STOCKS, (True, False)):
        funnel, row, *_ = one
        if funnel == "never" and row != "absent":
            continue
        yield one


@pytest.mark.parametrize("funnel", FUNNELS)
def test_every_combination(funnel):
    for one in combinations():
        if one[0] != funnel:
            continue
        _, row, orders, remains, own, is_there = one
        snapshots = snapshots_of(funnel, row, orders, remains, own, is_there=is_there)
        cards = {card.nm_id: card for card in merge(snapshots, PERIOD)}
        if CARD not in cards:
            named = (
                row != "absent",
                is_there and orders != "never",
                is_there and remains != "never",
            )
            assert not any(named), one
            continue
        card = cards[CARD]
        assert card.orders_total == expected_orders(funnel, row, orders, is_there=is_there), one
        assert card.stocks_wb == expected_wb(funnel, row, remains, is_there=is_there), one
        assert card.stocks_mp == expected_mp(funnel, row, own, is_there=is_there), one
        known = [part for part in (card.stocks_wb, card.stocks_mp) if part is not None]
        assert card.stocks_total == (sum(known) if known else None), one

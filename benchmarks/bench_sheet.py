"""The times of the Google Sheet, as ratios to a yardstick measured in the same run.

The yardstick is `orjson.dumps` of the bare rows: what no encoder of ours can beat.
"""

import time
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from bot.core.report import Report
from bot.outputs.excel.workbook import to_xlsx
from bot.outputs.google_sheets import growth, layout, staging, values
from bot.outputs.google_sheets.anchors import places_of
from bot.outputs.google_sheets.notes import Notes
from bot.outputs.google_sheets.placement import Placement
from tests.outputs.google_sheets.shop import ShopBook

BIG = {"products": 1_000, "places": 29}  # and «Маркетплейс»: 30 groups, 99 columns
HUGE = {"products": 10_000, "places": 39}
ROUNDS = 7

Table = tuple[Report, Placement, Notes]


def best_ms(work: Callable[[], Any]) -> float:
    """Return the best of several rounds: other programs share the cores."""

    def once() -> float:
        began = time.perf_counter()
        work()
        return 1_000 * (time.perf_counter() - began)

    return min(once() for _ in range(ROUNDS))


@pytest.fixture(params=[BIG, HUGE], ids=["1000x30", "10000x40"])
def table(request: pytest.FixtureRequest) -> Table:
    report = ShopBook(**request.param).report()
    return report, Placement.fresh(report), Notes(places=places_of(report))


def test_encoding_the_one_write(table: Table) -> None:
    report, placement, notes = table
    yardstick = best_ms(lambda: orjson.dumps(report.rows))
    ours = best_ms(lambda: values.body_of(report, placement, notes))
    size = len(values.body_of(report, placement, notes))
    print(f"\nencode {ours:.1f} ms = {ours / yardstick:.1f} × the rows alone, {size / 1e6:.2f} MB")
    assert ours / yardstick < 12
    if len(report.rows) == BIG["products"]:
        assert ours < 10
        assert size < 800_000
    assert size < 8_000_000


def test_the_structure_of_a_new_table(table: Table) -> None:
    report, _, notes = table
    encode = best_ms(lambda: orjson.dumps(report.rows))
    ours = best_ms(lambda: orjson.dumps(layout.own_file(report, notes, 0)))
    print(f"\nstructure {ours:.1f} ms = {ours / encode:.1f} × the rows alone")
    assert ours / encode < 25


def test_planning_when_nothing_is_new(table: Table) -> None:
    report, placement, notes = table
    encode = best_ms(lambda: values.body_of(report, placement, notes))
    ours = best_ms(lambda: growth.plan(report, placement, notes, None))
    print(f"\nplan {ours:.1f} ms = {ours / encode:.2f} × encoding")
    assert ours < encode


def test_parts_for_a_hidden_tab(table: Table) -> None:
    report, placement, notes = table
    encode = best_ms(lambda: values.body_of(report, placement, notes))
    ours = best_ms(lambda: list(staging.parts(report, placement, notes, count=3)))
    print(f"\nparts {ours:.1f} ms = {ours / encode:.2f} × encoding")
    assert ours / encode < 3


def test_the_workbook(table: Table) -> None:
    report, placement, notes = table
    if len(report.rows) > BIG["products"]:
        pytest.skip("minutes")
    encode = best_ms(lambda: values.body_of(report, placement, notes))
    began = time.perf_counter()
    to_xlsx(report)
    ours = 1_000 * (time.perf_counter() - began)
    print(f"\nworkbook {ours:.0f} ms = {ours / encode:.0f} × encoding the Google write")

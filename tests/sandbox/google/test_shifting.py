"""Rows and columns that come and go take everything with them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.google.ranges import span_deleted, span_inserted
from tests.sandbox.google.clients import grid
from tests.sandbox.google.test_structure import STOCK, table


def insert(dimension, start, count, *, before=True):
    lines = {"sheetId": STOCK, "dimension": dimension, "startIndex": start}
    lines["endIndex"] = start + count
    return {"insertDimension": {"range": lines, "inheritFromBefore": before}}


def delete(dimension, start, end):
    lines = {"sheetId": STOCK, "dimension": dimension, "startIndex": start, "endIndex": end}
    return {"deleteDimension": {"range": lines}}


@pytest.fixture
async def hands(google, robot, sheet):
    await robot.done(sheet, *table())
    return google.hands(sheet)


async def test_columns_at_our_edge_move_the_sellers_own_ones(robot, hands):
    hands.insert_columns("Остатки", "P", 2)
    hands.write("Остатки", "P3", "моё")
    hands.note("Остатки", "P3", "помню")
    hands.colour("Остатки", "P3", 1, 0, 0)
    await robot.done(hands.file_id, insert("COLUMNS", 15, 3))
    assert hands.cell("Остатки", "P3") is None
    assert hands.note_on("Остатки", "P3") is None
    assert hands.cell("Остатки", "S3") == "моё"
    assert hands.note_on("Остатки", "S3") == "помню"
    assert hands.format("Остатки", "S3")["backgroundColor"]["red"] == 1
    assert hands.format("Остатки", "R3")["numberFormat"]["pattern"] == "0.0"


async def test_columns_in_the_middle_widen_merges_rules_and_bars(robot, hands):
    await robot.done(hands.file_id, insert("COLUMNS", 10, 2))
    assert hands.merges("Остатки") == ["A1:D1", "E1:I1", "J1:N1", "O1:Q1"]
    starts = [each["startColumnIndex"] for each in hands.rules("Остатки")[0]["ranges"]]
    assert starts == [8, 13, 16]
    await robot.done(hands.file_id, insert("COLUMNS", 2, 1))
    assert hands.tabs()[1].frozen == (2, 5)
    assert hands.merges("Остатки")[0] == "A1:E1"


async def test_deleted_columns_shrink_and_drop_what_stood_on_them(robot, hands):
    await robot.done(hands.file_id, delete("COLUMNS", 8, 12))
    assert hands.merges("Остатки") == ["A1:D1", "E1:H1", "I1:K1"]
    assert [each["startColumnIndex"] for each in hands.rules("Остатки")[0]["ranges"]] == [10]
    hands.delete_columns("Остатки", "K")
    assert hands.rules("Остатки") == []


async def test_deleted_rows_take_the_header_and_its_merges(hands):
    hands.delete_rows("Остатки", 1)
    assert hands.merges("Остатки") == []
    assert hands.tabs()[1].frozen == (1, 4)
    assert hands.filter("Остатки")["range"] == grid(STOCK) | {}
    assert hands.cell("Остатки", "A1") == "Бренд"


async def test_filter_criteria_stay_on_their_column(robot, hands):
    hands.filter_by("Остатки", "A", ["Ромашка"])
    hands.filter_view("Остатки", "мой", "A2:D5")
    await robot.done(hands.file_id, insert("COLUMNS", 0, 1, before=False))
    assert hands.filter("Остатки")["filterSpecs"][0]["columnIndex"] == 1
    assert hands.filter_views("Остатки")[0]["range"]["startColumnIndex"] == 1


async def test_appended_columns_land_behind_the_sellers(robot, hands):
    hands.insert_columns("Остатки", "P")
    hands.write("Остатки", "P3", "моё")
    request = {"sheetId": STOCK, "dimension": "COLUMNS", "length": 3}
    await robot.done(hands.file_id, {"appendDimension": request})
    assert hands.cell("Остатки", "P3") == "моё"
    assert hands.tabs()[1].grid == (5, 19)


async def test_widths_and_hiding_move_along(robot, hands):
    hands.hide_columns("Остатки", "C")
    await robot.done(hands.file_id, insert("COLUMNS", 1, 1))
    assert hands.is_hidden("Остатки", "D")
    assert not hands.is_hidden("Остатки", "C")
    assert hands.column_width("Остатки", "B") == 140
    await robot.done(hands.file_id, delete("COLUMNS", 0, 2))
    assert hands.is_hidden("Остатки", "B")


spans = st.tuples(st.integers(0, 20), st.integers(1, 20)).map(lambda p: (p[0], p[0] + p[1]))


@given(spans, st.integers(0, 40), st.integers(1, 10))
def test_an_insertion_undone_leaves_a_span_as_it_was(span, at, count):
    start, end = span_inserted(*span, at, count)
    assert span_deleted(start, end, at, at + count) == span


@given(spans, spans)
def test_a_deletion_keeps_exactly_the_indexes_outside_the_cut(span, cut):
    kept = [index for index in range(*span) if not cut[0] <= index < cut[1]]
    left = span_deleted(*span, *cut)
    assert (left[1] - left[0] if left else 0) == len(kept)

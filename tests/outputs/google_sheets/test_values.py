"""What may stand in a body: never a null, never a figure that is none."""

from decimal import Decimal

import orjson
import pytest

from bot.core.errors import Defect
from bot.outputs.google_sheets import values
from bot.outputs.google_sheets.notes import Notes
from bot.outputs.google_sheets.placement import Placement
from tests.outputs.google_sheets.shop import ShopBook


def body_with(**figures):
    report = ShopBook().report(**figures)
    return orjson.loads(values.body_of(report, Placement.fresh(report), Notes()))


@pytest.mark.parametrize("figure", [float("nan"), float("inf"), Decimal("1.5")])
def test_a_figure_that_is_no_number_is_a_defect(figure):
    with pytest.raises(Defect):
        body_with(turnover_days=figure)


def test_a_text_with_null_in_it_is_just_a_text():
    assert "null" in str(body_with(vendor_code="null-42"))


def test_a_broken_character_does_not_stop_the_table():
    assert "носки ?" in str(body_with(brand="носки \ud83d"))


def test_empty_cells_are_cleared_not_kept():
    body = body_with(in_transit_to_customer=None)

    cells = [cell for part in body["data"] for row in part["values"] for cell in row]
    assert "" in cells
    assert None not in cells


def test_everything_is_raw():
    assert body_with()["valueInputOption"] == "RAW"

"""Tables too big for one call go over a hidden tab; the seller sees the old one or the new one."""

from dataclasses import replace

import pytest

from bot.core.errors import Transient
from bot.outputs.google_sheets import open_google_sheets
from bot.sandbox.google import Fault
from tests.outputs.google_sheets.conftest import Desk
from tests.outputs.google_sheets.test_publishing import READ, WRITE

TAB = "Остатки"


@pytest.fixture
def small_steps(google, config, clock):
    """A desk whose calls may carry little."""
    sheets = open_google_sheets(
        replace(config, largest_body_bytes=1000), clock, marker_secret=b"x"
    )
    yield Desk(google, sheets)
    sheets.close()


async def test_a_big_table_goes_over_in_parts(small_steps):
    desk = small_steps
    await desk.publish()
    desk.seller.sort(TAB, "D", descending=True)
    desk.seller.insert_rows(TAB, 5, 1)
    desk.seller.insert_columns(TAB, "F", 1)
    desk.seller.write(TAB, "A5", "моё")
    desk.seller.write(TAB, "F2", "Цена")
    desk.seller.write(TAB, "F3", 100)
    desk.book.tomorrow()
    report = desk.book.report(seed=3, in_transit_to_customer=None)

    calls = await desk.publish(report)

    assert calls[:2] == [READ, "batchUpdate"]
    assert calls[-1] == "batchUpdate"
    assert set(calls[2:-1]) == {WRITE}
    assert len(calls) > 4
    rows = desk.rows()
    assert rows[4] == ["моё"] + [None] * (len(rows[4]) - 1)
    assert [rows[1][5], rows[2][5]] == ["Цена", 100]
    ours = {row[3]: (*row[:5], *row[6:]) for row in rows[2:] if isinstance(row[3], int)}
    assert ours == dict(zip(report.nm_ids, report.rows, strict=True))
    assert rows[0][0].endswith("21.11.2026 00:07 МСК")
    assert len(desk.rows("История")) == 3
    assert [tab.title for tab in desk.seller.tabs()] == [TAB, "История", "О таблице"]


async def test_the_old_table_stays_whole_until_the_new_one_is(small_steps, google):
    desk = small_steps
    await desk.publish()
    before = desk.rows()
    google.faults.plant(Fault.UNAVAILABLE, "*batchUpdateByDataFilter", times=5, skip=1)

    with pytest.raises(Transient):
        await desk.publish(desk.book.report(seed=4))
    assert desk.rows() == before

    report = desk.book.report(seed=4)
    await desk.publish(report)
    assert desk.rows()[2:] == [list(row) for row in report.rows]
    assert len(desk.seller.tabs()) == 3


async def test_a_lost_answer_of_the_last_step(small_steps, google):
    desk = small_steps
    await desk.publish()
    google.faults.plant(Fault.UNAVAILABLE_AFTER, "sheets.spreadsheets.batchUpdate", skip=1)
    report = desk.book.report(seed=4)

    await desk.publish(report)

    assert desk.rows()[2:] == [list(row) for row in report.rows]
    assert len(desk.seller.tabs()) == 3

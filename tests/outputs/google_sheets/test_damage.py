"""Crashes between two calls, lost answers, and what a seller can break: found and made whole."""

import pytest

from bot.core.errors import Code, Defect, SellerMustAct, Transient
from bot.sandbox.google import Fault
from tests.outputs.google_sheets.test_publishing import READ, WRITE

TAB = "Остатки"
STRUCTURE = "sheets.spreadsheets.batchUpdate"
VALUES = "sheets.spreadsheets.values.batchUpdateByDataFilter"
CREATE = "drive.files.create"


def files(google):
    return [file for file in google.drive.files.values() if file.name.startswith("Stock Tracker")]


def assert_shows(desk, report):
    assert desk.rows()[1] == [column.title for column in report.columns]
    assert desk.rows()[2:] == [list(row) for row in report.rows]


# ── answers that are lost ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("fault", [Fault.UNAVAILABLE_AFTER, Fault.RESET_AFTER])
async def test_a_lost_answer_of_creation_never_makes_a_second_file(desk, google, fault):
    google.faults.plant(fault, CREATE)
    with pytest.raises(Transient):
        await desk.publish()
    assert len(files(google)) == 1

    calls = await desk.publish()

    assert calls == ["list", "batchUpdate", WRITE, "create"]
    assert len(files(google)) == 1
    assert_shows(desk, desk.book.report())


async def test_a_creation_that_never_happened_is_done_later(desk, google):
    google.faults.plant(Fault.RESET, CREATE)
    with pytest.raises(Transient):
        await desk.publish()

    assert await desk.publish() == ["list", "create", "batchUpdate", WRITE, "create"]


async def test_a_refused_creation_is_no_riddle(desk, google):
    google.faults.plant(Fault.STORAGE_FULL, CREATE)
    with pytest.raises(Defect) as refused:
        await desk.publish()
    assert refused.value.code is Code.GOOGLE_STORAGE_FULL

    assert await desk.publish() == ["create", "batchUpdate", WRITE, "create"]


@pytest.mark.parametrize("fault", [Fault.UNAVAILABLE_AFTER, Fault.UNAVAILABLE])
async def test_a_lost_answer_of_the_structure_is_looked_up(desk, google, fault):
    google.faults.plant(fault, STRUCTURE)
    report = desk.book.report()

    await _publish_until_done(desk, report)

    assert_shows(desk, report)
    assert len(desk.seller.tabs()) == 3


async def _publish_until_done(desk, report):
    for _ in range(3):
        try:
            return await desk.publish(report)
        except Transient:
            continue
    raise AssertionError("it never ended")


@pytest.mark.parametrize(
    "fault",
    [
        Fault.UNAVAILABLE_AFTER,
        Fault.UNAVAILABLE,
        Fault.INTERNAL_ERROR,
        Fault.BAD_GATEWAY_HTML,
        Fault.RESET,
        Fault.RESET_AFTER,
    ],
)
async def test_a_write_is_sent_again(desk, google, fault):
    await desk.publish()
    google.faults.plant(fault, VALUES, times=2)
    report = desk.book.report(seed=3)

    assert await desk.publish(report) == [READ, WRITE, WRITE, WRITE]

    assert_shows(desk, report)


async def test_tries_are_bounded(desk, google):
    await desk.publish()
    google.faults.plant(Fault.UNAVAILABLE, VALUES, times=50)

    with pytest.raises(Transient) as away:
        await desk.publish()

    assert away.value.code is Code.GOOGLE_FAILED
    assert len(google.calls.to(VALUES)) == 1 + 5


@pytest.mark.parametrize("fault", [Fault.UNAVAILABLE_AFTER, Fault.RESET_AFTER, Fault.RESET])
async def test_room_is_made_once_even_if_the_answer_is_lost(desk, google, fault):
    await desk.publish()
    before = desk.seller.tabs()[0].grid
    desk.book.products += 2
    desk.book.new_place()
    report = desk.book.report(seed=3)
    google.faults.plant(fault, STRUCTURE)

    await desk.publish(report)

    assert desk.seller.tabs()[0].grid == (before[0] + 2, before[1] + 3)
    assert_shows(desk, report)


# ── crashes between two calls ────────────────────────────────────────────────────────────────


async def test_a_crash_after_the_file_was_made(desk, google):
    await desk.publish()
    while desk.destination.state.notes.get("spreadsheet_id"):
        desk.restart_without_last_state()
    assert desk.notes["creating"] is True

    await desk.publish()

    assert len(files(google)) == 1
    assert_shows(desk, desk.book.report())


async def test_a_crash_after_the_structure_was_made(desk, google):
    google.faults.plant(Fault.PERMISSION_DENIED, VALUES)
    with pytest.raises(SellerMustAct):
        await desk.publish()
    desk.restart_without_last_state()
    assert desk.notes["structured"] is False
    assert desk.destination.state.url is None
    desk.book.products += 1
    desk.book.new_place()
    report = desk.book.report()

    await desk.publish(report)

    assert_shows(desk, report)
    assert len(files(google)) == 1


async def test_a_crash_before_the_first_figures(desk, google):
    google.faults.plant(Fault.UNAVAILABLE, VALUES, times=5)
    with pytest.raises(Transient):
        await desk.publish()
    assert desk.destination.state.url is None
    desk.book.products += 1
    report = desk.book.report()

    await desk.publish(report)

    assert desk.destination.state.url
    assert_shows(desk, report)


async def test_a_crash_between_making_room_and_writing(desk, google):
    await desk.publish()
    desk.book.products += 2
    desk.book.new_place()
    report = desk.book.report(seed=3)
    google.faults.plant(Fault.UNAVAILABLE, VALUES, times=5)
    with pytest.raises(Transient):
        await desk.publish(report)

    assert await desk.publish(report) == [READ, WRITE]

    assert_shows(desk, report)
    assert desk.seller.tabs()[0].grid == (2 + 8, len(report.columns))


async def test_a_crash_after_the_last_write_costs_nothing(desk):
    await desk.publish()
    kept = len(desk.kept)
    desk.book.new_place()
    report = desk.book.report(seed=3)
    await desk.publish(report)
    desk.restart_without_last_state(len(desk.kept) - kept)

    assert await desk.publish(report) == [READ, WRITE, "create"]

    assert_shows(desk, report)


# ── what the seller breaks ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("tab", ["Остатки", "История", "О таблице"])
async def test_a_deleted_tab_comes_back(desk, tab):
    await desk.publish()
    numbers = {each.title: each.sheet_id for each in desk.seller.tabs()}
    desk.seller.add_tab("Моё")
    desk.seller.delete_tab(tab)
    report = desk.book.report(seed=3)

    await desk.publish(report)

    assert {each.title: each.sheet_id for each in desk.seller.tabs()}.items() >= numbers.items()
    assert desk.rows("История")[1][0] == "2026-11-19"
    assert_shows(desk, report)
    assert await desk.publish(report) == [READ, WRITE]


async def test_all_our_tabs_deleted_and_their_names_taken(desk):
    await desk.publish()
    desk.seller.add_tab("Моё")
    for tab in ("Остатки", "История", "О таблице"):
        desk.seller.delete_tab(tab)
    desk.seller.rename_tab("Моё", "остатки")
    report = desk.book.report(seed=3)

    await desk.publish(report)

    titles = [tab.title for tab in desk.seller.tabs()]
    assert set(titles) == {"остатки", "Остатки 2", "История", "О таблице"}
    assert desk.rows("Остатки 2")[2:] == [list(row) for row in report.rows]


@pytest.mark.parametrize(("tab", "rows", "columns"), [("История", 1, 2), ("О таблице", 1, 1)])
async def test_a_cut_grid_is_made_longer(desk, tab, rows, columns):
    await desk.publish()
    desk.seller.cut_grid(tab, rows, columns)
    report = desk.book.report(seed=3)

    await desk.publish(report)

    assert desk.rows(tab)
    assert_shows(desk, report)


async def test_cut_rows_and_columns_come_back(desk):
    await desk.publish()
    desk.seller.cut_grid(TAB, 5, 12)
    report = desk.book.report(seed=3)

    await desk.publish(report)

    assert_shows(desk, report)


async def test_a_table_without_its_nm_ids_is_not_written(desk):
    await desk.publish()
    desk.seller.delete_columns(TAB, "D")
    before = desk.rows()

    with pytest.raises(SellerMustAct) as broken:
        await desk.publish(desk.book.report(seed=3))

    assert broken.value.code is Code.SHEET_BROKEN
    assert desk.rows() == before


async def test_a_hardened_protection_is_the_sellers_matter(desk):
    await desk.publish()
    desk.seller.harden(TAB)

    with pytest.raises(SellerMustAct) as hard:
        await desk.publish()

    assert hard.value.code is Code.SHEET_PROTECTED


async def test_a_deleted_file_is_gone(desk):
    await desk.publish()
    desk.seller.delete_file()

    with pytest.raises(SellerMustAct) as gone:
        await desk.publish()

    assert gone.value.code is Code.SHEET_GONE


async def test_a_file_that_was_closed_to_us(desk, google):
    await desk.publish()
    google.faults.plant(Fault.PERMISSION_DENIED, "sheets.*", times=9)

    with pytest.raises(SellerMustAct) as closed:
        await desk.publish()

    assert closed.value.code is Code.SHEET_NO_ACCESS

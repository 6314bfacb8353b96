"""A sheet that the seller made himself: checked first, then only added to."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.errors import Code, SellerMustAct
from bot.core.ports import TableState
from bot.core.table_file import Host, Invitation
from bot.sandbox.google import Fault
from tests.outputs.google_sheets.conftest import ROBOT, SELLER
from tests.outputs.google_sheets.test_publishing import READ, WRITE

CODE = "ST-ABCD-2345"
STRUCTURE = "sheets.spreadsheets.batchUpdate"


@pytest.fixture
def theirs(google):
    """A blank sheet of the seller's, shared with the bot, the code in A1."""
    sheet = google.sellers_file(SELLER, "Мой файл")
    sheet.share(ROBOT, "writer")
    sheet.write(sheet.tabs()[0].title, "A1", CODE)
    return sheet


@pytest.fixture
def invitation(sheets, clock):
    host = sheets.files.host(7)
    assert host.address == ROBOT
    return Invitation(7, host, CODE, clock.now() + timedelta(hours=1))


async def adopt(desk, invitation, sheet):
    state = await desk.sheets.files.examine(invitation, sheet.file_id, desk.destination.state)
    desk.destination = replace(desk.destination, state=state)


async def test_our_tabs_are_added_and_nothing_else_is_touched(desk, google, theirs, invitation):
    own = theirs.tabs()[0].title
    theirs.write(own, "B2", "моё")
    theirs.add_tab("остатки")
    before = dict(theirs.book.properties)
    await adopt(desk, invitation, theirs)
    report = desk.book.report()

    await desk.publish(report)

    seller = desk.seller
    assert desk.file_id == theirs.file_id
    titles = [tab.title for tab in seller.tabs()]
    assert titles == [own, "остатки", "Остатки 2", "История", "О таблице"]
    assert seller.cell(own, "A1") is None
    assert seller.cell(own, "B2") == "моё"
    assert desk.rows("Остатки 2")[2:] == [list(row) for row in report.rows]
    assert {k: seller.book.properties[k] for k in ("locale", "timeZone")} == {
        k: before[k] for k in ("locale", "timeZone")
    }
    assert seller.name == "Мой файл"
    assert not any(call.method.startswith("drive.permissions") for call in google.calls)
    assert seller.shared_with() == {SELLER: "owner", ROBOT: "writer"}
    assert await desk.publish() == [READ, WRITE]


async def test_numbers_that_are_taken_are_not_used_again(desk, google, theirs, invitation):
    """A copy of a table of ours has all our usual numbers already."""
    await desk.publish()
    copied = desk.seller.book.copy()
    desk.destination = replace(desk.destination, state=TableState())
    google.drive.commit(theirs.file, copied)
    theirs.add_tab("Лист1")
    theirs.move_tab("Лист1", 0)
    theirs.write("Лист1", "A1", CODE)
    await adopt(desk, invitation, theirs)
    report = desk.book.report(seed=4)

    await desk.publish(report)

    assert desk.rows("Остатки 2")[2:] == [list(row) for row in report.rows]
    assert len(desk.seller.tabs()) == 7


async def test_the_sellers_file_stays_with_its_account(desk, google, theirs, invitation):
    await adopt(desk, invitation, theirs)
    await desk.publish()

    assert {call.principal for call in google.calls if call.api == "sheets"} == {ROBOT}
    assert desk.notes["account"] == invitation.host.key


@pytest.mark.parametrize("fault", [Fault.UNAVAILABLE_AFTER, Fault.RESET_AFTER])
async def test_a_lost_answer_adds_no_tab_twice(desk, google, theirs, invitation, fault):
    await adopt(desk, invitation, theirs)
    google.faults.plant(fault, STRUCTURE)
    report = desk.book.report()

    await desk.publish(report)

    assert len(desk.seller.tabs()) == 4
    assert desk.rows()[2:] == [list(row) for row in report.rows]
    assert desk.seller.cell(theirs.tabs()[0].title, "A1") is None


async def test_what_the_seller_wrote_over_the_code_stays(desk, theirs, invitation):
    await adopt(desk, invitation, theirs)
    own = theirs.tabs()[0].title
    theirs.write(own, "A1", "Мой план")

    await desk.publish()

    assert desk.seller.cell(own, "A1") == "Мой план"


async def test_a_tab_with_the_code_that_was_deleted_meanwhile(desk, theirs, invitation):
    await adopt(desk, invitation, theirs)
    theirs.add_tab("другой")
    theirs.delete_tab(theirs.tabs()[0].title)

    await desk.publish()

    assert desk.seller.tabs()[0].title == "другой"
    assert desk.notes["code"] is None


@pytest.mark.parametrize("typed", ["st abcd 2345", " ST-ABCD-2345 ", "stabcd2345"])
async def test_the_code_may_be_typed_by_hand(desk, theirs, invitation, typed):
    theirs.write(theirs.tabs()[0].title, "A1", typed)

    await adopt(desk, invitation, theirs)

    assert desk.notes["theirs"] is True


@pytest.mark.parametrize(
    "spoiled",
    [
        (lambda sheet: sheet.revoke(ROBOT), Code.SHEET_NO_ACCESS),
        (lambda sheet: sheet.share(ROBOT, "reader"), Code.SHEET_READ_ONLY),
        (lambda sheet: sheet.write(sheet.tabs()[0].title, "A1", "ST-0000"), Code.SHEET_CODE_WRONG),
        (lambda sheet: sheet.write(sheet.tabs()[0].title, "A1", None), Code.SHEET_CODE_WRONG),
        (lambda sheet: sheet.trash(), Code.SHEET_TRASHED),
        (lambda sheet: sheet.delete_file(), Code.SHEET_NO_ACCESS),
    ],
)
async def test_what_will_not_do_is_refused_and_nothing_is_written(
    desk, google, theirs, invitation, spoiled
):
    spoil, code = spoiled
    spoil(theirs)
    version = theirs.file.version

    with pytest.raises(SellerMustAct) as refused:
        await adopt(desk, invitation, theirs)

    assert refused.value.code is code
    assert theirs.file.version == version
    assert all(call.http == "GET" for call in google.calls if call.api != "oauth2")


async def test_a_file_that_is_no_sheet(desk, google, invitation):
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    file = google.drive.add_file("x.xlsx", owner=SELLER, client_id="browser", mime_type=kind)
    google.drive.put_permission(file, "user", "writer", ROBOT)
    google.drive.touch(file)

    with pytest.raises(SellerMustAct) as refused:
        await desk.sheets.files.examine(invitation, file.file_id, TableState())

    assert refused.value.code is Code.SHEET_LINK_INVALID


async def test_leaving_keeps_the_tabs_and_takes_the_access(desk, theirs, invitation):
    await adopt(desk, invitation, theirs)
    await desk.publish()
    rows = desk.rows()

    await desk.sheets.leave(desk.destination)

    assert theirs.shared_with() == {SELLER: "owner"}
    assert theirs.grid("Остатки") == rows
    await desk.sheets.leave(desk.destination)  # again does no harm


async def test_leaving_deletes_the_earlier_file_of_ours_too(desk, google, theirs, invitation):
    await desk.publish()
    earlier = desk.file_id
    await adopt(desk, invitation, theirs)
    await desk.publish()
    assert google.drive.files[earlier].trashed is False

    await desk.sheets.leave(desk.destination)

    assert google.drive.files[earlier].trashed
    assert theirs.file_id in google.drive.files


async def test_an_unknown_host_falls_back_to_the_usual_account(desk, theirs, invitation):
    gone = replace(invitation, host=Host("gone", "old@example.com"))

    state = await desk.sheets.files.examine(gone, theirs.file_id, TableState())

    assert state.notes["account"] == invitation.host.key

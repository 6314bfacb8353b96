"""Who may see a file, what becomes of it, and going away."""

from dataclasses import replace

import pytest

from bot.core.errors import Code, Defect, SellerMustAct, Transient
from bot.core.ports import TableState
from bot.core.table_file import Fate, ShareRole, SharingWish, Trouble
from bot.outputs.google_sheets import GoogleConfig, open_google_sheets
from bot.sandbox.google import Fault
from tests.outputs.google_sheets.conftest import ROBOT, SELLER, Desk
from tests.outputs.google_sheets.test_publishing import READ, WRITE

READER = SharingWish(ShareRole.READER)
BY_LINK = SharingWish(by_link=True)


def wish(desk, sharing, **more):
    state = replace(desk.destination.state, sharing=sharing)
    desk.destination = replace(desk.destination, state=state, **more)


async def settle(desk):
    """Do what `ShareTable` does: share, and keep the changed notes."""
    before = len(desk.twin.calls)
    changed = await desk.sheets.files.share(desk.destination)
    state = desk.destination.state
    state = replace(state, notes={**state.notes, **changed})
    desk.destination = replace(desk.destination, state=state)
    return [call.method.removeprefix("drive.") for call in list(desk.twin.calls)[before:]]


# ── who may see it ───────────────────────────────────────────────────────────────────────────


async def test_a_reader_from_the_start(desk):
    wish(desk, READER)
    await desk.publish()

    assert desk.seller.shared_with()[SELLER] == "reader"


async def test_roles_change_in_one_call_and_only_when_they_do(desk):
    await desk.publish()
    wish(desk, READER)
    assert await settle(desk) == ["permissions.update"]
    assert desk.seller.shared_with()[SELLER] == "reader"
    assert await settle(desk) == []
    assert await desk.publish() == [READ, WRITE]


async def test_a_wish_that_could_not_be_fulfilled_waits_for_the_next_refresh(desk, google):
    await desk.publish()
    wish(desk, READER)
    google.faults.plant(Fault.UNAVAILABLE, "drive.*", times=5)
    with pytest.raises(Transient):
        await settle(desk)

    await desk.publish()
    assert desk.seller.shared_with()[SELLER] == "reader"


async def test_a_link_for_everybody_only_reads_and_can_be_closed(desk):
    await desk.publish()
    assert "anyone" not in desk.seller.shared_with()
    wish(desk, BY_LINK)
    assert await settle(desk) == ["permissions.create"]
    assert desk.seller.shared_with()["anyone"] == "reader"
    wish(desk, SharingWish())
    assert await settle(desk) == ["permissions.delete"]
    assert "anyone" not in desk.seller.shared_with()


async def test_a_link_that_google_forbids_is_noted(desk, google):
    await desk.publish()
    wish(desk, BY_LINK)
    google.faults.plant(Fault.PERMISSION_DENIED, "drive.permissions.create")
    await settle(desk)

    assert desk.notes["link_refused"] is True
    assert desk.notes["link_open"] is False


async def test_another_address_takes_the_place_of_the_old_one(desk):
    await desk.publish()
    wish(desk, SharingWish(), reader_email="new@example.com")

    assert await desk.publish() == [READ, WRITE, "delete", "create"]

    assert "new@example.com" in desk.seller.shared_with()
    assert SELLER not in desk.seller.shared_with()


async def test_an_entry_that_was_taken_away_is_made_anew_for_another_role(desk):
    await desk.publish()
    desk.seller.revoke(SELLER)
    wish(desk, READER)
    await settle(desk)

    assert desk.seller.shared_with()[SELLER] == "reader"


# ── the bin ──────────────────────────────────────────────────────────────────────────────────


async def test_one_list_of_changes_finds_what_lies_in_the_bin(desk, google):
    await desk.publish()
    files = desk.sheets.files
    first = await files.changes({})
    assert first.fates == {}
    desk.seller.trash()
    before = len(google.calls)

    seen = await files.changes(first.bookmarks)

    assert [call.method for call in list(google.calls)[before:]] == ["drive.changes.list"]
    assert seen.fates == {desk.file_id: Fate.TRASHED}
    assert (await files.changes(seen.bookmarks)).fates == {}
    desk.seller.untrash()
    assert (await files.changes(seen.bookmarks)).fates == {desk.file_id: Fate.THERE}
    desk.seller.delete_file()
    again = await files.changes(seen.bookmarks)
    assert again.fates == {desk.file_id: Fate.OUT_OF_REACH}


async def test_a_bookmark_that_google_has_forgotten_begins_anew(desk):
    await desk.publish()
    account = next(iter((await desk.sheets.files.changes({})).bookmarks))

    seen = await desk.sheets.files.changes({account: "no place"})

    assert seen.fates == {}
    assert seen.bookmarks[account].isdigit()


async def test_nothing_is_written_into_the_bin_and_a_restored_file_is(desk, clock):
    await desk.publish()
    desk.seller.trash()
    trouble = Trouble(Code.SHEET_TRASHED, clock.now())
    state = replace(desk.destination.state, trouble=trouble)
    desk.destination = replace(desk.destination, state=state)
    version = desk.seller.file.version
    with pytest.raises(SellerMustAct) as binned:
        await desk.publish()
    assert binned.value.code is Code.SHEET_TRASHED
    assert desk.seller.file.version == version

    await desk.sheets.files.restore(desk.destination)
    desk.destination = replace(
        desk.destination, state=replace(desk.destination.state, trouble=trouble)
    )
    report = desk.book.report(seed=5)
    await desk.publish(report)

    assert desk.rows()[2:] == [list(row) for row in report.rows]


async def test_a_sellers_own_file_he_restores_himself(desk, google):
    sheet = google.sellers_file(SELLER)
    sheet.share(ROBOT)
    sheet.trash()
    notes = {"spreadsheet_id": sheet.file_id, "theirs": True, "structured": True}
    destination = replace(desk.destination, state=TableState(notes=notes))

    with pytest.raises(SellerMustAct) as his:
        await desk.sheets.files.restore(destination)

    assert his.value.code is Code.SHEET_TRASHED


# ── anew, with its history ───────────────────────────────────────────────────────────────────


async def test_a_table_made_anew_has_its_whole_history(desk):
    for _ in range(3):
        await desk.publish(desk.book.long_report())
        desk.book.tomorrow()
    desk.seller.delete_file()
    desk.destination = replace(
        desk.destination, state=desk.sheets.files.anew(desk.destination.state)
    )

    await desk.publish(desk.book.long_report())

    assert [row[0] for row in desk.rows("История")[1:]] == desk.book.days()
    assert desk.notes["left_behind"]


async def test_a_deleted_history_comes_back_whole(desk):
    await desk.publish(desk.book.long_report())
    for _ in range(4):
        desk.book.tomorrow()
        await desk.publish(desk.book.long_report())
    desk.seller.delete_tab("История")

    await desk.publish(desk.book.long_report())

    assert [row[0] for row in desk.rows("История")[1:]] == desk.book.days()


async def test_days_on_which_google_was_away_leave_no_hole(desk):
    await desk.publish(desk.book.long_report())
    for _ in range(5):
        desk.book.tomorrow()
        desk.book.long_report()

    assert await desk.publish(desk.book.long_report()) == [READ, WRITE]

    assert [row[0] for row in desk.rows("История")[1:]] == desk.book.days()


async def test_a_refresh_writes_only_the_newest_days(desk, google):
    for _ in range(6):
        await desk.publish(desk.book.long_report())
        desk.book.tomorrow()
    await desk.publish(desk.book.long_report())

    body = google.calls.to(WRITE)[-1].body
    days = [
        row[0]
        for part in body["data"]
        if part["dataFilter"]["gridRange"]["sheetId"] == 7002
        for row in part["values"]
    ]
    assert days == desk.book.days()[-2:]


# ── going away ───────────────────────────────────────────────────────────────────────────────


async def test_leaving_puts_our_file_of_a_shared_drive_into_the_bin(desk, google):
    await desk.publish()
    await desk.sheets.leave(desk.destination)
    assert google.drive.files[desk.file_id].trashed
    await desk.sheets.leave(desk.destination)


async def test_leaving_deletes_an_owners_file_for_ever(google, config, clock, tmp_path):
    desk = await owners_desk(google, config, clock, tmp_path)
    await desk.publish()
    await desk.sheets.leave(desk.destination)

    assert desk.file_id not in google.drive.files
    await desk.sheets.leave(desk.destination)
    desk.sheets.close()


async def test_leaving_while_google_is_away_is_told(desk, google):
    await desk.publish()
    google.faults.plant(Fault.UNAVAILABLE, "drive.*", times=5)

    with pytest.raises(Transient):
        await desk.sheets.leave(desk.destination)


async def test_a_shop_without_a_table_is_left_without_a_word(desk, google):
    await desk.sheets.leave(desk.destination)

    assert len(google.calls) == 0


async def test_a_word_of_another_version_in_the_notes_is_a_defect(desk, google):
    desk.destination = replace(
        desk.destination, state=TableState(notes={"sharing": "of_tomorrow"})
    )
    for step in (desk.sheets.leave(desk.destination), desk.publish()):
        with pytest.raises(Defect) as unread:
            await step
        assert (unread.value.code, unread.value.__cause__) == (Code.INTERNAL, None)
    assert len(google.calls) == 0


# ── places ───────────────────────────────────────────────────────────────────────────────────


async def test_sellers_cannot_share_an_owners_file_on(google, config, clock, tmp_path):
    desk = await owners_desk(google, config, clock, tmp_path)
    await desk.publish()

    assert desk.seller.file.writers_can_share is False
    desk.sheets.close()


async def test_an_owner_whose_storage_is_full_is_the_operators_matter(
    google, config, clock, tmp_path
):
    desk = await owners_desk(google, config, clock, tmp_path)
    await desk.publish()
    google.drive.full_owners.add(google.owner_email)

    with pytest.raises(Defect) as full:
        await desk.publish()
    assert full.value.code is Code.GOOGLE_STORAGE_FULL
    desk.sheets.close()


async def test_a_service_account_without_a_place_makes_no_file_and_no_fuss(google, config, clock):
    sheets = open_google_sheets(replace(config, folder_id=None), clock, marker_secret=b"x")
    desk = Desk(google, sheets)

    assert await desk.publish() == ["create"]

    assert desk.destination.state.url is None
    assert google.tables() == []
    sheets.close()


async def owners_desk(google, config, clock, tmp_path):
    token = tmp_path / "token.json"
    google.owner_file(token)
    folder = google.drive.add_file(
        "Stock Tracker",
        owner=google.owner_email,
        client_id="1-sandbox.apps.googleusercontent.com",
        mime_type="application/vnd.google-apps.folder",
    )
    google.drive.put_permission(folder, "user", "writer", ROBOT)
    owned: GoogleConfig = replace(config, token_file=token, folder_id=folder.file_id)
    return Desk(google, open_google_sheets(owned, clock, marker_secret=b"x"))

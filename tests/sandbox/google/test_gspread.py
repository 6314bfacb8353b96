"""gspread, a client that we did not write, runs against the twin over a real socket."""

import asyncio

import gspread
import pytest

from bot.sandbox.google import GoogleTwin
from tests.sandbox.google.conftest import SELLER
from tests.sandbox.google.discovery import check_request


def forgiving(method_id, body, params):
    """Drive looks away from `withLink`, a word of its version 2 that gspread still sends."""
    known = {key: value for key, value in (body or {}).items() if key != "withLink"}
    return check_request(method_id, known if body else body, params)


@pytest.fixture
async def google(clock):
    async with GoogleTwin(clock, validate=forgiving, quotas=False) as twin:
        yield twin


@pytest.fixture
def title(drive_id, robots_gspread):
    """The title of the only file, made through gspread in the shared drive."""

    async def made():
        return await asyncio.to_thread(robots_gspread.create, "Table", folder_id=drive_id)

    return made


async def test_gspread_creates_writes_formats_and_reads(google, title):
    book = await title()

    def work():
        tab = book.sheet1
        tab.update_title("Остатки")
        tab.resize(20, 8)
        tab.update([["Бренд", "NM ID"], ["Ромашка", 101]], "A1")
        tab.format("A1:B1", {"textFormat": {"bold": True}})
        tab.merge_cells("A1:B1")
        tab.freeze(rows=1)
        tab.set_basic_filter("A1:B3")
        tab.append_row(["Василёк", 102])
        return tab.get_all_values()

    rows = await asyncio.to_thread(work)
    hands = google.hands(book.id)
    assert rows == [["Бренд", ""], ["Ромашка", "101"], ["Василёк", "102"]]
    assert hands.cell("Остатки", "B2") == 101
    assert hands.merges("Остатки") == ["A1:B1"]
    assert hands.format("Остатки", "A1") == {"textFormat": {"bold": True}}
    assert hands.tabs()[0].frozen == (1, 0)
    assert hands.tabs()[0].grid == (20, 8)


async def test_gspread_shares_and_lists_permissions(google, title):
    book = await title()
    await asyncio.to_thread(book.share, SELLER, perm_type="user", role="writer", notify=False)
    assert google.hands(book.id).shared_with() == {SELLER: "writer"}
    assert google.drive.mails == []
    entries = await asyncio.to_thread(book.list_permissions)
    assert [entry["emailAddress"] for entry in entries] == [SELLER]


async def test_gspread_sees_a_refusal_as_its_own_error(title):
    book = await title()
    with pytest.raises(gspread.exceptions.APIError, match="already exists"):
        await asyncio.to_thread(book.add_worksheet, "Sheet1", 1, 1)


async def test_an_expired_token_is_refreshed_by_the_client_itself(google, title, clock):
    book = await title()
    await clock.advance(3601)
    await asyncio.to_thread(
        book.values_update, "A1", {"valueInputOption": "RAW"}, {"values": [[1]]}
    )
    assert google.hands(book.id).cell("Sheet1", "A1") == 1
    assert 401 in {call.status for call in google.calls}

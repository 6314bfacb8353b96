"""The seller's hands, in Python and over HTTP."""

import aiohttp
import pytest

from bot.sandbox.google.errors import ApiError
from tests.sandbox.google.clients import at, grid
from tests.sandbox.google.conftest import ROBOT, SELLER

TAB = "Sheet1"


@pytest.fixture
async def hands(google, robot, sheet):
    rows = [["Бренд", "NM ID"], ["б", 102], ["а", 101], ["в", 103]]
    await robot.write(sheet, at(0, 0, 0, rows))
    await robot.done(sheet, {"setBasicFilter": {"filter": {"range": grid(0)}}})
    return google.hands(sheet)


async def test_a_sort_moves_whole_rows_with_notes_and_colours(hands):
    hands.write(TAB, "D3", "о товаре а")
    hands.note(TAB, "D3", "позвонить")
    hands.colour(TAB, "D3", 0, 1, 0)
    hands.sort(TAB, "B", descending=True)
    assert [row[:2] for row in hands.grid(TAB)] == [
        ["Бренд", "NM ID"],
        ["в", 103],
        ["б", 102],
        ["а", 101],
    ]
    assert hands.cell(TAB, "D4") == "о товаре а"
    assert hands.note_on(TAB, "D4") == "позвонить"
    assert hands.format(TAB, "D4") == {"backgroundColor": {"red": 0, "green": 1, "blue": 0}}
    hands.sort(TAB, "A")
    assert hands.cell(TAB, "D2") == "о товаре а"


async def test_numbers_stand_before_text_and_empty_cells_last(hands):
    hands.write(TAB, "B3", "слово")
    hands.write(TAB, "B4", None)
    hands.sort(TAB, "B")
    assert [row[1] for row in hands.grid(TAB)] == ["NM ID", 102, "слово", None]


async def test_a_hardened_protection_stops_the_bot_but_not_its_editors(robot, hands):
    hands.harden(TAB, [SELLER])
    for call in (
        robot.write(hands.file_id, at(0, 1, 0, [["x"]])),
        robot.batch(hands.file_id, {"repeatCell": {"range": grid(0), "cell": {}, "fields": "*"}}),
        robot.batch(
            hands.file_id,
            {"deleteProtectedRange": {"protectedRangeId": next(iter(ids(hands)))}},
        ),
    ):
        reply = await call
        assert reply.status == 400
        assert "You are trying to edit a protected cell or object." in reply.error["message"]
    hands.harden(TAB, [SELLER, ROBOT])
    assert (await robot.write(hands.file_id, at(0, 1, 0, [["x"]]))).status == 200
    hands.unprotect(TAB)
    assert hands.protections(TAB) == []


def ids(hands):
    return [each["protectedRangeId"] for each in hands.protections(TAB)]


async def test_a_warning_stops_nobody(robot, hands):
    protection = {"range": {"sheetId": 0}, "warningOnly": True}
    await robot.done(hands.file_id, {"addProtectedRange": {"protectedRange": protection}})
    assert (await robot.write(hands.file_id, at(0, 1, 0, [["x"]]))).status == 200


async def test_tabs_are_renamed_moved_hidden_added_and_deleted(robot, hands):
    hands.add_tab("Мой лист")
    hands.write("Мой лист", "A1", "=Sheet1!A1")
    hands.rename_tab(TAB, "Данные")
    hands.move_tab("Данные", 1)
    hands.hide_tab("Данные")
    assert [(each.title, each.hidden) for each in hands.tabs()] == [
        ("Мой лист", False),
        ("Данные", True),
    ]
    assert (await robot.write(hands.file_id, at(0, 1, 0, [["x"]]))).status == 200
    assert hands.cell("Мой лист", "A1") == "=Sheet1!A1"
    hands.delete_tab("Данные")
    refused = await robot.write(hands.file_id, at(0, 1, 0, [["x"]]))
    assert refused.error["message"] == "Invalid data[0]: No grid with id: 0"
    with pytest.raises(KeyError, match="Мой лист"):
        hands.cell("Данные", "A1")


async def test_a_cut_grid_takes_no_more_rows(robot, hands):
    hands.cut_grid(TAB, 2, 2)
    refused = await robot.write(hands.file_id, at(0, 1, 0, [["x"], ["y"]]))
    assert "exceeds grid limits. Max rows: 2, max columns: 2" in refused.error["message"]
    hands.insert_rows(TAB, 2)
    hands.delete_rows(TAB, 3)
    assert hands.grid(TAB) == [["Бренд", "NM ID"]]


async def test_a_seller_shares_his_own_file(google, robot):
    hands = google.sellers_file(SELLER, "Мой файл")
    hands.write(TAB, "A1", "код-1234")
    assert (await robot.file(hands.file_id)).status == 404
    hands.share(ROBOT)
    path = f"/v4/spreadsheets/{hands.file_id}/values/A1"
    assert (await robot.call("GET", path)).json["values"] == [["код-1234"]]
    assert (await robot.file(hands.file_id)).json["owners"][0]["emailAddress"] == SELLER
    hands.revoke(ROBOT)
    assert (await robot.call("GET", path)).status == 403


async def test_without_a_filter_there_is_nothing_to_sort_by(google):
    with pytest.raises(ApiError, match="no basic filter"):
        google.sellers_file(SELLER).sort(TAB, "A")


async def post(google, path, words):
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{google.url}/control/{path}", json=words) as response,
    ):
        return response.status, await response.json()


async def test_scripts_use_the_same_hands_over_http(google, robot, hands):
    act = f"files/{hands.file_id}"
    assert await post(google, f"{act}/write", {"tab": TAB, "cell": "C1", "content": "моё"}) == (
        200,
        {"result": None},
    )
    _, read = await post(google, f"{act}/grid", {"tab": TAB})
    assert read["result"][0] == ["Бренд", "NM ID", "моё"]
    _, tabs = await post(google, f"{act}/tabs", {})
    assert tabs["result"][0]["title"] == TAB
    assert (await post(google, f"{act}/_editing", {}))[0] == 404
    assert (await post(google, f"{act}/write", {"tab": "Нет"}))[0] == 400
    assert (await post(google, "faults", {"fault": "gone"}))[0] == 400
    assert (await post(google, "faults", {"fault": "unavailable"}))[0] == 200
    assert (await robot.get_status(hands.file_id)) == 503
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{google.url}/control/files") as response:
            assert (await response.json())[0]["id"] == hands.file_id
        async with session.get(f"{google.url}/control/calls") as response:
            assert (await response.json())[-1]["status"] == 503

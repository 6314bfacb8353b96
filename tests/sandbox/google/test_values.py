"""Reading and writing figures: by tab number or by A1, raw or as typed."""

import pytest

from tests.sandbox.google.clients import at, grid


def raw(values, **place):
    return {"dataFilter": place, "values": values}


async def test_one_write_fills_several_tabs_at_once(google, robot, sheet):
    await robot.done(sheet, {"addSheet": {"properties": {"sheetId": 2, "title": "История"}}})
    reply = await robot.write(
        sheet, at(0, 0, 0, [["Артикул", 1], ["=A1", 2.5]]), at(2, 1, 0, [["2026-11-19", True]])
    )
    assert reply.json["totalUpdatedCells"] == 6
    assert reply.json["totalUpdatedSheets"] == 2
    assert reply.json["responses"][1]["updatedRange"] == "'История'!A2:B2"
    hands = google.hands(sheet)
    assert hands.grid("Sheet1") == [["Артикул", 1], ["=A1", 2.5]]
    assert hands.grid("История")[1] == ["2026-11-19", True]


async def test_null_keeps_and_an_empty_text_clears(google, robot, sheet):
    await robot.write(sheet, at(0, 0, 0, [["a", "b", "c"]]))
    reply = await robot.write(sheet, at(0, 0, 0, [[None, "", "z"]]))
    assert google.hands(sheet).grid("Sheet1") == [["a", None, "z"]]
    assert reply.json["totalUpdatedCells"] == 2


async def test_less_than_the_range_leaves_the_rest(google, robot, sheet):
    await robot.write(sheet, at(0, 0, 0, [[1, 2], [3, 4]]))
    await robot.write(sheet, raw([[9]], gridRange=grid(0, 0, 2, 0, 2)))
    assert google.hands(sheet).grid("Sheet1") == [[9, 2], [3, 4]]


REFUSALS = {
    "more rows than the range": (
        raw([[1], [2]], gridRange=grid(0, 0, 1, 0, 1)),
        "tried writing to row [2]",
    ),
    "more columns than the range": (
        raw([[1, 2]], gridRange=grid(0, 0, 1, 0, 1)),
        "tried writing to column [B]",
    ),
    "a range behind the grid": (
        raw([[1]], gridRange=grid(0, 999, 1002, 0, 1)),
        "exceeds grid limits. Max rows: 1000, max columns: 26",
    ),
    "values behind the grid": (
        raw([[1], [2]], gridRange=grid(0, 999, None, 0, 1)),
        "exceeds grid limits",
    ),
    "a deleted tab": (raw([[1]], gridRange=grid(7001, 0, 1)), "No grid with id: 7001"),
    "a title that is not there": (raw([[1]], a1Range="Нет!A1"), "Unable to parse range: Нет!A1"),
    "a list in a cell": (raw([[[1]]], a1Range="A1"), "takes a string, a number or a bool"),
    "a long text": (raw([["x" * 50_001]], a1Range="A1"), "maximum of 50000 characters"),
    "a filter that names nothing": (raw([[1]]), "exactly one of"),
    "an unknown key": ({"range": "A1", "values": [[1]]}, 'Unknown name "range"'),
}


@pytest.mark.parametrize("name", REFUSALS)
async def test_a_refused_write_changes_nothing(google, robot, sheet, name):
    data, words = REFUSALS[name]
    reply = await robot.write(sheet, at(0, 0, 0, [["kept?"]]), data)
    assert reply.status == 400
    assert words in reply.error["message"]
    assert google.hands(sheet).grid("Sheet1") == []


async def test_typed_values_are_understood_and_raw_ones_are_not(google, robot, sheet):
    google.hands(sheet).rename_tab("Sheet1", "Лист")
    locale = {"properties": {"locale": "ru_RU"}, "fields": "locale"}
    await robot.done(sheet, {"updateSpreadsheetProperties": locale})
    typed = ["=A1", "1,5", "1.5.2026", "+79990000000", "TRUE", "слово", "'007"]
    await robot.write(sheet, at(0, 0, 0, [typed]), option="USER_ENTERED")
    await robot.write(sheet, at(0, 1, 0, [typed]))
    rows = google.hands(sheet).grid("Лист")
    assert rows[0] == ["=A1", 1.5, 46143, 79990000000, True, "слово", "007"]
    assert rows[1] == typed
    shape = await robot.get(sheet, includeGridData=True)
    first, second = shape["sheets"][0]["data"][0]["rowData"][:2]
    assert first["values"][0]["userEnteredValue"] == {"formulaValue": "=A1"}
    assert second["values"][0]["userEnteredValue"] == {"stringValue": "=A1"}


async def test_an_option_is_required(robot, sheet):
    path = f"/v4/spreadsheets/{sheet}/values/A1"
    reply = await robot.call("PUT", path, {"values": [[1]]})
    assert reply.status == 400
    assert "valueInputOption" in reply.error["message"]


async def test_a1_calls_write_read_append_and_clear(google, robot, sheet):
    base = f"/v4/spreadsheets/{sheet}/values"
    await robot.call(
        "PUT", f"{base}/Sheet1!A1:B2", {"values": [[1, 2], [3, "x"]]}, valueInputOption="RAW"
    )
    body = {
        "valueInputOption": "RAW",
        "data": [{"range": "C1", "values": [[5, 6]], "majorDimension": "COLUMNS"}],
    }
    assert (await robot.call("POST", f"{base}:batchUpdate", body)).status == 200
    read = await robot.call("GET", f"{base}/A:C", valueRenderOption="UNFORMATTED_VALUE")
    assert read.json["values"] == [[1, 2, 5], [3, "x", 6]]
    columns = await robot.call("GET", f"{base}/A1:C2", majorDimension="COLUMNS")
    assert columns.json["values"] == [["1", "3"], ["2", "x"], ["5", "6"]]
    append = f"{base}/A1:append"
    await robot.call("POST", append, {"values": [["last"]]}, valueInputOption="RAW")
    assert google.hands(sheet).cell("Sheet1", "A3") == "last"
    await robot.call("POST", f"{base}/A1:B9:clear", {})
    assert google.hands(sheet).grid("Sheet1") == [[None, None, 5], [None, None, 6]]
    both = await robot.call("GET", f"{base}:batchGet", ranges=["C1", "A1:B9"])
    assert [each.get("values") for each in both.json["valueRanges"]] == [[["5"]], None]
    behind = await robot.call("GET", f"{base}/A2000")
    assert "exceeds grid limits" in behind.error["message"]


async def test_the_id_column_is_read_by_data_filter(robot, sheet):
    await robot.write(sheet, at(0, 2, 3, [[101], [""], [103]]))
    body = {
        "dataFilters": [{"gridRange": grid(0, 2, None, 3, 4)}],
        "valueRenderOption": "UNFORMATTED_VALUE",
    }
    path = f"/v4/spreadsheets/{sheet}/values:batchGetByDataFilter"
    answer = (await robot.call("POST", path, body)).json["valueRanges"][0]
    assert answer["valueRange"]["values"] == [[101], [], [103]]
    assert answer["valueRange"]["range"] == "Sheet1!D3:D1000"


async def test_a_zipped_body_is_read_and_weighed_plain(google, robot, sheet):
    rows = [[f"артикул {i}", i] for i in range(500)]
    assert (await robot.write(sheet, at(0, 0, 0, rows), zipped=True)).status == 200
    call = google.calls.to("values.batchUpdateByDataFilter")[-1]
    assert call.body_bytes > 10_000 > call.wire_bytes > 0
    assert call.body["data"][0]["values"] == rows
    assert google.hands(sheet).cell("Sheet1", "B500") == 499


@pytest.mark.parametrize("zipped", [False, True])
async def test_a_body_over_ten_megabytes_is_refused(robot, sheet, zipped):
    rows = [["x" * 40_000] for _ in range(300)]
    reply = await robot.write(sheet, at(0, 0, 0, rows), zipped=zipped)
    assert reply.status == 400
    assert reply.error["message"] == "Request payload size exceeds the limit: 10485760 bytes."


async def test_a_body_that_is_no_json_is_refused(robot, sheet):
    reply = await robot.call("POST", f"/v4/spreadsheets/{sheet}:batchUpdate", [1])
    assert reply.status == 400
    assert "Invalid JSON payload" in reply.error["message"]


async def test_a_hundred_thousand_cells_cost_the_loop_little(robot, sheet, google):
    size = {"rowCount": 1002, "columnCount": 99}
    properties = {"sheetId": 0, "gridProperties": size}
    mask = "gridProperties.rowCount,gridProperties.columnCount"
    await robot.done(sheet, {"updateSheetProperties": {"properties": properties, "fields": mask}})
    rows = [[f"a{i}", *([i] * 98)] for i in range(1000)]
    reply = await robot.write(sheet, at(0, 2, 0, rows))
    assert reply.json["totalUpdatedCells"] == 99_000
    assert google.hands(sheet).cell("Sheet1", "CU1002") == 999

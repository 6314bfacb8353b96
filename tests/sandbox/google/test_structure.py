"""The one structural call that makes a table, and what is refused of it."""

import pytest

from tests.sandbox.google.clients import at, grid

STOCK, HISTORY = 7001, 7002
BOLD = {"userEnteredFormat": {"textFormat": {"bold": True}}}


def tab(sheet_id, title, rows, columns, **extra):
    size = {"rowCount": rows, "columnCount": columns} | extra
    properties = {"sheetId": sheet_id, "title": title, "gridProperties": size, "index": 0}
    return {"addSheet": {"properties": properties}}


def text(words):
    return {"userEnteredValue": {"stringValue": words}} | BOLD


def table(products=3, warehouses=2):
    """Return the requests that make a small table as the product lays it out."""
    columns = 9 + 3 * warehouses
    starts = range(9, columns, 3)
    days = [8, *(start + 2 for start in starts)]
    points = {
        "minpoint": {"type": "NUMBER", "value": "0", "color": {"red": 1}},
        "maxpoint": {"type": "NUMBER", "value": "60", "color": {"green": 1}},
    }
    groups = [grid(STOCK, 0, 1, 0, 4), grid(STOCK, 0, 1, 4, 9)]
    groups += [grid(STOCK, 0, 1, start, start + 3) for start in starts]
    number = {"userEnteredFormat": {"numberFormat": {"type": "NUMBER", "pattern": "#,##0"}}}
    decimal = {"userEnteredFormat": {"numberFormat": {"type": "NUMBER", "pattern": "0.0"}}}
    mask = "userEnteredFormat.numberFormat"
    rows = [{"values": [text("Основная информация")]}, {"values": [text("Бренд"), text("=1+1")]}]
    width = {"sheetId": STOCK, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 4}
    return [
        {
            "updateSpreadsheetProperties": {
                "properties": {"locale": "ru_RU", "timeZone": "Europe/Moscow"},
                "fields": "locale,timeZone",
            }
        },
        tab(STOCK, "Остатки", products + 2, columns, frozenRowCount=2, frozenColumnCount=4),
        tab(HISTORY, "История", 400, 6),
        {"deleteSheet": {"sheetId": 0}},
        {
            "updateCells": {
                "start": {"sheetId": STOCK, "rowIndex": 0, "columnIndex": 0},
                "rows": rows,
                "fields": "userEnteredValue,userEnteredFormat",
            }
        },
        *({"mergeCells": {"range": box, "mergeType": "MERGE_ALL"}} for box in groups),
        {"repeatCell": {"range": grid(STOCK, 2, None, 4), "cell": number, "fields": mask}},
        *(
            {
                "repeatCell": {
                    "range": grid(STOCK, 2, None, day, day + 1),
                    "cell": decimal,
                    "fields": mask,
                }
            }
            for day in days
        ),
        {
            "updateDimensionProperties": {
                "range": width,
                "properties": {"pixelSize": 140},
                "fields": "pixelSize",
            }
        },
        {
            "addConditionalFormatRule": {
                "rule": {
                    "ranges": [grid(STOCK, 2, None, day, day + 1) for day in days],
                    "gradientRule": points,
                },
                "index": 0,
            }
        },
        {"setBasicFilter": {"filter": {"range": grid(STOCK, 1)}}},
        {
            "addProtectedRange": {
                "protectedRange": {
                    "protectedRangeId": 1,
                    "range": {"sheetId": STOCK},
                    "warningOnly": True,
                }
            }
        },
        {
            "createDeveloperMetadata": {
                "developerMetadata": {
                    "metadataId": 5,
                    "metadataKey": "wb_layout",
                    "metadataValue": "2.0",
                    "location": {"sheetId": STOCK},
                    "visibility": "PROJECT",
                }
            }
        },
    ]


@pytest.fixture
async def made(robot, sheet):
    await robot.done(sheet, *table())
    return sheet


async def test_one_call_makes_the_whole_table(google, robot, made):
    hands = google.hands(made)
    assert [each.title for each in hands.tabs()] == ["История", "Остатки"]
    stock = hands.tabs()[1]
    assert (stock.sheet_id, stock.grid, stock.frozen) == (STOCK, (5, 15), (2, 4))
    assert hands.merges("Остатки") == ["A1:D1", "E1:I1", "J1:L1", "M1:O1"]
    assert hands.cell("Остатки", "A1") == "Основная информация"
    assert hands.format("Остатки", "A1") == BOLD["userEnteredFormat"]
    assert hands.format("Остатки", "L3") == {"numberFormat": {"type": "NUMBER", "pattern": "0.0"}}
    assert hands.column_width("Остатки", "D") == 140
    assert hands.column_width("Остатки", "E") is None
    assert len(hands.rules("Остатки")[0]["ranges"]) == 3
    assert hands.filter("Остатки")["range"] == grid(STOCK, 1) | {}
    assert hands.protections("Остатки")[0]["warningOnly"] is True
    shape = await robot.get(made, fields="properties(locale,timeZone),sheets.properties.title")
    assert shape == {
        "properties": {"locale": "ru_RU", "timeZone": "Europe/Moscow"},
        "sheets": [{"properties": {"title": "История"}}, {"properties": {"title": "Остатки"}}],
    }


async def test_text_that_looks_like_a_formula_stays_text(google, robot, made):
    assert google.hands(made).cell("Остатки", "B2") == "=1+1"
    shape = await robot.get(made, ranges="Остатки!B2", fields="sheets.data.rowData.values")
    cell = shape["sheets"][0]["data"][0]["rowData"][0]["values"][0]
    assert cell["userEnteredValue"] == {"stringValue": "=1+1"}


async def test_numbers_read_as_the_locale_writes_them(google, robot, made):
    await robot.write(made, at(STOCK, 2, 4, [[1234567, 0, 5, 6, 7.25]]))
    shown = google.hands(made).texts("Остатки")[2]
    assert shown[4:9] == ["1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567", "0", "5", "6", "7,2"]


async def test_one_bad_request_undoes_all(google, robot, sheet):
    reply = await robot.batch(
        sheet, tab(5, "New", 10, 10), {"deleteSheet": {"sheetId": 404}}, tab(6, "Other", 10, 10)
    )
    assert reply.status == 400
    assert reply.error["status"] == "INVALID_ARGUMENT"
    assert reply.error["message"] == "Invalid requests[1].deleteSheet: No sheet with id: 404"
    assert [each.title for each in google.hands(sheet).tabs()] == ["Sheet1"]


async def test_the_reply_can_be_thinned_out(robot, sheet):
    reply = await robot.batch(sheet, tab(5, "New", 10, 10), fields="spreadsheetId")
    assert reply.json == {"spreadsheetId": sheet}


async def test_a_repeated_creation_is_refused_cleanly(robot, made):
    assert "Sheet with id 7001 already exists" in await robot.refused(
        made, tab(STOCK, "Another", 5, 5)
    )
    assert 'A sheet with the name "остатки" already exists' in await robot.refused(
        made, tab(8, "остатки", 5, 5)
    )
    whole = {"range": grid(HISTORY), "warningOnly": True, "protectedRangeId": 1}
    assert "Protected range with id 1 already exists" in await robot.refused(
        made, {"addProtectedRange": {"protectedRange": whole}}
    )
    again = {"range": {"sheetId": STOCK}, "warningOnly": True, "protectedRangeId": 2}
    assert "already has sheet protection" in await robot.refused(
        made, {"addProtectedRange": {"protectedRange": again}}
    )
    metadata = {
        "metadataId": 5,
        "metadataKey": "k",
        "location": {"spreadsheet": True},
        "visibility": "PROJECT",
    }
    assert "id 5 already exists" in await robot.refused(
        made, {"createDeveloperMetadata": {"developerMetadata": metadata}}
    )


def resized(sheet_id, **size):
    fields = ",".join(f"gridProperties.{key}" for key in size)
    properties = {"sheetId": sheet_id, "gridProperties": size}
    return {"updateSheetProperties": {"properties": properties, "fields": fields}}


MERGE = "mergeCells"
REFUSALS = {
    "merge over a frozen bar": (
        {MERGE: {"range": grid(STOCK, 3, 4, 0, 5), "mergeType": "MERGE_ALL"}},
        "only part of a merged cell",
    ),
    "merge over a merge": (
        {MERGE: {"range": grid(STOCK, 0, 1, 0, 3), "mergeType": "MERGE_ALL"}},
        "You must select all cells in a merged range",
    ),
    "unmerge half a merge": (
        {"unmergeCells": {"range": grid(STOCK, 0, 1, 0, 3)}},
        "You must select all cells in a merged range",
    ),
    "freeze through a merge": (resized(STOCK, frozenColumnCount=5), "only part of a merged cell"),
    "freeze every row": (resized(STOCK, frozenRowCount=5), "freeze all visible rows"),
    "more cells than a workbook holds": (
        resized(HISTORY, rowCount=1_000_000, columnCount=11),
        "above the limit of 10000000 cells",
    ),
    "editors of a mere warning": (
        {
            "addProtectedRange": {
                "protectedRange": {
                    "range": grid(HISTORY),
                    "warningOnly": True,
                    "editors": {"users": ["a@example.com"]},
                }
            }
        },
        "Editors cannot be set on it",
    ),
    "cells outside the grid": (
        {"repeatCell": {"range": grid(STOCK, 0, 6), "cell": BOLD, "fields": "*"}},
        "exceeds grid limits. Max rows: 5, max columns: 15",
    ),
    "an unknown tab": (
        {"setBasicFilter": {"filter": {"range": grid(99)}}},
        "No grid with id: 99",
    ),
    "an empty mask": (
        {"repeatCell": {"range": grid(STOCK), "cell": BOLD}},
        "At least one field must be listed",
    ),
    "an unknown mask": (
        {"repeatCell": {"range": grid(STOCK), "cell": BOLD, "fields": "userEnteredFormat.bold"}},
        "Invalid field: bold",
    ),
    "an unknown key": (
        {"repeatCell": {"range": grid(STOCK), "cells": BOLD, "fields": "*"}},
        'Unknown name "cells"',
    ),
    "an unknown request": ({"mergeCell": {}}, 'Unknown name "mergeCell"'),
    "a wrong type": (
        {"deleteSheet": {"sheetId": "7001"}},
        "Invalid value at 'requests[0].deleteSheet.sheetId'",
    ),
    "a wrong enum": (
        {MERGE: {"range": grid(STOCK, 3, 4, 5, 7), "mergeType": "ALL"}},
        "Invalid value at 'requests[0].mergeCells.mergeType'",
    ),
    "two kinds in one request": (
        {"deleteSheet": {"sheetId": 1}, "clearBasicFilter": {"sheetId": 1}},
        "oneof field 'kind' is already set",
    ),
    "no kind": ({}, "No request set"),
    "an empty range": (
        {"unmergeCells": {"range": grid(STOCK, 3, 3)}},
        "must be after startRowIndex",
    ),
    "insertion behind the edge": (
        {
            "insertDimension": {
                "range": {
                    "sheetId": STOCK,
                    "dimension": "ROWS",
                    "startIndex": 5,
                    "endIndex": 6,
                }
            }
        },
        "must be less than the grid size (5) if inheritFromBefore is false",
    ),
    "a rule that is not there": (
        {"deleteConditionalFormatRule": {"sheetId": STOCK, "index": 3}},
        "No conditional format",
    ),
    "every row deleted": (
        {
            "deleteDimension": {
                "range": {
                    "sheetId": STOCK,
                    "dimension": "ROWS",
                    "startIndex": 2,
                    "endIndex": 5,
                }
            }
        },
        "not possible to delete all non-frozen rows",
    ),
    "text that no cell holds": (
        {
            "updateCells": {
                "start": {"sheetId": STOCK, "rowIndex": 2},
                "rows": [{"values": [{"userEnteredValue": {"stringValue": "x" * 50_001}}]}],
                "fields": "userEnteredValue",
            }
        },
        "maximum of 50000 characters",
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
async def test_what_google_refuses_is_refused(robot, made, name):
    request, words = REFUSALS[name]
    assert words in await robot.refused(made, request)


async def test_the_last_tab_stays(robot, sheet):
    message = await robot.refused(sheet, {"deleteSheet": {"sheetId": 0}})
    assert "You can't remove all the sheets" in message


async def test_rows_grown_before_columns_shrink_are_counted_together(robot, sheet):
    await robot.done(sheet, resized(0, rowCount=10, columnCount=18_000))
    await robot.done(sheet, resized(0, rowCount=1_000_000, columnCount=9))


async def test_cells_not_covered_by_rows_are_cleared_for_the_mask_only(google, robot, sheet):
    hands = google.hands(sheet)
    hands.write("Sheet1", "A1", "one")
    hands.write("Sheet1", "B2", "two")
    hands.note("Sheet1", "B2", "mine")
    request = {
        "updateCells": {
            "range": grid(0, 0, 3, 0, 3),
            "rows": [{"values": [{"userEnteredValue": {"numberValue": 5}}]}],
            "fields": "userEnteredValue",
        }
    }
    await robot.done(sheet, request)
    assert hands.grid("Sheet1") == [[5]]
    assert hands.note_on("Sheet1", "B2") == "mine"


async def test_borders_are_drawn_on_edges_and_taken_away(google, robot, sheet):
    line = {"style": "SOLID", "color": {"red": 1}}
    await robot.done(sheet, {"updateBorders": {"range": grid(0, 0, 2, 0, 2), "right": line}})
    hands = google.hands(sheet)
    assert hands.format("Sheet1", "B2") == {"borders": {"right": line}}
    assert hands.format("Sheet1", "A1") == {}
    gone = {"style": "NONE"}
    await robot.done(sheet, {"updateBorders": {"range": grid(0, 0, 2, 0, 2), "right": gone}})
    assert hands.format("Sheet1", "B2") == {}


async def test_a_copied_block_brings_values_only(google, robot, made):
    hidden = {"sheetId": 9, "title": "staging", "hidden": True}
    await robot.done(made, {"addSheet": {"properties": hidden}})
    await robot.write(made, at(9, 0, 0, [[1, 2], [3, 4]]))
    paste = {
        "copyPaste": {
            "source": grid(9, 0, 2, 0, 2),
            "destination": grid(STOCK, 2, 4, 4, 6),
            "pasteType": "PASTE_VALUES",
        }
    }
    await robot.done(made, paste)
    hands = google.hands(made)
    assert [row[4:6] for row in hands.grid("Остатки")[2:4]] == [[1, 2], [3, 4]]
    assert hands.format("Остатки", "E3")["numberFormat"]["pattern"] == "#,##0"


async def test_a_rule_is_replaced_with_wider_ranges(google, robot, made):
    rule = google.hands(made).rules("Остатки")[0]
    wider = rule | {"ranges": [*rule["ranges"], grid(STOCK, 2, None, 3, 4)]}
    replies = await robot.done(
        made, {"updateConditionalFormatRule": {"index": 0, "rule": wider, "sheetId": STOCK}}
    )
    assert len(replies[0]["updateConditionalFormatRule"]["newRule"]["ranges"]) == 4
    assert len(google.hands(made).rules("Остатки")[0]["ranges"]) == 4


async def test_metadata_is_found_again_and_goes_with_its_tab(robot, made):
    path = f"/v4/spreadsheets/{made}/developerMetadata:search"
    wanted = {"dataFilters": [{"developerMetadataLookup": {"metadataKey": "wb_layout"}}]}
    found = (await robot.call("POST", path, wanted)).json["matchedDeveloperMetadata"]
    assert found[0]["developerMetadata"]["metadataValue"] == "2.0"
    await robot.done(made, {"deleteSheet": {"sheetId": STOCK}})
    assert (await robot.call("POST", path, wanted)).json == {}

"""The referee itself: it finds what it should and lets pass what is right."""

import pytest

from tests.sandbox.google.discovery import check_answer, check_fields, check_request

BATCH = "sheets.spreadsheets.batchUpdate"
FILE = {"spreadsheetId": ["x"]}


def repeat(**words):
    return {"requests": [{"repeatCell": words}]}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"request": []}, 'Unknown name "request"'),
        (repeat(fields="*", rang={}), 'Unknown name "rang"'),
        (repeat(fields="userEnteredFormat(bold)"), "Invalid field: bold"),
        (repeat(range={"sheetId": 1.5}), "(integer)"),
        (repeat(range={"sheetId": True}), "(integer)"),
        (repeat(cell={"userEnteredValue": {"stringValue": 5}}), "(string)"),
        (repeat(cell={"userEnteredFormat": {"horizontalAlignment": "MIDDLE"}}), "(enum)"),
        ({"requests": {}}, "(array)"),
    ],
)
def test_a_wrong_body_is_named(body, words):
    assert any(words in problem for problem in check_request(BATCH, body, FILE))


def test_a_right_body_passes():
    body = repeat(
        range={"sheetId": 1, "startRowIndex": 2},
        cell={"userEnteredFormat": {"numberFormat": {"type": "NUMBER", "pattern": "0.0"}}},
        fields="userEnteredFormat.numberFormat",
    )
    assert check_request(BATCH, body, FILE | {"fields": "spreadsheetId"}) == []


def test_parameters_are_checked_too():
    method = "drive.files.get"
    assert check_request(method, None, {"fileId": "x", "supportsAllDrives": "true"}) == []
    assert check_request(method, None, {}) == ["Missing required parameter: fileId"]
    assert check_request(method, None, {"fileId": "x", "supportsAllDrives": "yes"}) != []
    assert check_request(method, None, {"fileId": "x", "color": "red"}) != []
    assert check_request(method, None, {"fileId": "x", "fields": "id,colour"}) == [
        "Invalid field selection: colour"
    ]
    get = "sheets.spreadsheets.values.get"
    params = {"spreadsheetId": "x", "range": "A1", "majorDimension": "DIAGONALS"}
    assert check_request(get, None, params) != []


def test_answers_and_field_masks_are_checked():
    assert check_answer("drive.files.get", {"id": "x", "trashed": False}) == []
    assert check_answer("drive.files.get", {"id": 5}) != []
    assert check_answer("drive.files.delete", {"id": "x"}) != []
    assert check_fields("drive.changes.list", "changes(file(trashed)),newStartPageToken") == []
    assert check_fields("sheets.spreadsheets.get", "sheets/properties/gone") != []

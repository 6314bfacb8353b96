"""Files: who may make, see, find, bin and delete them."""

import pytest

from bot.sandbox.google.accounts import DRIVE_FILE
from bot.sandbox.google.drive.model import FOLDER
from tests.sandbox.google.clients import RestClient
from tests.sandbox.google.conftest import OTHER_ROBOT, ROBOT, SELLER


async def change(client, file_id, body, **params):
    path = f"/drive/v3/files/{file_id}"
    return await client.call("PATCH", path, body, supportsAllDrives=True, **params)


async def delete(client, file_id):
    return await client.call("DELETE", f"/drive/v3/files/{file_id}", supportsAllDrives=True)


async def found(client, query):
    params = {"q": query, "supportsAllDrives": True, "includeItemsFromAllDrives": True}
    reply = await client.call("GET", "/drive/v3/files", **params)
    assert reply.status == 200, reply.text
    return [each["id"] for each in reply.json["files"]]


async def test_a_service_account_has_no_storage_of_its_own(robot, owner):
    folder = await owner.create_sheet(mimeType=FOLDER, name="Tables")
    path = f"/drive/v3/files/{folder}/permissions"
    entry = {"type": "user", "role": "writer", "emailAddress": ROBOT}
    await owner.call("POST", path, entry, sendNotificationEmail=False)
    for parent in (None, folder):
        reply = await robot.create(parent)
        assert (reply.status, reply.reason) == (403, "storageQuotaExceeded")
        assert reply.error["errors"][0]["domain"] == "usageLimits"
    reply = await robot.call("POST", "/v4/spreadsheets", {"properties": {"title": "T"}})
    assert reply.status == 403
    assert reply.error["message"] == "The caller does not have permission"
    about = await robot.call("GET", "/drive/v3/about", fields="storageQuota")
    assert about.json["storageQuota"]["limit"] == "0"


async def test_a_shared_drive_takes_files_of_service_accounts(robot, drive_id):
    reply = await robot.create(drive_id, properties={"seller": "mark"})
    assert set(reply.json) == {"kind", "id", "name", "mimeType"}
    file = (await robot.file(reply.json["id"])).json
    assert len(file["id"]) == 44
    assert file["driveId"] == drive_id
    assert "owners" not in file
    assert file["capabilities"]["canEdit"]
    assert not file["capabilities"]["canDelete"]


async def test_shared_drives_hide_from_who_does_not_name_them(robot, sheet, drive_id):
    reply = await robot.call("GET", f"/drive/v3/files/{sheet}")
    assert (reply.status, reply.reason) == (404, "notFound")
    body = {"name": "x", "parents": [drive_id]}
    assert (await robot.call("POST", "/drive/v3/files", body)).status == 404


async def test_the_owner_makes_a_folder_and_service_accounts_edit_in_it(owner, robot, google):
    folder = await owner.create_sheet(mimeType=FOLDER, name="Tables")
    google.hands(folder).share(ROBOT)
    file_id = await owner.create_sheet(folder)
    assert (await robot.batch(file_id, {"clearBasicFilter": {"sheetId": 0}})).status == 200
    file = (await owner.file(file_id)).json
    assert (file["parents"], file["ownedByMe"]) == ([folder], True)


async def test_an_own_spreadsheet_can_be_made_by_sheets_itself(owner):
    body = {"properties": {"title": "Mine"}, "sheets": [{"properties": {"title": "First"}}]}
    made = (await owner.call("POST", "/v4/spreadsheets", body)).json
    assert made["sheets"][0]["properties"]["title"] == "First"
    assert (await owner.file(made["spreadsheetId"])).json["name"] == "Mine"


async def test_a_full_owner_can_neither_make_nor_write(owner, robot, google):
    file_id = await owner.create_sheet()
    google.hands(file_id).share(ROBOT)
    google.drive.full_owners.add(google.owner_email)
    reply = await owner.create()
    assert (reply.status, reply.reason) == (403, "storageQuotaExceeded")
    assert (await robot.batch(file_id, {"clearBasicFilter": {"sheetId": 0}})).status == 403
    quota = (await owner.call("GET", "/drive/v3/about", fields="storageQuota")).json
    assert quota["storageQuota"]["usage"] == quota["storageQuota"]["limit"]


async def test_drive_file_sees_only_what_its_client_made(google, owner):
    hands = google.sellers_file(SELLER)
    hands.share(google.owner_email)
    assert (await owner.file(hands.file_id)).status == 404
    assert (await owner.call("GET", f"/v4/spreadsheets/{hands.file_id}")).status == 404
    assert await found(owner, "trashed=false") == []
    async with RestClient.service_account(google, ROBOT, [DRIVE_FILE]) as narrow:
        hands.share(ROBOT)
        assert (await narrow.call("GET", f"/v4/spreadsheets/{hands.file_id}")).status == 404


async def test_a_strangers_sheet_is_forbidden_and_a_missing_one_not_found(google, robot):
    hands = google.sellers_file(SELLER)
    reply = await robot.call("GET", f"/v4/spreadsheets/{hands.file_id}")
    assert (reply.status, reply.error["status"]) == (403, "PERMISSION_DENIED")
    hands.share(ROBOT, "reader")
    assert (await robot.call("GET", f"/v4/spreadsheets/{hands.file_id}")).status == 200
    assert (await robot.batch(hands.file_id, {"clearBasicFilter": {"sheetId": 0}})).status == 403
    hands.delete_file()
    reply = await robot.call("GET", f"/v4/spreadsheets/{hands.file_id}")
    assert (reply.status, reply.error["message"]) == (404, "Requested entity was not found.")


async def test_the_marker_finds_a_file_whose_creation_was_never_answered(robot, sheet, drive_id):
    marked = await robot.create_sheet(drive_id, properties={"seller": "it's me"})
    query = r"properties has { key='seller' and value='it\'s me' } and trashed=false"
    assert await found(robot, query) == [marked]
    assert await found(robot, f"'{drive_id}' in parents") == [marked, sheet]
    assert await found(robot, "name = 'Other' and trashed = false") == []
    assert await found(robot, "name contains 'stock'") == [marked, sheet]
    await change(robot, marked, {"properties": {"seller": None}, "name": "Other"})
    assert await found(robot, query) == []
    assert await found(robot, "name = 'Other'") == [marked]


async def test_a_search_that_drive_cannot_read_is_refused(robot):
    reply = await robot.call("GET", "/drive/v3/files", q="seller = 'x'")
    assert (reply.status, reply.error["message"]) == (400, "Invalid Value")


async def test_app_properties_are_private_to_their_client(google, robot, sheet):
    await change(robot, sheet, {"appProperties": {"a": "1"}})
    assert (await robot.file(sheet)).json["appProperties"] == {"a": "1"}
    async with RestClient.service_account(google, OTHER_ROBOT) as other:
        assert (await other.file(sheet)).json["appProperties"] == {}


async def test_a_binned_file_keeps_taking_writes(google, robot, sheet):
    assert (await change(robot, sheet, {"trashed": True})).status == 200
    assert (await robot.file(sheet, fields="trashed,explicitlyTrashed")).json == {
        "trashed": True,
        "explicitlyTrashed": True,
    }
    assert (await robot.batch(sheet, {"clearBasicFilter": {"sheetId": 0}})).status == 200
    google.hands(sheet).untrash()
    assert (await robot.file(sheet, fields="trashed")).json == {"trashed": False}


async def test_a_content_manager_bins_but_does_not_delete(robot, sheet):
    reply = await delete(robot, sheet)
    assert (reply.status, reply.reason) == (403, "insufficientFilePermissions")


async def test_only_the_owner_bins_and_deletes_in_a_my_drive(google, owner, robot):
    file_id = await owner.create_sheet(writersCanShare=False)
    google.hands(file_id).share(ROBOT)
    assert (await change(robot, file_id, {"trashed": True})).status == 403
    assert (await delete(robot, file_id)).status == 403
    assert not (await robot.file(file_id)).json["capabilities"]["canShare"]
    reply = await delete(owner, file_id)
    assert (reply.status, reply.text) == (204, "")
    assert (await owner.file(file_id)).status == 404


async def test_renaming_the_file_renames_the_spreadsheet_and_back(google, robot, sheet):
    await change(robot, sheet, {"name": "New"})
    assert (await robot.get(sheet, fields="properties.title"))["properties"]["title"] == "New"
    title = {"properties": {"title": "Newer"}, "fields": "title"}
    await robot.done(sheet, {"updateSpreadsheetProperties": title})
    assert google.hands(sheet).name == "Newer"


async def test_a_file_moves_into_another_folder(owner):
    folder = await owner.create_sheet(mimeType=FOLDER, name="Tables")
    file_id = await owner.create_sheet()
    assert (await change(owner, file_id, {}, addParents=folder)).status == 200
    assert (await owner.file(file_id)).json["parents"] == [folder]
    assert (await change(owner, file_id, {}, addParents="nowhere")).status == 404


@pytest.mark.parametrize(
    ("verb", "path", "status"),
    [("GET", "/drive/v3/about", 400), ("GET", "/nowhere", 404), ("POST", "/drive/v3/about", 404)],
)
async def test_a_call_that_google_does_not_know(robot, verb, path, status):
    assert (await robot.call(verb, path)).status == status


async def test_an_own_id_is_not_taken_for_a_native_file(robot, drive_id):
    assert (await robot.create(drive_id, id="x" * 44)).status == 400


async def test_a_field_that_does_not_exist_is_refused(robot, sheet):
    reply = await robot.file(sheet, fields="trashed,colour")
    assert (reply.status, reply.error["message"]) == (400, "Invalid field selection: colour")


async def test_a_shared_drive_answers_as_the_folder_that_it_is(google, robot, drive_id):
    folder = (await robot.file(drive_id)).json
    assert (folder["name"], folder["mimeType"]) == ("Tables", FOLDER)
    assert folder["capabilities"]["canAddChildren"]
    assert await found(robot, "trashed=false") == []
    assert google.tables() == []

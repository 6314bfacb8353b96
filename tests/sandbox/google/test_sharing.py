"""Sharing, and the change log in which a sweep finds what happened."""

import pytest

from tests.sandbox.google.conftest import ROBOT, SELLER

NOBODY = "nobody@example.org"


async def share(client, file_id, *, email=SELLER, role="writer", kind="user", **params):
    body = {"type": kind, "role": role} | ({"emailAddress": email} if email else {})
    path = f"/drive/v3/files/{file_id}/permissions"
    return await client.call("POST", path, body, supportsAllDrives=True, **params)


async def test_a_seller_is_let_in_without_mail(google, robot, sheet):
    reply = await share(robot, sheet, sendNotificationEmail=False, fields="id,emailAddress")
    assert reply.json["emailAddress"] == SELLER
    assert google.hands(sheet).shared_with() == {SELLER: "writer"}
    assert google.drive.mails == []


async def test_people_are_mailed_unless_told_otherwise(google, robot, sheet):
    await share(robot, sheet)
    assert [mail.to for mail in google.drive.mails] == [SELLER]


async def test_an_address_without_a_google_account_needs_the_mail(google, robot, sheet):
    google.accounts.without_google_account(NOBODY)
    reply = await share(robot, sheet, email=NOBODY, sendNotificationEmail=False)
    assert (reply.status, reply.reason) == (400, "invalidSharingRequest")
    assert "no Google account associated with this email address" in reply.error["message"]
    assert (await share(robot, sheet, email=NOBODY)).status == 200


async def test_the_link_is_opened_without_any_mail_word(google, robot, sheet):
    refused = await share(
        robot, sheet, email="", kind="anyone", role="reader", sendNotificationEmail=False
    )
    assert refused.status == 400
    opened = await share(robot, sheet, email="", kind="anyone", role="reader")
    assert opened.json["id"] == "anyoneWithLink"
    assert google.hands(sheet).shared_with() == {"anyone": "reader"}


@pytest.mark.parametrize(
    "words",
    [{"role": "owner"}, {"kind": "robot"}, {"role": "boss"}, {"email": ""}],
)
async def test_a_permission_that_makes_no_sense_is_refused(robot, sheet, words):
    assert (await share(robot, sheet, **words)).status == 400


async def test_roles_change_and_entries_go(google, robot, sheet):
    entry = (await share(robot, sheet)).json["id"]
    path = f"/drive/v3/files/{sheet}/permissions/{entry}"
    words = {"supportsAllDrives": True}
    assert (await robot.call("PATCH", path, {"role": "reader"}, **words)).status == 200
    assert (await robot.call("GET", path, fields="role", **words)).json == {"role": "reader"}
    assert (await robot.call("DELETE", path, **words)).status == 204
    assert google.hands(sheet).shared_with() == {}
    gone = await robot.call("DELETE", path, **words)
    assert (gone.status, gone.error["message"]) == (404, f"Permission not found: {entry}.")


async def test_a_writer_shares_only_where_the_owner_lets_him(google, owner, robot):
    for allowed, status in ((True, 200), (False, 403)):
        file_id = await owner.create_sheet(writersCanShare=allowed)
        google.hands(file_id).share(ROBOT)
        assert (await share(robot, file_id)).status == status


async def test_the_bot_takes_itself_out_of_a_sellers_file(google, robot):
    hands = google.sellers_file(SELLER)
    hands.share(ROBOT)
    path = f"/drive/v3/files/{hands.file_id}/permissions"
    entries = (await robot.call("GET", path, fields="permissions(id,emailAddress,role)")).json
    mine = next(e["id"] for e in entries["permissions"] if e["emailAddress"] == ROBOT)
    assert (await robot.call("DELETE", f"{path}/{mine}")).status == 204
    assert (await robot.call("GET", f"/v4/spreadsheets/{hands.file_id}")).status == 403


async def start(client):
    path = "/drive/v3/changes/startPageToken"
    return (await client.call("GET", path, supportsAllDrives=True)).json["startPageToken"]


async def sweep(client, token, **params):
    words = {"supportsAllDrives": True, "includeItemsFromAllDrives": True}
    fields = "nextPageToken,newStartPageToken,changes(fileId,removed,file(trashed))"
    reply = await client.call(
        "GET", "/drive/v3/changes", pageToken=token, fields=fields, **words, **params
    )
    assert reply.status == 200, reply.text
    return reply.json


async def test_one_sweep_finds_what_happened_to_every_file(google, robot, drive_id):
    binned, deleted, untouched = [await robot.create_sheet(drive_id) for _ in range(3)]
    lost = google.sellers_file(SELLER)
    lost.share(ROBOT)
    token = await start(robot)
    google.hands(binned).trash()
    google.hands(deleted).delete_file()
    lost.revoke(ROBOT)
    lost.rename_file("his own business")
    answer = await sweep(robot, token)
    assert {each["fileId"]: each.get("file") for each in answer["changes"]} == {
        binned: {"trashed": True},
        deleted: None,
        lost.file_id: None,
    }
    assert untouched not in str(answer)
    again = await sweep(robot, answer["newStartPageToken"])
    assert again["changes"] == []


async def test_changes_come_in_pages(robot, drive_id):
    token = await start(robot)
    made = [await robot.create_sheet(drive_id) for _ in range(3)]
    first = await sweep(robot, token, pageSize=2)
    assert "newStartPageToken" not in first
    second = await sweep(robot, first["nextPageToken"], pageSize=2)
    ids = [each["fileId"] for each in first["changes"] + second["changes"]]
    assert ids == made


async def test_an_owner_with_drive_file_sees_no_strangers(google, owner):
    token = await start(owner)
    google.sellers_file(SELLER).share(google.owner_email)
    mine = await owner.create_sheet()
    assert [each["fileId"] for each in (await sweep(owner, token))["changes"]] == [mine]


async def test_a_page_token_of_nowhere_is_refused(robot):
    reply = await robot.call("GET", "/drive/v3/changes", pageToken="999")
    assert reply.status == 400

"""Quotas and faults: Google when it will not, cannot or does not say."""

import asyncio
from datetime import UTC, datetime

import aiohttp
import pytest

from bot.sandbox.google import Fault
from bot.sandbox.google.calls import Call, CallLog
from tests.sandbox.google.clients import RestClient, at
from tests.sandbox.google.conftest import OTHER_ROBOT

WRITE = "sheets.spreadsheets.values.batchUpdateByDataFilter"


async def test_a_minute_holds_so_many_calls_per_user_and_kind(google, robot, sheet, clock):
    google.quotas.enabled, google.quotas.per_user = True, 2
    for _ in range(2):
        assert (await robot.write(sheet, at(0, 0, 0, [[1]]))).status == 200
    refused = await robot.write(sheet, at(0, 0, 0, [[2]]))
    assert (refused.status, refused.error["status"]) == (429, "RESOURCE_EXHAUSTED")
    metadata = refused.error["details"][0]["metadata"]
    assert metadata["quota_limit"] == "WriteRequestsPerMinutePerUser"
    assert metadata["quota_limit_value"] == "2"
    assert google.hands(sheet).cell("Sheet1", "A1") == 1
    assert (await robot.call("GET", f"/v4/spreadsheets/{sheet}")).status == 200
    async with RestClient.service_account(google, OTHER_ROBOT) as other:
        assert (await other.write(sheet, at(0, 0, 0, [[3]]))).status == 200
    await clock.advance(60)
    assert (await robot.write(sheet, at(0, 0, 0, [[4]]))).status == 200


async def test_the_project_runs_dry_for_everybody(google, robot, sheet):
    google.quotas.enabled, google.quotas.per_project = True, 1
    await robot.call("GET", f"/v4/spreadsheets/{sheet}")
    async with RestClient.service_account(google, OTHER_ROBOT) as other:
        refused = await other.call("GET", f"/v4/spreadsheets/{sheet}")
    limit = refused.error["details"][0]["metadata"]["quota_limit"]
    assert limit == "ReadRequestsPerMinutePerProject"


ANSWERS = {
    Fault.UNAVAILABLE: (503, "UNAVAILABLE"),
    Fault.INTERNAL_ERROR: (500, "INTERNAL"),
    Fault.USER_QUOTA: (429, "RESOURCE_EXHAUSTED"),
    Fault.PROJECT_QUOTA: (429, "RESOURCE_EXHAUSTED"),
    Fault.PERMISSION_DENIED: (403, "PERMISSION_DENIED"),
    Fault.SERVICE_DISABLED: (403, "PERMISSION_DENIED"),
    Fault.UNAUTHENTICATED: (401, "UNAUTHENTICATED"),
}


@pytest.mark.parametrize("fault", ANSWERS)
async def test_a_planted_answer_comes_once_and_changes_nothing(google, robot, sheet, fault):
    google.faults.plant(fault)
    reply = await robot.write(sheet, at(0, 0, 0, [[1]]))
    assert (reply.status, reply.error["status"]) == ANSWERS[fault]
    assert google.hands(sheet).grid("Sheet1") == []
    assert (await robot.write(sheet, at(0, 0, 0, [[1]]))).status == 200


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault.STORAGE_FULL, "storageQuotaExceeded"),
        (Fault.SHARING_RATE_LIMIT, "sharingRateLimitExceeded"),
        (Fault.SERVICE_DISABLED, "accessNotConfigured"),
    ],
)
async def test_drive_refuses_with_a_reason(google, robot, sheet, fault, reason):
    google.faults.plant(fault, "drive.*")
    reply = await robot.file(sheet)
    assert (reply.status, reply.reason) == (403, reason)


async def test_an_unanswered_write_was_done(google, robot, sheet):
    google.faults.plant(Fault.UNAVAILABLE_AFTER, WRITE)
    assert (await robot.write(sheet, at(0, 0, 0, [["done"]]))).status == 503
    assert google.hands(sheet).cell("Sheet1", "A1") == "done"


@pytest.mark.parametrize(("fault", "grid"), [(Fault.RESET, []), (Fault.RESET_AFTER, [["done"]])])
async def test_a_cut_connection(google, robot, sheet, fault, grid):
    google.faults.plant(fault, WRITE)
    with pytest.raises(aiohttp.ClientConnectionError):
        await robot.write(sheet, at(0, 0, 0, [["done"]]))
    assert google.hands(sheet).grid("Sheet1") == grid
    assert google.calls[-1].status == 0


async def test_a_front_end_that_answers_in_html(google, robot, sheet):
    google.faults.plant(Fault.BAD_GATEWAY_HTML, WRITE)
    reply = await robot.write(sheet, at(0, 0, 0, [[1]]))
    assert (reply.status, reply.json) == (502, None)
    assert reply.text.startswith("<!DOCTYPE html>")


async def test_a_stall_lasts_as_long_as_the_clock_says(google, robot, sheet, clock):
    google.faults.plant(Fault.STALL, WRITE, seconds=200)
    async with clock.autorun(), asyncio.timeout(10):
        before = clock.monotonic()
        assert (await robot.write(sheet, at(0, 0, 0, [[1]]))).status == 200
    assert clock.monotonic() - before >= 200


async def test_faults_wait_for_their_call_and_caller(google, robot, sheet):
    google.faults.plant(Fault.UNAVAILABLE, WRITE, skip=1, times=2)
    google.faults.plant(Fault.INTERNAL_ERROR, "sheets.*", email=OTHER_ROBOT)
    answers = [(await robot.write(sheet, at(0, 0, 0, [[1]]))).status for _ in range(4)]
    assert answers == [200, 503, 503, 200]
    google.faults.clear()


async def test_every_call_is_written_down(google, robot, sheet):
    google.calls.clear()
    await robot.write(sheet, at(0, 0, 0, [[1]]))
    await robot.file(sheet)
    assert [(call.api, call.status) for call in google.calls] == [("sheets", 200), ("drive", 200)]
    write = google.calls.to(WRITE)[0]
    assert write.principal == robot.principal.email
    assert write.body["data"][0]["values"] == [[1]]
    assert write.body_bytes == write.wire_bytes > 0
    assert google.calls.of("drive")[0].query["supportsAllDrives"] == ["true"]


async def test_what_it_remembers_outlives_a_stop(google, robot, sheet):
    port = int(google.url.rpartition(":")[2])
    await google.stop()
    await google.start(port=port)
    assert (await robot.file(sheet)).status == 200


async def test_old_bodies_are_forgotten_but_not_their_sizes():
    log = CallLog(body_limit_bytes=100)
    calls = [
        Call("sheets", "m", "POST", "/", datetime(2026, 11, 20, tzinfo=UTC), body_bytes=60)
        for _ in range(2)
    ]
    for call in calls:
        log.add(call)
        log.keep_body(call, {"big": True})
    assert [call.body for call in log] == [None, {"big": True}]
    assert [call.body_bytes for call in log] == [60, 60]

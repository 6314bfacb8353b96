"""Google's quota: planned work stays below it, people who wait may use the rest, 429 is obeyed."""

import asyncio
from dataclasses import replace

import pytest

from bot.core.errors import Code, Transient
from bot.outputs.google_sheets import open_google_sheets
from bot.outputs.google_sheets.quota import CallKind, Quota
from bot.sandbox.google import Fault
from tests.outputs.google_sheets.conftest import ROBOT, Desk
from tests.outputs.google_sheets.test_publishing import READ, WRITE

OTHER_ROBOT = "robot-2@stock-tracker.iam.gserviceaccount.com"


async def _calls_within(clock, quota, seconds, *, accounts=("a",), urgent=False):
    done = 0

    async def caller(account):
        nonlocal done
        while True:
            await quota.take(account, CallKind.WRITE, urgent=urgent)
            done += 1

    callers = [asyncio.ensure_future(caller(account)) for account in accounts]
    await clock.advance(seconds)
    for each in callers:
        each.cancel()
    return done


@pytest.mark.parametrize(("urgent", "allowed"), [(False, 48), (True, 60)])
async def test_calls_of_one_account_in_any_minute(clock, urgent, allowed):
    quota = Quota(clock)

    assert await _calls_within(clock, quota, 59, urgent=urgent) == allowed


async def test_the_minute_moves_on(clock):
    assert await _calls_within(clock, Quota(clock), 121) == 3 * 48


async def test_calls_of_the_whole_project(clock):
    accounts = [str(number) for number in range(9)]

    assert await _calls_within(clock, Quota(clock), 59, accounts=accounts) == 240


async def test_people_who_wait_find_room_beside_planned_work(clock):
    quota = Quota(clock)
    await _calls_within(clock, quota, 0)

    await asyncio.wait_for(quota.take("a", CallKind.WRITE, urgent=True), 1)
    await asyncio.wait_for(quota.take("a", CallKind.READ, urgent=False), 1)


async def test_time_scale_shortens_the_minute(clock):
    assert await _calls_within(clock, Quota(clock, time_scale=60), 0.99) == 48


async def test_a_spent_quota_is_waited_for_by_the_run(desk, google, clock):
    await desk.publish()
    google.faults.plant(Fault.USER_QUOTA, "*batchGetByDataFilter")

    with pytest.raises(Transient) as spent:
        await desk.publish()

    assert spent.value.code is Code.GOOGLE_RATE_LIMITED
    assert 0 < spent.value.retry_after_seconds <= 60
    seen = len(google.calls)
    with pytest.raises(Transient):
        await desk.publish()
    assert len(google.calls) == seen  # a parked account asks nothing
    await clock.sleep(60)
    assert await desk.publish() == [READ, WRITE]


async def test_another_account_takes_over_what_one_may_not(google, config, clock, tmp_path):
    folder = google.drive.add_shared_drive(
        "Both", dict.fromkeys((OTHER_ROBOT, ROBOT), "fileOrganizer")
    )
    second = await asyncio.to_thread(
        google.service_account_file, tmp_path / "sa2.json", OTHER_ROBOT
    )
    both = replace(config, credentials_files=(*config.credentials_files, second), folder_id=folder)
    sheets = open_google_sheets(both, clock, marker_secret=b"x")
    desk = Desk(google, sheets)
    await desk.publish()
    usual = google.calls[-2].principal
    google.faults.plant(Fault.USER_QUOTA, "*batchGetByDataFilter", email=usual)
    with pytest.raises(Transient):
        await desk.publish()

    assert await desk.publish() == [READ, WRITE]

    assert google.calls[-1].principal != usual
    sheets.close()


async def test_a_spent_project_parks_everybody(desk, google):
    await desk.publish()
    google.faults.plant(Fault.PROJECT_QUOTA, "*batchGetByDataFilter")
    with pytest.raises(Transient):
        await desk.publish()
    seen = len(google.calls)

    with pytest.raises(Transient):
        await desk.publish()

    assert len(google.calls) == seen

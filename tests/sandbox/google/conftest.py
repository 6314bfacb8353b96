"""A twin with Google's own documents as its referee, and clients that talk to it for real."""

import asyncio
from datetime import UTC, datetime

import pytest
from google.oauth2 import service_account

from bot.kit.clock import ManualClock
from bot.sandbox.google import GoogleTwin
from bot.sandbox.google.accounts import DRIVE, SPREADSHEETS
from tests.sandbox.google.clients import RestClient, TwinHttpClient, gspread_client
from tests.sandbox.google.discovery import check_answer, check_request

ROBOT = "robot@stock-tracker.iam.gserviceaccount.com"
OTHER_ROBOT = "robot-2@stock-tracker.iam.gserviceaccount.com"
SELLER = "seller@example.com"


@pytest.fixture
def clock():
    return ManualClock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))


@pytest.fixture
async def google(clock):
    async with GoogleTwin(clock, validate=check_request, quotas=False) as twin:
        yield twin
        wrong = {
            call.method: problems
            for call in twin.calls
            if call.api != "oauth2" and call.status == 200
            if (problems := check_answer(call.method, call.answer))
        }
        assert wrong == {}


@pytest.fixture
def drive_id(google):
    members = {ROBOT: "fileOrganizer", OTHER_ROBOT: "fileOrganizer"}
    return google.drive.add_shared_drive("Tables", members)


@pytest.fixture
async def robot(google):
    async with RestClient.service_account(google, ROBOT) as client:
        yield client


@pytest.fixture
async def owner(google):
    async with RestClient.owner(google) as client:
        yield client


@pytest.fixture
async def sheet(robot, drive_id):
    """The id of a fresh spreadsheet in the shared drive."""
    return await robot.create_sheet(drive_id)


@pytest.fixture
async def robots_gspread(google, tmp_path):
    path = await asyncio.to_thread(google.service_account_file, tmp_path / "sa.json", ROBOT)
    credentials = service_account.Credentials.from_service_account_file(
        str(path), scopes=[SPREADSHEETS, DRIVE]
    )
    return gspread_client(TwinHttpClient.at(google.url), credentials)

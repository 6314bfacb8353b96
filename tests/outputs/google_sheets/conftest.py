"""A publisher that talks to the twin over real sockets, on a clock that jumps by itself."""

import asyncio
import math
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.core.ports import Destination, Superseded, TableState
from bot.kit.clock import ManualClock
from bot.outputs.google_sheets import GoogleConfig, open_google_sheets
from bot.sandbox.google import GoogleTwin
from tests.outputs.google_sheets.shop import ShopBook
from tests.sandbox.google.discovery import check_answer, check_request

ROBOT = "robot@stock-tracker.iam.gserviceaccount.com"
SELLER = "seller@example.com"


@pytest.fixture
def clock():
    return ManualClock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))


@pytest.fixture
async def google(clock):
    """Google, with its own documents as the referee of every request and answer."""
    async with GoogleTwin(clock, validate=check_request) as twin, clock.autorun():
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
    return google.drive.add_shared_drive("Tables", {ROBOT: "fileOrganizer"})


@pytest.fixture
async def config(google, drive_id, tmp_path):
    path = await asyncio.to_thread(google.service_account_file, tmp_path / "sa.json", ROBOT)
    return GoogleConfig(
        credentials_files=(path,),
        folder_id=drive_id,
        sheets_url=google.url,
        drive_url=google.url,
        threads=4,
    )


@pytest.fixture
async def sheets(config, clock):
    opened = open_google_sheets(config, clock, marker_secret=b"of the tests")
    yield opened
    opened.close()


class Desk:
    """One shop's table: publishes, remembers the state as storage would, and counts calls."""

    def __init__(self, twin, sheets):
        self.twin = twin
        self.sheets = sheets
        self.book = ShopBook()
        self.destination = Destination(7, "Stock Tracker – Тёплый дом", SELLER)
        self.kept = []
        self.looks = 0
        self.cut_at = math.inf  # from that look on nothing of ours is wanted any more
        self.keep_at = math.inf  # so many states are kept, no more
        self.refusal = Superseded

    async def publish(self, report=None, **words):
        """Publish; return the calls that it took, without token exchanges."""
        before = len(self.twin.calls)
        report = report or self.book.report()

        async def keep(state):
            if len(self.kept) >= self.keep_at:
                raise self.refusal
            self.kept.append(state)
            self.destination = replace(self.destination, state=state)

        state = await self.sheets.publish(
            report, self.destination, keep, guard=self._look, **words
        )
        self.destination = replace(self.destination, state=state)
        calls = [call for call in list(self.twin.calls)[before:] if call.api != "oauth2"]
        return [call.method.rsplit(".", 1)[-1] for call in calls]

    async def _look(self):
        """Look at the fence, as storage would."""
        self.looks += 1
        if self.looks >= self.cut_at:
            self.seen_at_cut = len(self.twin.calls)
            raise self.refusal

    def restart_without_last_state(self, kept=1):
        """Forget the newest states, as if the process had died before they were stored."""
        self.kept = self.kept[:-kept]
        self.destination = replace(self.destination, state=self.kept[-1])

    @property
    def notes(self):
        return self.destination.state.notes

    @property
    def file_id(self):
        return self.notes["spreadsheet_id"]

    @property
    def seller(self):
        """The seller's eyes and hands on his file."""
        return self.twin.hands(self.file_id)

    def rows(self, tab="Остатки"):
        return self.seller.grid(tab)

    def row_of(self, nm_id, tab="Остатки"):
        """Return the cells of a product's row."""
        return next(row for row in self.rows(tab) if nm_id in row)


@pytest.fixture
def desk(google, sheets):
    return Desk(google, sheets)


@pytest.fixture
def empty_state():
    return TableState()

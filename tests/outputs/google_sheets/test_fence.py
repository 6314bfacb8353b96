"""A report that is no longer wanted: whatever is waited for, a look comes before each write."""

import asyncio
from dataclasses import replace

import pytest

from bot.core.errors import Code, Defect
from bot.core.ports import ShopErased, Superseded
from bot.core.table_file import ShareRole, SharingWish
from bot.outputs.google_sheets import open_google_sheets
from bot.outputs.google_sheets.quota import CallKind
from bot.sandbox.google import Fault
from tests.outputs.google_sheets.conftest import Desk

CREATE = "drive.files.create"
TABS = ("Остатки", "История", "О таблице")
READS = (".get", "batchGetByDataFilter", ".list")
VALUES = "*batchUpdateByDataFilter"
NEW_STAMP = "21.11.2026 00:07 МСК"


@pytest.fixture
async def offices(config, clock):
    """Open publishers with other settings on the same Google; closed afterwards."""
    opened = []

    def open_one(**changes):
        opened.append(open_google_sheets(replace(config, **changes), clock, marker_secret=b"x"))
        return opened[-1]

    yield open_one
    for sheets in opened:
        sheets.close()


def writes(google):
    """Return the calls that may change something at Google."""
    calls = google.calls.of("sheets") + google.calls.of("drive")
    return [call for call in calls if not call.method.endswith(READS)]


def shown(desk):
    return {tab: desk.rows(tab) for tab in TABS}


async def test_every_write_is_looked_after_and_no_read(desk, google):
    await desk.publish()
    assert desk.looks == len(writes(google)) == 4

    desk.book.tomorrow()
    await desk.publish()
    assert desk.looks == len(writes(google)) == 5

    desk.book.new_place()
    await desk.publish()
    assert desk.looks == len(writes(google)) == 7

    desk.seller.delete_tab("История")
    state = replace(desk.destination.state, sharing=SharingWish(ShareRole.READER, by_link=True))
    desk.destination = replace(desk.destination, state=state)
    await desk.publish()
    assert desk.looks == len(writes(google)) == 11


async def test_a_cut_while_the_quota_is_waited_for(desk, sheets, google, clock):
    await desk.publish()
    desk.book.tomorrow()
    account = sheets.routes.accounts.worker(desk.destination.shop_id)
    await clock.sleep(61)
    for _ in range(48):  # a busy minute of the night
        await sheets.routes.quota.take(account.key, CallKind.WRITE, urgent=False)
    before, done, asked = shown(desk), len(writes(google)), len(google.calls)

    async def cut():
        while len(google.calls) == asked:
            await clock.sleep(0.1)
        await clock.sleep(20)  # it has read; now it waits for its turn to write
        desk.cut_at = 0

    with pytest.raises(Superseded):
        await asyncio.gather(desk.publish(), cut())

    assert len(google.calls) == asked + 1
    assert shown(desk) == before
    assert len(writes(google)) == done


async def test_a_cut_between_two_tries(desk, google):
    await desk.publish()
    desk.book.tomorrow()
    before, done = shown(desk), len(writes(google))
    google.faults.plant(Fault.UNAVAILABLE, VALUES, times=2)
    desk.cut_at = desk.looks + 3

    with pytest.raises(Superseded):
        await desk.publish()

    assert shown(desk) == before
    assert len(writes(google)) == done + 2


async def test_a_token_that_is_refused_is_no_way_round_the_look(desk, google):
    await desk.publish()
    desk.book.tomorrow()
    google.faults.plant(Fault.UNAUTHENTICATED, VALUES, times=2)
    desk.cut_at = desk.looks + 2

    with pytest.raises(Superseded):
        await desk.publish()
    assert not desk.rows()[0][0].endswith(NEW_STAMP)

    desk.cut_at = 99
    await desk.publish()
    assert desk.rows()[0][0].endswith(NEW_STAMP)


async def test_who_looks_has_a_thread_and_a_token(google, offices, clock):
    """Between the look and the write nothing is waited for: with one thread, nobody is in it."""
    sheets = offices(threads=1)
    one, other = Desk(google, sheets), Desk(google, sheets)
    other.destination = replace(other.destination, shop_id=8)
    beside = []

    async def look():
        assert google.calls.of("oauth2")
        await clock.sleep(1)  # whoever has taken the thread meanwhile is at Google now
        beside.append([call.method for call in google.calls if not call.status])

    one._look = other._look = look
    google.faults.plant(Fault.STALL, "*s.*", times=99, seconds=3)
    await asyncio.gather(one.publish(), other.publish())

    assert beside == [[]] * 8


@pytest.mark.parametrize(
    ("largest_body_bytes", "writes_of"), [(8_000_000, (4, 2)), (1000, (8, 6))]
)
async def test_a_cut_before_any_write_is_the_last_word(
    google, offices, largest_body_bytes, writes_of
):
    """From the file to the last part of a big table; a first and a later publishing."""
    sheets = offices(largest_body_bytes=largest_body_bytes)
    for at in range(1, sum(writes_of) + 1):
        desk = Desk(google, sheets)
        desk.destination = replace(desk.destination, shop_id=at)
        desk.cut_at, done = at, len(writes(google))

        with pytest.raises(Superseded):
            await two_days(desk)

        assert len(writes(google)) == done + at - 1
        assert len(google.calls) == desk.seen_at_cut  # nothing more is asked, either
        if at > writes_of[0]:
            assert not desk.rows()[0][0].endswith(NEW_STAMP)
        desk.cut_at = 999
        report = desk.book.report(seed=7)
        await desk.publish(report)
        assert desk.rows()[2:] == [list(row) for row in report.rows]

    desk = Desk(google, sheets)
    await two_days(desk)
    assert desk.looks == sum(writes_of)


async def two_days(desk):
    """Publish today, and tomorrow with a new warehouse."""
    await desk.publish()
    desk.book.tomorrow()
    desk.book.new_place()
    await desk.publish()


def in_use(google):
    return [key for key in google.drive.books if not google.drive.files[key].trashed]


@pytest.mark.parametrize("fault", [None, Fault.RESET_AFTER, Fault.UNAVAILABLE_AFTER, Fault.RESET])
async def test_a_file_of_an_erased_shop_is_deleted_by_who_has_asked_for_it(desk, google, fault):
    if fault is not None:
        google.faults.plant(fault, CREATE)
    desk.refusal, desk.cut_at, desk.keep_at = ShopErased, 2, 1

    with pytest.raises(ShopErased):
        await desk.publish()

    assert len(google.drive.books) == (0 if fault is Fault.RESET else 1)
    assert in_use(google) == []


async def test_a_file_of_an_erased_shop_that_cannot_be_deleted_is_a_defect(desk, google):
    google.faults.plant(Fault.UNAVAILABLE, "drive.files.delete", times=99)
    desk.refusal, desk.keep_at = ShopErased, 1

    with pytest.raises(Defect) as told:
        await desk.publish()

    assert told.value.code is Code.GOOGLE_FAILED

"""Google fails several tables: it is left in peace; one table's trouble stops no other."""

from dataclasses import replace

import pytest

from bot.core.errors import Code, Transient
from bot.core.events import DependencyChanged
from bot.outputs.google_sheets import open_google_sheets
from bot.sandbox.google import Fault
from tests.outputs.google_sheets.conftest import Desk
from tests.outputs.google_sheets.test_publishing import READ, WRITE

LONGEST_REST_SECONDS = 60  # thirty, and up to as many again, so that not all come at once


@pytest.fixture
def said():
    return []


@pytest.fixture
async def desks(google, config, clock, said):
    """Return three shops' tables, made already."""
    sheets = open_google_sheets(config, clock, marker_secret=b"of the tests", observe=said.append)
    desks = [Desk(google, sheets) for _ in range(3)]
    for shop_id, desk in enumerate(desks):
        desk.destination = replace(desk.destination, shop_id=shop_id)
        await desk.publish()
    yield desks
    sheets.close()


async def give_google_up(google, *desks):
    """Publish several times while Google is away; return the last refusal."""
    google.faults.plant(Fault.UNAVAILABLE, "*", times=1000)
    for turn in range(4):
        with pytest.raises(Transient) as refused:
            await desks[turn % len(desks)].publish()
    return refused.value


def changes(said):
    return [event.is_open for event in said if isinstance(event, DependencyChanged)]


async def test_after_ten_failures_in_a_row_they_ask_no_more(desks, google, said):
    before = len(google.calls)

    refused = await give_google_up(google, *desks[:2])

    assert len(google.calls) - before == 10
    assert refused.code is Code.GOOGLE_UNREACHABLE
    assert 0 < refused.retry_after_seconds <= LONGEST_REST_SECONDS
    assert changes(said) == [True]


async def test_one_tables_trouble_stops_no_other(desks, google, said):
    troubled, other, _ = desks
    before = len(google.calls)

    await give_google_up(google, troubled)
    google.faults.clear()

    assert len(google.calls) - before == 20
    assert await other.publish() == [READ, WRITE]
    assert changes(said) == []


async def test_a_failed_probe_is_one_call(desks, google, clock, said):
    await give_google_up(google, *desks[:2])
    await clock.sleep(LONGEST_REST_SECONDS)
    before = len(google.calls)

    for turn in range(3):
        with pytest.raises(Transient):
            await desks[turn % 2].publish()

    assert len(google.calls) - before == 1
    assert changes(said) == [True]


async def test_a_probe_that_is_answered_ends_it(desks, google, clock, said):
    await give_google_up(google, *desks[:2])
    google.faults.clear()
    await clock.sleep(LONGEST_REST_SECONDS)

    assert await desks[0].publish() == [READ, WRITE]

    assert changes(said) == [True, False]


async def test_a_table_that_has_not_failed_is_the_probe_at_once(desks, google, said):
    await give_google_up(google, *desks[:2])
    google.faults.clear()

    assert await desks[2].publish() == [READ, WRITE]

    assert changes(said) == [True, False]

"""Google is away: it is left in peace, everybody hears so at once, and one call looks after it."""

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
async def desk(google, config, clock, said):
    sheets = open_google_sheets(config, clock, marker_secret=b"of the tests", observe=said.append)
    yield Desk(google, sheets)
    sheets.close()


async def give_google_up(desk, google):
    """Publish until nothing is asked any more; return the last refusal."""
    google.faults.plant(Fault.UNAVAILABLE, "*", times=1000)
    for _ in range(4):
        with pytest.raises(Transient) as refused:
            await desk.publish()
    return refused.value


def changes(said):
    return [event.is_open for event in said if isinstance(event, DependencyChanged)]


async def test_after_ten_failures_in_a_row_nobody_asks(desk, google, said):
    await desk.publish()
    before = len(google.calls)

    refused = await give_google_up(desk, google)

    assert len(google.calls) - before == 10
    assert refused.code is Code.GOOGLE_UNREACHABLE
    assert 0 < refused.retry_after_seconds <= LONGEST_REST_SECONDS
    assert changes(said) == [True]


async def test_a_failed_probe_is_one_call(desk, google, clock, said):
    await desk.publish()
    await give_google_up(desk, google)
    await clock.sleep(LONGEST_REST_SECONDS)
    before = len(google.calls)

    for _ in range(3):
        with pytest.raises(Transient):
            await desk.publish()

    assert len(google.calls) - before == 1
    assert changes(said) == [True]


async def test_a_probe_that_is_answered_ends_it(desk, google, clock, said):
    await desk.publish()
    await give_google_up(desk, google)
    google.faults.clear()
    await clock.sleep(LONGEST_REST_SECONDS)

    assert await desk.publish() == [READ, WRITE]

    assert changes(said) == [True, False]

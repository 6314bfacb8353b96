"""The seller gets access, or is told why not; refusals that are the operator's matter."""

import pytest

from bot.core.errors import Code, Defect, Transient
from bot.sandbox.google import Fault
from tests.outputs.google_sheets.conftest import ROBOT
from tests.outputs.google_sheets.test_publishing import READ, WRITE

CREATE = "drive.files.create"
SHARE = "drive.permissions.create"


async def test_an_address_without_a_google_account_loses_no_table(desk, google):
    google.accounts.without_google_account(desk.destination.reader_email)

    await desk.publish()

    assert desk.notes["sharing"] == "no_google_account"
    assert desk.destination.state.url
    assert desk.rows()[2:]


async def test_a_sharing_limit_is_tried_again_next_time(desk, google):
    google.faults.plant(Fault.SHARING_RATE_LIMIT, SHARE)
    await desk.publish()
    assert desk.notes["sharing"] == "later"

    assert await desk.publish() == [READ, WRITE, "create"]
    assert desk.notes["sharing"] == "done"


async def test_google_away_while_sharing(desk, google):
    google.faults.plant(Fault.UNAVAILABLE, SHARE, times=5)
    with pytest.raises(Transient):
        await desk.publish()

    assert await desk.publish() == [READ, WRITE, "create"]
    assert desk.notes["sharing"] == "done"


async def test_a_dead_token_is_the_operators_matter(desk, google):
    google.accounts.refuse(ROBOT)

    with pytest.raises(Defect) as dead:
        await desk.publish()

    assert dead.value.code is Code.GOOGLE_TOKEN_DEAD


async def test_a_token_service_that_is_away_is_waited_for(desk, google):
    google.faults.plant(Fault.INVALID_GRANT, "oauth2.token")
    with pytest.raises(Defect) as dead:
        await desk.publish()
    assert dead.value.code is Code.GOOGLE_TOKEN_DEAD

    await desk.publish()


async def test_a_disabled_api_is_the_operators_matter(desk, google):
    google.faults.plant(Fault.SERVICE_DISABLED, CREATE)

    with pytest.raises(Defect) as disabled:
        await desk.publish()

    assert disabled.value.code is Code.GOOGLE_DISABLED

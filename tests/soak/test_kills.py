"""P3 at length: more than a hundred kills over a night of two hundred shops, on each database."""

from random import Random

import pytest

from bot.core.runs import RunStatus
from tests.support.killing import kill_through_the_night, undisturbed

pytestmark = pytest.mark.soak

SHOPS, KILLS = 200, 101


async def test_a_hundred_kills(tmp_path, database_url):
    quiet = await undisturbed(tmp_path / "quiet", shops=SHOPS, seconds=240)
    disturbed = await kill_through_the_night(
        tmp_path / "loud",
        database_url,
        shops=SHOPS,
        kills=KILLS,
        dice=Random(20261120),  # noqa: S311 - moments, no secret
        most_seconds=1.2,
        seconds=240,
    )
    assert disturbed.statuses == {RunStatus.DONE: SHOPS}
    assert disturbed.figures == quiet.figures
    assert disturbed.sheets == quiet.sheets
    assert disturbed.integrity == "ok"
    assert disturbed.lost_beyond_policy == []

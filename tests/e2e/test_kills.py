"""P3: a kill at any moment loses at most the step in hand. The long form is tests/soak."""

from random import Random

from bot.core.runs import RunStatus
from tests.e2e.conftest import QUIET_SHOPS
from tests.support.killing import kill_through_the_night

KILLS = 5


async def test_a_night_with_kills_ends_like_one_without(tmp_path, database_url, quiet):
    disturbed = await kill_through_the_night(
        tmp_path,
        database_url,
        shops=QUIET_SHOPS,
        kills=KILLS,
        dice=Random(7),  # noqa: S311 - moments, no secret
        most_seconds=0.8,
    )
    assert disturbed.statuses == {RunStatus.DONE: QUIET_SHOPS}
    assert disturbed.figures == quiet.figures
    assert disturbed.sheets == quiet.sheets
    assert disturbed.integrity == "ok"
    assert disturbed.lost_beyond_policy == []

"""P3: a kill at any moment loses at most the step in hand. The long form is tests/soak."""

from random import Random

import pytest

from bot.core.runs import RunStatus
from tests.support.databases import _in_thread
from tests.support.killing import kill_through_the_night, undisturbed

SHOPS, KILLS = 8, 5


@pytest.fixture(scope="module")
def quiet(tmp_path_factory):
    """What a night without trouble leaves behind."""
    found = []

    async def night():
        found.append(await undisturbed(tmp_path_factory.mktemp("quiet"), shops=SHOPS))

    _in_thread(night)
    return found[0]


async def test_a_night_with_kills_ends_like_one_without(tmp_path, database_url, quiet):
    disturbed = await kill_through_the_night(
        tmp_path,
        database_url,
        shops=SHOPS,
        kills=KILLS,
        dice=Random(7),  # noqa: S311 - moments, no secret
        most_seconds=0.8,
    )
    assert disturbed.statuses == {RunStatus.DONE: SHOPS}
    assert disturbed.figures == quiet.figures
    assert disturbed.sheets == quiet.sheets
    assert disturbed.integrity == "ok"
    assert disturbed.lost_beyond_policy == []

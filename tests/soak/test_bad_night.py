"""P4 and P8 at length: a hundred shops, stalls of 30 seconds, Telegram away for ten minutes."""

import pytest

from bot.core.runs import RunStatus
from tests.support.killing import undisturbed
from tests.support.trouble import bad_night

pytestmark = pytest.mark.soak

SHOPS = 100


async def test_a_bad_night_of_a_hundred_shops(tmp_path):
    quiet = await undisturbed(tmp_path / "quiet", shops=SHOPS)
    morning = await bad_night(
        tmp_path / "loud", shops=SHOPS, stall_seconds=30, telegram_away_seconds=600
    )
    assert sum(morning.statuses.values()) == SHOPS
    assert morning.statuses.get(RunStatus.DONE, 0) >= SHOPS * 9 // 10
    assert morning.unnamed == []
    assert morning.wrong(quiet.figures) == []
    assert morning.alarms
    assert "минут" in morning.answered
    assert morning.exit_code == 0

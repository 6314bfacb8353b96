"""P4 and P8: everything fails now and then, the database dies twice, nobody restarts anything."""

from bot.core.runs import RunStatus
from tests.e2e.conftest import QUIET_SHOPS
from tests.support.trouble import bad_night


async def test_every_shop_ends_done_or_with_a_named_reason(tmp_path, quiet):
    morning = await bad_night(
        tmp_path, shops=QUIET_SHOPS, stall_seconds=0.5, telegram_away_seconds=4
    )
    assert sum(morning.statuses.values()) == QUIET_SHOPS
    assert morning.statuses.get(RunStatus.DONE, 0) >= QUIET_SHOPS // 2
    assert morning.unnamed == []
    assert morning.wrong(quiet.figures) == []
    assert "storage_unreachable" in " ".join(morning.alarms)
    assert "минут" in morning.answered
    assert morning.exit_code == 0

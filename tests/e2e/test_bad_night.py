"""P4 and P8: everything fails now and then, the database dies twice, nobody restarts anything."""

from bot.core.runs import RunStatus
from tests.support.trouble import bad_night

SHOPS = 6


async def test_every_shop_ends_done_or_with_a_named_reason(tmp_path):
    morning = await bad_night(tmp_path, shops=SHOPS, telegram_away_seconds=4)
    assert sum(morning.statuses.values()) == SHOPS
    assert morning.statuses.get(RunStatus.DONE, 0) >= SHOPS // 2
    assert morning.unnamed == []
    assert "storage_unreachable" in " ".join(morning.alarms)
    assert "минут" in morning.answered
    assert morning.exit_code == 0

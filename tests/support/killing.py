"""Killing the bot at random moments of a night, and looking at what is left."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

from sqlalchemy import update

from bot.core.events import NoticeKind
from bot.storage.tables import outbox
from tests.support.night_stage import CLOCK, FIRST_SELLER, Night, open_night
from tests.support.watching import Watchers

STARTED_SHARE = 0.9  # the other kills fall into the start
WATCHED_EVERY = 4  # of so many shops one is watched from the start, and another from later on


@dataclass(frozen=True)
class Outcome:
    """What a night has left behind."""

    statuses: Counter
    figures: list
    sheets: dict
    integrity: str
    lost_beyond_policy: list
    kills: int = 0


async def undisturbed(folder: Path, *, shops: int, seconds: float = 120) -> Outcome:
    """Return what a night without trouble leaves behind (on SQLite)."""
    url = f"sqlite+aiosqlite:///{folder / 'quiet.db'}"
    async with open_night(folder, url, shops=shops) as night:
        await night.begin()
        assert await night.until_done(seconds), await night.ended()
        assert await night.stop() == 0
        return await _outcome(night, Watchers(night))


async def kill_through_the_night(  # noqa: PLR0913 - each is a part of the sentence
    folder: Path,
    database_url: str,
    *,
    shops: int,
    kills: int,
    dice: Random,
    most_seconds: float,
    seconds: float = 120,
) -> Outcome:
    """Kill at random moments, begin again, and let what is left of the night end in peace.

    The last quarter of the kills falls while the morning's messages go out. Some sellers watch
    their run from the start, and shortly before each kill another one begins to.
    """
    async with open_night(folder, database_url, shops=shops) as night:
        watchers = Watchers(night)
        early, late = night.shop_ids[::WATCHED_EVERY], night.shop_ids[1::WATCHED_EVERY]
        for shop_id in (*early, *late):
            await watchers.begin(shop_id)
        for shop_id in early:
            await watchers.watch(shop_id)
        for number in range(kills):
            size = night.log.stat().st_size if number else 0
            await night.begin()
            if number >= kills * 3 // 4:
                await _morning(night)
            if dice.random() < STARTED_SHARE:
                await night.wait_for_log("bot.started", 120, since=size)
            await CLOCK.sleep(dice.uniform(0.0, most_seconds))
            if number < len(late):
                await watchers.watch(late[number])
            await night.kill()
            await night.let_time_pass()
        size = night.log.stat().st_size if kills else 0
        await night.begin()
        await night.wait_for_log(
            "bot.started", 120, since=size
        )  # before that SIGTERM just ends it
        assert await night.until_done(seconds), await night.ended()
        await _morning(night)
        await _until_told(night, seconds)
        assert await night.stop() == 0
        return await _outcome(night, watchers, kills=kills)


async def _morning(night: Night) -> None:
    """Let the morning hour come for every message that waits for it."""
    async with night.database.write() as connection:
        waiting = update(outbox).where(outbox.c.status == "pending")
        await connection.execute(waiting.values(not_before=CLOCK.now() - timedelta(seconds=1)))


async def _until_told(night: Night, seconds: float) -> None:
    until = CLOCK.monotonic() + seconds
    while any(one.status == "pending" for one in await night.notices()):
        assert CLOCK.monotonic() < until, "messages are left"
        await CLOCK.sleep(0.2)


async def _outcome(night: Night, watchers: Watchers, *, kills: int = 0) -> Outcome:
    return Outcome(
        statuses=await night.ended(),
        figures=await night.figures(),
        sheets=night.sheets(),
        integrity=await night.integrity(),
        lost_beyond_policy=[
            *await _beyond_policy(night, watchers, kills),
            *await watchers.beyond_policy(kills),
        ],
        kills=kills,
    )


async def _beyond_policy(night: Night, watchers: Watchers, kills: int) -> list:
    """Return what is wrong with the morning's messages: each goes out at most once.

    One that did not must have been on its way when the process was killed. Who watches his run
    until its end has no morning.
    """
    mornings = [one for one in await night.notices() if one.kind == NoticeKind.MORNING_TABLE]
    wrong: list = []
    told = {one.telegram_id for one in mornings} | watchers.message_ids.keys()
    if kills and len(told) != len(night.shop_ids):
        wrong.append("a shop without its morning")
    unsure = [one for one in mornings if one.status not in {"delivered", "pending"}]
    wrong += [one for one in unsure if not one.in_doubt and one.status != "replaced"]
    if len(unsure) > kills:
        wrong.append(f"{len(unsure)} given up after {kills} kills")
    for one in mornings:
        got = _tables_got(night, one.telegram_id, watchers.message_ids.get(one.telegram_id))
        sure = one.status == "delivered"
        if got > 1 or (sure and got != 1):
            wrong.append((one.telegram_id, one.status, got))
    return wrong


def _tables_got(night: Night, user_id: int, watched_id: int | None) -> int:
    user = night.stage.tg.user(user_id)
    assert user_id >= FIRST_SELLER
    sent = [one for one in user.transcript if one.from_bot and one.message_id != watched_id]
    return sum(1 for message in sent if message.links)

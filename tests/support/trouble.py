"""A bad night: every vendor fails now and then, and the database dies twice."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bot.core.runs import RunStatus
from bot.sandbox.google.faults import Fault
from bot.sandbox.wildberries import harms
from bot.storage.errors import StorageUnreachable
from tests.support.cluster import scratch_cluster
from tests.support.night_stage import ADMIN, CLOCK, FIRST_SELLER, Night, open_night

SHARE = 0.2


@dataclass(frozen=True)
class Morning:
    """What is there after the bad night."""

    statuses: dict
    unnamed: list
    figures: list
    alarms: list[str]
    answered: str
    exit_code: int

    def wrong(self, quiet: list) -> list:
        """Return what is neither as after a night without trouble nor held to be not known."""
        return [
            (mine.nm_id, name, getattr(mine, name), getattr(right, name))
            for shop, undisturbed in zip(self.figures, quiet, strict=True)
            if shop is not None
            for mine, right in zip(shop, undisturbed, strict=True)
            for name in mine.__dataclass_fields__
            if getattr(mine, name) not in (None, getattr(right, name))
        ]


async def bad_night(
    folder: Path, *, shops: int, stall_seconds: float, telegram_away_seconds: float
) -> Morning:
    """Let everything fail that can, and wait until every shop's night has ended."""
    async with (
        scratch_cluster() as cluster,
        open_night(folder, cluster.url, shops=shops) as night,
    ):
        _trouble_wildberries(night, stall_seconds)
        google = night.stage.google.faults
        google.plant(Fault.UNAVAILABLE_AFTER, "drive.files.create", times=max(1, shops // 8))
        google.plant(Fault.UNAVAILABLE_AFTER, "sheets.*", times=max(2, shops // 4), skip=2)
        await night.begin()
        await night.wait_for_log("polling.begins", 30)
        answered = await _die_and_ask(night, cluster)
        port = urlsplit(night.stage.tg.url).port
        await night.stage.tg.stop()
        await CLOCK.sleep(telegram_away_seconds)
        await night.stage.tg.start(port=port)
        await cluster.die()
        await CLOCK.sleep(3.0)
        await cluster.start()
        await _until_done(night, 30 + shops * 2)
        alarms = await _alarms(night)
        found = await night.ended()
        code = await night.stop()
        unnamed, figures = await _unnamed(night), await night.figures()
        return Morning(dict(found), unnamed, figures, alarms, answered, code)


def _trouble_wildberries(night: Night, stall_seconds: float) -> None:
    """Let a fifth of the calls fail, in each way of the vendor's."""
    ways = (
        harms.server_error(502),
        harms.server_error(500, "json"),
        harms.too_many(1),
        harms.global_limiter(),
        harms.reset_mid_body(),
        harms.truncated(),
        harms.stall(stall_seconds),
    )
    for way in ways:
        night.stage.wb.faults.plant(way, "/api", count=None, probability=SHARE / len(ways))


async def _die_and_ask(night: Night, cluster) -> str:
    """Let the database die, ask the bot for something meanwhile, and return its answer."""
    user = night.stage.tg.user(FIRST_SELLER)
    await cluster.die()
    user.send("/status")
    answer = await user.wait_for(lambda message: message.from_bot, 40)
    await cluster.start()
    return answer.words


async def _until_done(night: Night, seconds: float) -> None:
    until = CLOCK.monotonic() + seconds
    while CLOCK.monotonic() < until:
        try:
            if await night.until_done(1):
                return
        except StorageUnreachable:
            await CLOCK.sleep(0.5)


async def _alarms(night: Night) -> list[str]:
    """Return the alarms that the admin has got."""
    user = night.stage.tg.user(ADMIN)
    try:
        await user.wait_for(lambda message: message.from_bot, 30, since=0)
    except TimeoutError:
        return []
    return [message.words for message in user.transcript if message.from_bot]


async def _unnamed(night: Night) -> list:
    """Return shops whose night neither ended well nor says why not."""
    left = []
    for shop_id in night.shop_ids:
        run = await night.stores.runs.open_run(shop_id)
        run = run or await night.stores.runs.last_finished(shop_id)
        if run is None or (run.status is not RunStatus.DONE and run.problem is None):
            left.append((shop_id, run))
    return left

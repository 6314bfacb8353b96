"""P6: who waits for a run is told once how it ended; nobody else is woken for it."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.errors import Code, SellerMustAct
from bot.core.events import NoticeKind
from bot.core.period import MOSCOW
from bot.core.runs import ProgressMessage, Run, RunKind, RunStatus
from bot.storage.errors import StorageUnreachable
from bot.usecases.news import about_late_stage
from bot.usecases.request_refresh import AttachProgress
from tests.storage.people import TODAY
from tests.support.databases import NIGHT
from tests.support.nights import (
    AWAY,
    REFUSED,
    FakeMarketplace,
    FakePublisher,
    house,
    shops_of_the_night,
)

MESSAGE = ProgressMessage(1001, 7)
HOUR_SECONDS = 3600
POISON = ValueError("test")
GONE = SellerMustAct(Code.SHEET_GONE, "test")


async def ask(storage, kind=RunKind.TAPPED):
    (one,) = await shops_of_the_night(storage, 1)
    now = storage.clock.now()
    run, _ = await storage.stores.runs.request(one, kind, day=TODAY, now=now)
    return run


async def attach(storage, run_id, message=MESSAGE):
    await AttachProgress(storage.stores.runs, storage.clock)(run_id, message)


async def due(storage, *, after=timedelta()):
    return await storage.stores.outbox.due(now=storage.clock.now() + after, limit=99)


async def ends(storage):
    return [one for one in await due(storage) if one.kind is NoticeKind.RUN_FINISHED]


def spoken(notices):
    """Those that say something new, and do not only put a message right."""
    return [one for one in notices if not one.payload.get("is_told")]


class AttachesLast:
    """A store that gets the progress message just before the run is let go."""

    def __init__(self, runs, attach_now):
        self._runs, self._attach_now = runs, attach_now

    def __getattr__(self, name):
        real = getattr(self._runs, name)

        async def call(claim, *args, **kwargs):
            await self._attach_now(claim.run.id)
            return await real(claim, *args, **kwargs)

        return call if name in {"finish", "postpone"} else real


@pytest.mark.parametrize(
    ("trouble", "status"),
    [(None, RunStatus.DONE), (AWAY, RunStatus.OPEN), (GONE, RunStatus.NEEDS_SELLER)],
)
async def test_a_message_that_comes_at_the_last_moment_gets_its_end(storage, trouble, status):
    run = await ask(storage, RunKind.NIGHTLY)

    async def attach_now(run_id):
        await attach(storage, run_id)

    runs = AttachesLast(storage.stores.runs, attach_now)
    late = replace(storage, stores=replace(storage.stores, runs=runs))
    async with house(late, publisher=FakePublisher(error=trouble)) as here:
        await here.work()
    assert (await storage.stores.runs.by_id(run.id)).status is status
    (notice,) = await due(storage, after=timedelta(days=1) - timedelta(hours=6))
    assert (notice.kind, notice.payload["status"]) == (NoticeKind.RUN_FINISHED, status)


async def test_a_message_and_the_end_of_its_run_never_miss_each_other(storage):
    shops, now = await shops_of_the_night(storage, 12), storage.clock.now()
    runs = storage.stores.runs
    await runs.ensure_nightly(TODAY, shops, now=now)
    async with house(storage) as here:
        await here.worker._claim_and_nap()
        nightly = [await runs.open_run(one.id) for one in shops]
        watching = [attach(storage, run.id) for run in nightly if run is not None]
        assert watching
        await asyncio.gather(here.worker._working.drain(20), *watching)
    told = {one.payload["run_id"] for one in spoken(await ends(storage))}
    assert told >= {run.id for run in nightly if run is not None}
    assert len(await ends(storage)) == len(told)


async def test_a_run_that_ends_before_its_message_comes_is_told_once(storage):
    run = await ask(storage)
    async with house(storage) as here:
        await here.work()
    (first,) = await ends(storage)
    await storage.stores.outbox.settle(first.id, delivered=True)
    for _ in range(2):
        await attach(storage, run.id)
    (second,) = await ends(storage)
    assert spoken([first, second]) == [first]
    assert (second.payload["status"], second.payload["message_id"]) == ("done", 7)


async def test_a_night_that_has_ended_tells_who_joined_it_too_late(storage):
    run = await ask(storage, RunKind.NIGHTLY)
    async with house(storage) as here:
        await here.work()
    assert await ends(storage) == []
    await attach(storage, run.id)
    (notice,) = spoken(await ends(storage))
    assert notice.payload["status"] == RunStatus.DONE


@pytest.mark.parametrize(
    ("kind", "told"), [(RunKind.TAPPED, 1), (RunKind.NIGHTLY, 0), (RunKind.ADMIN, 0)]
)
async def test_a_run_that_breaks_down_is_told_to_who_waits(storage, kind, told):
    run = await ask(storage, kind)
    async with house(storage, marketplace=FakeMarketplace({"sid-1": [POISON]})) as here:
        for _ in range(3):
            await here.work(seconds=600)
    assert (await storage.stores.runs.by_id(run.id)).status is RunStatus.FAILED
    assert [one.payload["status"] for one in await ends(storage)] == ["failed"] * told


async def test_our_own_database_in_trouble_is_no_news_of_a_table(storage):
    run = await ask(storage)
    await attach(storage, run.id)
    away = FakePublisher(error=StorageUnreachable("test"))
    async with house(storage, publisher=away) as here:
        await here.work()
    left = await storage.stores.runs.by_id(run.id)
    assert (left.status, left.attempts) == (RunStatus.OPEN, 0)
    assert await due(storage) == []


@pytest.mark.parametrize("kind", [RunKind.NIGHTLY, RunKind.ADMIN])
@pytest.mark.parametrize("trouble", [REFUSED, GONE])
async def test_an_appeal_waits_for_the_morning_unless_a_person_waits(storage, kind, trouble):
    await ask(storage, kind)
    moods = {"sid-1": [trouble]} if trouble is REFUSED else {}
    publisher = FakePublisher(error=trouble)
    async with house(storage, marketplace=FakeMarketplace(moods), publisher=publisher) as here:
        await storage.clock.advance(2 * HOUR_SECONDS)
        await here.work()
    assert await due(storage, after=timedelta(hours=6)) == []
    (appeal,) = await due(storage, after=timedelta(hours=7))
    assert appeal.kind in {NoticeKind.KEY_REFUSED, NoticeKind.TABLE_PROBLEM}


@pytest.mark.parametrize("ended", [0, 8.9, 9.1, 12.9, 23.5])
async def test_a_morning_is_told_all_day_and_never_at_night(storage, ended):
    """Also when the night was caught up in the daytime, and when Telegram is away at nine."""
    await ask(storage, RunKind.NIGHTLY)
    await storage.clock.advance(ended * HOUR_SECONDS)
    async with house(storage) as here:
        await here.work()
    told = set()
    for hours in range(72):
        moment = (storage.clock.now() + timedelta(hours=hours)).astimezone(MOSCOW)
        found = await storage.stores.outbox.due(now=moment, limit=9)
        told |= {(moment.day, moment.hour) for one in found}
    assert {hour for _, hour in told} == set(range(9, 21))
    assert len({day for day, _ in told}) == 1


NOW = NIGHT + timedelta(minutes=1)
UNDER_WAY = Run(
    id=1,
    shop_id=1,
    day=TODAY,
    kind=RunKind.TAPPED,
    status=RunStatus.OPEN,
    created_at=NIGHT,
    next_try_at=NIGHT,
    period_days=7,
    progress=MESSAGE,
)
DONE = {"status": RunStatus.DONE, "published_at": NOW, "finished_at": NOW}
STOPPED = {"status": RunStatus.SUPERSEDED, "finished_at": NOW}
NEWER = {"progress": replace(MESSAGE, message_id=8)}


@pytest.mark.parametrize(
    ("became", "owed"),
    [
        ({}, []),
        (DONE, [("done", None)]),
        (DONE | NEWER, []),
        (STOPPED | {"problem": Code.PAUSED}, [("superseded", "paused")]),
        (STOPPED, []),  # the next run has taken the message over
        ({"published_at": NOW}, []),  # what it has to say of that comes later
        ({"published_at": NOW, "next_try_at": NOW}, [("open", None)]),
        ({"problem": Code.GOOGLE_FAILED, "next_try_at": NOW}, [("open", "google_failed")]),
        ({"problem": Code.VENDOR_FAILED, "next_try_at": NOW}, []),
        ({"created_at": NOW, "progress": None}, [("superseded", "superseded")]),
        ({"created_at": NOW} | NEWER, [("superseded", "superseded")]),
        ({"created_at": NOW}, []),
    ],
)
def test_a_stage_that_may_have_been_put_over_an_end_owes_it_anew(became, owed):
    notices = about_late_stage(UNDER_WAY, replace(UNDER_WAY, **became), NOW)
    assert [(one.payload["status"], one.payload["code"]) for one in notices] == owed
    for one in notices:
        assert one.payload["is_told"]
        assert (one.telegram_id, one.payload["message_id"]) == (1001, 7)
        assert (
            one.dedupe_key
            != about_late_stage(
                UNDER_WAY, replace(UNDER_WAY, **became), NOW + timedelta(seconds=1)
            )[0].dedupe_key
        )


async def test_who_waits_is_told_also_after_half_a_day_without_telegram(storage):
    await ask(storage)
    async with house(storage) as here:
        await here.work()
    assert len(await due(storage, after=timedelta(hours=12))) == 1


async def test_a_run_that_begins_anew_has_an_end_of_its_own(storage):
    run = await ask(storage, RunKind.NIGHTLY)
    await attach(storage, run.id)
    shops, later = storage.stores.shops, storage.clock.now() + timedelta(minutes=1)
    for paused in (True, False):
        await shops.set_paused(run.shop_id, paused=paused, now=later)
    one = await shops.by_id(run.shop_id)
    again, _ = await storage.stores.runs.request(one, RunKind.TAPPED, day=TODAY, now=later)
    assert again.id == run.id
    await storage.clock.advance(60)
    await attach(storage, run.id, replace(MESSAGE, message_id=8))
    async with house(storage) as here:
        await here.work()
    told = [(one.payload["status"], one.payload["message_id"]) for one in await ends(storage)]
    assert told == [("superseded", 7), ("done", 8)]

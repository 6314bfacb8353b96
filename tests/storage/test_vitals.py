"""How the service is, as numbers."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.errors import Code
from bot.core.products import SalesFunnel, Snapshot, Source
from bot.core.runs import NewRun, RunKind, RunStatus
from bot.core.vitals import NightState, Vitals
from tests.storage.people import NOW, TODAY, WEEK, card, claimed, remains, save, shop
from tests.storage.test_outbox import NOTICE

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


async def test_an_empty_house_is_quiet(storage):
    assert await storage.stores.vitals.read(NOW) == Vitals()


async def test_figures_age_and_a_shop_without_any_counts_from_its_connection(storage):
    claim = await claimed(storage)
    await shop(storage, telegram_id=78, sid="sid-2")
    await save(storage, claim, [card(1)])
    seen = await storage.stores.vitals.read(NOW + timedelta(hours=12))
    assert seen.oldest_figures_seconds == 36 * 3600
    assert (seen.stale_shops, seen.open_runs) == (1, 1)


async def answer(storage, claim, snapshot, *, days=7):
    await storage.stores.snapshots.replace(claim, "sid-1", days, snapshot)


def funnel(taken_at):
    rows = {1: SalesFunnel(1)}
    return Snapshot(source=Source.FUNNEL, taken_at=taken_at, rows=rows, period=WEEK)


async def test_figures_are_as_old_as_the_oldest_answer_that_they_rest_on(storage):
    claim = await claimed(storage)
    await answer(storage, claim, remains(1))
    await answer(storage, claim, funnel(NOW - 40 * HOUR))
    await answer(storage, claim, funnel(NOW - 400 * HOUR), days=30)
    await save(storage, claim, [card(1)])  # reckoned now: that makes no old answer new
    seen = await storage.stores.vitals.read(NOW)
    assert (seen.oldest_figures_seconds, seen.stale_shops) == (40 * 3600, 1)
    await answer(storage, claim, funnel(NOW))
    seen = await storage.stores.vitals.read(NOW + HOUR)
    assert (seen.oldest_figures_seconds, seen.stale_shops) == (3600, 0)


async def test_an_answer_that_no_figures_show_yet_makes_them_no_newer(storage):
    claim = await claimed(storage)
    await save(storage, claim, [card(1)])
    await answer(storage, claim, replace(remains(1), taken_at=NOW + 5 * HOUR))
    seen = await storage.stores.vitals.read(NOW + 6 * HOUR)
    assert seen.oldest_figures_seconds == 6 * 3600


async def test_paused_shops_do_not_age(storage):
    one = await shop(storage)
    await storage.stores.shops.set_paused(one.id, paused=True, now=NOW)
    assert (await storage.stores.vitals.read(NOW)).oldest_figures_seconds is None


async def night(storage, now=NOW):
    return await storage.stores.vitals.night(TODAY, began=NOW, now=now)


async def wait(storage, claim, *, published=False):
    runs = storage.stores.runs
    if published:
        await runs.note_published(claim, NOW)
    await runs.postpone(claim, NOW + HOUR, problem=Code.RATE_LIMITED, counts=False)


async def claimed_at_night(storage, one=None):
    one = one or await shop(storage)
    await storage.stores.runs.ensure_nightly(TODAY, [one], now=NOW)
    return await storage.stores.runs.claim("me", now=NOW, lease_seconds=45)


@pytest.fixture
async def nightly(storage):
    """A claim of a shop's nightly run."""
    return await claimed_at_night(storage)


async def test_a_shop_counts_until_it_was_served(storage):
    one = await shop(storage)
    assert await night(storage) == NightState(missing=1)
    claim = await claimed_at_night(storage, one)
    assert await night(storage) == NightState(unfinished=1)
    await wait(storage, claim)
    assert await night(storage) == NightState(waiting=1)
    assert await night(storage, NOW + HOUR) == NightState(unfinished=1)
    await storage.stores.shops.set_period(one.id, 14, now=NOW)
    assert await night(storage) == NightState(missing=1)


@pytest.mark.parametrize("status", [RunStatus.DONE, RunStatus.FAILED, RunStatus.NEEDS_SELLER])
async def test_a_run_that_has_ended_has_served_its_shop(storage, nightly, status):
    await storage.stores.runs.finish(nightly, status, problem=None, at=NOW)
    assert (await night(storage)).is_done


@pytest.mark.parametrize("status", [RunStatus.DONE, RunStatus.FAILED, RunStatus.OPEN])
async def test_a_run_that_somebody_asked_for_is_not_the_night_s(storage, status):
    claim = await claimed(storage)
    await answer(storage, claim, remains(1))
    if status is RunStatus.OPEN:
        await wait(storage, claim, published=True)
    else:
        await storage.stores.runs.finish(claim, status, problem=None, at=NOW)
    assert await night(storage) == NightState(missing=1)


async def test_figures_that_are_shown_serve_a_shop_if_any_answer_in_them_is_new(storage, nightly):
    await answer(storage, nightly, funnel(NOW - 24 * HOUR))
    await wait(storage, nightly, published=True)
    assert await night(storage) == NightState(waiting=1), "last night's figures, shown again"
    later = NOW + 2 * HOUR
    again = await storage.stores.runs.claim("me", now=later, lease_seconds=45)
    await answer(storage, again, replace(remains(1), taken_at=later))
    assert (await night(storage, later)).is_done


async def begun_anew(storage, claim, at):
    """The night's run, cut short and begun anew; worked again, it waits."""
    one = await storage.stores.shops.by_id(claim.shop_id)
    anew = NewRun(RunKind.TAPPED, TODAY)
    await storage.stores.shops.set_period(one.id, 14, now=at, begins=anew)
    again = await storage.stores.runs.claim("me", now=at, lease_seconds=45)
    assert again.run.id == claim.run.id
    return again


@pytest.mark.parametrize("age", [0, 24])
async def test_a_shop_that_was_served_stays_so_when_its_night_begins_anew(storage, nightly, age):
    await answer(storage, nightly, replace(remains(1), taken_at=NOW - age * HOUR))
    await save(storage, nightly, [card(1)])
    await wait(storage, nightly, published=True)
    assert (await night(storage)).is_done == (age == 0)
    later = NOW + 5 * HOUR
    await begun_anew(storage, nightly, later)
    assert (await night(storage, later)).is_done == (age == 0)


async def test_figures_that_a_run_could_not_show_serve_nobody(storage, nightly):
    await answer(storage, nightly, remains(1))
    await save(storage, nightly, [card(1)])
    await wait(storage, nightly)
    assert await night(storage) == NightState(waiting=1)


async def test_only_shops_of_the_night_count(storage):
    paused = await shop(storage, 2)
    await storage.stores.shops.set_paused(paused.id, paused=True, now=NOW)
    assert (await night(storage)).is_done
    await shop(storage, 3)
    state = await storage.stores.vitals.night(TODAY, began=NOW - 25 * HOUR, now=NOW)
    assert state.is_done, "connected after the night had begun"


async def test_what_is_owed_and_who_is_gone_are_counted(storage):
    await shop(storage)
    await storage.stores.outbox.put(NOTICE)
    await storage.stores.outbox.put(replace(NOTICE, dedupe_key="2", not_before=NOTICE.expires_at))
    await storage.stores.sellers.set_blocked(77, NOW)
    seen = await storage.stores.vitals.read(NOW + MINUTE)
    assert (seen.outbox_pending, seen.outbox_oldest_seconds) == (1, 60.0)
    assert seen.blocked_users == 1

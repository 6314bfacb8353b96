"""Nothing of an old claim is stored, whatever made it old and whatever it tries to store."""

import asyncio
from datetime import timedelta

import pytest

from bot.core.errors import Code
from bot.core.ports import Superseded, TableState
from bot.core.products import Source
from bot.core.runs import RunKind, RunStatus, SourceOutcome, Stage
from bot.core.sellers import ShopState
from bot.storage.guard import hold
from tests.storage.people import (
    NOW,
    TODAY,
    access,
    card,
    claimed,
    remains,
    save,
    shop,
)
from tests.support.databases import world

LATER = NOW + timedelta(seconds=60)


async def replace_key(storage, claim):
    owner = (await storage.stores.shops.by_id(claim.shop_id)).seller_id
    await storage.stores.shops.connect(owner, access(key="another.key.text"), now=NOW)


async def delete_key(storage, claim):
    await storage.stores.shops.delete_key(claim.shop_id, now=NOW)


async def switch_period(storage, claim):
    await storage.stores.shops.set_period(claim.shop_id, 14, now=NOW)


async def pause(storage, claim):
    await storage.stores.shops.set_paused(claim.shop_id, paused=True, now=NOW)


async def erase(storage, claim):
    owner = (await storage.stores.shops.by_id(claim.shop_id)).seller_id
    await storage.stores.sellers.erase(owner)


async def begin_erasing(storage, claim):
    owner = (await storage.stores.shops.by_id(claim.shop_id)).seller_id
    await storage.stores.sellers.begin_erasing(owner, now=NOW)


async def next_night(storage, claim):
    one = await storage.stores.shops.by_id(claim.shop_id)
    await storage.stores.runs.ensure_nightly(TODAY + timedelta(days=1), [one], now=NOW)


async def take_over(storage, _):
    assert (await storage.stores.runs.claim("other", now=LATER, lease_seconds=45)) is not None


async def take_over_oneself(storage, _):
    assert (await storage.stores.runs.claim("me", now=LATER, lease_seconds=45)) is not None


async def give_back(storage, _):
    await storage.stores.runs.release("me")


async def postpone_and_claim_again(storage, claim):
    await storage.stores.runs.postpone(claim, NOW, problem=None, counts=False)
    assert (await storage.stores.runs.claim("me", now=NOW, lease_seconds=45)) is not None


async def finish(storage, claim):
    await storage.stores.runs.finish(claim, RunStatus.FAILED, problem=Code.INTERNAL, at=NOW)


CUTS = [
    replace_key, delete_key, switch_period, pause, erase, begin_erasing, next_night, take_over,
    take_over_oneself, give_back, postpone_and_claim_again, finish,
]  # fmt: skip


async def every_use(storage, claim):
    """Try everything that an old claim could still want to store."""
    stores = storage.stores
    memo = stores.runs.memo(claim, Source.FUNNEL)
    outcomes = {Source.FUNNEL: SourceOutcome()}
    uses = {
        "check": lambda: stores.runs.check(claim),
        "note_outcomes": lambda: stores.runs.note_outcomes(claim, outcomes),
        "note_published": lambda: stores.runs.note_published(claim, NOW),
        "postpone": lambda: stores.runs.postpone(claim, NOW, problem=None, counts=True),
        "finish": lambda: stores.runs.finish(claim, RunStatus.DONE, problem=None, at=LATER),
        "keep": lambda: memo.keep({"page": 1}, b"page"),
        "forget": memo.forget,
        "snapshot": lambda: stores.snapshots.replace(claim, "sid-1", 7, remains(1)),
        "drop": lambda: stores.snapshots.drop(claim, "sid-1", Source.REMAINS),
        "figures": lambda: save(storage, claim, [card(1)]),
        "table": lambda: stores.tables.save_state(claim, TableState("https://docs.example/1")),
        "state": lambda: stores.shops.set_state(claim, ShopState.NEEDS_KEY),
    }
    for name, use in uses.items():
        try:
            await use()
        except Superseded:
            continue
        pytest.fail(f"{name} went through with an old claim")


@pytest.mark.parametrize("cut", CUTS)
async def test_an_old_claim_stores_nothing(storage, cut):
    claim = await claimed(storage)
    await cut(storage, claim)
    await every_use(storage, claim)
    found = await storage.stores.snapshots.load(claim.shop_id, "sid-1", 7)
    assert found.remains is None


@pytest.mark.parametrize("cut", [replace_key, delete_key, switch_period, pause, begin_erasing])
async def test_a_cut_closes_the_run_and_moves_the_fence(storage, cut):
    claim = await claimed(storage)
    await cut(storage, claim)
    after = await storage.stores.shops.by_id(claim.shop_id)
    assert after.fence > claim.fence
    run = await storage.stores.runs.by_id(claim.run.id)
    assert (run.status, run.finished_at) == (RunStatus.SUPERSEDED, NOW)
    assert await storage.stores.runs.open_run(claim.shop_id) is None


async def test_a_claim_that_holds_stores_everything(storage):
    claim = await claimed(storage)
    await storage.stores.runs.check(claim)
    await storage.stores.snapshots.replace(claim, "sid-1", 7, remains(1))
    await storage.stores.shops.set_state(claim, ShopState.NEEDS_KEY)
    assert (await storage.stores.shops.by_id(claim.shop_id)).state is ShopState.NEEDS_KEY


async def test_a_lease_lives_by_its_heartbeat(storage):
    claim = await claimed(storage, owner="me")
    held = {claim.shop_id: claim.fence}
    await storage.stores.runs.heartbeat("me", now=LATER, lease_seconds=45, held=held)
    assert await storage.stores.runs.claim("other", now=LATER, lease_seconds=45) is None


async def test_a_lease_that_nobody_works_runs_out_beside_those_that_live(storage):
    lost = await claimed(storage)
    worked = await claimed(storage, await shop(storage, sid="sid-2"))
    held = {worked.shop_id: worked.fence}
    await storage.stores.runs.heartbeat("me", now=LATER, lease_seconds=45, held=held)
    taken = await storage.stores.runs.claim("me", now=LATER, lease_seconds=45)
    assert taken.shop_id == lost.shop_id
    assert await storage.stores.runs.claim("me", now=LATER, lease_seconds=45) is None


async def test_what_is_held_is_not_claimed_anew_though_its_lease_ran_out(storage):
    claim = await claimed(storage, owner="me")
    runs, held = storage.stores.runs, {claim.shop_id: claim.fence}
    assert await runs.claim("me", now=LATER, lease_seconds=45, held=held) is None
    await storage.clock.advance(60)
    assert await runs.next_due("me", held=held) is None
    assert await runs.next_due("other") is not None
    taken = await runs.claim("other", now=LATER, lease_seconds=45)
    assert taken.run.id == claim.run.id
    await runs.heartbeat("me", now=LATER, lease_seconds=45, held=held)
    assert await runs.claim("third", now=LATER, lease_seconds=45) is None


async def test_a_lease_of_a_clock_that_was_ahead_is_taken_over(storage):
    one, runs = await shop(storage), storage.stores.runs
    await runs.request(one, RunKind.TAPPED, day=TODAY, now=NOW)
    assert await runs.claim("dead", now=NOW + timedelta(days=30), lease_seconds=45)
    assert (await runs.claim("next", now=LATER, lease_seconds=45)).is_rescue


async def test_taking_over_a_dead_owners_run_counts_one_crash(storage):
    dead = await claimed(storage, owner="dead")
    taken = await storage.stores.runs.claim("other", now=LATER, lease_seconds=45)
    assert (taken.run.id, taken.run.crashes, taken.run.attempts) == (dead.run.id, 1, 0)
    assert taken.is_rescue
    assert taken.fence > dead.fence


async def test_a_run_that_comes_further_is_no_suspect(storage):
    await claimed(storage, owner="dead")
    taken = await storage.stores.runs.claim("other", now=LATER, lease_seconds=45)
    arrived = {Source.FUNNEL: SourceOutcome(Stage.ARRIVED, rows=1)}
    late = {Source.REMAINS: SourceOutcome(Stage.LATE, Code.VENDOR_FAILED, LATER)}
    for outcomes, crashes in ((late, 1), (arrived, 0)):
        await storage.stores.runs.note_outcomes(taken, outcomes)
        assert (await storage.stores.runs.by_id(taken.run.id)).crashes == crashes


async def test_a_table_that_comes_further_is_no_suspect(storage):
    await claimed(storage, owner="dead")
    runs, tables, now = storage.stores.runs, storage.stores.tables, LATER
    made = TableState("https://tables/1", {"structured": True})
    steps = (
        (lambda claim: tables.save_state(claim, made), 0),
        (lambda claim: tables.save_state(claim, made), 1),  # nothing new
        (lambda claim: runs.note_published(claim, NOW), 0),
    )
    for number, (step, crashes) in enumerate(steps):
        claim = await runs.claim(f"life {number}", now=now, lease_seconds=45)
        assert claim.run.crashes == 1
        await step(claim)
        assert (await runs.by_id(claim.run.id)).crashes == crashes
        await storage.stores.runs.note_published(claim, NOW)
        now += timedelta(seconds=60)


async def test_two_processes_never_share_a_claim(migrated_url):
    async with world(migrated_url) as here, world(migrated_url) as there:
        for sid in ("sid-1", "sid-2", "sid-3"):
            one = await shop(here, sid=sid)
            await here.stores.runs.request(one, RunKind.TAPPED, day=TODAY, now=NOW)
        held: set[int] = set()
        places = enumerate((here, here, there, there))
        done = await asyncio.gather(*(_work(place, f"w{n}", held) for n, place in places))
        assert done == [50] * 4
        assert held == set()


async def _work(place, owner, held):
    """Claim, hold and give back; whoever finds a shop held already has shared it."""
    done = 0
    while done < 50:
        claim = await place.stores.runs.claim(owner, now=NOW, lease_seconds=45)
        if claim is None:
            continue
        assert claim.shop_id not in held
        held.add(claim.shop_id)
        await place.stores.runs.check(claim)
        held.discard(claim.shop_id)
        await place.stores.runs.postpone(claim, NOW, problem=None, counts=False)
        done += 1
    return done


async def test_many_shops_are_claimed_once_each_by_two_processes(migrated_url):
    async with world(migrated_url) as here, world(migrated_url) as there:
        shops = [await shop(here, telegram_id) for telegram_id in range(1, 61)]
        await here.stores.runs.ensure_nightly(TODAY, shops, now=NOW)
        taken = await asyncio.gather(*(_claim_all(place) for place in (here, there, here, there)))
        claims = [shop_id for some in taken for shop_id in some]
        assert sorted(claims) == sorted(one.id for one in shops)


async def _claim_all(place):
    taken = []
    while claim := await place.stores.runs.claim("worker", now=NOW, lease_seconds=45):
        taken.append(claim.shop_id)
    return taken


async def test_a_look_waits_for_no_writer(storage):
    claim = await claimed(storage)
    async with storage.database.write() as connection:
        await hold(connection, claim)
        async with asyncio.timeout(2):
            await storage.stores.runs.check(claim)

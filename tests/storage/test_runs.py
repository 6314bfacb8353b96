"""Runs: one open run per shop, one nightly run per shop and day, whoever asks how often."""

from datetime import timedelta

from bot.core.errors import Code
from bot.core.events import Notice, NoticeKind
from bot.core.products import Source
from bot.core.runs import ProgressMessage, RunKind, RunStatus, SourceOutcome, Stage
from tests.storage.people import NOW, TODAY, YESTERDAY, claimed, many_shops, shop


async def test_a_tap_joins_the_open_run(storage):
    one = await shop(storage)
    first, joined = await storage.stores.runs.request(one, RunKind.FIRST, day=TODAY, now=NOW)
    assert not joined
    again, joined = await storage.stores.runs.request(one, RunKind.TAPPED, day=TODAY, now=NOW)
    assert joined
    assert again == first
    assert await storage.stores.runs.open_run(one.id) == first


async def test_the_night_gives_each_shop_one_run_however_often_it_is_asked(storage):
    shops = await many_shops(storage, 250)
    made = [await storage.stores.runs.ensure_nightly(TODAY, shops, now=NOW) for _ in range(3)]
    assert made == [250, 0, 0]
    run = await storage.stores.runs.open_run(shops[0].id)
    assert (run.kind, run.day, run.next_try_at) == (RunKind.NIGHTLY, TODAY, NOW)


async def test_a_finished_night_is_not_given_twice(storage):
    one = await shop(storage)
    await storage.stores.runs.ensure_nightly(TODAY, [one], now=NOW)
    claim = await storage.stores.runs.claim("me", now=NOW, lease_seconds=45)
    await storage.stores.runs.finish(claim, RunStatus.DONE, problem=None, at=NOW)
    assert await storage.stores.runs.ensure_nightly(TODAY, [one], now=NOW) == 0
    assert await storage.stores.runs.open_run(one.id) is None


async def test_yesterdays_open_run_gives_way_and_hands_its_message_on(storage):
    one = await shop(storage)
    old, _ = await storage.stores.runs.request(one, RunKind.TAPPED, day=YESTERDAY, now=NOW)
    message = ProgressMessage(chat_id=77, message_id=5)
    await storage.stores.runs.set_progress(old.id, message)
    assert await storage.stores.runs.ensure_nightly(TODAY, [one], now=NOW) == 1
    new = await storage.stores.runs.open_run(one.id)
    assert (new.kind, new.day, new.progress) == (RunKind.NIGHTLY, TODAY, message)
    assert (await storage.stores.runs.by_id(old.id)).status is RunStatus.SUPERSEDED


async def test_an_open_run_of_the_same_day_becomes_the_nightly_one(storage):
    claim = await claimed(storage)
    one = await storage.stores.shops.by_id(claim.shop_id)
    assert await storage.stores.runs.ensure_nightly(TODAY, [one], now=NOW) == 1
    run = await storage.stores.runs.open_run(one.id)
    assert (run.id, run.kind) == (claim.run.id, RunKind.NIGHTLY)
    await storage.stores.runs.check(claim)  # whoever works it goes on


async def test_a_clock_set_back_closes_no_run_of_tomorrow(storage):
    one = await shop(storage)
    run, _ = await storage.stores.runs.request(one, RunKind.TAPPED, day=TODAY, now=NOW)
    assert await storage.stores.runs.ensure_nightly(YESTERDAY, [one], now=NOW) == 0
    assert await storage.stores.runs.open_run(one.id) == run


async def test_however_many_are_left_open_they_end(storage):
    shops = await many_shops(storage, 101)
    before = NOW - timedelta(days=1)
    await storage.stores.runs.ensure_nightly(YESTERDAY, shops, now=before)
    assert await storage.stores.runs.ensure_nightly(TODAY, [], now=NOW) == 0
    assert await storage.stores.runs.next_due("me") is None


async def test_a_shop_that_was_just_paused_gets_no_night(storage):
    one = await shop(storage)
    await storage.stores.shops.set_paused(one.id, paused=True, now=NOW)
    assert await storage.stores.runs.ensure_nightly(TODAY, [one], now=NOW) == 0


async def test_people_go_first_then_the_oldest(storage):
    shops = await many_shops(storage, 4)
    await storage.stores.runs.ensure_nightly(TODAY, shops[:3], now=NOW)
    later = NOW + timedelta(minutes=1)
    await storage.stores.runs.request(shops[3], RunKind.TAPPED, day=TODAY, now=later)
    await storage.stores.runs.request(shops[2], RunKind.TAPPED, day=TODAY, now=later)  # joins
    order = [
        (await storage.stores.runs.claim("me", now=later, lease_seconds=45)).shop_id for _ in shops
    ]
    assert order == [shops[index].id for index in (2, 3, 0, 1)]
    assert await storage.stores.runs.claim("me", now=later, lease_seconds=45) is None


async def test_waiting_gives_the_lease_back_until_its_time(storage):
    claim = await claimed(storage)
    until = NOW + timedelta(minutes=30)
    await storage.stores.runs.postpone(
        claim, until, problem=Code.REPORT_IN_THE_MAKING, counts=False
    )
    assert await storage.stores.runs.next_due("me") == until
    assert await storage.stores.runs.claim("me", now=NOW, lease_seconds=45) is None
    again = await storage.stores.runs.claim("other", now=until, lease_seconds=45)
    assert again.run.attempts == 0
    assert again.run.problem is Code.REPORT_IN_THE_MAKING


async def test_a_defect_counts_as_an_attempt(storage):
    claim = await claimed(storage)
    await storage.stores.runs.postpone(claim, NOW, problem=Code.INTERNAL, counts=True)
    assert (await storage.stores.runs.by_id(claim.run.id)).attempts == 1


async def test_finishing_closes_the_run_and_owes_its_messages(storage):
    claim = await claimed(storage)
    notice = Notice(
        NoticeKind.RUN_FINISHED, 77, f"run:{claim.run.id}", {"run": claim.run.id}, NOW,
        NOW + timedelta(hours=1),
    )  # fmt: skip
    for _ in range(2):  # the second time: the answer to the first commit was lost
        await storage.stores.runs.finish(
            claim, RunStatus.DONE, problem=None, at=NOW, news=lambda _run: [notice]
        )
    done = await storage.stores.runs.last_finished(claim.shop_id)
    assert (done.id, done.status, done.finished_at) == (claim.run.id, RunStatus.DONE, NOW)
    assert len(await storage.stores.outbox.due(now=NOW, limit=10)) == 1
    assert await storage.stores.runs.next_due("me") is None


async def test_each_source_keeps_its_own_outcome(storage):
    claim = await claimed(storage)
    arrived = SourceOutcome(Stage.ARRIVED, rows=12)
    late = SourceOutcome(Stage.LATE, Code.BUDGET_SPENT, NOW + timedelta(hours=3))
    await storage.stores.runs.note_outcomes(claim, {Source.REMAINS: arrived})
    await storage.stores.runs.note_outcomes(claim, {Source.FUNNEL: late})
    await storage.stores.runs.note_published(claim, NOW)
    run = await storage.stores.runs.by_id(claim.run.id)
    assert run.outcomes == {Source.REMAINS: arrived, Source.FUNNEL: late}
    assert run.published_at == NOW


async def test_an_orderly_stop_leaves_the_runs_due(storage):
    claim = await claimed(storage, owner="me")
    assert await storage.stores.runs.next_due("me") is None
    await storage.stores.runs.release("me")
    assert await storage.stores.runs.next_due("me") == NOW
    again = await storage.stores.runs.claim("other", now=NOW, lease_seconds=45)
    assert (again.run.id, again.run.attempts) == (claim.run.id, 0)


async def test_a_tap_wakes_a_run_that_waits(storage):
    claim = await claimed(storage)
    later = NOW + timedelta(hours=3)
    await storage.stores.runs.postpone(claim, later, problem=Code.BUDGET_SPENT, counts=False)
    one = await storage.stores.shops.by_id(claim.shop_id)
    run, joined = await storage.stores.runs.request(one, RunKind.TAPPED, day=TODAY, now=NOW)
    assert (joined, run.next_try_at) == (True, NOW)


async def test_a_tap_asks_anew_for_what_a_waiting_run_settled_long_ago(storage):
    claim = await claimed(storage)
    runs = storage.stores.runs
    remains, orders = SourceOutcome(Stage.ARRIVED, settled_at=NOW), SourceOutcome(Stage.LATE)
    await runs.memo(claim, Source.REMAINS).keep({"at": 1}, b"page")
    await runs.memo(claim, Source.ORDERS).keep({"since": 1}, b"page")
    await runs.note_outcomes(claim, {Source.REMAINS: remains, Source.ORDERS: orders})
    later = NOW + timedelta(hours=3)
    await runs.postpone(claim, later, problem=Code.BUDGET_SPENT, counts=False)
    one = await storage.stores.shops.by_id(claim.shop_id)
    soon, at_last = NOW + timedelta(minutes=9), NOW + timedelta(minutes=11)
    run, _ = await runs.request(one, RunKind.TAPPED, day=TODAY, now=soon)
    assert run.outcomes == {Source.REMAINS: remains, Source.ORDERS: orders}
    run, _ = await runs.request(one, RunKind.TAPPED, day=TODAY, now=at_last)
    assert run.outcomes == {Source.ORDERS: orders}
    again = await runs.claim("me", now=at_last, lease_seconds=45)
    assert (await runs.memo(again, Source.REMAINS).recall()).pages == ()
    assert (await runs.memo(again, Source.ORDERS).recall()).pages == (b"page",)


async def test_a_tap_leaves_alone_what_is_being_worked(storage):
    claim = await claimed(storage)
    outcomes = {Source.REMAINS: SourceOutcome(Stage.ARRIVED, settled_at=NOW)}
    await storage.stores.runs.note_outcomes(claim, outcomes)
    one = await storage.stores.shops.by_id(claim.shop_id)
    later = NOW + timedelta(hours=1)
    run, _ = await storage.stores.runs.request(one, RunKind.TAPPED, day=TODAY, now=later)
    assert run.outcomes == outcomes

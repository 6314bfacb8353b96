"""Once a night what is old goes; what somebody may still need stays."""

import asyncio
from dataclasses import replace
from datetime import time, timedelta

import pytest
from sqlalchemy import select, update

from bot.core.errors import Code
from bot.core.events import DefectFound, NoticeKind
from bot.core.ports import Allowance, Bucket
from bot.core.runs import RunKind, RunStatus
from bot.kit.tasks import Tasks
from bot.storage.errors import StorageUnreachable
from bot.storage.leftovers import SqlLeftovers
from bot.storage.tables import budgets, drafts, invites, outbox, runs
from bot.usecases.ensure_day import Night
from bot.usecases.forget_old import AFTER_THE_NIGHT_BEGAN, LOOK_SECONDS, ForgetOld
from tests.storage.people import TODAY, shop
from tests.storage.test_outbox import NOTICE
from tests.support.databases import NIGHT

DAY, YOUNG, OLD = timedelta(days=1), timedelta(days=89), timedelta(days=91)


@pytest.fixture
def forget(storage):
    return ForgetOld(storage.stores.leftovers, Night(), storage.clock, storage.events.append)


async def kept(storage, column):
    async with storage.database.read() as connection:
        return list((await connection.execute(select(column).order_by(column))).scalars())


async def a_run(storage, one, ended_ago, status=RunStatus.DONE):
    """A run of this shop, ended so long ago; open with None."""
    store = storage.stores.runs
    run, _ = await store.request(one, RunKind.TAPPED, day=TODAY, now=NIGHT)
    if ended_ago is not None:
        over = {"status": status, "finished_at": NIGHT - ended_ago}
        async with storage.database.write() as connection:
            await connection.execute(update(runs).where(runs.c.id == run.id).values(**over))
    return run.id


async def test_old_runs_go_but_the_last_finished_of_each_shop(storage, forget):
    one, quiet, open_ = [await shop(storage, number) for number in (1, 2, 3)]
    await a_run(storage, one, OLD)
    young = await a_run(storage, one, YOUNG)
    last = await a_run(storage, quiet, 4 * OLD, RunStatus.FAILED)
    await a_run(storage, quiet, 3 * OLD, RunStatus.SUPERSEDED)
    still_open = await a_run(storage, open_, None)
    assert await forget() == 2
    assert await kept(storage, runs.c.id) == [young, last, still_open]
    assert (await storage.stores.runs.last_finished(quiet.id)).id == last
    assert await forget() == 0


async def test_the_last_to_finish_stays_although_another_began_later(storage, forget):
    one = await shop(storage)
    begun_first = await a_run(storage, one, OLD)
    await a_run(storage, one, OLD + DAY)
    assert await forget() == 1
    assert await kept(storage, runs.c.id) == [begun_first]
    assert (await storage.stores.runs.last_finished(one.id)).id == begun_first


async def test_of_two_that_finished_at_once_the_later_begun_stays(storage, forget):
    one = await shop(storage)
    _, last = await a_run(storage, one, OLD), await a_run(storage, one, OLD)
    await a_run(storage, await shop(storage, 2), OLD, RunStatus.SUPERSEDED)  # has finished none
    assert await forget() == 2
    assert await kept(storage, runs.c.id) == [last]


async def a_notice(storage, key, ago, *, settled=True, **more):
    times = {"not_before": NIGHT - ago - DAY, "expires_at": NIGHT - ago}
    await storage.stores.outbox.put(replace(NOTICE, dedupe_key=key, **times, **more))
    if settled:
        done = update(outbox).where(outbox.c.dedupe_key == key).values(status="delivered")
        async with storage.database.write() as connection:
            await connection.execute(done)


async def test_old_messages_go_but_what_is_owed_and_what_was_asked_once(storage, forget):
    await a_notice(storage, "old", OLD)
    await a_notice(storage, "young", YOUNG)
    await a_notice(storage, "owed", OLD, settled=False)
    for shop_id in (1, 2):
        trouble = {"kind": NoticeKind.TABLE_PROBLEM, "collapse_key": f"table:{shop_id}"}
        await a_notice(storage, f"table:{shop_id}:mended long ago", 2 * OLD, **trouble)
        await a_notice(storage, f"table:{shop_id}:of now", OLD, **trouble)
    assert await forget() == 3
    assert await kept(storage, outbox.c.dedupe_key) == [
        "owed", "table:1:of now", "table:2:of now", "young",
    ]  # fmt: skip


async def test_no_form_that_is_left_lying_reaches_a_week(storage, forget):
    save = storage.stores.drafts.save_answers
    await save("42:1:1", {"name": "Иван"}, now=NIGHT - 6 * DAY - timedelta(seconds=1))
    await save("42:2:2", {"name": "Пётр"}, now=NIGHT - 5 * DAY)
    assert await forget() == 1
    assert await kept(storage, drafts.c.key) == ["42:2:2"]


async def test_invitations_go_when_they_are_over_used_or_not(storage, forget):
    for token, life in (("used", 1), ("left lying", 1), ("good", 7), ("good and used", 7)):
        await storage.stores.invites.add(token, 900, now=NIGHT, expires_at=NIGHT + life * DAY)
    for token in ("used", "good and used"):
        assert await storage.stores.invites.redeem(token, 1, now=NIGHT)
    await storage.clock.advance(DAY.total_seconds())
    assert await forget() == 2
    now = storage.clock.now()
    assert len(await kept(storage, invites.c.token_hash)) == 2
    assert await storage.stores.invites.redeem("good and used", 1, now=now)


async def test_budgets_go_when_they_hold_nobody_back_any_more(storage, forget):
    budget, hourly = storage.stores.budget, Allowance(3600, 1)
    for method in ("over", "again", "blocked"):
        await budget.take(Bucket("sid-1", method, "base"), hourly)
    await budget.block(Bucket("sid-1", "blocked", "base"), 3601)
    await storage.clock.advance(3599)
    assert await forget() == 0
    await storage.clock.advance(1)
    await budget.take(Bucket("sid-1", "again", "base"), hourly)
    assert await forget() == 1
    assert await kept(storage, budgets.c.method) == ["again", "blocked"]
    for method, wait in (("over", 0), ("again", 3600), ("blocked", 1)):
        assert await budget.take(Bucket("sid-1", method, "base"), hourly) == wait


async def test_an_erased_seller_s_budgets_go_when_they_are_over(storage, forget):
    one = await shop(storage)
    await storage.stores.budget.take(Bucket(one.sid, "funnel", "base"), Allowance(3600, 1))
    await storage.stores.sellers.erase(one.seller_id)
    assert await forget() == 0
    await storage.clock.advance(3600)
    assert await forget() == 1
    assert await kept(storage, budgets.c.method) == []


async def test_steps_are_small_and_two_at_once_do_no_harm(storage):
    for number in range(7):
        await storage.stores.drafts.save_state(f"42:{number}:1", "a", now=NIGHT - 8 * DAY)
    some = SqlLeftovers(storage.database, rows_per_step=2)
    seen = []

    class Counting:
        async def drop_some(self, keep):
            seen.append(await some.drop_some(keep))
            return seen[-1]

    both = [ForgetOld(Counting(), Night(), storage.clock, storage.events.append) for _ in "ab"]
    assert sum(await asyncio.gather(*(forget() for forget in both))) == 7
    assert max(seen) == 2


class Broken:
    """Drops nothing, and counts how often it was asked."""

    def __init__(self, error=None):
        self.error, self.asked = error, 0

    async def drop_some(self, _keep):
        self.asked += 1
        if self.error is not None:
            raise self.error
        return 0


async def test_it_is_done_once_a_night_and_when_the_night_has_settled(storage):
    leftovers = Broken()
    forget = ForgetOld(leftovers, Night(), storage.clock, storage.events.append)
    await storage.clock.advance(AFTER_THE_NIGHT_BEGAN.total_seconds() - 1)
    await forget.tonight()
    assert leftovers.asked == 0
    for nights in (1, 2):
        await storage.clock.advance(1)
        for _ in range(2):
            await forget.tonight()
        assert leftovers.asked == nights
        await storage.clock.advance(DAY.total_seconds() - 1)


async def test_after_a_night_that_begins_late_it_is_done_too(storage):
    leftovers, late = Broken(), Night(time(22, 0))
    forget = ForgetOld(leftovers, late, storage.clock, storage.events.append)
    await storage.clock.advance(3600 * 3)  # 03:01, five hours after yesterday's began
    for nights in (1, 2):
        for _ in range(2):
            await forget.tonight()
            assert leftovers.asked == nights
            await storage.clock.advance(12 * 3600)


@pytest.mark.parametrize("error", [StorageUnreachable("away"), ValueError("test")])
async def test_what_breaks_is_told_and_tried_again(storage, error):
    leftovers, tasks = Broken(error), Tasks(lambda *_: None)
    await storage.clock.advance(AFTER_THE_NIGHT_BEGAN.total_seconds())
    forget = ForgetOld(leftovers, Night(), storage.clock, storage.events.append)
    tasks.start("forgetting", forget.forever())
    await storage.clock.advance(LOOK_SECONDS)
    assert len(tasks) == 1
    code = getattr(error, "code", Code.INTERNAL)
    assert [(event.where, event.problem) for event in storage.events] == [("forget_old", code)] * 2
    assert {type(event) for event in storage.events} == {DefectFound}
    leftovers.error = None
    for _ in range(3):
        await storage.clock.advance(LOOK_SECONDS)
    assert leftovers.asked == 3
    await tasks.close()

"""A deletion that is cut off, at whatever step: he is gone at once, and who comes next ends it."""

import asyncio

import pytest

from bot.core.errors import Code, Defect, SellerMustAct, Transient
from bot.core.events import DefectFound
from bot.core.ports import TableState
from bot.core.runs import ProgressMessage, RunKind, RunStatus
from bot.kit.tasks import Tasks
from bot.storage.tables import sellers
from bot.usecases.delete_account import DeleteAccount, Erased
from bot.usecases.finish_deletions import CUT_OFF_AFTER, LOOK_SECONDS, FinishDeletions
from bot.usecases.request_refresh import AttachProgress
from tests.storage.people import TODAY, access, claimed, shop
from tests.storage.test_unreadable_rows import spoil
from tests.support.marketplace import KilledError
from tests.support.nights import Gate, house
from tests.support.refreshing import Steps

CUT_OFF = CUT_OFF_AFTER.total_seconds()
WATCHED = ProgressMessage(77, 501)


class Google:
    """Keeps a file for each shop; what is gone is left without a word."""

    def __init__(self):
        self.files, self.before_it_answers = set(), None

    async def leave(self, destination):
        if self.before_it_answers is not None:
            await self.before_it_answers()
        self.files.discard(destination.state.url)


class Process:
    """What one process deletes with, and whom it has told of it."""

    def __init__(self, storage, google, steps=None):
        steps, stores, clock = steps or Steps(), storage.stores, storage.clock
        self.told, self.events = [], []
        self.delete = DeleteAccount(
            sellers=steps.around(stores.sellers),
            shops=steps.around(stores.shops),
            tables=steps.around(stores.tables),
            output=steps.around(google),
            tasks=Tasks(lambda *_: None),
            clock=clock,
            observe=self.events.append,
            leave_seconds=0.2,
        )
        self.finish = FinishDeletions(
            stores.sellers, self.delete, self._tell, clock, self.events.append
        )

    async def _tell(self, seller, erased):
        self.told.append((seller.telegram_id, erased))


async def two_shops(storage, google):
    """A seller with two shops, each with a table; the refresh of the first is watched."""
    shops = [await shop(storage, sid=f"sid-{number}") for number in (1, 2)]
    for one in shops:
        google.files.add(f"https://x/{one.id}")
        state = TableState(f"https://x/{one.id}", file_id=f"file-{one.id}")
        await storage.stores.tables.put_state(one.id, state, now=storage.clock.now())
    claim = await claimed(storage, shops[0])
    await storage.stores.runs.set_progress(claim.run.id, WATCHED)
    return await storage.stores.sellers.by_id(shops[0].seller_id)


async def assert_the_night_is_without_him(storage, owner):
    async with house(storage) as here:
        await here.ensure_day()
        await storage.clock.advance(60)  # its runs are spread
        await here.work()
        assert (dict(here.marketplace.calls), here.publisher.written) == ({}, [])
    for one in await storage.stores.shops.of_seller(owner.id):
        assert await storage.stores.shops.access(one.id) is None
        assert await storage.stores.runs.open_run(one.id) is None
    assert await storage.stores.outbox.due(now=storage.clock.now(), limit=9) == []


async def test_killed_at_any_step_the_next_process_ends_it(storage, rows_of):
    quiet, google = Steps(), Google()
    await Process(storage, google, quiet).delete(await two_shops(storage, google))
    assert quiet.taken == 7  # the mark, the shops, two tables and their files, the erasure
    for at in range(2, quiet.taken + 1):
        owner = await two_shops(storage, google)
        with pytest.raises(KilledError):
            await Process(storage, google, Steps(at)).delete(owner)
        await assert_the_night_is_without_him(storage, owner)

        after = Process(storage, google)
        await storage.clock.advance(CUT_OFF)
        assert await after.finish() == 1
        rows = await rows_of(storage)
        assert {name: held for name, held in rows.items() if held} == {}, f"step {at}"
        assert google.files == set()
        assert after.told == [(77, Erased((WATCHED,), ()))]
        assert after.events == []


async def test_a_stop_while_google_is_silent_takes_all_keys_and_the_next_start_ends_it(storage):
    google, gate = Google(), Gate()
    owner = await two_shops(storage, google)
    google.before_it_answers = gate
    deleting = asyncio.ensure_future(Process(storage, google).delete(owner))
    await gate.reached.wait()
    await assert_the_night_is_without_him(storage, owner)
    deleting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await deleting
    gate.open()
    await assert_the_night_is_without_him(storage, owner)

    after = Process(storage, google)
    await storage.clock.advance(CUT_OFF)
    assert await after.finish() == 1
    assert await storage.stores.sellers.by_telegram_id(77) is None
    assert google.files == set()


async def test_before_the_first_step_nothing_has_happened(storage):
    google = Google()
    owner = await two_shops(storage, google)
    with pytest.raises(KilledError):
        await Process(storage, google, Steps(1)).delete(owner)
    await storage.clock.advance(CUT_OFF)
    assert await Process(storage, google).finish() == 0
    assert await storage.stores.sellers.by_id(owner.id) == owner
    assert len(google.files) == 2


async def test_one_that_may_be_under_way_is_left_to_who_does_it(storage):
    google = Google()
    owner = await two_shops(storage, google)
    await storage.stores.sellers.begin_erasing(owner.id, now=storage.clock.now())
    await storage.clock.advance(CUT_OFF - 1)
    assert await Process(storage, google).finish() == 0
    await storage.clock.advance(1)
    assert await Process(storage, google).finish() == 1


async def test_two_processes_end_each_once(storage):
    google = Google()
    for telegram_id in range(1, 6):
        one = await shop(storage, telegram_id, sid=f"sid-{telegram_id}")
        await storage.stores.sellers.begin_erasing(one.seller_id, now=storage.clock.now())
    await storage.clock.advance(CUT_OFF)
    both = [Process(storage, google) for _ in "ab"]
    await asyncio.gather(*(each.finish() for each in both))
    told = [telegram_id for each in both for telegram_id, _ in each.told]
    assert sorted(told) == [1, 2, 3, 4, 5]


async def test_who_asks_again_has_it_ended_at_once(storage, rows_of):
    google = Google()
    owner = await two_shops(storage, google)
    await storage.stores.sellers.begin_erasing(owner.id, now=storage.clock.now())
    again = await storage.stores.sellers.by_telegram_id(77)
    assert again.erasing_at == storage.clock.now()
    assert await Process(storage, google).delete(again) == Erased((WATCHED,), ())
    assert (await rows_of(storage))["sellers"] == []
    assert google.files == set()


async def test_the_half_erased_get_no_key_no_run_and_no_message(storage):
    owner, now = await two_shops(storage, Google()), storage.clock.now()
    one, _ = await storage.stores.shops.of_seller(owner.id)
    run = await storage.stores.runs.open_run(one.id)
    await storage.stores.sellers.begin_erasing(owner.id, now=now)
    with pytest.raises(SellerMustAct) as refused:
        await storage.stores.shops.connect(owner.id, access("sid-3"), now=now)
    assert refused.value.code is Code.NOT_REGISTERED
    with pytest.raises(SellerMustAct):
        await storage.stores.runs.request(one, RunKind.ADMIN, day=TODAY, now=now)
    attach = AttachProgress(storage.stores.runs, storage.clock)
    await attach(run.id, ProgressMessage(77, 502))
    assert (await storage.stores.runs.by_id(run.id)).status is RunStatus.SUPERSEDED
    assert await storage.stores.outbox.due(now=now, limit=9) == []
    watched = await storage.stores.sellers.erase(owner.id)
    assert set(watched) == {WATCHED, ProgressMessage(77, 502)}


async def test_the_others_keep_keys_runs_and_messages(storage):
    owner = await two_shops(storage, Google())
    claim = await claimed(storage, await shop(storage, 88, sid="sid-8"))
    await storage.stores.runs.set_progress(claim.run.id, ProgressMessage(88, 1))
    await storage.stores.sellers.begin_erasing(owner.id, now=storage.clock.now())
    await storage.stores.runs.check(claim)
    await storage.stores.shops.set_paused(claim.shop_id, paused=True, now=storage.clock.now())
    (notice,) = await storage.stores.outbox.due(now=storage.clock.now(), limit=9)
    assert notice.telegram_id == 88


async def test_one_whose_profile_does_not_open_holds_nobody_up(storage):
    for telegram_id in (1, 2):
        one = await shop(storage, telegram_id, sid=f"sid-{telegram_id}")
        await storage.stores.sellers.begin_erasing(one.seller_id, now=storage.clock.now())
        await storage.clock.advance(1)
    await spoil(storage, sellers, sellers.c.telegram_id == 1, profile_sealed="v1:0:x")
    await storage.clock.advance(CUT_OFF)
    here = Process(storage, Google())
    with pytest.raises(Defect) as unread:
        await here.finish()
    assert unread.value.code is Code.STORED_DATA_SEALED
    assert await here.finish() == 1
    assert [telegram_id for telegram_id, _ in here.told] == [2]


@pytest.mark.parametrize("error", [Transient(Code.STORAGE_UNREACHABLE), ValueError("test")])
async def test_what_breaks_is_told_and_tried_again(storage, error):
    here, tasks, asked = Process(storage, Google()), Tasks(lambda *_: None), []

    class Broken:
        async def take_half_erased(self, **_):
            asked.append(1)
            raise error

    events = []
    finish = FinishDeletions(Broken(), here.delete, here._tell, storage.clock, events.append)
    tasks.start("deletions", finish.forever())
    await storage.clock.advance(LOOK_SECONDS)
    assert len(asked) == 2
    code = getattr(error, "code", Code.INTERNAL)
    assert events == [DefectFound("finish_deletions", code, events[0].detail)] * 2
    await tasks.close()

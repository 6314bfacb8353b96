"""The notebook of a source: cursor and pages survive, in their order, and belong to the run."""

import os

from bot.core.ports import Memory
from bot.core.products import Source
from bot.core.runs import RunStatus
from tests.storage.people import NOW, claimed
from tests.support.databases import world


async def test_nothing_kept_is_nothing_recalled(storage):
    claim = await claimed(storage)
    assert await storage.stores.runs.memo(claim, Source.FUNNEL).recall() == Memory()


async def test_pages_come_back_in_order_after_a_restart(migrated_url):
    async with world(migrated_url) as before:
        claim = await claimed(before)
        memo = before.stores.runs.memo(claim, Source.FUNNEL)
        pages = [os.urandom(2000), b"", "страница".encode()]
        for number, page in enumerate(pages):
            await memo.keep({"next": number + 1}, page)
        await before.stores.runs.memo(claim, Source.REMAINS).keep({"task": "abc"})
    async with world(migrated_url) as after:
        kept = await after.stores.runs.memo(claim, Source.FUNNEL).recall()
        assert (kept.cursor, list(kept.pages)) == ({"next": 3}, pages)
        task = await after.stores.runs.memo(claim, Source.REMAINS).recall()
        assert (task.cursor, list(task.pages)) == ({"task": "abc"}, [])


async def test_the_same_step_twice_keeps_one_page(storage):
    memo = storage.stores.runs.memo(await claimed(storage), Source.ORDERS)
    for _ in range(2):
        await memo.keep({"next": 1}, b"page")
    assert len((await memo.recall()).pages) == 1


async def test_forgetting_starts_the_source_anew_and_leaves_the_others(storage):
    claim = await claimed(storage)
    for source in (Source.REMAINS, Source.ORDERS):
        await storage.stores.runs.memo(claim, source).keep({"a": 1}, b"page")
    await storage.stores.runs.memo(claim, Source.REMAINS).forget()
    assert await storage.stores.runs.memo(claim, Source.REMAINS).recall() == Memory()
    assert (await storage.stores.runs.memo(claim, Source.ORDERS).recall()).cursor == {"a": 1}


async def test_a_finished_run_leaves_no_pages(storage, rows_of):
    claim = await claimed(storage)
    await storage.stores.runs.memo(claim, Source.ORDERS).keep({"a": 1}, b"page")
    await storage.stores.runs.finish(claim, RunStatus.DONE, problem=None, at=NOW)
    left = await rows_of(storage)
    assert (left["run_pages"], left["run_cursors"]) == ([], [])

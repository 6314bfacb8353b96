"""What is remembered of a table: the run's notes, the seller's wish, and whose file it is."""

import pytest

from bot.core.errors import Code, SellerMustAct
from bot.core.ports import Superseded, TableState
from bot.core.runs import ProgressMessage, RunStatus
from bot.core.table_file import ShareRole, SharingWish, Trouble
from tests.storage.people import NOW, claimed, shop

WISH = SharingWish(ShareRole.READER, by_link=True)
TROUBLE = Trouble(Code.SHEET_TRASHED, NOW)


async def test_a_run_overwrites_neither_the_wish_nor_the_trouble(storage):
    tables = storage.stores.tables
    claim = await claimed(storage)
    await tables.set_sharing(claim.shop_id, WISH)
    await tables.set_trouble(claim.shop_id, TROUBLE)

    await tables.save_state(claim, TableState("https://x", {"a": 1}, "file-1"))

    state = await tables.state(claim.shop_id)
    assert state == TableState("https://x", {"a": 1}, "file-1", WISH, TROUBLE)
    assert (await tables.table(claim.shop_id)).state == state


async def test_only_the_trouble_that_a_run_knew_is_over(storage):
    """The sweep finds the file in the bin while a run writes into it."""
    tables, claim = storage.stores.tables, await claimed(storage)
    known, state = Trouble(Code.SHEET_PROTECTED, NOW), TableState("https://x")
    for held, after in ((None, None), (known, None), (TROUBLE, TROUBLE)):
        await tables.set_trouble(claim.shop_id, held)
        await tables.save_state(claim, state, over=known)
        assert (await tables.state(claim.shop_id)).trouble == after


async def test_a_run_ends_together_with_what_troubles_its_table(storage):
    runs, tables = storage.stores.runs, storage.stores.tables
    ending = {"problem": TROUBLE.code, "at": NOW, "trouble": TROUBLE}
    late, claim = await claimed(storage), await claimed(storage, await shop(storage, sid="sid-2"))
    await runs.release("me")
    with pytest.raises(Superseded):
        await runs.finish(late, RunStatus.NEEDS_SELLER, **ending)
    assert (await tables.state(late.shop_id)).trouble is None
    claims = [await runs.claim("me", now=NOW, lease_seconds=45) for _ in range(2)]
    claim = next(each for each in claims if each.shop_id == claim.shop_id)
    await runs.finish(claim, RunStatus.NEEDS_SELLER, **ending)
    assert (await tables.state(claim.shop_id)).trouble == TROUBLE


async def test_notes_are_changed_one_by_one(storage):
    tables = storage.stores.tables
    claim = await claimed(storage)
    await tables.save_state(claim, TableState("https://x", {"a": 1, "b": 2}, "file-1"))

    await tables.note(claim.shop_id, {"b": 3})

    assert (await tables.state(claim.shop_id)).notes == {"a": 1, "b": 3}


async def test_another_file_makes_running_work_worthless(storage):
    tables = storage.stores.tables
    claim = await claimed(storage)
    await tables.set_sharing(claim.shop_id, WISH)
    await tables.set_trouble(claim.shop_id, TROUBLE)

    await tables.put_state(claim.shop_id, TableState(file_id="file-2"), now=NOW)

    state = await tables.state(claim.shop_id)
    assert (state.file_id, state.sharing, state.trouble) == ("file-2", WISH, None)
    with pytest.raises(Superseded):
        await tables.save_state(claim, TableState("https://late"))


async def test_who_watches_that_work_is_owed_its_end(storage):
    claim = await claimed(storage)
    await storage.stores.runs.set_progress(claim.run.id, ProgressMessage(77, 5))

    await storage.stores.tables.put_state(claim.shop_id, TableState(file_id="file-2"), now=NOW)

    (notice,) = await storage.stores.outbox.due(now=NOW, limit=9)
    assert notice.payload["run_id"] == claim.run.id
    assert notice.payload["status"] == RunStatus.SUPERSEDED


async def test_no_two_shops_have_one_file(storage):
    tables = storage.stores.tables
    one, other = await shop(storage, sid="sid-1"), await shop(storage, sid="sid-2")
    await tables.put_state(one.id, TableState(file_id="file-1"), now=NOW)
    await tables.put_state(one.id, TableState(file_id="file-1"), now=NOW)

    with pytest.raises(SellerMustAct) as taken:
        await tables.put_state(other.id, TableState(file_id="file-1"), now=NOW)

    assert taken.value.code is Code.SHEET_TAKEN
    assert (await tables.state(other.id)).file_id is None
    found = await tables.shops_of_files(["file-1", "file-2"])
    assert found == {"file-1": one.id}


async def test_the_file_itself_is_not_to_be_read_in_the_database(storage, rows_of):
    one = await shop(storage)
    await storage.stores.tables.put_state(one.id, TableState(file_id="secret-file"), now=NOW)

    assert "secret-file" not in str(await rows_of(storage))


async def test_bookmarks_are_kept_and_replaced(storage):
    bookmarks = storage.stores.bookmarks
    await bookmarks.save({"a": "1", "b": "7"})
    await bookmarks.save({"a": "2"})
    await bookmarks.save({})

    assert await bookmarks.load() == {"a": "2", "b": "7"}

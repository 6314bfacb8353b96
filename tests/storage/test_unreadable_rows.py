"""What does not open, or was written by another version, harms its own row and no other."""

from dataclasses import replace

import msgspec
import pytest
from sqlalchemy import update

from bot.core.errors import Code, Defect
from bot.core.ports import TableState
from bot.core.products import Source
from bot.core.runs import RunKind, SourceOutcome, Stage
from bot.core.sellers import GONE_AFTER, Right
from bot.storage.tables import outbox, runs, shop_tables, shops
from bot.storage.vault import Purpose
from bot.usecases.ensure_day import EnsureDay, Night
from tests.storage.people import NOW, TODAY, shop
from tests.storage.test_outbox import NOTICE
from tests.support.databases import NIGHT
from tests.support.nights import house, shops_of_the_night


async def spoil(storage, table, condition, **values):
    async with storage.database.write() as connection:
        await connection.execute(update(table).where(condition).values(**values))


async def table_of_tomorrow(storage, shop_id):
    """Let another version have written what is remembered of a shop's table."""
    strange = {"url": "https://x/1", "trouble": {"code": "sheet_of_tomorrow", "since": NOW}}
    told = msgspec.json.encode(strange).decode()
    sealed = storage.vault.seal(Purpose.TABLE_STATE, shop_id, told)
    await spoil(storage, shop_tables, shop_tables.c.shop_id == shop_id, state_sealed=sealed)


@pytest.mark.parametrize(
    "values", [{"name_sealed": "v1:0:x"}, {"key_rights": ["tomorrows"]}, {"key_kind": 99}]
)
async def test_a_shop_that_cannot_be_read_whole_ends_nobody_s_night(storage, values):
    first, *_ = await shops_of_the_night(storage, 3)
    await spoil(storage, shops, shops.c.id == first.id, **values)
    stores = storage.stores
    assert await EnsureDay(stores.shops, stores.runs, storage.clock, Night())() == 3
    assert [one.title for one in await stores.shops.of_seller(first.seller_id)] == ["Магазин 1"]


async def test_a_name_that_does_not_open_is_a_number_for_the_seller_and_a_defect(storage):
    one = await shop(storage)
    await storage.stores.shops.rename(one.id, "ИП Иванов И. И.")
    await spoil(storage, shops, shops.c.id == one.id, name_sealed="v1:0:x")
    assert (await storage.stores.shops.by_id(one.id)).title == "Магазин 1"
    (event,) = storage.events
    assert (event.where, event.problem, event.shop_id) == (
        "shop_name", Code.STORED_DATA_SEALED, one.id,
    )  # fmt: skip


async def test_the_night_opens_no_names(storage):
    one = await shop(storage)
    await spoil(storage, shops, shops.c.id == one.id, name_sealed="v1:0:x")
    await storage.stores.shops.eligible(NOW, NOW - GONE_AFTER)
    assert storage.events == []


async def test_a_right_that_is_not_known_is_left_out(storage):
    one = await shop(storage)
    await spoil(storage, shops, shops.c.id == one.id, key_rights=["analytics", "tomorrows"])
    access = await storage.stores.shops.access(one.id)
    assert access.facts.rights == {Right.ANALYTICS}


async def test_a_run_of_another_version_is_worked_and_so_are_the_others(storage):
    made = await shops_of_the_night(storage, 3)
    for one in made:
        await storage.stores.runs.request(one, RunKind.TAPPED, day=TODAY, now=NIGHT)
    strange = {"stage": "teleported", "problem": None}
    of_first = runs.c.shop_id == made[0].id
    await spoil(storage, runs, of_first, problem="of_tomorrow", outcomes={"remains": strange})
    async with house(storage) as here:
        await here.work()
    ended = [await storage.stores.runs.last_finished(one.id) for one in made]
    assert [run.status for run in ended] == ["done"] * 3


async def test_of_the_outcomes_only_what_is_known_is_believed(storage):
    one = await shop(storage)
    run, _ = await storage.stores.runs.request(one, RunKind.TAPPED, day=TODAY, now=NOW)
    late = {"stage": "late", "problem": "of_tomorrow"}
    outcomes = {
        "orders": late,
        "remains": {"stage": "teleported", "problem": None},
        "prices": {"stage": "arrived", "problem": None},
    }
    await spoil(storage, runs, runs.c.id == run.id, problem="of_tomorrow", outcomes=outcomes)
    found = await storage.stores.runs.by_id(run.id)
    assert found.problem is Code.INTERNAL
    assert found.outcomes == {Source.ORDERS: SourceOutcome(Stage.LATE, Code.INTERNAL)}


async def test_a_notice_of_another_version_is_left_to_it_and_blocks_nobody(storage):
    box = storage.stores.outbox
    for key in ("a", "b", "c"):
        await box.put(replace(NOTICE, dedupe_key=key))
    await spoil(storage, outbox, outbox.c.dedupe_key != "c", kind="of_tomorrow")
    assert [one.dedupe_key for one in await box.due(now=NOW, limit=1)] == ["c"]
    await spoil(storage, outbox, outbox.c.dedupe_key == "a", kind=NOTICE.kind)
    assert [one.dedupe_key for one in await box.due(now=NOW, limit=9)] == ["a", "c"]
    assert await box.due(now=NOTICE.expires_at, limit=9) == []  # also tomorrow's is stale now
    await spoil(storage, outbox, outbox.c.dedupe_key == "b", kind=NOTICE.kind)
    assert await box.due(now=NOW, limit=9) == []


async def test_a_table_s_state_of_another_version_is_a_defect_and_overwritten_by_nobody(storage):
    one, other = await shop(storage), await shop(storage, telegram_id=78, sid="sid-2")
    tables = storage.stores.tables
    for each in (one, other):
        await tables.put_state(each.id, TableState(file_id=f"file-{each.id}"), now=NOW)
    await table_of_tomorrow(storage, one.id)
    for step in (tables.state(one.id), tables.put_state(one.id, TableState(), now=NOW)):
        with pytest.raises(Defect) as unread:
            await step
        assert (unread.value.code, unread.value.__cause__) == (Code.INTERNAL, None)
        assert "of_tomorrow" not in unread.value.detail
    assert (await tables.state(other.id)).file_id == f"file-{other.id}"

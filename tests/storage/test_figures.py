"""Figures go in and come out the same; a day is one row; what vanished keeps its place."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert

from bot.core.period import Period
from bot.core.ports import StoredTable, Superseded, TableState
from bot.core.report import Layout
from bot.storage.tables import shop_days
from bot.usecases.hand_over import HISTORY_DAYS
from tests.storage.people import (
    NOW,
    TODAY,
    WEEK,
    YESTERDAY,
    card,
    claimed,
    save,
    shop,
)


async def test_figures_come_out_as_they_went_in(storage):
    claim = await claimed(storage)
    metrics = [
        card(1, orders_by_warehouse=None, stocks_by_warehouse={}, buyout_percent=71.25),
        card(2, vendor_code='=HYPERLINK("x")', turnover_days=None, stocks_mp=0),
        card(2**53 + 1, brand="Ёж"),
    ]
    saved = await save(storage, claim, metrics)
    found = await storage.stores.tables.figures(claim.shop_id)
    assert found == replace(saved, metrics=metrics)
    assert found.at.tzinfo is not None


async def test_a_shop_without_products_is_not_a_shop_without_figures(storage):
    claim = await claimed(storage)
    await save(storage, claim, [])
    found = await storage.stores.tables.figures(claim.shop_id)
    assert found.metrics == []
    assert found.layout == Layout()


async def test_before_the_first_time_there_are_no_figures(storage):
    one = await shop(storage)
    assert await storage.stores.tables.figures(one.id) is None
    assert await storage.stores.tables.table(one.id) == StoredTable()
    assert await storage.stores.tables.history(one.id, last=10) == []


async def test_what_vanished_keeps_its_place_and_new_products_come_below(storage):
    claim = await claimed(storage)
    first = await save(storage, claim, [card(1), card(2), card(3)])
    await save(
        storage, claim, [card(3), card(4, stocks_by_warehouse={"Казань": 1})], before=first.layout
    )
    found = await storage.stores.tables.figures(claim.shop_id)
    assert [known.nm_id for known in found.layout.products] == [1, 2, 3, 4]
    assert [one.nm_id for one in found.metrics] == [3, 4]
    assert [place.name for place in found.layout.places][-1] == "Казань"
    assert (await storage.stores.tables.table(claim.shop_id)).layout == found.layout


async def test_products_that_the_layout_has_dropped_are_gone(storage):
    one = await shop(storage)
    first = await claimed(storage, one)
    await save(storage, first, [card(1), card(2)])
    await storage.stores.shops.set_period(one.id, 7, now=NOW)
    second = await claimed(storage, one)
    await save(storage, second, [card(2)])
    found = await storage.stores.tables.figures(one.id)
    assert [known.nm_id for known in found.layout.products] == [2]


async def test_only_days_that_history_shows_are_kept(storage):
    claim, other = await claimed(storage), await shop(storage, 78)
    ago = [TODAY - timedelta(days=days) for days in range(3 * HISTORY_DAYS, 1, -3)]
    same = {"products": 1, "sold_out": 0, "period_days": 7, "at": NOW, "rows": b""}
    shop_ids = (claim.shop_id, other.id)
    rows = [{"shop_id": shop_id, "day": day, **same} for shop_id in shop_ids for day in ago]
    async with storage.database.write() as connection:
        await connection.execute(insert(shop_days), rows)
    await save(storage, claim, [card(1)])
    days = await storage.stores.tables.history(claim.shop_id, last=2 * HISTORY_DAYS)
    assert [row.day for row in days] == [*ago[1:], YESTERDAY]
    assert len(await storage.stores.tables.history(other.id, last=2 * HISTORY_DAYS)) == len(ago)


async def test_a_later_run_of_the_same_period_overwrites_the_day(storage):
    claim = await claimed(storage)
    await save(storage, claim, [card(1, stocks_total=5)])
    await save(storage, claim, [card(1, stocks_total=9)])
    days = await storage.stores.tables.history(claim.shop_id, last=10)
    assert [(day.day, day.stock) for day in days] == [(WEEK.last, 9)]


async def test_history_brings_the_newest_days_oldest_first(storage):
    claim = await claimed(storage)
    periods = [Period.ending_before(TODAY - timedelta(days=back), 7) for back in (0, 2, 1)]
    for period in periods:
        await save(storage, claim, [card(1)], period=period)
    days = await storage.stores.tables.history(claim.shop_id, last=2)
    assert [day.day for day in days] == [periods[2].last, periods[0].last]


async def test_the_publishers_notes_are_kept(storage):
    claim = await claimed(storage)
    state = TableState("https://docs.example/1", {"tabs": {"Остатки": 0}, "shared": True})
    await storage.stores.tables.save_state(claim, state)
    assert (await storage.stores.tables.table(claim.shop_id)).state == state


async def test_a_late_step_stores_no_figures(storage):
    claim = await claimed(storage)
    await storage.stores.shops.set_paused(claim.shop_id, paused=True, now=NOW)
    with pytest.raises(Superseded):
        await save(storage, claim, [card(1)])
    with pytest.raises(Superseded):
        await storage.stores.tables.save_state(claim, TableState("https://docs.example/1"))
    assert await storage.stores.tables.figures(claim.shop_id) is None
    assert await storage.stores.tables.table(claim.shop_id) == StoredTable()


async def test_vendor_text_may_hold_any_character(storage):
    claim = await claimed(storage)
    odd = card(1, brand="a\0b", stocks_by_warehouse={"Скл\0ад": 1}, orders_by_warehouse={})
    await save(storage, claim, [odd])
    found = await storage.stores.tables.figures(claim.shop_id)
    assert found.metrics[0].brand == "ab"
    assert found.metrics[0].stocks_by_warehouse == {"Склад": 1}
    assert [place.name for place in found.layout.places] == ["Маркетплейс", "Склад"]

import pytest

from bot.core.errors import Code, Defect
from bot.core.ports import Unfinished
from bot.core.products import Source
from bot.sandbox.wildberries import harms
from tests.marketplaces.wildberries.conftest import place_many
from tests.marketplaces.wildberries.contract import OrdersContract
from tests.support.marketplace import MemoryMemo

ORDERS = "/api/v1/supplier/orders"


class TestSupplierOrders(OrdersContract):
    hidden_name = "Склад WB РФ"
    abroad_name = "Минск"

    @pytest.fixture
    def orders(self, wb):
        return wb.access


async def test_it_asks_from_a_second_before_the_period(wb):
    await wb.collect(Source.ORDERS)
    assert wb.twin.calls[0].query == {"dateFrom": "2026-11-12T23:59:59", "flag": "0"}


@pytest.mark.parametrize("boundary", ["later", "repeat", "later_or_equal"])
@pytest.mark.parametrize("page_rows", [1, 2, 3, 5, 7, 1000])
async def test_every_page_whatever_the_boundary(wb, shop, boundary, page_rows):
    place_many(shop, 20)
    whole = await wb.bring(Source.ORDERS)
    wb.twin.behaviour.orders_boundary = boundary
    wb.twin.behaviour.orders_page_rows = page_rows
    paged = await wb.bring(Source.ORDERS)
    assert paged.rows == whole.rows
    assert paged.rows[187654322].placed == 21
    assert wb.twin.too_many == 0


async def test_a_full_key_asks_until_nothing_comes(wb):
    wb.twin.behaviour.orders_page_rows = 3
    wb.twin.behaviour.orders_boundary = "later"
    await wb.collect(Source.ORDERS)
    since = [call.query["dateFrom"] for call in wb.twin.calls]
    assert since == sorted(set(since))
    assert since[-1] == "2026-11-20T10:05:00"


async def test_a_base_key_asks_for_no_empty_page(wb, base):
    got = await wb.collect(Source.ORDERS, access=base)
    assert got.rows[187654321].placed == 4
    assert len(wb.twin.calls) == 1


async def test_more_pages_than_the_burst_are_paced(wb, shop):
    place_many(shop, 24)
    wb.twin.behaviour.orders_page_rows = 2
    wb.twin.behaviour.orders_boundary = "later"
    got = await wb.bring(Source.ORDERS)
    assert got.rows[187654322].placed == 25
    assert wb.twin.too_many == 0


async def test_a_full_answer_on_a_base_key_is_followed_by_the_next_one(wb, shop, base):
    place_many(shop, 71_000)
    wb.twin.behaviour.orders_page_rows = 70_001
    memo, began = MemoryMemo(), wb.clock.monotonic()
    with pytest.raises(Unfinished) as caught:
        await wb.collect(Source.ORDERS, memo, base)
    assert caught.value.code is Code.BUDGET_SPENT
    assert caught.value.retry_after_seconds == pytest.approx(3 * 3600, abs=1)
    assert caught.value.so_far is None
    got = await wb.bring(Source.ORDERS, memo, base)
    assert got.rows[187654322].placed == 71_001
    assert wb.clock.monotonic() - began >= 3 * 3600
    assert len(wb.twin.calls) == 2
    assert wb.twin.too_many == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"0.nmId": {}}, "nmId"),
        ({"0.date": 5}, "date"),
        ({"0.warehouseType": "Склад друга"}, "warehouseType"),
    ],
)
async def test_a_change_that_is_not_understood_names_the_field(wb, change, field):
    wb.twin.faults.plant(harms.edit(change), ORDERS)
    with pytest.raises(Defect) as caught:
        await wb.collect(Source.ORDERS)
    assert caught.value.code is Code.ANSWER_NOT_UNDERSTOOD
    assert caught.value.detail == field


@pytest.mark.parametrize("field", ["nmId", "srid", "date"])
async def test_a_field_that_was_renamed_is_no_empty_shop(wb, field):
    def renamed(rows):
        return [
            {(name + "s" if name == field else name): v for name, v in r.items()} for r in rows
        ]

    wb.twin.faults.plant(harms.mutate(renamed), ORDERS)
    with pytest.raises(Defect) as caught:
        await wb.collect(Source.ORDERS)
    assert caught.value.detail == field


async def test_a_first_try_that_was_cut_does_not_make_the_second_look_like_old_news(wb, shop):
    place_many(shop, 20)
    whole = await wb.bring(Source.ORDERS)
    wb.twin.behaviour.orders_page_rows = 5
    wb.twin.faults.plant(harms.reset_mid_body(), ORDERS, after=1, count=2)
    assert (await wb.bring(Source.ORDERS)).rows == whole.rows

import pytest

from bot.core.errors import Code, Defect
from bot.core.ports import Unfinished
from bot.core.products import Source
from bot.sandbox.wildberries import KeyKind, harms, make_key
from bot.sandbox.wildberries.keys import ANALYTICS, READ_ONLY
from tests.marketplaces.wildberries.conftest import SID, moscow, place_many
from tests.marketplaces.wildberries.contract import OrdersContract
from tests.support.marketplace import MemoryMemo

FEED = "/api/analytics/v1/order-feed"


@pytest.fixture
def analytics_only(wb):
    return wb.adapter.read_key(make_key(sid=SID, rights=ANALYTICS | READ_ONLY))


class TestOrderFeed(OrdersContract):
    hidden_name = "Склад WB"
    abroad_name = "Склад WB"

    @pytest.fixture
    def orders(self, analytics_only):
        return analytics_only


class TestOrderFeedInTheOthersPlace(OrdersContract):
    hidden_name = "Склад WB"
    abroad_name = "Склад WB"

    @pytest.fixture(params=["disabled", "gone", "path"])
    def orders(self, wb, request):
        harm = {
            "disabled": harms.disabled(),
            "gone": harms.replace(410, {"title": "gone"}),
            "path": harms.path_not_found(),
        }[request.param]
        wb.twin.faults.plant(harm, "/api/v1/supplier/orders", count=None)
        return wb.access


async def test_a_key_without_statistics_never_asks_the_statistics_host(wb, analytics_only):
    await wb.collect(Source.ORDERS, access=analytics_only)
    assert wb.paths() == ["order-feed"]
    body = wb.twin.calls[0].body
    assert body == {
        "selectedPeriod": {"start": "2026-11-13T00:00:00+03:00"},
        "pagination": {"offset": 0, "limit": 10000},
    }


async def test_all_pages_are_of_the_first_ones_snapshot(wb, shop, analytics_only):
    place_many(shop, 21_000)
    memo = MemoryMemo()
    with pytest.raises(Unfinished):
        await wb.collect(Source.ORDERS, memo, analytics_only)
    shop.place_order(187654322, moscow("2026-11-19T12:00:00"), warehouse="Тула")
    got = await wb.bring(Source.ORDERS, memo, analytics_only)
    assert got.rows[187654322].placed == 21_001
    pages = [call.body["pagination"] for call in wb.twin.calls]
    assert [page["offset"] for page in pages] == [0, 10_000, 20_000]
    assert [page.get("snapshotTime") for page in pages] == [None, *["2026-11-20T09:00:00Z"] * 2]
    assert wb.twin.too_many == 0


async def test_a_base_key_waits_three_hours_between_pages(wb, shop):
    place_many(shop, 10_000)
    key = make_key(sid=SID, kind=KeyKind.BASE, rights=ANALYTICS)
    memo, access = MemoryMemo(), wb.adapter.read_key(key)
    with pytest.raises(Unfinished) as caught:
        await wb.collect(Source.ORDERS, memo, access)
    assert caught.value.retry_after_seconds == pytest.approx(3 * 3600, abs=1)
    got = await wb.bring(Source.ORDERS, memo, access)
    assert got.rows[187654322].placed == 10_001
    assert wb.twin.too_many == 0


async def test_a_403_for_the_kind_of_key_does_not_change_the_source(wb):
    wb.twin.faults.plant(harms.forbidden("base"), "/api/v1/supplier/orders")
    with pytest.raises(Defect) as caught:
        await wb.collect(Source.ORDERS)
    assert caught.value.code is Code.METHOD_CLOSED_FOR_KEY


async def test_a_switch_off_between_two_pages_loses_nothing(wb):
    wb.twin.behaviour.orders_page_rows = 3
    wb.twin.faults.plant(harms.disabled(), "/api/v1/supplier/orders", after=1, count=None)
    got = await wb.collect(Source.ORDERS)
    assert got.rows[187654321].placed == 4
    assert wb.paths() == ["orders", "orders", "order-feed"]


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ({"data": {}}, "data.orders"),
        ({"data": {"orders": [{"nmID": 1}]}}, "data.orders.nmId"),
        ({"data": {"orders": [{"nmId": 1, "isMp": "no"}]}}, "isMp"),
    ],
)
async def test_a_change_that_is_not_understood(wb, analytics_only, answer, field):
    wb.twin.faults.plant(harms.replace(200, answer), FEED)
    with pytest.raises(Defect) as caught:
        await wb.collect(Source.ORDERS, access=analytics_only)
    assert field in caught.value.detail


async def test_null_is_no_orders(wb, analytics_only):
    wb.twin.faults.plant(harms.replace(200, {"data": {"orders": None}}), FEED)
    assert (await wb.collect(Source.ORDERS, access=analytics_only)).rows == {}

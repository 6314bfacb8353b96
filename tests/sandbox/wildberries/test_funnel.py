from datetime import datetime, timedelta, timezone

import pytest

from bot.sandbox.wildberries import Card, Oddities, OrderStatus, make_shop
from bot.sandbox.wildberries.world import Shop

from .calls import FUNNEL, WEEK, funnel, products
from .conftest import SID

MOSCOW = timezone(timedelta(hours=3))


@pytest.fixture(autouse=True)
def unlimited(twin):
    twin.behaviour.limits_on = False


async def test_figures_are_the_orders_of_the_moscow_days(shop, api):
    first = datetime(2026, 11, 13, 0, 0, tzinfo=MOSCOW)
    for at, status in [
        (first, OrderStatus.BUYOUT),
        (first + timedelta(days=7, seconds=-1), OrderStatus.CANCEL),
        (first + timedelta(days=3), OrderStatus.CREATED),
        (first - timedelta(seconds=1), OrderStatus.CREATED),
        (first + timedelta(days=7), OrderStatus.CREATED),
    ]:
        shop.place_order(187654321, at, warehouse="Тула", status=status, price_rub=900)
    (row,) = await products(api, nmIds=[187654321])
    selected = row["statistic"]["selected"]
    assert selected["period"] == WEEK
    assert (selected["orderCount"], selected["orderSum"]) == (3, 2700)
    assert (selected["buyoutCount"], selected["cancelCount"]) == (1, 1)
    assert selected["conversions"]["buyoutPercent"] == 50
    assert selected["avgOrdersCountPerDay"] == 0.43
    assert selected["shareOrderPercent"] == 100
    assert row["product"]["stocks"] == {"wb": 216, "mp": 0, "balanceSum": 216}

    shop.change_order(shop.orders[2].srid, OrderStatus.BUYOUT, first + timedelta(days=5))
    (row,) = await products(api, nmIds=[187654321])
    assert row["statistic"]["selected"]["buyoutCount"] == 2


async def test_the_past_period_brings_a_comparison(shop, api):
    for day, pieces in ((10, 2), (14, 3)):
        for _ in range(pieces):
            shop.place_order(187654321, datetime(2026, 11, day, tzinfo=MOSCOW), warehouse="Тула")
    past = {"start": "2026-11-06", "end": "2026-11-12"}
    (row,) = await products(api, nmIds=[187654321], pastPeriod=past)
    assert row["statistic"]["past"]["orderCount"] == 2
    assert row["statistic"]["comparison"]["orderCountDynamic"] == 50


async def test_pages(clock, twin, api):
    twin.world.add(make_shop(3, now=clock.now(), cards=1205, orders=300, sid=SID))
    assert len(await products(api)) == 50
    pages = [await products(api, limit=1000, offset=offset) for offset in (0, 1000, 2000)]
    assert [len(page) for page in pages] == [1000, 205, 0]
    assert len({row["product"]["nmId"] for page in pages for row in page}) == 1205


async def test_an_unstable_order_repeats_and_loses_cards(clock, twin, api):
    twin.world.add(make_shop(3, now=clock.now(), cards=30, orders=50, sid=SID))
    twin.behaviour.unstable_funnel = True
    pages = [await products(api, limit=10, offset=offset) for offset in (0, 10, 20)]
    seen = {row["product"]["nmId"] for page in pages for row in page}
    assert [len(page) for page in pages] == [10, 10, 10]
    assert len(seen) < 30
    whole = await products(api, nmIds=list(seen), limit=1000)
    assert {row["product"]["nmId"] for row in whole} == seen


async def test_deleted_and_unlisted_cards(shop, api):
    shop.cards.append(Card(5, "гость", in_funnel=False))
    assert len(await products(api)) == 3
    assert len(await products(api, skipDeletedNm=True)) == 2


async def test_sorting_by_a_field(api):
    rows = await products(api, orderBy={"field": "stockWbQty", "mode": "asc"})
    assert [row["product"]["stocks"]["wb"] for row in rows] == [0, 5, 216]


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ({}, "selectedPeriod (field required)"),
        ({"selectedPeriod": {"start": "2026-11-13"}}, "selectedPeriod.end (field required)"),
        ({"selectedPeriod": {"start": "13.11.2026", "end": "2026-11-19"}}, "must be a date"),
        ({"selectedPeriod": {"start": "2026-11-19", "end": "2026-11-13"}}, "later than end"),
        ({"selectedPeriod": {"start": "2025-11-13", "end": "2026-11-13"}}, "last 365 days"),
        ({"selectedPeriod": WEEK, "limit": 1001}, "less than or equal to 1000"),
        ({"selectedPeriod": WEEK, "limit": "9"}, "limit (must be an integer)"),
        ({"selectedPeriod": WEEK, "nmIds": list(range(1001))}, "at most 1000 items"),
        ({"selectedPeriod": WEEK, "orderBy": {"field": "nmId", "mode": "asc"}}, "orderBy.field"),
        ([], "must be an object"),
    ],
)
async def test_a_wrong_request_is_told_what_is_wrong(api, body, what):
    answer = await api.post(FUNNEL, json=body)
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("code=400, message=invalid: ")
    assert what in answer.json()["detail"]


async def test_a_body_that_is_no_json_is_a_bad_request(api):
    assert (await api.post(FUNNEL, content=b"{")).status_code == 400


async def test_a_shop_without_cards_has_an_empty_funnel(twin, api):
    twin.world.add(Shop(sid=SID))
    answer = await funnel(api)
    assert answer.json() == {"data": {"products": [], "currency": "RUB"}}


async def test_oddities_reach_the_answer(shop, api):
    shop.oddities = Oddities(floats=True, nulls=True, unknown_fields=True)
    text = (await funnel(api)).text
    assert '"wb":216.0' in text
    assert "null" in text
    assert "newField" in text
    assert '"nmId":187654321,' in text

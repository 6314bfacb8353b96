from datetime import datetime, timedelta, timezone

import pytest

from bot.sandbox.wildberries import OrderStatus

from .calls import FEED, ORDERS, STOCKS, orders
from .conftest import SID

MOSCOW = timezone(timedelta(hours=3))
NOON = datetime(2026, 11, 18, 12, 0, tzinfo=MOSCOW)


@pytest.fixture(autouse=True)
def unlimited(twin):
    twin.behaviour.limits_on = False


def place(shop, minutes, **facts):
    at = NOON + timedelta(minutes=minutes)
    facts = {"warehouse": "Тула", "changed_at": at} | facts
    return shop.place_order(187654321, at, **facts)


async def pages(api, date_from):
    found = []
    while page := (await orders(api, date_from)).json():
        found.append([row["srid"] for row in page])
        date_from = page[-1]["lastChangeDate"]
    return found


async def test_a_row_tells_all(shop, api):
    place(shop, 0, srid="eAB.i1.0.0", changed_at=NOON + timedelta(days=1), price_rub=1547)
    (row,) = (await orders(api, "2026-11-18")).json()
    assert row["date"] == "2026-11-18T12:00:00"
    assert row["lastChangeDate"] == "2026-11-19T12:00:00"
    assert (row["warehouseName"], row["warehouseType"]) == ("Склад WB РФ", "Склад WB")
    assert (row["nmId"], row["supplierArticle"]) == (187654321, "ALB-77/синий")
    assert (row["isCancel"], row["cancelDate"]) == (False, "0001-01-01T00:00:00")
    assert (row["srid"], row["priceWithDisc"]) == ("eAB.i1.0.0", 1547)
    assert len(row) == 27


async def test_pages_repeat_the_boundary_row_and_end_empty(shop, twin, api):
    srids = [place(shop, minutes).srid for minutes in range(7)]
    twin.behaviour.orders_page_rows = 3
    found = await pages(api, "2026-11-18")
    assert found == [srids[0:3], srids[2:5], srids[4:7]]


async def test_strict_pages_repeat_nothing(shop, twin, api):
    srids = [place(shop, minutes).srid for minutes in range(5)]
    twin.behaviour.orders_page_rows = 3
    twin.behaviour.orders_boundary = "later"
    assert await pages(api, "2026-11-18") == [srids[0:3], srids[3:5]]


async def test_a_vendor_of_old_never_answers_empty(shop, twin, api):
    place(shop, 0)
    twin.behaviour.orders_boundary = "later_or_equal"
    for _ in range(2):
        assert len((await orders(api, "2026-11-18T12:00:00")).json()) == 1


async def test_a_cut_never_divides_rows_of_one_second(shop, twin, api):
    for _ in range(5):
        place(shop, 0)
    place(shop, 1)
    twin.behaviour.orders_page_rows = 2
    assert [len(page) for page in await pages(api, "2026-11-18")] == [5, 6]


async def test_flag_0_brings_old_orders_that_changed(shop, api):
    cancelled = {"status": OrderStatus.CANCEL, "changed_at": NOON}
    place(shop, -30 * 24 * 60, **cancelled)
    (row,) = (await orders(api, "2026-11-18")).json()
    assert (row["date"][:10], row["isCancel"]) == ("2026-10-19", True)
    assert row["cancelDate"] == "2026-11-18T12:00:00"


async def test_flag_1_is_one_moscow_day_of_placement(shop, api):
    inside = [place(shop, -12 * 60).srid, place(shop, 12 * 60 - 1).srid]
    place(shop, -12 * 60 - 1)
    place(shop, 12 * 60)
    rows = (await orders(api, "2026-11-18T15:00:00", flag=1)).json()
    assert [row["srid"] for row in rows] == inside


async def test_a_zone_is_understood_and_its_lack_is_moscow(shop, api):
    place(shop, 0)
    assert len((await orders(api, "2026-11-18T08:59:59Z")).json()) == 1
    assert (await orders(api, "2026-11-18T12:00:01+03:00")).json() == []
    assert (await orders(api, "2026-11-18T12:00:01")).json() == []


async def test_orders_are_kept_90_days(shop, api):
    place(shop, -91 * 24 * 60)
    assert (await orders(api, "2026-01-01")).json() == []


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ({}, ["dateFrom: field required"]),
        ({"dateFrom": "вчера"}, "dateFrom: Value not validated"),
        ({"dateFrom": "2026-11-18", "flag": "2"}, ["flag: Value not validated"]),
    ],
)
async def test_a_wrong_request_has_errors_in_both_shapes(api, query, errors):
    answer = await api.get(ORDERS, params=query)
    assert (answer.status_code, answer.json()) == (400, {"errors": errors})


async def test_names_of_warehouses(shop, api):
    names = ["Подольск\xa03", "Коледино", "СГТ Шелепаново", "Минск", "Обухово МП"]
    for minute, name in enumerate(names):
        place(shop, minute, warehouse=name)
    hidden = (await orders(api, "2026-11-18")).json()
    assert [row["warehouseName"] for row in hidden] == [
        "Склад WB РФ",
        "Склад WB РФ",
        "Склад WB СГТ РФ",
        "Минск",
        "Обухово МП",
    ]
    assert [row["warehouseType"] for row in hidden] == ["Склад WB"] * 4 + ["Склад продавца"]
    shop.warehouses_hidden = False
    shown = (await orders(api, "2026-11-18")).json()
    assert shown[0]["warehouseName"] == "Подольск 3"


async def feed(api, start="2026-11-18T00:00:00+03:00", **body):
    return await api.post(FEED, json={"selectedPeriod": {"start": start}, **body})


async def test_the_feed_is_by_date_of_the_status_newest_first(shop, api):
    old = {"status": OrderStatus.BUYOUT, "changed_at": NOON}
    bought = place(shop, -10 * 24 * 60, warehouse="Минск", **old)
    placed = place(shop, 5, warehouse="Обухово МП", changed_at=NOON + timedelta(days=1))
    place(shop, -24 * 60)
    data = (await feed(api)).json()["data"]
    assert [row["srid"] for row in data["orders"]] == [placed.srid, bought.srid]
    own, wb = data["orders"]
    assert (own["isMp"], own["warehouseName"]) == (True, "Обухово МП")
    assert own["createdAt"] == own["updatedAt"] == "2026-11-18T09:05:00Z"
    assert (wb["isMp"], wb["warehouseName"], wb["status"]) == (False, "Склад WB", "buyout")


async def test_the_pages_of_a_snapshot_stand_still(clock, shop, api):
    srids = [place(shop, minutes).srid for minutes in range(5)]
    first = (await feed(api, pagination={"limit": 3})).json()["data"]
    await clock.advance(60)
    shop.place_order(187654322, clock.now(), warehouse="Тула")
    shop.change_order(srids[0], OrderStatus.CANCEL, clock.now())
    snapshot = {"limit": 3, "offset": 3, "snapshotTime": first["snapshotTime"]}
    second = (await feed(api, pagination=snapshot)).json()["data"]
    rows = first["orders"] + second["orders"]
    assert [row["srid"] for row in rows] == srids[::-1]
    assert second["snapshotTime"] == first["snapshotTime"]
    assert len((await feed(api)).json()["data"]["orders"]) == 6


@pytest.mark.parametrize(
    "body",
    [
        {"selectedPeriod": {}},
        {"selectedPeriod": {"start": "2026-11-18"}},
        {"selectedPeriod": {"start": "2026-10-01T00:00:00Z"}},
        {"selectedPeriod": {"start": "2026-11-19T00:00:00Z"}, "pagination": {"limit": 10001}},
    ],
)
async def test_a_wrong_feed_request_is_a_bad_request(api, body):
    assert (await api.post(FEED, json=body)).status_code == 400


async def test_current_stock(shop, api):
    hidden = (await api.post(f"{STOCKS}/wb-warehouses", json={"nmIds": [187654321]})).json()
    (row,) = hidden["data"]["items"]
    assert (row["warehouseId"], row["warehouseName"], row["quantity"]) == (
        -999999,
        "Склад WB",
        196,
    )
    assert (row["inWayToClient"], row["inWayFromClient"]) == (9, 2)

    shop.warehouses_hidden = False
    shown = (await api.post(f"{STOCKS}/wb-warehouses", json={"limit": 2, "offset": 1})).json()
    assert [row["quantity"] for row in shown["data"]["items"]] == [50, 6]

    own = (await api.post(f"{STOCKS}/seller-warehouses", json={})).json()["data"]["items"]
    assert [(row["nmId"], row["warehouseName"], row["quantity"]) for row in own] == [
        (187654322, "Обухово МП", 11)
    ]
    nothing = await api.post(f"{STOCKS}/seller-warehouses", json={"nmIds": [1]})
    assert (nothing.status_code, nothing.content) == (204, b"")


async def test_seller_info(shop, api):
    answer = (await api.get("/api/v1/seller-info")).json()
    assert (answer["sid"], answer["name"]) == (SID, "ИП Иванов И. И.")
    shop.name = ""
    assert "name" not in (await api.get("/api/v1/seller-info")).json()


@pytest.mark.parametrize(
    ("method", "path", "detail"),
    [
        ("GET", "/api/v1/supplier/stocks", "Please consult"),
        ("GET", "/api/v1/supplier/incomes", "Please consult"),
        ("POST", "/api/v2/nm-report/detail", "Please consult"),
        ("GET", "/api/v1/warehouses", "temporarily disabled"),
        ("POST", "/api/v1/acceptance/options", "temporarily disabled"),
    ],
)
async def test_what_is_gone_answers_404(api, method, path, detail):
    answer = await api.request(method, path)
    assert answer.status_code == 404
    assert detail in answer.json()["detail"]

"""Every answer that is not a planted fault, read by a client that we did not write."""

import pytest
from wildberries_sdk.analytics import models as analytics
from wildberries_sdk.general import models as general
from wildberries_sdk.reports import models as reports

from bot.sandbox.wildberries import KeyKind, make_key, make_shop

from .calls import FEED, PER_CARD, STOCKS, create, download, funnel, orders
from .conftest import SID

RemainsRow = reports.GetV1WarehouseRemainsTasksTaskIdDownload200ResponseInner
Task = reports.GetTasksResponse


@pytest.fixture(params=[True, False], ids=["hidden", "shown"], autouse=True)
def made_up_shop(request, clock, twin):
    twin.behaviour.limits_on = False
    twin.behaviour.remains_generation_seconds = 0
    shop = make_shop(
        5,
        now=clock.now(),
        cards=120,
        warehouses=45,
        orders=3000,
        sid=SID,
        warehouses_hidden=request.param,
    )
    return twin.world.add(shop)


async def test_ping_and_seller_info(api):
    assert general.GetPing200Response.from_dict((await api.get("/ping")).json()).status == "OK"
    info = general.GetV1SellerInfo200Response.from_dict(
        (await api.get("/api/v1/seller-info")).json()
    )
    assert info.sid == SID


@pytest.mark.parametrize("past", [None, {"start": "2026-11-06", "end": "2026-11-12"}])
async def test_funnel(api, past):
    reply = (await funnel(api, limit=1000, pastPeriod=past)).json()
    read = analytics.PostV3SalesFunnelProducts200Response.from_dict(reply)
    assert len(read.data.products) == 120


@pytest.mark.parametrize(
    "flags", [PER_CARD, PER_CARD | {"groupBySize": "true", "groupByBarcode": "true"}]
)
async def test_remains(api, flags):
    task = await create(api, **flags)
    reply = (await api.get(f"/api/v1/warehouse_remains/tasks/{task}/status")).json()
    assert Task.from_dict(reply).data.status == "done"
    rows = [RemainsRow.from_dict(row) for row in (await download(api, task)).json()]
    assert len(rows) >= 120
    assert all(row.warehouses for row in rows)


async def test_orders(made_up_shop, api):
    rows = (await orders(api, "2026-01-01")).json()
    assert len(rows) == len(made_up_shop.orders)
    for row in rows:
        reports.OrdersItem.from_dict(row)


async def test_order_feed(api):
    body = {
        "selectedPeriod": {"start": "2026-11-01T00:00:00+03:00"},
        "pagination": {"limit": 5000},
    }
    reply = (await api.post(FEED, json=body)).json()
    assert analytics.PostV1OrderFeed200Response.from_dict(reply).data.orders


async def test_current_stock(api):
    wb = (await api.post(f"{STOCKS}/wb-warehouses", json={})).json()
    assert analytics.PostV1StocksReportWbWarehouses200Response.from_dict(wb).data.items
    own = (await api.post(f"{STOCKS}/seller-warehouses", json={})).json()
    assert analytics.PostV1StocksReportSellerWarehouses200Response.from_dict(own).data.items


async def test_refusals(twin, api):
    unauthorized = await api.get("/ping", headers={"Authorization": "no"})
    assert general.GetPing401Response.from_dict(unauthorized.json()).status == 401
    base = {"Authorization": make_key(sid=SID, kind=KeyKind.BASE)}
    closed = await api.post(f"{STOCKS}/wb-warehouses", json={}, headers=base)
    assert analytics.Response4XX.from_dict(closed.json()).status == 403
    wrong = await api.post("/api/analytics/v3/sales-funnel/products", json={})
    assert "selectedPeriod" in analytics.ErrorObject400.from_dict(wrong.json()).detail
    for query in ({}, {"dateFrom": "x"}):
        answer = await api.get("/api/v1/supplier/orders", params=query)
        assert reports.GetV1SupplierOrders400Response.from_json(answer.text).actual_instance
    twin.behaviour.limits_on = True
    for _ in range(4):
        last = await funnel(api)
    assert reports.Response4XX.from_dict(last.json()).status == 429

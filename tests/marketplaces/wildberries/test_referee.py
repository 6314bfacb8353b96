"""Every request of ours, judged by the models of PyPI `wildberries-sdk`."""

import pytest
from pydantic import BaseModel
from wildberries_sdk import analytics

from bot.core.products import Source
from bot.sandbox.wildberries import make_key
from bot.sandbox.wildberries.keys import ANALYTICS
from tests.marketplaces.wildberries.conftest import SID, add_cards, place_many

MODELS: dict[str, type[BaseModel]] = {
    "/api/analytics/v3/sales-funnel/products": analytics.ItemsRequest,
    "/api/analytics/v1/order-feed": analytics.OrderFeedRequest,
    "/api/analytics/v1/stocks-report/seller-warehouses": analytics.InventoryRequest,
}
QUERIES = {
    "/api/v1/warehouse_remains": {
        "locale",
        "groupByNm",
        "groupBySa",
        "groupByBrand",
        "groupBySubject",
    },
    "/api/v1/supplier/orders": {"dateFrom", "flag"},
}


@pytest.mark.parametrize("days", [7, 14, 30])
async def test_every_request_passes_the_referee(wb, shop, days):
    add_cards(shop, 1200)
    place_many(shop, 10_050)
    wb.period = wb.period.ending_before(wb.clock.now().date(), days)
    for source in Source:
        await wb.bring(source)
    await wb.bring(Source.ORDERS, access=wb.adapter.read_key(make_key(sid=SID, rights=ANALYTICS)))
    bodies = [call for call in wb.twin.calls if call.body is not None]
    for call in bodies:
        model = MODELS[call.path]
        known = {field.alias or name for name, field in model.model_fields.items()}
        assert set(call.body) <= known
        assert model.from_dict(call.body) is not None
    assert {call.path for call in bodies} == set(MODELS)
    assert len(bodies) == 2 + 2 + 1
    for call in wb.twin.calls:
        if call.body is None:
            assert set(call.query) == QUERIES.get(call.path, set())

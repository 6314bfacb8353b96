"""Calls as our client will make them."""

FUNNEL = "/api/analytics/v3/sales-funnel/products"
REMAINS = "/api/v1/warehouse_remains"
ORDERS = "/api/v1/supplier/orders"
FEED = "/api/analytics/v1/order-feed"
STOCKS = "/api/analytics/v1/stocks-report"
WEEK = {"start": "2026-11-13", "end": "2026-11-19"}
PER_CARD = {
    "groupByNm": "true",
    "groupBySa": "true",
    "groupByBrand": "true",
    "groupBySubject": "true",
}


async def funnel(api, **body):
    return await api.post(FUNNEL, json={"selectedPeriod": WEEK, **body})


async def products(api, **body):
    return (await funnel(api, **body)).json()["data"]["products"]


async def create(api, **query):
    return (await api.get(REMAINS, params=query or PER_CARD)).json()["data"]["taskId"]


async def status(api, task_id):
    return (await api.get(f"{REMAINS}/tasks/{task_id}/status")).json()["data"]["status"]


async def download(api, task_id):
    return await api.get(f"{REMAINS}/tasks/{task_id}/download")


async def orders(api, date_from, flag=0):
    return await api.get(ORDERS, params={"dateFrom": date_from, "flag": flag})

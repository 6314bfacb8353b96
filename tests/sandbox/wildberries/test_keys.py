from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bot.sandbox.wildberries import Host, KeyKind, make_key
from bot.sandbox.wildberries.keys import ANALYTICS, STATISTICS, read_key

from .calls import FUNNEL, ORDERS, STOCKS, WEEK
from .conftest import SID


async def test_a_key_is_taken_with_and_without_bearer(api, key):
    assert (await api.get("/ping")).json() == {"TS": "2026-11-20T12:00:00+03:00", "Status": "OK"}
    bearer = await api.get("/ping", headers={"Authorization": f"Bearer {key}"})
    assert bearer.status_code == 200


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "not-a-key",
        "a.b.c",
        "e30.e30.sig",
        make_key(sid="99999999-0000-4000-8000-000000000000"),
        make_key(sid=SID, expires_at=datetime(2026, 11, 20, 8, 59, tzinfo=UTC)),
        make_key(sid=SID, kind=KeyKind.TEST),
    ],
    ids=["missing", "word", "no-json", "no-claims", "unknown-seller", "expired", "test"],
)
async def test_a_key_that_opens_nothing_is_refused(api, authorization):
    answer = await api.get("/ping", headers={"Authorization": authorization})
    assert answer.status_code == 401
    assert answer.headers["content-type"].startswith("application/problem+json")
    body = answer.json()
    assert body["title"] == "unauthorized"
    assert body["detail"].startswith("token problem;")
    assert set(body) == {
        "title",
        "detail",
        "code",
        "requestId",
        "origin",
        "status",
        "statusText",
        "timestamp",
    }


async def test_a_key_without_the_hosts_right_is_refused(api):
    analytics_only = {"Authorization": make_key(sid=SID, rights=ANALYTICS)}
    refused = await api.get(ORDERS, params={"dateFrom": "2026-11-13"}, headers=analytics_only)
    assert refused.status_code == 401
    opened = await api.post(FUNNEL, json={"selectedPeriod": WEEK}, headers=analytics_only)
    assert opened.status_code == 200


async def test_a_key_dies_when_it_expires_or_is_withdrawn(clock, twin, api, key):
    short = make_key(sid=SID, expires_at=clock.now() + timedelta(hours=1))
    assert (await api.get("/ping", headers={"Authorization": short})).status_code == 200
    await clock.advance(3600)
    assert (await api.get("/ping", headers={"Authorization": short})).status_code == 401
    twin.gate.withdraw(key)
    assert (await api.get("/ping")).status_code == 401


async def test_hosts_of_their_own_serve_only_their_own_paths(twin, key):
    headers = {"Authorization": key}
    statistics_only = {"Authorization": make_key(sid=SID, rights=STATISTICS)}
    async with (
        twin.host(Host.ANALYTICS) as host,
        httpx.AsyncClient(base_url=host.url, headers=headers) as client,
    ):
        wrong = await client.get(ORDERS, params={"dateFrom": "2026-11-13"})
        assert wrong.status_code == 404
        assert wrong.json()["title"] == "path not found"
        assert (await client.get("/ping")).status_code == 200
        assert (await client.get("/ping", headers=statistics_only)).status_code == 401


@pytest.mark.parametrize(
    ("key", "secret", "wb", "seller"),
    [
        (make_key(sid=SID, kind=KeyKind.PERSONAL), None, 200, 200),
        (make_key(sid=SID, kind=KeyKind.SERVICE), "s3cret", 200, 200),
        (make_key(sid=SID, kind=KeyKind.BASE), "s3cret", 200, 403),
        (make_key(sid=SID, kind=KeyKind.BASE), "wrong", 403, 403),
        (make_key(sid=SID, kind=KeyKind.BASE), None, 403, 403),
        (make_key(sid=SID, kind=None), None, 403, 403),
    ],
    ids=["personal", "service", "base-with-secret", "wrong-secret", "base", "unknown"],
)
async def test_some_methods_are_closed_to_some_kinds(api, key, secret, wb, seller):
    headers = {"Authorization": key} | ({"X-Client-Secret": secret} if secret else {})
    from_wb = await api.post(f"{STOCKS}/wb-warehouses", json={}, headers=headers)
    from_seller = await api.post(f"{STOCKS}/seller-warehouses", json={}, headers=headers)
    assert (from_wb.status_code, from_seller.status_code) == (wb, seller)
    if wb == 403:
        assert from_wb.json()["detail"] == "base token without secret is not allowed"
    if seller == 403:
        assert from_seller.json()["detail"] == "base token is not allowed"


async def test_a_service_key_needs_the_secret_of_its_service(api):
    service = {"Authorization": make_key(sid=SID, kind=KeyKind.SERVICE)}
    refused = await api.post(FUNNEL, json={"selectedPeriod": WEEK}, headers=service)
    assert refused.status_code == 403
    assert refused.json()["detail"] == "token does not satisfy additional requirements"


def test_a_key_says_what_it_was_made_of():
    facts = read_key(make_key(sid=SID, kind=KeyKind.SERVICE, for_="asid:svc-1", rights=36))
    assert (facts.sid, facts.kind, facts.service_id) == (SID, KeyKind.SERVICE, "svc-1")
    assert (facts.rights, facts.test) == (36, False)
    old = read_key(make_key(sid=SID, kind=None, oid=17, t=None))
    assert old.kind is KeyKind.BASE

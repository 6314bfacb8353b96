import httpx
import pytest

from bot.sandbox.wildberries import KeyKind, WildberriesTwin, make_key
from bot.sandbox.wildberries.limits import Limit

from .calls import FUNNEL, create, download, funnel, orders, status
from .conftest import SID

BASE = {"Authorization": make_key(sid=SID, kind=KeyKind.BASE)}


async def test_the_burst_passes_and_the_next_call_is_told_how_long_to_wait(clock, twin, api):
    first = [await funnel(api) for _ in range(3)]
    assert [one.headers["X-Ratelimit-Remaining"] for one in first] == ["2", "1", "0"]
    refused = await funnel(api)
    assert refused.status_code == 429
    assert refused.json()["title"] == "too many requests"
    assert refused.json()["detail"].startswith("limited by ")
    assert refused.headers["X-Ratelimit-Retry"] == "20"
    assert refused.headers["X-Ratelimit-Limit"] == "3"
    assert refused.headers["X-Ratelimit-Reset"] == "60"
    assert "X-Ratelimit-Remaining" not in refused.headers
    assert "Retry-After" not in refused.headers
    assert twin.too_many == 1

    await clock.advance(20)
    assert (await funnel(api)).status_code == 200
    assert (await funnel(api)).status_code == 429
    await clock.advance(60)
    assert (await funnel(api)).headers["X-Ratelimit-Remaining"] == "2"
    assert twin.too_many == 2


async def test_a_base_key_waits_half_an_hour_and_has_a_bucket_of_its_own(clock, api):
    api.headers.update(BASE)
    assert (await funnel(api)).headers["X-Ratelimit-Remaining"] == "0"
    refused = await funnel(api)
    assert refused.headers["X-Ratelimit-Retry"] == "1800"
    personal = {"Authorization": make_key(sid=SID)}
    body = {"selectedPeriod": {"start": "2026-11-13", "end": "2026-11-19"}}
    assert (await api.post(FUNNEL, json=body, headers=personal)).status_code == 200
    await clock.advance(1800)
    assert (await funnel(api)).status_code == 200


async def test_two_keys_of_one_seller_and_kind_share_a_bucket(api):
    for rights in (36, 36, 1073741860):
        api.headers["Authorization"] = make_key(sid=SID, rights=rights)
        assert (await funnel(api)).status_code == 200
    assert (await funnel(api)).status_code == 429


async def test_a_service_secret_lifts_the_limits_of_a_base_key(api):
    api.headers.update(BASE)
    api.headers["X-Client-Secret"] = "s3cret"
    assert [(await funnel(api)).status_code for _ in range(3)] == [200, 200, 200]


async def test_every_method_has_its_own_bucket(twin, api):
    twin.behaviour.remains_generation_seconds = 0
    tasks = [await create(api) for _ in range(5)]
    assert (await api.get("/api/v1/warehouse_remains")).status_code == 429
    assert [await status(api, one) for one in tasks] == ["done"] * 5
    assert (await download(api, tasks[0])).status_code == 200
    assert (await download(api, tasks[0])).status_code == 429
    assert (await orders(api, "2026-11-13")).headers["X-Ratelimit-Remaining"] == "9"


@pytest.mark.parametrize(("kind", "retry"), [(KeyKind.PERSONAL, "60"), (KeyKind.BASE, "86400")])
async def test_seller_info_is_dear_to_a_base_key(api, kind, retry):
    api.headers["Authorization"] = make_key(sid=SID, kind=kind)
    answers = [await api.get("/api/v1/seller-info") for _ in range(11)]
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.headers["X-Ratelimit-Retry"] == retry


async def test_the_global_limiter_names_no_wait(clock, twin, api):
    twin.behaviour.global_limit = Limit(1.0, 2)
    assert [(await api.get("/ping")).status_code for _ in range(2)] == [200, 200]
    refused = await api.get("/ping")
    assert refused.status_code == 429
    assert refused.json()["detail"].startswith(f"Limited by global limiter, per seller {SID}")
    assert not [name for name in refused.headers if name.startswith("x-ratelimit")]
    await clock.advance(1)
    assert (await api.get("/ping")).status_code == 200


async def test_a_scaled_twin_counts_minutes_as_seconds(clock, shop, key):
    twin = WildberriesTwin(clock, [shop], time_scale=60)
    async with twin, httpx.AsyncClient(base_url=twin.url, headers={"Authorization": key}) as api:
        assert [(await funnel(api)).status_code for _ in range(4)] == [200, 200, 200, 429]
        await clock.advance(20 / 60)
        assert (await funnel(api)).status_code == 200
        task = await create(api)
        await clock.advance(1)
        assert await status(api, task) == "done"


async def test_limits_can_be_switched_off(twin, api):
    twin.behaviour.limits_on = False
    answers = [await funnel(api) for _ in range(10)]
    assert {answer.status_code for answer in answers} == {200}

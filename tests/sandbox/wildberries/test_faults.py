import asyncio
import json

import httpx
import pytest

from bot.sandbox.wildberries import harms

from .calls import FUNNEL, ORDERS, WEEK, funnel, orders


@pytest.fixture(autouse=True)
def unlimited(twin):
    twin.behaviour.limits_on = False


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        (harms.unauthorized(), 401, "token problem"),
        (harms.payment_required(), 402, "insufficient funds on its balance"),
        (harms.forbidden("base"), 403, "base token is not allowed"),
        (harms.forbidden("base_without_secret"), 403, "base token without secret is not allowed"),
        (harms.forbidden("requirements"), 403, "does not satisfy additional requirements"),
        (harms.forbidden("service"), 403, "Authorization error"),
        (harms.not_found(), 404, "Not Found"),
        (harms.path_not_found(), 404, "path not found"),
        (harms.disabled(), 404, "temporarily disabled"),
        (harms.too_large(), 413, "too large"),
        (harms.too_many(3582), 429, "limited by"),
        (harms.global_limiter(), 429, "global limiter"),
        (harms.server_error(502, "html"), 502, "<html>"),
        (harms.server_error(500, "json"), 500, "internal error"),
        (harms.server_error(503, "empty"), 503, ""),
        (harms.html_ok(), 200, "<html>"),
        (harms.no_content(), 204, ""),
        (harms.replace(418, {"tea": True}), 418, '{"tea":true}'),
    ],
)
async def test_another_answer(twin, api, fault, status, words):
    twin.faults.plant(fault, FUNNEL)
    answer = await funnel(api)
    assert answer.status_code == status
    assert words in answer.text
    assert ("X-Ratelimit-Remaining" in answer.headers) == (status != 429)
    assert (await funnel(api)).status_code == 200
    assert [call.status for call in twin.calls] == [status, 200]
    assert twin.too_many == 0


async def test_a_planted_429_has_its_three_headers(twin, api):
    twin.faults.plant(harms.too_many(3582, limit=3, reset_seconds=3600))
    answer = await funnel(api)
    found = [answer.headers[f"X-Ratelimit-{name}"] for name in ("Retry", "Limit", "Reset")]
    assert found == ["3582", "3", "3600"]


async def test_a_reset_before_the_answer(twin, api):
    twin.faults.plant(harms.reset())
    with pytest.raises(httpx.TransportError):
        await funnel(api)
    assert (await funnel(api)).status_code == 200
    assert [call.status for call in twin.calls] == [0, 200]


@pytest.mark.parametrize("path", [FUNNEL, ORDERS])
async def test_a_reset_in_mid_body(clock, shop, twin, api, path):
    shop.place_order(187654321, clock.now(), warehouse="Тула")
    twin.faults.plant(harms.reset_mid_body(), path)
    with pytest.raises(httpx.TransportError):
        await (funnel(api) if path == FUNNEL else orders(api, "2026-11-19"))


async def test_truncated_json(clock, shop, twin, api):
    shop.place_order(187654321, clock.now(), warehouse="Тула")
    twin.faults.plant(harms.truncated())
    answer = await orders(api, "2026-11-19")
    assert answer.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        answer.json()


async def test_a_stall_outlasts_the_client_and_ends_by_the_clock(clock, twin, api):
    twin.faults.plant(harms.stall(30), count=2)
    with pytest.raises(httpx.ReadTimeout):
        await api.get("/ping", timeout=0.05)
    async with asyncio.TaskGroup() as group:
        patient = group.create_task(api.get("/ping"))
        async with clock.autorun():
            answer = await patient
    assert answer.status_code == 200
    assert clock.monotonic() >= 30


async def test_the_true_answer_changed(twin, api):
    twin.faults.plant(harms.edit({"data.products.0.product.nmId": None}, ["data.currency"]))
    data = (await funnel(api)).json()["data"]
    assert data["products"][0]["product"]["nmId"] is None
    assert "currency" not in data
    twin.faults.plant(harms.mutate(lambda value: [value]))
    assert isinstance((await funnel(api)).json(), list)


async def test_a_fault_strikes_only_the_calls_it_was_meant_for(twin, api):
    twin.faults.plant(harms.server_error(), ORDERS, method="GET")
    twin.faults.plant(harms.server_error(), sid="another")
    assert (await funnel(api)).status_code == 200
    assert (await orders(api, "2026-11-19")).status_code == 500


async def test_a_fault_after_so_many_calls_so_many_times(twin, api):
    planted = twin.faults.plant(harms.server_error(), after=2, count=2)
    assert [(await funnel(api)).status_code for _ in range(6)] == [200, 200, 500, 500, 200, 200]
    assert planted.hits == 2


async def test_a_likely_fault_is_repeatable(twin, api):
    twin.faults.plant(harms.server_error(), count=None, probability=0.2)
    first = [(await api.get("/ping")).status_code for _ in range(50)]
    assert 2 <= first.count(500) <= 20
    twin.faults.clear()
    assert (await api.get("/ping")).status_code == 200


async def test_the_limits_are_debited_before_a_fault_strikes(twin, api):
    twin.behaviour.limits_on = True
    twin.faults.plant(harms.server_error(), count=3)
    statuses = [(await funnel(api)).status_code for _ in range(4)]
    assert statuses == [500, 500, 500, 429]


async def test_calls_are_recorded_without_the_key(clock, twin, api, key):
    await funnel(api, limit=10)
    await api.get(ORDERS, params={"dateFrom": "2026-11-19"}, headers={"X-Client-Secret": "s3cret"})
    first, second = twin.calls
    assert (first.method, first.path, first.status) == ("POST", FUNNEL, 200)
    assert first.body == {"selectedPeriod": WEEK, "limit": 10}
    assert (first.at, first.with_secret) == (clock.now(), False)
    assert (dict(second.query), second.with_secret) == ({"dateFrom": "2026-11-19"}, True)
    assert key not in repr(twin.calls)
    assert "s3cret" not in repr(twin.calls)


async def test_a_twin_in_another_process_can_be_steered(twin, api):
    wish = {"harm": "server_error", "with": {"status": 502}, "path": FUNNEL, "count": 1}
    assert (await api.post("/__control/faults", json=wish)).status_code == 200
    assert (await api.get("/__control/faults")).json()[0]["path"] == FUNNEL
    assert (await funnel(api)).status_code == 502
    assert (await api.get("/__control/calls")).json()[0]["status"] == 502
    await api.post("/__control/faults", json={"harm": "reset", "count": None})
    assert (await api.delete("/__control/faults")).status_code == 204
    assert (await funnel(api)).status_code == 200
    assert (await api.delete("/__control/calls")).status_code == 204
    assert twin.calls == []


async def test_worlds_and_switches_can_be_steered(twin, shop, api):
    made = await api.post("/__control/shops", json={"seed": 7, "cards": 5, "sid": "a-b"})
    assert made.json()["sid"] == "a-b"
    state = (await api.get("/__control/state")).json()
    assert (state["too_many"], state["shops"]["a-b"]["cards"]) == (0, 5)
    change = {"warehouses_hidden": False, "oddities": {"floats": True}}
    await api.post(f"/__control/shops/{shop.sid}", json=change)
    assert (shop.warehouses_hidden, shop.oddities.floats) == (False, True)
    switches = {"remains_generation_seconds": 3, "global_limit": None}
    assert (await api.post("/__control/behaviour", json=switches)).status_code == 200
    assert twin.behaviour.remains_generation_seconds == 3


@pytest.mark.parametrize(
    ("path", "wish"),
    [
        ("faults", {"harm": "earthquake"}),
        ("faults", {"harm": "stall", "with": {"minutes": 1}}),
        ("faults", []),
        ("behaviour", {"mood": "bad"}),
        ("shops", {"colour": "red"}),
    ],
)
async def test_a_wrong_wish_is_refused(api, path, wish):
    assert (await api.post(f"/__control/{path}", json=wish)).status_code == 400

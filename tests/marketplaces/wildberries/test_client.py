import asyncio
from random import Random

import httpx
import msgspec
import pytest

from bot.core.errors import Code, Defect, Transient
from bot.core.ports import Unfinished
from bot.kit.clock import ManualClock
from bot.kit.retry import Backoff
from bot.marketplaces.wildberries import WildberriesUrls
from bot.marketplaces.wildberries.client import Call, Client
from bot.marketplaces.wildberries.hosts import Host
from bot.marketplaces.wildberries.limits import (
    FUNNEL,
    METHODS,
    ORDERS,
    PING_ANALYTICS,
    REMAINS_DOWNLOAD,
    SELLER_INFO,
    Limits,
    Method,
)
from bot.marketplaces.wildberries.reading import read_object
from bot.marketplaces.wildberries.token import read_key
from bot.sandbox.wildberries import KeyKind, make_key
from tests.marketplaces.wildberries.conftest import SECRET, SID
from tests.support.marketplace import NOON, MemoryBudget

KEY = make_key(sid=SID)
ACCESS = read_key(KEY, now=NOON)
BASE = read_key(make_key(sid=SID, kind=KeyKind.BASE), now=NOON)
URLS = WildberriesUrls(*(f"https://{host}.test/" for host in Host))
MARKET = Method(
    "warehouses", Host.MARKETPLACE, "GET", "/api/v3/warehouses", FUNNEL.full, FUNNEL.base
)


async def read(chunks):
    return await read_object(chunks, msgspec.Raw)


class Desk:
    """A client whose answers are given by a function, on a clock of its own."""

    def __init__(self, answer, *, secret=None, scale=1.0, **kwargs) -> None:
        self.asked: list[httpx.Request] = []
        self.clock = ManualClock(NOON)
        self.budget = MemoryBudget(self.clock)

        async def handle(request: httpx.Request) -> httpx.Response:
            self.asked.append(request)
            got = answer(len(self.asked), request)
            return await got if asyncio.iscoroutine(got) else got

        self.http = httpx.AsyncClient(transport=httpx.MockTransport(handle))
        self.client = Client(
            self.http,
            URLS,
            budget=self.budget,
            limits=Limits(bool(secret), scale),
            clock=self.clock,
            backoff=Backoff(Random(1)),  # noqa: S311 - jitter, no secret
            client_secret=secret,
            **kwargs,
        )

    async def ask(self, method=FUNNEL, access=ACCESS, **fields):
        async with self.clock.autorun(idle_seconds=0.002):
            return await self.client.ask(Call(method, access, **fields), read)


def ok(_number, _request):
    return httpx.Response(200, json={})


def failing(times: int, status: int = 502):
    return lambda number, _: httpx.Response(status if number <= times else 200, json={})


@pytest.mark.parametrize(
    ("method", "address"),
    [
        (FUNNEL, "https://analytics.test/api/analytics/v3/sales-funnel/products"),
        (ORDERS, "https://statistics.test/api/v1/supplier/orders"),
        (SELLER_INFO, "https://common.test/api/v1/seller-info"),
        (MARKET, "https://marketplace.test/api/v3/warehouses"),
    ],
)
async def test_each_method_is_asked_of_its_own_host(method, address):
    desk = Desk(ok)
    await desk.ask(method)
    assert str(desk.asked[0].url) == address
    assert desk.asked[0].headers["Authorization"] == KEY


async def test_a_reports_id_cannot_leave_its_segment():
    desk = Desk(ok)
    await desk.ask(REMAINS_DOWNLOAD, report_id="../../x?y")
    assert desk.asked[0].url.raw_path.endswith(b"/tasks/..%2F..%2Fx%3Fy/download")


@pytest.mark.parametrize(
    ("secret", "method", "sent"),
    [
        (SECRET, FUNNEL, SECRET),
        (SECRET, ORDERS, SECRET),
        (SECRET, MARKET, None),
        (None, FUNNEL, None),
    ],
)
async def test_the_secret_goes_everywhere_but_to_the_marketplace_host(secret, method, sent):
    desk = Desk(ok, secret=secret)
    await desk.ask(method)
    assert desk.asked[0].headers.get("X-Client-Secret") == sent


@pytest.mark.parametrize("times", [0, 1, 2])
async def test_short_failures_are_tried_again_and_every_try_is_debited(times):
    desk = Desk(failing(times))
    await desk.ask()
    assert len(desk.asked) == len(desk.budget.taken) == times + 1


async def test_after_three_tries_it_is_the_vendors_failure():
    desk = Desk(failing(9))
    with pytest.raises(Transient) as caught:
        await desk.ask()
    assert caught.value.code is Code.VENDOR_FAILED
    assert len(desk.asked) == 3
    assert desk.clock.monotonic() <= 3


async def test_a_failed_try_that_spent_the_budget_says_when_the_next_one_may_be():
    desk = Desk(failing(1))
    with pytest.raises(Transient) as caught:
        await desk.ask(ORDERS, BASE)
    assert caught.value.code is Code.VENDOR_FAILED
    assert caught.value.retry_after_seconds == pytest.approx(3 * 3600, rel=0.01)
    assert len(desk.asked) == 1


async def test_a_refusal_is_not_tried_again():
    desk = Desk(failing(9, 400))
    with pytest.raises(Defect):
        await desk.ask()
    assert len(desk.asked) == 1


async def test_a_short_wait_is_slept_a_long_one_is_told():
    desk = Desk(ok)
    for _ in range(4):
        await desk.ask()
    assert 20 <= desk.clock.monotonic() <= 21
    await desk.ask(REMAINS_DOWNLOAD, report_id="x")
    with pytest.raises(Unfinished) as caught:
        await desk.ask(REMAINS_DOWNLOAD, report_id="x")
    assert caught.value.code is Code.BUDGET_SPENT
    assert caught.value.retry_after_seconds == pytest.approx(60, abs=1)


async def test_patience_is_on_our_scale_of_time():
    desk = Desk(ok, scale=60)
    for _ in range(4):
        await desk.ask()
    assert desk.clock.monotonic() == pytest.approx(1 / 3, abs=0.05)


def limited(headers=None, detail="limited by 1234", times=1):
    def answer(number, _request):
        if number > times:
            return httpx.Response(200, json={})
        return httpx.Response(429, headers=headers or {}, json={"detail": detail})

    return answer


async def test_a_short_429_is_slept_once_in_the_vendors_time():
    desk = Desk(limited({"X-Ratelimit-Retry": "12"}), scale=60)
    await desk.ask()
    assert desk.clock.monotonic() >= 12
    assert len(desk.asked) == 2


async def test_a_second_429_is_told():
    desk = Desk(limited({"X-Ratelimit-Retry": "12"}, times=2))
    with pytest.raises(Unfinished) as caught:
        await desk.ask()
    assert caught.value.code is Code.RATE_LIMITED
    assert caught.value.retry_after_seconds == 12


async def test_a_long_429_blocks_the_bucket_for_everybody():
    desk = Desk(limited({"X-Ratelimit-Retry": "3582"}))
    with pytest.raises(Unfinished) as caught:
        await desk.ask()
    assert (caught.value.code, caught.value.retry_after_seconds) == (Code.RATE_LIMITED, 3582)
    with pytest.raises(Unfinished) as caught:
        await desk.ask()
    assert caught.value.code is Code.BUDGET_SPENT
    assert len(desk.asked) == 1
    await desk.ask(PING_ANALYTICS)


@pytest.mark.parametrize(("scale", "seconds"), [(1.0, 60), (60.0, 1)])
async def test_a_429_without_a_header_waits_a_minute_of_ours(scale, seconds):
    desk = Desk(limited(times=9), scale=scale)
    with pytest.raises(Unfinished):
        await desk.ask()
    assert desk.budget.blocked[0][1] == seconds


async def test_the_global_limiter_stops_every_method_of_that_seller():
    desk = Desk(limited(detail=f"Limited by global limiter, per seller {SID}; see docs"))
    with pytest.raises(Unfinished) as caught:
        await desk.ask()
    assert caught.value.code is Code.RATE_LIMITED
    with pytest.raises(Unfinished):
        await desk.ask(ORDERS)
    assert len(desk.asked) == 1
    other = read_key(make_key(sid="somebody-else"), now=NOON)
    await desk.ask(ORDERS, other)
    await desk.clock.advance(60)
    await desk.ask(ORDERS)


async def test_the_global_limiter_is_remembered_for_every_method_over_a_restart():
    desk = Desk(limited(detail=f"Limited by global limiter, per seller {SID}; see docs"))
    with pytest.raises(Unfinished):
        await desk.ask()
    assert {bucket.method for bucket, _ in desk.budget.blocked} == {m.name for m in METHODS}
    assert {seconds for _, seconds in desk.budget.blocked} == {60.0}


async def test_a_sellers_calls_are_spaced():
    asked_at = []

    async def note(_number, _request):
        asked_at.append(desk.clock.monotonic())
        return httpx.Response(200, json={})

    desk = Desk(note)
    async with desk.clock.autorun(idle_seconds=0.001):
        await asyncio.gather(
            *(desk.client.ask(Call(PING_ANALYTICS, ACCESS), read) for _ in range(6))
        )
    assert asked_at == [0.0, 0.0, 0.0, 0.5, 1.0, 1.5]


async def test_three_calls_of_a_seller_are_in_flight_and_no_more():
    flying, most = 0, 0
    gate = asyncio.Event()

    async def slow(_number, _request):
        nonlocal flying, most
        flying += 1
        most = max(most, flying)
        await gate.wait()
        flying -= 1
        return httpx.Response(200, json={})

    desk = Desk(slow)
    other = read_key(make_key(sid="somebody-else"), now=NOON)
    calls = [Call(PING_ANALYTICS, ACCESS) for _ in range(7)] + [Call(PING_ANALYTICS, other)]
    waiting = asyncio.gather(*(desk.client.ask(call, read) for call in calls))
    await desk.clock.advance(10)
    assert most == 4
    gate.set()
    await desk.clock.advance(10)
    await waiting
    assert (most, len(desk.asked)) == (4, 8)


async def test_who_waits_for_the_budget_holds_no_slot():
    desk = Desk(ok)
    for _ in range(3):
        await desk.ask()
    waiting = asyncio.gather(*(desk.client.ask(Call(FUNNEL, ACCESS), read) for _ in range(5)))
    await desk.clock.advance(0)
    await asyncio.wait_for(desk.ask(PING_ANALYTICS), 5)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)


async def test_a_body_without_an_end_is_refused():
    async def endless():
        while True:
            yield b" " * 2**20

    desk = Desk(lambda *_: httpx.Response(200, content=endless()), largest_body_bytes=2**22)
    with pytest.raises(Defect) as caught:
        await desk.ask()
    assert caught.value.code is Code.ANSWER_NOT_UNDERSTOOD


@pytest.mark.parametrize(
    "fault",
    [
        httpx.ConnectError,
        httpx.ConnectTimeout,
        httpx.ReadTimeout,
        httpx.WriteError,
        httpx.PoolTimeout,
        httpx.ReadError,
        httpx.RemoteProtocolError,
    ],
)
async def test_the_networks_faults_are_transient_and_hold_no_key(fault):
    def answer(_number, request):
        raise fault("boom", request=request)

    desk = Desk(answer)
    with pytest.raises(Transient) as caught:
        await desk.ask()
    assert caught.value.code is Code.VENDOR_UNREACHABLE
    assert caught.value.__context__ is None
    assert KEY not in repr(caught.value)


async def test_a_vendor_that_never_answers_is_given_up():
    async def never(_number, _request):
        await asyncio.Event().wait()

    hasty = Method("x", Host.ANALYTICS, "GET", "/x", FUNNEL.full, None, total_seconds=0.01)
    desk = Desk(never)
    with pytest.raises(Transient) as caught:
        await desk.ask(hasty)
    assert caught.value.code is Code.VENDOR_UNREACHABLE


async def test_one_try_only_for_the_impatient():
    desk = Desk(failing(9))
    with pytest.raises(Transient):
        await desk.ask(SELLER_INFO, is_patient=False)
    assert len(desk.asked) == 1

"""Whatever the order of rows and pages, and however often they are repeated."""

import random
from collections.abc import Sequence
from datetime import date
from typing import Any

import httpx
import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.period import Period
from bot.core.products import Source
from bot.kit.clock import ManualClock
from bot.sandbox.wildberries import make_key
from tests.support.marketplace import NOON, MemoryMemo, wildberries_at

PERIOD = Period.ending_before(date(2026, 11, 20), 7)
ids = st.integers(1, 12)
pieces = st.integers(0, 50)
moments = st.integers(0, 400).map(
    lambda n: f"2026-11-{11 + n // 40:02d}T{n % 24:02d}:{n % 60:02d}:00"
)


async def collected(source: Source, answers: dict[str, Sequence[Any]]):
    """Collect from a vendor that gives each path its answers one after the other."""
    left = {path: list(given_) for path, given_ in answers.items()}

    def answer(request: httpx.Request) -> httpx.Response:
        queue = next(queue for path, queue in left.items() if request.url.path.endswith(path))
        body = queue.pop(0) if len(queue) > 1 else queue[0]
        return httpx.Response(200, content=msgspec.json.encode(body))

    clock = ManualClock(NOON)
    transport = httpx.MockTransport(answer)
    async with (
        wildberries_at("http://vendor.test", clock, transport=transport) as adapter,
        clock.autorun(idle_seconds=0.001),
    ):
        access = adapter.read_key(make_key())
        return (await adapter.collect(source, access, PERIOD, MemoryMemo())).rows


def remains_answers(rows):
    return {
        "warehouse_remains": [{"data": {"taskId": "t"}}],
        "status": [{"data": {"status": "done"}}],
        "download": [rows],
    }


remains_rows = st.lists(
    st.fixed_dictionaries(
        {
            "nmId": ids,
            "warehouses": st.lists(
                st.fixed_dictionaries(
                    {
                        "warehouseName": st.sampled_from(
                            ["Тула", "Минск", "Склад WB РФ", "В пути до получателей"]
                        ),
                        "quantity": pieces,
                    }
                ),
                max_size=4,
            ),
        }
    ),
    max_size=15,
)
order_rows = st.lists(
    st.fixed_dictionaries(
        {
            "srid": st.integers(1, 15).map(str),
            "nmId": ids,
            "date": moments,
            "lastChangeDate": moments,
            "warehouseName": st.sampled_from(["Тула", "Склад WB РФ"]),
            "warehouseType": st.sampled_from(["Склад WB", "Склад продавца"]),
            "isCancel": st.booleans(),
        }
    ),
    max_size=25,
)


@settings(max_examples=25, deadline=None)
@given(rows=remains_rows, dice=st.randoms(use_true_random=False))
async def test_remains_in_any_order_and_no_piece_is_lost(rows, dice):
    straight = await collected(Source.REMAINS, remains_answers(rows))
    shuffled = await collected(Source.REMAINS, remains_answers(dice.sample(rows, len(rows))))
    assert straight == shuffled
    brought = sum(
        sum(card.by_warehouse.values()) + card.in_transit_to_customer for card in straight.values()
    )
    assert brought == sum(e["quantity"] for row in rows for e in row["warehouses"])
    assert set(straight) == {row["nmId"] for row in rows}


def paged(rows: list[dict], dice: random.Random) -> list[list[dict]]:
    """Cut rows into pages as the vendor does, repeating some."""
    ordered = sorted(rows, key=lambda row: row["lastChangeDate"])
    pages = [ordered]
    if len(ordered) > 1:
        cut = dice.randrange(1, len(ordered))
        pages = [ordered[:cut], ordered[cut - 1 :]]
    return [dice.sample(page, len(page)) for page in pages]


@settings(max_examples=25, deadline=None)
@given(rows=order_rows, dice=st.randoms(use_true_random=False))
async def test_orders_in_any_order_repeated_and_paged(rows, dice):
    straight = await collected(Source.ORDERS, {"orders": [rows, []]})
    repeated = rows + dice.sample(rows, len(rows) // 2)
    shuffled = dice.sample(repeated, len(repeated))
    assert await collected(Source.ORDERS, {"orders": [shuffled, []]}) == straight
    assert await collected(Source.ORDERS, {"orders": [*paged(rows, dice), []]}) == straight


@settings(max_examples=15, deadline=None)
@given(amount=st.integers(0, 60), dice=st.randoms(use_true_random=False))
async def test_funnel_pages_permuted_and_repeated(amount, dice):
    rows = [
        {"product": {"nmId": 1 + i}, "statistic": {"selected": {"orderCount": i % 9}}}
        for i in range(1000 + amount)
    ]

    def pages(first, second):
        return {"products": [{"data": {"products": first}}, {"data": {"products": second}}]}

    straight = await collected(Source.FUNNEL, pages(rows[:1000], rows[1000:]))
    overlapping = rows[1000:] + rows[: dice.randrange(200)]
    shuffled = pages(dice.sample(rows[:1000], 1000), dice.sample(overlapping, len(overlapping)))
    assert await collected(Source.FUNNEL, shuffled) == straight
    assert {n: card.orders for n, card in straight.items()} == {
        1 + i: i % 9 for i in range(1000 + amount)
    }

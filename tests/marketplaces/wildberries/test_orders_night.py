"""From 21:01 Moscow time a Base key's orders call is kept for the night."""

from datetime import date

import pytest

from bot.core.errors import Code
from bot.core.ports import Unfinished
from bot.core.products import Source
from bot.sandbox.wildberries import KeyKind, make_key
from bot.sandbox.wildberries.keys import ANALYTICS
from tests.marketplaces.wildberries.conftest import SID, moscow
from tests.support.marketplace import MemoryMemo


async def until(wb, text: str) -> None:
    await wb.clock.sleep((moscow(text) - wb.clock.now()).total_seconds())


@pytest.mark.parametrize(
    "key",
    [make_key(sid=SID, kind=KeyKind.BASE), make_key(sid=SID, kind=KeyKind.BASE, rights=ANALYTICS)],
)
@pytest.mark.parametrize(
    ("now", "seconds"),
    [
        ("2026-11-20T21:01:00", 3 * 3600),
        ("2026-11-20T23:00:00", 3660),
        ("2026-11-21T00:00:30", 30),
    ],
)
async def test_kept_for_the_night(wb, key, now, seconds):
    access = wb.adapter.read_key(key)
    await until(wb, now)
    with pytest.raises(Unfinished) as caught:
        await wb.collect(Source.ORDERS, access=access)
    assert caught.value.code is Code.BUDGET_SPENT
    assert caught.value.retry_after_seconds == seconds
    assert wb.twin.calls == []


@pytest.mark.parametrize("now", ["2026-11-20T21:00:59", "2026-11-21T00:01:00"])
async def test_outside_of_it_the_call_is_made(wb, base, now):
    await until(wb, now)
    await wb.collect(Source.ORDERS, access=base)
    assert wb.paths() == ["orders"]


async def test_a_call_just_before_leaves_the_night_its_own(wb, base):
    await until(wb, "2026-11-20T21:00:59")
    await wb.collect(Source.ORDERS, access=base)
    await until(wb, "2026-11-21T00:01:00")
    wb.period = wb.period.ending_before(date(2026, 11, 21), 7)
    await wb.collect(Source.ORDERS, access=base)
    assert wb.twin.too_many == 0


async def test_full_keys_and_other_sources_are_not_held_back(wb, base):
    await until(wb, "2026-11-20T22:00:00")
    await wb.collect(Source.ORDERS)
    await wb.collect(Source.FUNNEL, access=base)
    assert set(wb.paths()) == {"orders", "products"}


async def test_what_has_come_already_needs_no_call(wb, base):
    memo = MemoryMemo()
    await until(wb, "2026-11-20T21:00:00")
    first = await wb.collect(Source.ORDERS, memo, base)
    await until(wb, "2026-11-20T22:00:00")
    assert await wb.collect(Source.ORDERS, memo, base) == first

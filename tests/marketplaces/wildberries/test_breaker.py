"""A host that fails several shops is left in peace; one shop's trouble stops no other."""

import pytest

from bot.core.errors import Code, Transient
from bot.core.ports import Unfinished
from bot.core.products import Source
from bot.kit.breaker import FAILURES, REST_SECONDS
from bot.sandbox.wildberries import Shop, make_key
from bot.sandbox.wildberries.harms import server_error
from tests.marketplaces.wildberries.conftest import SID

OTHER_SID = "22222222-3333-4444-8555-666666666666"
NEW_SID = "33333333-4444-4555-8666-777777777777"


@pytest.fixture
def enter(wb):
    """Let a seller in and return his access."""

    def enter(sid):
        wb.twin.world.add(Shop(sid=sid))
        return wb.adapter.read_key(make_key(sid=sid))

    return enter


async def fail(wb, *accesses, times=3 * FAILURES):
    """Ask in turn until the host is left in peace; return that refusal, if it comes to it."""
    for turn in range(times):
        try:
            await wb.collect(Source.REMAINS, access=accesses[turn % len(accesses)])
        except Transient as error:
            if "left in peace" in error.detail:
                return error
            await wb.clock.sleep(error.retry_after_seconds or 0)
    return None


async def test_a_failing_host_is_left_in_peace_and_probed(wb, enter):
    other = enter(OTHER_SID)
    wb.twin.faults.plant(server_error(), "/api/v1/warehouse_remains", count=None)
    waiting = await fail(wb, wb.access, other)
    assert waiting.code is Code.VENDOR_UNREACHABLE
    assert 0 < waiting.retry_after_seconds <= 2 * REST_SECONDS
    asked = len(wb.twin.calls)
    for access in (wb.access, other):
        with pytest.raises(Unfinished):
            await wb.collect(Source.REMAINS, access=access)
    assert len(wb.twin.calls) == asked
    await wb.collect(Source.ORDERS)  # another host
    wb.twin.faults.clear()
    await wb.clock.sleep(waiting.retry_after_seconds)
    await wb.bring(Source.REMAINS)
    assert not any(breaker.is_open for breaker in wb.adapter.breakers)


async def test_one_shops_trouble_stops_no_other(wb, enter):
    other, new = enter(OTHER_SID), enter(NEW_SID)
    wb.twin.faults.plant(server_error(), sid=SID, count=None)
    assert await fail(wb, wb.access) is None
    assert not any(breaker.is_open for breaker in wb.adapter.breakers)
    asked = len(wb.twin.calls)
    await wb.adapter.verify(new)
    await wb.collect(Source.FUNNEL, access=other)
    assert [call.status for call in wb.twin.calls[asked:]] == [200, 200, 200]


async def test_a_key_is_checked_at_once_while_others_are_in_trouble(wb, enter):
    other, new = enter(OTHER_SID), enter(NEW_SID)
    for sid in (SID, OTHER_SID):
        wb.twin.faults.plant(server_error(), sid=sid, count=None)
    assert await fail(wb, wb.access, other) is not None
    before = wb.clock.monotonic()
    await wb.adapter.verify(new)
    assert wb.clock.monotonic() - before < 2
    assert not any(breaker.is_open for breaker in wb.adapter.breakers)

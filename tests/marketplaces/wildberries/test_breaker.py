"""A host that fails everybody is left in peace, and the others are not."""

import pytest

from bot.core.errors import Code, Transient
from bot.core.ports import Unfinished
from bot.core.products import Source
from bot.kit.breaker import FAILURES, REST_SECONDS
from bot.sandbox.wildberries.harms import server_error


async def fail_until_left_in_peace(wb):
    for _ in range(3 * FAILURES):
        try:
            await wb.collect(Source.REMAINS)
        except Transient as error:
            if "left in peace" in error.detail:
                return error
            await wb.clock.sleep(error.retry_after_seconds or 0)
    return pytest.fail("it was never left in peace")


async def test_a_failing_host_is_left_in_peace_and_probed(wb):
    wb.twin.faults.plant(server_error(), "/api/v1/warehouse_remains", count=None)
    async with wb.clock.autorun():
        waiting = await fail_until_left_in_peace(wb)
        assert waiting.code is Code.VENDOR_UNREACHABLE
        assert 0 < waiting.retry_after_seconds <= 2 * REST_SECONDS
        asked = len(wb.twin.calls)
        with pytest.raises(Unfinished):
            await wb.collect(Source.REMAINS)
        assert len(wb.twin.calls) == asked
        await wb.collect(Source.ORDERS)  # another host
        wb.twin.faults.clear()
        await wb.clock.sleep(waiting.retry_after_seconds)
        await wb.bring(Source.REMAINS)
    assert not any(breaker.is_open for breaker in wb.adapter.breakers)

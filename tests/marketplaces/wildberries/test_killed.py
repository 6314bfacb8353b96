"""Killed at any point and started again: nothing stored is fetched twice, no 429 is provoked."""

from collections import Counter

import pytest

from bot.core.products import Source
from bot.sandbox.wildberries import KeyKind, make_key
from bot.sandbox.wildberries.keys import ANALYTICS
from tests.marketplaces.wildberries.conftest import SID, add_cards, place_many
from tests.support.marketplace import KilledError, MemoryMemo

KEYS = {
    "personal": make_key(sid=SID),
    "base": make_key(sid=SID, kind=KeyKind.BASE),
    "base, analytics only": make_key(sid=SID, kind=KeyKind.BASE, rights=ANALYTICS),
}


@pytest.fixture
def big(wb, shop):
    add_cards(shop, 2100)
    place_many(shop, 11_000)
    wb.twin.behaviour.orders_page_rows = 5_000
    return wb


async def undisturbed(wb, source, access):
    memo = MemoryMemo()
    got = await wb.bring(source, memo, access)
    calls = Counter(wb.paths())
    wb.twin.calls.clear()
    await wb.clock.sleep(12 * 3600)
    return got, calls, memo.changes


@pytest.mark.parametrize("after", [True, False], ids=["after writing", "before writing"])
@pytest.mark.parametrize("key", list(KEYS))
@pytest.mark.parametrize("source", [Source.FUNNEL, Source.REMAINS, Source.ORDERS])
async def test_killed_at_each_point(big, source, key, after):
    access = big.adapter.read_key(KEYS[key])
    reference, calls, changes = await undisturbed(big, source, access)
    for dies_at in range(1, changes + 1):
        memo = MemoryMemo(dies_at=dies_at, after=after)
        with pytest.raises(KilledError):
            await big.bring(source, memo, access)
        memo.dies_at = None
        got = await big.bring(source, memo, access)
        assert got.rows == reference.rows
        made = Counter(big.paths())
        extra = made - calls
        assert extra.total() <= (0 if after else 1), extra
        assert big.twin.too_many == 0
        big.twin.calls.clear()
        await big.clock.sleep(12 * 3600)

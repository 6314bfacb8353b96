import asyncio

import pytest

from bot.kit.clock import settle
from bot.kit.pacing import Slots


async def test_per_key_and_in_all():
    slots, gate = Slots(per_key=2, in_all=3), asyncio.Event()
    holding: list[str] = []

    async def hold(key: str) -> None:
        async with slots.held(key):
            holding.append(key)
            await gate.wait()

    work = [asyncio.ensure_future(hold(key)) for key in ("a", "a", "a", "b", "b")]
    await settle()
    assert sorted(holding) == ["a", "a", "b"]
    gate.set()
    await asyncio.gather(*work)
    assert sorted(holding) == ["a", "a", "a", "b", "b"]
    assert len(slots) == 0


async def test_a_slot_comes_back_whatever_happens():
    slots = Slots(per_key=1, in_all=1)
    with pytest.raises(ValueError, match="boom"):
        async with slots.held("a"):
            raise ValueError("boom")
    waiting = asyncio.ensure_future(_hold_for_ever(slots))
    await settle()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    async with asyncio.timeout(1), slots.held("b"):
        assert len(slots) == 1


async def _hold_for_ever(slots: Slots) -> None:
    async with slots.held("a"):
        await asyncio.Event().wait()

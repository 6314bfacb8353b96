"""A Base key's refresh, killed before any step of it and begun again in another process."""

from collections import Counter

import pytest
import pytest_asyncio

from bot.core.runs import RunStatus
from tests.support.marketplace import KilledError
from tests.support.refreshing import LEASE_SECONDS, Steps, refreshing

CARDS, STRIDE = 1_050, 17
A_NIGHT_SECONDS = 24 * 3600.0


@pytest_asyncio.fixture
async def base(storage):
    async with refreshing(storage, cards=CARDS, orders=200, warehouses=3) as opened:
        opened.twin.behaviour.remains_generation_seconds = 30.0
        yield opened


def paths(twin):
    return Counter(call.path.rsplit("/", 1)[1] for call in twin.calls)


async def figures(base, shop):
    return (await base.world.stores.tables.figures(shop.id)).metrics


async def killed_at(base, run, at):
    """Work the run until it dies before step `at`; say whether it did."""
    steps = Steps(at)
    async with base.process(steps=steps, owner=f"dies at {at}") as here:
        try:
            await base.until_done(here, run.id)
        except KilledError:
            return True
        return steps.taken >= at


async def kill_before(base, first, stride):
    shop = await base.connect()
    quiet = Steps()
    run = await base.request(shop)
    async with base.process(steps=quiet) as here:
        assert (await base.until_done(here, run.id)).status is RunStatus.DONE
    reference, calls = await figures(base, shop), paths(base.twin)
    assert calls == {
        "products": 2,
        "warehouse_remains": 1,
        "status": 1,
        "download": 1,
        "orders": 1,
    }
    for at in range(first, quiet.taken - 1, stride):
        await base.world.clock.advance(A_NIGHT_SECONDS)
        base.twin.calls.clear()
        run = await base.request(shop)
        assert await killed_at(base, run, at), f"step {at} of {quiet.taken}"
        await base.world.clock.advance(LEASE_SECONDS)
        async with base.process(owner=f"after {at}") as here:
            done = await base.until_done(here, run.id)
        assert done.status is RunStatus.DONE, f"step {at}: {done.problem}"
        extra = paths(base.twin) - calls
        assert all(more == 1 for more in extra.values()), (at, extra)
        assert base.twin.too_many == 0, f"step {at}"
    assert {card.nm_id for card in await figures(base, shop)} == {c.nm_id for c in reference}


async def test_what_was_stored_is_not_asked_again_after_the_death(base):
    shop = await base.connect()
    run = await base.request(shop)
    async with base.process() as here:
        await base.one_pass(here, run.id)
        await base.world.clock.advance(60)
        await base.one_pass(here, run.id)
    before = paths(base.twin)
    assert before["orders"] == before["download"] == 1
    await base.world.clock.advance(1800)
    async with base.process(owner="the next one") as here:
        assert (await base.until_done(here, run.id)).status is RunStatus.DONE
    assert paths(base.twin) - before == {"products": 1}
    assert base.twin.too_many == 0


async def test_killed_before_some_steps(base):
    await kill_before(base, 3 if base.world.database.is_sqlite else 11, STRIDE)


@pytest.mark.soak
async def test_killed_before_every_step(base):
    await kill_before(base, 2, 1)

"""Whatever cuts into a running refresh, at whatever step: nothing of the old one appears after."""

from dataclasses import replace
from functools import partial

import pytest

from bot.core.errors import Code, SellerMustAct
from bot.core.ports import TableState
from bot.core.runs import RunKind
from tests.storage.people import TODAY, access, seller
from tests.support.nights import FakeMarketplace, FakePublisher, house

OLD, NEW = "old.key.text", "new.key.text"
BESIDE = ("sources", "claim", "next_due", "by_id")  # not steps, or beside the pass
RESULTS = (
    "snapshots", "figures", "products", "places", "shop_days", "shop_tables", "run_cursors",
    "run_pages",
)  # fmt: skip


async def replace_key(storage, one):
    await storage.stores.shops.connect(one.seller_id, access(key=NEW), now=storage.clock.now())


async def delete_key(storage, one):
    await storage.stores.shops.delete_key(one.id, now=storage.clock.now())


async def switch_period(storage, one):
    await storage.stores.shops.set_period(one.id, 14, now=storage.clock.now())


async def pause(storage, one):
    await storage.stores.shops.set_paused(one.id, paused=True, now=storage.clock.now())


async def make_anew(storage, one):
    await storage.stores.tables.put_state(one.id, TableState(), now=storage.clock.now())


async def delete_account(storage, one):
    await storage.stores.sellers.erase(one.seller_id)


class Steps:
    """Counts the calls that a refresh makes; at number `at` the cut comes first."""

    def __init__(self, at=None, cut=None):
        self.taken, self._at, self._cut = 0, at, cut

    async def step(self):
        self.taken += 1
        if self.taken == self._at:
            await self._cut()

    def around(self, real):
        return _Around(self, real)


class _Around:
    """Something whose every coroutine is a step."""

    def __init__(self, steps, real):
        self._steps, self._real = steps, real

    def __getattr__(self, name):
        found = getattr(self._real, name)
        if name == "memo":
            return lambda *args: self._steps.around(found(*args))
        if not callable(found) or name in BESIDE:
            return found

        async def call(*args, **kwargs):
            await self._steps.step()
            return await found(*args, **kwargs)

        return call


async def refresh(storage, one, steps, error=None):
    """Work the shop's run off, step by step; return where tables are published."""
    stores = storage.stores
    marketplace, publisher = FakeMarketplace(), Files(steps, error)
    stepping = replace(
        stores,
        runs=steps.around(stores.runs),
        shops=steps.around(stores.shops),
        snapshots=steps.around(stores.snapshots),
        tables=steps.around(stores.tables),
    )
    around = replace(storage, stores=stepping)
    async with house(around, marketplace=steps.around(marketplace), publisher=publisher) as here:
        await stores.runs.request(one, RunKind.TAPPED, day=TODAY, now=storage.clock.now())
        await here.work()
    return publisher


class Files(FakePublisher):
    """Google between its reading and its writing, each a step; it looks before it writes."""

    def __init__(self, steps, error):
        super().__init__(error=error)
        self._steps = steps
        self.before_write = steps.step

    async def publish(self, *args, **words):
        state = await super().publish(*args, **words)
        self.looked_at = self._steps.taken
        return state


async def results(rows_of, storage):
    rows = await rows_of(storage)
    return {name: rows[name] for name in RESULTS}


async def make_shop(storage):
    owner = await seller(storage)
    return await storage.stores.shops.connect(owner.id, access(key=OLD), now=storage.clock.now())


@pytest.mark.parametrize("cut", [replace_key, delete_key, switch_period, pause, delete_account])
async def test_nothing_of_the_old_appears_afterwards(storage, rows_of, cut):
    quiet = Steps()
    look = (await refresh(storage, await make_shop(storage), quiet)).looked_at
    assert quiet.taken > 15
    for at in range(1, quiet.taken + 1):
        await storage.stores.sellers.erase((await seller(storage)).id)
        one, seen = await make_shop(storage), {}

        async def cut_now(one=one, seen=seen):
            await cut(storage, one)
            seen.update(await results(rows_of, storage))

        publisher = await refresh(storage, one, Steps(at, cut_now))
        assert seen, f"step {at} of {quiet.taken} never came"
        after = await results(rows_of, storage)
        changed = {name for name in RESULTS if after[name] != seen[name]}
        assert changed == set(), f"step {at}"
        if publisher.written:
            assert at > look, f"published after step {at}"


@pytest.mark.parametrize("cut", [switch_period, make_anew])
async def test_an_old_trouble_is_not_the_new_tables(storage, cut):
    protected = SellerMustAct(Code.SHEET_PROTECTED)
    quiet, tables = Steps(), storage.stores.tables
    one = await make_shop(storage)
    await refresh(storage, one, quiet, protected)
    assert (await tables.state(one.id)).trouble.code is Code.SHEET_PROTECTED
    for at in range(1, quiet.taken + 1):
        await storage.stores.sellers.erase((await seller(storage)).id)
        one = await make_shop(storage)
        await refresh(storage, one, Steps(at, partial(cut, storage, one)), protected)
        assert (await tables.state(one.id)).trouble is None, f"step {at} of {quiet.taken}"

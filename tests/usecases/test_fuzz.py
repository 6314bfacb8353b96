"""Answers that nobody has thought of: changed at random, and nothing gives way."""

import copy
from random import Random

import pytest
import pytest_asyncio

from bot.core.errors import Code
from bot.core.events import DefectFound
from bot.core.products import Source
from bot.core.runs import RunStatus, Stage
from bot.core.sellers import ShopState
from bot.sandbox.wildberries import KeyKind
from bot.sandbox.wildberries.harms import mutate
from tests.support.refreshing import refreshing

SEEDS = range(25)
STRANGE = (
    None, True, "", "not a number", "12,5", "−1", "\u202e\u0000🙂", -1, 0, 1.5, 10**30, 2**63,
    [], [None], {}, {"a": []}, "2026-13-45", "0001-01-01T00:00:00", "1e400",
)  # fmt: skip


@pytest_asyncio.fixture(params=["sqlite"])
async def home(request, storage):
    """One kind of database is enough: the answers never reach it unread."""
    if not storage.database.is_sqlite:
        pytest.skip(f"on {request.param} only")
    async with refreshing(storage, cards=12, orders=60, warehouses=4) as opened:
        yield opened


class Vandal:
    """Changes JSON: one place, a field everywhere, or the length of a list."""

    def __init__(self, seed):
        self.dice = Random(seed)  # noqa: S311 - repeatable accidents

    def __call__(self, answer):
        answer = copy.deepcopy(answer)
        act = self.dice.choice((self.one_place, self.field_everywhere, self.cut))
        return act(answer)

    def places(self, value):
        """Return every container of a value with each of its keys."""
        if isinstance(value, dict):
            inner = [(value, key) for key in value]
        elif isinstance(value, list):
            inner = [(value, index) for index in range(len(value))]
        else:
            return []
        return inner + [place for held, key in inner for place in self.places(held[key])]

    def one_place(self, answer):
        places = self.places(answer)
        if not places:
            return self.dice.choice(STRANGE)
        held, key = self.dice.choice(places)
        held[key] = self.dice.choice(STRANGE)
        return answer

    def field_everywhere(self, answer):
        fields = [place for place in self.places(answer) if isinstance(place[1], str)]
        if not fields:
            return self.dice.choice(STRANGE)
        name, strange = self.dice.choice(fields)[1], self.dice.choice(STRANGE)
        gone = self.dice.random() < 0.5
        for held, key in fields:
            if key == name and isinstance(held, dict):
                if gone:
                    held.pop(key, None)
                else:
                    held[key] = strange
        return answer

    def cut(self, answer):
        lists = [held[key] for held, key in self.places(answer) if isinstance(held[key], list)]
        if isinstance(answer, list):
            lists.append(answer)
        for one in lists:
            del one[self.dice.randrange(len(one) + 1) :]
        return answer


def stock_of(figures):
    return {card.nm_id: card.stocks_by_warehouse for card in figures.metrics}


async def snapshots(home, shop):
    return await home.world.stores.snapshots.load(shop.id, shop.sid, 7)


async def test_no_answer_brings_it_down_or_makes_a_zero(home):
    shop = await home.connect(kind=KeyKind.PERSONAL)
    async with home.process() as here:
        run = await home.request(shop)
        await home.until_done(here, run.id)
    for seed in SEEDS:
        await spoiled_once(home, shop, seed)
    assert home.twin.too_many == 0


async def spoiled_once(home, shop, seed):
    """Refresh with every answer spoiled by this seed; whatever failed keeps what it had."""
    home.events.clear()
    await home.world.clock.advance(7200)
    before = await snapshots(home, shop)
    vandal = Vandal(seed)
    home.twin.faults.plant(mutate(vandal), "/api", count=None, probability=0.6)
    async with home.process(owner=f"seed {seed}") as here:
        run = await home.request(shop)
        run = await home.one_pass(here, run.id)
        home.twin.faults.clear()
        after = await snapshots(home, shop)
        figures = await home.world.stores.tables.figures(shop.id)
        done = await home.until_done(here, run.id)
    assert done.status is RunStatus.DONE, seed
    assert (await home.world.stores.shops.by_id(shop.id)).state is ShopState.LIVE
    told = [event for event in home.events if isinstance(event, DefectFound)]
    assert all(event.problem is not Code.INTERNAL for event in told), (seed, told)
    assert all(event.detail for event in told), (seed, told)
    for source in Source:
        outcome = run.outcomes[source]
        if outcome.stage is Stage.ARRIVED:
            continue
        held, kept = getattr(before, source), getattr(after, source)
        assert kept.rows == held.rows, (seed, source, outcome)
        if source is Source.REMAINS and figures is not None:
            stock = {nm_id: row.by_warehouse for nm_id, row in kept.rows.items()}
            shown = {nm_id: held for nm_id, held in stock_of(figures).items() if nm_id in stock}
            assert shown == stock, seed

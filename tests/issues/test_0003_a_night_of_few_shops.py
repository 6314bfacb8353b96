"""The night is spread over minutes for the sake of thousands; a few shops need not wait for it."""

from bot.usecases.ensure_day import EnsureDay, Night
from tests.support.databases import NIGHT
from tests.support.nights import shops_of_the_night


async def test_two_shops_are_due_in_the_first_seconds(storage):
    stores = storage.stores
    shops = await shops_of_the_night(storage, 2)
    await EnsureDay(stores.shops, stores.runs, storage.clock, Night())()
    opened = [await stores.runs.open_run(one.id) for one in shops]
    assert all((run.next_try_at - NIGHT).total_seconds() <= 20 for run in opened)

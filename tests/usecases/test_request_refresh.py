"""P4: a command for all shops reaches the others, whatever becomes of one meanwhile."""

import pytest

from bot.usecases.request_refresh import OpenGate, RequestRefresh
from tests.support.nights import shops_of_the_night


class Meanwhile:
    """A store of runs; once its first run is asked for, something happens to another shop."""

    def __init__(self, runs, happens):
        self._runs, self._happens = runs, happens

    async def request(self, shop, kind, *, day, now):
        got = await self._runs.request(shop, kind, day=day, now=now)
        if self._happens is not None:
            happens, self._happens = self._happens, None
            await happens()
        return got


@pytest.mark.parametrize("what", ["erased", "keyless"])
async def test_a_shop_that_goes_meanwhile_stops_nobody(storage, what):
    stores, clock = storage.stores, storage.clock
    first, gone, last = await shops_of_the_night(storage, 3)

    async def happens():
        if what == "erased":
            await stores.sellers.erase(gone.seller_id)
        else:
            await stores.shops.delete_key(gone.id, now=clock.now())

    runs = Meanwhile(stores.runs, happens)
    everybody = RequestRefresh(stores.shops, runs, OpenGate(), clock, lambda: None).everybody
    requested = await everybody()
    assert [each.run.shop_id for each in requested] == [first.id, last.id]
    assert await stores.runs.open_run(gone.id) is None

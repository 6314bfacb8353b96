"""Invitations: for one person, for a while, and never stored as they are."""

import asyncio
from datetime import timedelta

from tests.storage.people import NOW, seller

LATER = NOW + timedelta(days=7)
TOKEN = "kZ8x-plant-token-of-thirty-two-xx"


async def test_the_first_person_has_it(storage):
    invites = storage.stores.invites
    await invites.add(TOKEN, 900, now=NOW, expires_at=LATER)
    assert await invites.is_good(TOKEN, 1, now=NOW)
    won = await asyncio.gather(*(invites.redeem(TOKEN, who, now=NOW) for who in range(1, 9)))
    assert won.count(True) == 1
    winner = won.index(True) + 1
    assert await invites.redeem(TOKEN, winner, now=NOW), "an answer that was lost does no harm"
    assert not await invites.is_good(TOKEN, winner + 10, now=NOW)


async def test_it_runs_out(storage):
    invites = storage.stores.invites
    await invites.add(TOKEN, 900, now=NOW, expires_at=LATER)
    assert not await invites.is_good(TOKEN, 1, now=LATER)
    assert not await invites.redeem(TOKEN, 1, now=LATER)
    assert not await invites.is_good("another", 1, now=NOW)


async def test_the_token_is_not_stored_and_goes_with_its_person(storage, rows_of):
    invites = storage.stores.invites
    await invites.add(TOKEN, 900, now=NOW, expires_at=LATER)
    await invites.redeem(TOKEN, 77, now=NOW)
    assert TOKEN not in str(await rows_of(storage))
    owner = await seller(storage, 77)
    await storage.stores.sellers.erase(owner.id)
    assert (await rows_of(storage))["invites"] == []

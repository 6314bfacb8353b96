"""Named locks between processes: one holder, who keeps it by prolonging."""

from tests.support.databases import world


async def test_a_lock_has_one_holder_until_it_runs_out(storage):
    locks = storage.stores.locks
    assert not await locks.is_held("updates")
    assert await locks.hold("updates", "me", seconds=30)
    assert not await locks.hold("updates", "other", seconds=30)
    assert await locks.hold("another", "other", seconds=30)
    await storage.clock.advance(20)
    assert await locks.hold("updates", "me", seconds=30)
    await storage.clock.advance(20)
    assert await locks.is_held("updates")
    assert not await locks.hold("updates", "other", seconds=30)
    await storage.clock.advance(10)
    assert not await locks.is_held("updates")
    assert await locks.hold("updates", "other", seconds=30)
    assert not await locks.hold("updates", "me", seconds=30)


async def test_only_the_holder_gives_a_lock_back(migrated_url):
    async with world(migrated_url) as here, world(migrated_url) as there:
        assert await here.stores.locks.hold("updates", "me", seconds=30)
        await there.stores.locks.let_go("updates", "other")
        assert not await there.stores.locks.hold("updates", "other", seconds=30)
        await here.stores.locks.let_go("updates", "me")
        assert await there.stores.locks.hold("updates", "other", seconds=30)

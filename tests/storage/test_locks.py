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


async def test_a_lock_of_a_clock_that_was_ahead_holds_nobody_up(migrated_url):
    async with world(migrated_url) as here, world(migrated_url) as ahead:
        await ahead.clock.advance(86_400)
        assert await ahead.stores.locks.hold("updates", "ahead", seconds=30)
        assert not await here.stores.locks.is_held("updates")
        assert await here.stores.locks.hold("updates", "me", seconds=30)


async def test_what_has_run_out_is_swept_away_with_the_next_that_is_given_back(storage, rows_of):
    locks = storage.stores.locks
    assert await locks.hold("of a dead process", "dead", seconds=30)
    await storage.clock.advance(20)
    assert await locks.hold("updates", "other", seconds=30)
    assert await locks.hold("mine", "me", seconds=30)
    await storage.clock.advance(10)
    await locks.let_go("mine", "me")
    assert [row.name for row in (await rows_of(storage))["locks"]] == ["updates"]

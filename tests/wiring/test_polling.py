"""One process per bot takes Telegram's updates; a lock that is lost ends its polling."""

import asyncio
from types import SimpleNamespace

import pytest

from bot.core.errors import Code
from bot.core.events import DefectFound
from bot.kit.tasks import Tasks
from bot.storage.errors import StorageUnreachable
from bot.telegram.session import PollingHealth
from bot.wiring.polling import LOCK_EVERY_SECONDS, LOCK_SECONDS, PollingLock, lock_name

TOKEN = "7:secret-part"


class Telegram:
    """Polls until it is paused."""

    def __init__(self):
        self.is_polling, self._paused = False, asyncio.Event()

    async def run_polling(self):
        self.is_polling = True
        self._paused.clear()
        await self._paused.wait()
        self.is_polling = False

    async def pause(self):
        self._paused.set()


class Locks:
    """The real ones, or `trouble` while there is any."""

    def __init__(self, real):
        self._real, self.trouble = real, None

    async def hold(self, *args, **kwargs):
        if self.trouble:
            raise self.trouble
        return await self._real.hold(*args, **kwargs)


@pytest.fixture
async def scene(storage):
    events, telegram, tasks = [], Telegram(), Tasks(lambda *_: None)
    locks = Locks(storage.stores.locks)
    backstage = SimpleNamespace(
        stores=SimpleNamespace(locks=locks), owner="me", clock=storage.clock, observe=events.append
    )
    health = PollingHealth()
    tasks.start("polling", PollingLock(backstage, TOKEN, lambda: health).poll(telegram))
    yield SimpleNamespace(
        telegram=telegram, events=events, tasks=tasks, locks=locks, storage=storage, health=health
    )
    await tasks.close()


async def until(scene, condition):
    """Let time pass until it holds, at most two lives of a lock."""
    for _ in range(int(2 * LOCK_SECONDS)):
        await scene.tasks.drain(0.01)
        if condition():
            return
        await scene.storage.clock.advance(1)
    pytest.fail("it did not come to hold")


async def another_takes_over(scene):
    locks = scene.storage.stores.locks
    await locks.let_go(lock_name(TOKEN), "me")
    assert await locks.hold(lock_name(TOKEN), "other", seconds=LOCK_SECONDS)
    await until(scene, lambda: not scene.telegram.is_polling)


async def test_it_polls_when_nobody_else_does(scene):
    await until(scene, lambda: scene.telegram.is_polling)
    await scene.storage.clock.advance(5 * LOCK_SECONDS)
    assert scene.telegram.is_polling


async def test_a_lost_lock_ends_the_polling_until_it_is_free_again(scene):
    await until(scene, lambda: scene.telegram.is_polling)
    await another_takes_over(scene)
    assert [type(event) for event in scene.events] == [DefectFound]
    await scene.storage.clock.advance(LOCK_SECONDS + LOCK_EVERY_SECONDS)
    await until(scene, lambda: scene.telegram.is_polling)


@pytest.mark.parametrize("trouble", [StorageUnreachable("test"), ValueError("test")])
async def test_a_database_that_is_away_does_not_end_the_polling(scene, trouble):
    await until(scene, lambda: scene.telegram.is_polling)
    scene.locks.trouble = trouble
    for _ in range(5):
        await scene.storage.clock.advance(LOCK_EVERY_SECONDS)
        await scene.tasks.drain(0.01)
    assert scene.telegram.is_polling


async def test_who_is_cut_off_from_the_database_gives_way_to_who_polls_instead(scene):
    await until(scene, lambda: scene.telegram.is_polling)
    scene.locks.trouble = StorageUnreachable("test")
    scene.health.last_conflict = scene.storage.clock.monotonic()  # nobody can have the lock yet
    await scene.storage.clock.advance(LOCK_SECONDS + LOCK_EVERY_SECONDS)
    await scene.tasks.drain(0.01)
    assert scene.telegram.is_polling
    scene.health.last_conflict = scene.storage.clock.monotonic()
    await until(scene, lambda: not scene.telegram.is_polling)
    scene.locks.trouble = None
    await until(scene, lambda: scene.telegram.is_polling)


@pytest.mark.parametrize("trouble", [StorageUnreachable("test"), ValueError("test")])
async def test_whatever_breaks_before_the_polling_is_told_and_outlived(scene, trouble):
    await until(scene, lambda: scene.telegram.is_polling)
    await another_takes_over(scene)
    scene.events.clear()
    scene.locks.trouble = trouble
    await until(scene, lambda: scene.events)
    code = getattr(trouble, "code", Code.INTERNAL)
    assert (scene.events[0].where, scene.events[0].problem) == ("polling.lock", code)
    scene.locks.trouble = None
    await scene.storage.clock.advance(LOCK_SECONDS)
    await until(scene, lambda: scene.telegram.is_polling)


def test_two_bots_do_not_wait_for_one_another_and_no_secret_names_a_lock():
    assert lock_name("7:a") != lock_name("8:a")
    assert "secret" not in lock_name(TOKEN)

"""Messages that are owed: once per dedupe key, in their time, and not when they are stale."""

import secrets
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

from bot.core.events import Notice, NoticeKind
from bot.storage.database import Database
from bot.storage.errors import StorageUnreachable
from bot.storage.outbox import SqlOutbox
from tests.storage.people import NOW
from tests.support.databases import world

NOTICE = Notice(
    kind=NoticeKind.MORNING_TABLE,
    telegram_id=77,
    dedupe_key="morning:1",
    payload={"shop": 1, "code": "key_expired", "none": None},
    not_before=NOW,
    expires_at=NOW + timedelta(hours=3),
)


async def _due(storage, after: timedelta = timedelta()):
    return await storage.stores.outbox.due(now=NOW + after, limit=10)


async def test_a_dedupe_key_is_used_once_for_ever(storage):
    for _ in range(2):
        await storage.stores.outbox.put(NOTICE)
    (found,) = await _due(storage)
    assert replace(found, id=0) == NOTICE
    await storage.stores.outbox.settle(found.id, delivered=True)
    await storage.stores.outbox.put(NOTICE)
    assert await _due(storage) == []


async def test_messages_wait_for_their_time_and_go_oldest_first(storage):
    for number, minutes in enumerate((0, 30, 0)):
        later = NOW + timedelta(minutes=minutes)
        await storage.stores.outbox.put(replace(NOTICE, dedupe_key=str(number), not_before=later))
    assert [one.dedupe_key for one in await _due(storage)] == ["0", "2"]
    assert len(await _due(storage, timedelta(minutes=30))) == 3


async def test_what_has_become_stale_is_not_sent(storage):
    await storage.stores.outbox.put(NOTICE)
    assert await _due(storage, timedelta(hours=3)) == []
    assert await _due(storage) == []  # and does not come back when the clock does


async def test_a_newer_word_replaces_an_older_one_of_the_same_matter(storage):
    for key in ("a", "b"):
        await storage.stores.outbox.put(replace(NOTICE, dedupe_key=key, collapse_key="key:1"))
    await storage.stores.outbox.put(replace(NOTICE, dedupe_key="b", collapse_key="key:1"))
    await storage.stores.outbox.put(replace(NOTICE, dedupe_key="c", collapse_key="key:2"))
    assert [one.dedupe_key for one in await _due(storage)] == ["b", "c"]


async def test_attempts_are_counted_and_postponed(storage):
    await storage.stores.outbox.put(NOTICE)
    (found,) = await _due(storage)
    assert await storage.stores.outbox.started(found, until=NOW + timedelta(minutes=1))
    await storage.stores.outbox.postpone(found.id, NOW + timedelta(minutes=5))
    assert await _due(storage) == []
    (again,) = await _due(storage, timedelta(minutes=5))
    assert again.attempts == 1
    await storage.stores.outbox.settle(found.id, delivered=False)
    assert await _due(storage, timedelta(minutes=5)) == []


async def test_a_message_that_was_begun_is_in_doubt_until_somebody_knows(storage):
    await storage.stores.outbox.put(NOTICE)
    (found,) = await _due(storage)
    assert not found.in_doubt
    minute = timedelta(minutes=1)
    assert await storage.stores.outbox.started(found, until=NOW + minute)
    assert await _due(storage) == []  # whoever sends it has it for himself
    assert [one.in_doubt for one in await _due(storage, minute)] == [True]
    await storage.stores.outbox.postpone(found.id, NOW)
    assert [one.in_doubt for one in await _due(storage)] == [False]


async def test_of_two_processes_one_sends(migrated_url):
    async with world(migrated_url) as here, world(migrated_url) as there:
        await here.stores.outbox.put(NOTICE)
        (mine,), (same,) = [await _due(one) for one in (here, there)]
        until = NOW + timedelta(minutes=1)
        assert await here.stores.outbox.started(mine, until=until)
        assert not await there.stores.outbox.started(same, until=until)


class LosesAnAnswer(Database):
    """The first commit arrives, and the word of it does not."""

    is_lost = False

    @asynccontextmanager
    async def write(self):
        async with super().write() as connection:
            yield connection
        if not self.is_lost:
            self.is_lost = True
            raise StorageUnreachable("connection lost", again=True)


async def test_who_did_not_hear_that_he_had_begun_goes_on(storage):
    await storage.stores.outbox.put(NOTICE)
    (found,) = await _due(storage)
    here = SqlOutbox(LosesAnAnswer(storage.database.engine))
    until = NOW + timedelta(minutes=1)
    assert await here.started(found, until=until)
    assert not await storage.stores.outbox.started(found, until=until)
    (begun,) = await _due(storage, timedelta(minutes=1))
    assert (begun.attempts, begun.in_doubt) == (1, True)


async def test_who_did_not_hear_that_another_had_begun_leaves_it_to_him(storage):
    await storage.stores.outbox.put(NOTICE)
    (found,) = await _due(storage)
    here = SqlOutbox(LosesAnAnswer(storage.database.engine))
    assert await storage.stores.outbox.started(found, until=NOW + timedelta(minutes=1))
    assert not await here.started(found, until=NOW + timedelta(minutes=2))


async def test_who_blocked_us_is_owed_nothing_more(storage):
    for telegram_id in (77, 77, 78):
        key = secrets.token_hex(4)
        await storage.stores.outbox.put(replace(NOTICE, telegram_id=telegram_id, dedupe_key=key))
    await storage.stores.outbox.give_up_person(77)
    assert [one.telegram_id for one in await _due(storage)] == [78]

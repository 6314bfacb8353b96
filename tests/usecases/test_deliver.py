"""P6: what is owed is not lost, rarely doubled by its kind's policy, and not sent when stale."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.errors import Code, Defect, SellerMustAct, Transient
from bot.core.events import Notice, NoticeKind
from bot.core.table_file import Trouble
from bot.kit.breaker import Breaker
from bot.kit.wakeup import Wakeup
from bot.usecases.deliver import HIDDEN_SECONDS, Deliver
from bot.usecases.news import table_problem
from tests.storage.people import NOW, seller
from tests.support.databases import world

NOTICE = Notice(
    kind=NoticeKind.RUN_FINISHED,
    telegram_id=77,
    dedupe_key="1",
    payload={"run_id": 1, "shop_id": 1, "status": "done", "code": None},
    not_before=NOW,
    expires_at=NOW + timedelta(hours=20),
)
MORNING = replace(NOTICE, kind=NoticeKind.MORNING_TABLE)
UNKNOWN = Transient(Code.TELEGRAM_FAILED, "no answer")
FLOOD = Transient(Code.TELEGRAM_FAILED, "flood", retry_after_seconds=40)


class Telegram:
    """Takes messages; `trouble` comes first, in its order. It always fails for some chats."""

    def __init__(self, *trouble, fails_for=()):
        self.trouble, self.got, self.tried = list(trouble), Counter(), 0
        self.fails_for = fails_for

    async def deliver(self, notice):
        self.tried += 1
        if notice.telegram_id in self.fails_for:
            raise UNKNOWN
        if self.trouble:
            raise self.trouble.pop(0)
        self.got[notice.dedupe_key] += 1


def sender(storage, telegram, events=None):
    clock = storage.clock
    return Deliver(
        outbox=storage.stores.outbox,
        messenger=telegram,
        sellers=storage.stores.sellers,
        clock=clock,
        observe=(events if events is not None else []).append,
        wakeup=Wakeup(clock),
        breaker=Breaker("telegram", clock, lambda *_: None, failures=5),
    )


async def once(storage, deliver, *, after=0.0):
    await storage.clock.advance(after)
    async with storage.clock.autorun(idle_seconds=0.001, busy=storage.busy):
        return await deliver.once()


async def owe(storage, *notices):
    for notice in notices:
        await storage.stores.outbox.put(notice)


async def test_a_message_goes_out_once(storage):
    telegram = Telegram()
    deliver = sender(storage, telegram)
    await owe(storage, NOTICE, NOTICE)
    for _ in range(3):
        await once(storage, deliver)
    assert telegram.got == {"1": 1}


@pytest.mark.parametrize(("notice", "again"), [(NOTICE, 1), (MORNING, 0)])
async def test_an_unknown_outcome_is_repeated_or_not_by_its_kind(storage, notice, again):
    telegram = Telegram(UNKNOWN)
    deliver = sender(storage, telegram)
    await owe(storage, notice)
    await once(storage, deliver)
    await once(storage, deliver, after=60)
    assert telegram.got["1"] == again


@pytest.mark.parametrize(("notice", "again"), [(NOTICE, 1), (MORNING, 0)])
async def test_a_crash_in_mid_send_is_an_unknown_outcome(storage, notice, again):
    await owe(storage, notice)
    (due,) = await storage.stores.outbox.due(now=NOW, limit=1)
    await storage.stores.outbox.started(due, until=NOW + timedelta(seconds=HIDDEN_SECONDS))
    telegram = Telegram()  # the process died; this is the next one
    await once(storage, sender(storage, telegram), after=HIDDEN_SECONDS + 1)
    assert telegram.got["1"] == again


async def test_what_surely_did_not_go_out_is_sent_later(storage):
    telegram = Telegram(FLOOD)
    deliver = sender(storage, telegram)
    await owe(storage, MORNING)
    await once(storage, deliver)
    await once(storage, deliver, after=41)
    assert telegram.got == {"1": 1}


async def test_a_flood_pauses_everything(storage):
    telegram = Telegram(FLOOD)
    deliver = sender(storage, telegram)
    await owe(storage, *(replace(NOTICE, dedupe_key=str(number)) for number in range(5)))
    await once(storage, deliver)
    await once(storage, deliver, after=30)
    assert telegram.tried == 1
    await once(storage, deliver, after=11)
    assert telegram.got == {str(number): 1 for number in range(5)}


async def test_telegram_away_for_long_loses_nothing(storage):
    telegram = Telegram(*[UNKNOWN] * 8)
    deliver = sender(storage, telegram)
    await owe(storage, *(replace(NOTICE, dedupe_key=str(number)) for number in range(6)))
    for _ in range(40):
        await once(storage, deliver, after=30)
    assert telegram.got == {str(number): 1 for number in range(6)}


async def test_a_chat_that_always_fails_holds_up_no_other(storage):
    telegram = Telegram(fails_for={77})
    deliver = sender(storage, telegram)
    await owe(storage, *(replace(NOTICE, dedupe_key=str(number)) for number in range(12)))
    await owe(storage, replace(NOTICE, telegram_id=78, dedupe_key="other"))
    await once(storage, deliver)
    assert telegram.got == {"other": 1}


async def test_telegram_that_fails_several_chats_is_left_in_peace(storage):
    telegram = Telegram(fails_for={77, 78, 79})
    deliver = sender(storage, telegram)
    notices = [replace(NOTICE, dedupe_key=str(number)) for number in range(12)]
    await owe(storage, *(replace(one, telegram_id=77 + n % 3) for n, one in enumerate(notices)))
    await once(storage, deliver)
    assert telegram.tried == 5


async def appeal(storage, number=1):
    """Owe what is due at nine, and return that time; NOW is 00:01 in Moscow."""
    person = await seller(storage, 77 + number)
    await owe(storage, table_problem(person, number, Trouble(Code.SHEET_GONE, since=NOW), NOW))
    return NOW + timedelta(hours=9) - timedelta(minutes=1)


@pytest.mark.parametrize(
    ("hour", "got_at"),
    [(9, 9), (15, 15), (20, 20), (21, 33), (23, 33), (26, 33), (46, 57), (58, 58)],
)
async def test_an_appeal_that_comes_late_wakes_nobody(storage, hour, got_at):
    telegram = Telegram()
    deliver = sender(storage, telegram)
    nine = await appeal(storage)
    await storage.clock.advance((nine - NOW).total_seconds() + (hour - 9) * 3600)
    for _ in range(48):
        await once(storage, deliver)
        if telegram.got:
            break
        await storage.clock.advance(1800)
    assert (storage.clock.now() - nine).total_seconds() == pytest.approx(
        (got_at - 9) * 3600, abs=60
    )


async def test_appeals_that_wait_for_the_morning_hold_up_nothing_else(storage):
    telegram = Telegram(*[UNKNOWN] * 6)
    deliver = sender(storage, telegram)
    nine = await appeal(storage)
    for number in range(2, 15):
        await appeal(storage, number)
    await storage.clock.advance((nine - NOW).total_seconds())
    await once(storage, deliver)  # Telegram is away: the breaker opens, its probe fails
    await storage.clock.advance(12.5 * 3600)
    await owe(storage, replace(NOTICE, expires_at=storage.clock.now() + timedelta(hours=1)))
    for _ in range(3):
        await once(storage, deliver, after=1)
    assert telegram.got == {"1": 1}


async def test_who_blocked_us_gets_nothing_more(storage):
    await seller(storage, 77)
    telegram = Telegram(SellerMustAct(Code.TELEGRAM_FAILED, "blocked"))
    deliver = sender(storage, telegram)
    mine = [replace(NOTICE, dedupe_key=str(number)) for number in range(3)]
    await owe(storage, *mine, replace(NOTICE, telegram_id=78, dedupe_key="other"))
    for _ in range(3):
        await once(storage, deliver)
    assert telegram.got == {"other": 1}
    assert (await storage.stores.sellers.by_telegram_id(77)).blocked_at is not None


async def test_no_admin_there_drops_one_alarm_and_no_other(storage):
    telegram = Telegram(SellerMustAct(Code.TELEGRAM_FAILED, "blocked"))
    deliver = sender(storage, telegram)
    alarm = replace(NOTICE, kind=NoticeKind.OPERATOR_ALARM, telegram_id=0)
    await owe(storage, alarm, replace(alarm, dedupe_key="2"))
    await once(storage, deliver)
    assert telegram.got == {"2": 1}


async def test_what_telegram_does_not_understand_holds_up_nobody(storage):
    events = []
    telegram = Telegram(Defect(Code.TELEGRAM_FAILED, "bad request"))
    deliver = sender(storage, telegram, events)
    await owe(storage, NOTICE, replace(NOTICE, dedupe_key="2"))
    await once(storage, deliver)
    assert telegram.got == {"2": 1}
    assert len(events) == 1


async def test_after_a_restore_old_messages_are_not_sent(storage):
    telegram = Telegram()
    await owe(storage, NOTICE)
    await once(storage, sender(storage, telegram), after=21 * 3600)
    assert telegram.tried == 0


async def test_an_early_bird_is_not_woken(storage):
    telegram = Telegram()
    deliver = sender(storage, telegram)
    await owe(storage, replace(NOTICE, not_before=NOW + timedelta(hours=9)))
    await once(storage, deliver, after=8.9 * 3600)
    assert telegram.tried == 0
    await once(storage, deliver, after=0.2 * 3600)
    assert telegram.got == {"1": 1}


async def test_two_processes_send_each_message_once(migrated_url):
    telegram = Telegram()
    async with world(migrated_url) as here, world(migrated_url) as there:
        await owe(here, *(replace(NOTICE, dedupe_key=str(number)) for number in range(15)))
        dues = [await one.stores.outbox.due(now=NOW, limit=20) for one in (here, there)]
        for one, due in zip((here, there), dues, strict=True):
            async with one.clock.autorun(idle_seconds=0.001, busy=one.busy):
                for notice in due:
                    await sender(one, telegram)._one(notice)
    assert telegram.got == {str(number): 1 for number in range(15)}


async def test_stopping_sends_what_is_due(storage):
    telegram = Telegram()
    deliver = sender(storage, telegram)
    await owe(storage, NOTICE)
    async with storage.clock.autorun(idle_seconds=0.001, busy=storage.busy):
        assert await deliver.stop(5)
    assert telegram.got == {"1": 1}

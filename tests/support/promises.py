"""A machine that taps, crashes, moves the clock and lets vendors answer; P1–P9 hold throughout.

Two processes work one SQLite file. What Wildberries, Google and Telegram say is drawn, too.
"""

import asyncio
import itertools
import shutil
import tempfile
from collections import Counter
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from bot.core.errors import Code, SellerMustAct, Transient
from bot.core.events import NoticeKind
from bot.core.period import MOSCOW, moscow_day
from bot.core.runs import ProgressMessage, RunKind, RunStatus
from bot.core.sellers import ShopState
from bot.kit.breaker import Breaker
from bot.kit.wakeup import Wakeup
from bot.storage.run_rows import progress_of
from bot.storage.tables import outbox, runs, shops, snapshots
from bot.usecases.deliver import Deliver
from bot.usecases.request_refresh import AttachProgress
from bot.usecases.work_due import LEASE_SECONDS, MOST_ATTEMPTS
from tests.storage.people import access, seller
from tests.support.databases import world
from tests.support.nights import (
    AWAY,
    GARBAGE,
    REFUSED,
    FakeMarketplace,
    FakePublisher,
    Gate,
    house,
)

SHOPS = (1, 2, 3)
CANARY = "canary-of-key"
any_shop = st.sampled_from(SHOPS)
any_process = st.sampled_from(("a", "b"))


class Chat:
    """Telegram: every message that arrived, by its dedupe key and the hour in Moscow."""

    def __init__(self, clock):
        self.clock, self.arrived, self.mood, self.unknown = clock, [], "ok", Counter()

    async def deliver(self, notice):
        if self.mood == "away":
            raise Transient(Code.TELEGRAM_FAILED, "flood", retry_after_seconds=30)
        if self.mood == "blocked":
            raise SellerMustAct(Code.TELEGRAM_FAILED, "blocked")
        self.arrived.append((notice, self.clock.now()))
        if self.mood == "lost":  # it arrived, and the answer did not
            self.unknown[notice.dedupe_key] += 1
            raise Transient(Code.TELEGRAM_FAILED, "no answer")


class Promises(RuleBasedStateMachine):
    """The world of one night after another."""

    migrated: Path

    def __init__(self):
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp())
        self.run(self.open())

    def run(self, work):
        return self.runner.run(work)

    async def open(self):
        url = f"sqlite+aiosqlite:///{shutil.copy(self.migrated, self.folder / 'bot.db')}"
        self.stack = AsyncExitStack()
        self.world = await self.stack.enter_async_context(world(url))
        self.clock, self.stores = self.world.clock, self.world.stores
        self.wb, self.files = FakeMarketplace(), FakePublisher()
        self.chat, self.zombies, self.keys = Chat(self.clock), [], {}
        self.houses = {name: await self.process(name) for name in ("a", "b")}
        self.generation = 0
        self.newest = Counter()
        self.message_ids = itertools.count(1)
        self.watching = set()  # every progress message that nobody has deleted

    async def process(self, owner):
        opened = house(self.world, marketplace=self.wb, publisher=self.files, owner=owner)
        return await self.stack.enter_async_context(opened)

    @initialize()
    def connect_all(self):
        for number in SHOPS:
            self.run(self.connect(number))
        self.run(self.clock.advance(24 * 3600))

    async def connect(self, number):
        self.keys[number] = self.keys.get(number, 0) + 1
        owner = await seller(self.world, 1000 + number)
        key = access(f"sid-{number}", key=f"{CANARY}-{number}-{self.keys[number]}")
        facts = key.facts
        key = type(key)(key.key, type(facts)(**{
            name: getattr(facts, name) for name in ("kind", "rights", "sid")
        } | {"expires_at": self.clock.now() + timedelta(days=90)}))  # fmt: skip
        await self.stores.shops.connect(owner.id, key, now=self.clock.now())

    async def shop(self, number):
        owner = await self.stores.sellers.by_telegram_id(1000 + number)
        found = [] if owner is None else await self.stores.shops.of_seller(owner.id)
        return found[0] if found else None

    @rule(number=any_shop)
    def replace_key(self, number):
        self.run(self.connect(number))

    @rule(number=any_shop, cut=st.sampled_from(["delete_key", "period", "pause", "resume"]))
    def cut_in(self, number, cut):
        async def act():
            one, now = await self.shop(number), self.clock.now()
            if one is None:
                return
            if cut == "delete_key":
                await self.stores.shops.delete_key(one.id, now=now)
            elif cut == "period":
                await self.stores.shops.set_period(one.id, 14, now=now)
            else:
                await self.stores.shops.set_paused(one.id, paused=cut == "pause", now=now)

        self.run(act())

    @rule(number=any_shop)
    def erase(self, number):
        async def act():
            one = await self.shop(number)
            if one is not None:
                await self.stores.sellers.erase(one.seller_id)
                self.watching = {each for each in self.watching if each.chat_id != 1000 + number}

        self.run(act())

    @rule(number=any_shop)
    def tap(self, number):
        async def act():
            one, now = await self.shop(number), self.clock.now()
            if one is not None and one.state is ShopState.LIVE:
                await self.stores.runs.request(one, RunKind.TAPPED, day=moscow_day(now), now=now)

        self.run(act())

    @rule(number=any_shop)
    def watch(self, number):
        """A progress message is sent, and attached to the run that is open or has just ended.

        The message that has shown that run is deleted.
        """

        async def act():
            await self.clock.advance(1)  # no run begins anew at the very instant it began
            one = await self.shop(number)
            newest = select(runs).where(runs.c.shop_id == (one.id if one else 0))
            for run in await self.rows(newest.order_by(runs.c.id.desc()).limit(1)):
                message = ProgressMessage(1000 + number, next(self.message_ids))
                await AttachProgress(self.stores.runs, self.clock)(run.id, message)
                self.watching.discard(progress_of(run))
                self.watching.add(message)

        self.run(act())

    @rule(
        number=any_shop,
        mood=st.sampled_from([None, AWAY, GARBAGE, REFUSED, ValueError("test")]),
    )
    def wildberries_says(self, number, mood):
        self.wb.moods[f"sid-{number}"] = [mood] if mood else []

    @rule()
    def the_shelves_change(self):
        self.wb.stock += 1

    @rule(error=st.sampled_from([None, Transient(Code.GOOGLE_FAILED, "test")]))
    def google_says(self, error):
        self.files.error = error

    @rule(mood=st.sampled_from(["ok", "away", "lost", "blocked"]))
    def telegram_says(self, mood):
        self.chat.mood = mood

    @rule(seconds=st.sampled_from([30, 300, 3600, 9 * 3600, 24 * 3600]))
    def time_passes(self, seconds):
        self.run(self.clock.advance(seconds))

    @rule(owner=any_process)
    def heartbeat(self, owner):
        self.run(self.houses[owner].ensure_day())
        self.run(self.every_eligible_shop_has_its_night())

    @rule(owner=any_process)
    def work(self, owner):
        async def act():
            worker = self.houses[owner].worker
            await worker._claim_and_nap()
            await worker._working.drain(0.1 if self.zombies else 20)

        self.run(act())

    @precondition(lambda self: not self.zombies)
    @rule(number=any_shop, owner=any_process)
    def hang(self, number, owner):
        """A pass stands still, as in a process that is paused."""
        gate, sid = Gate(), f"sid-{number}"
        before, self.wb.moods[sid] = self.wb.moods.get(sid, []), [gate]

        async def act():
            await self.houses[owner].worker._claim_and_nap()
            await self.houses[owner].tasks.drain(0.02)
            await asyncio.wait({asyncio.ensure_future(gate.reached.wait())}, timeout=0.1)

        self.run(act())
        self.wb.moods[sid] = before
        self.zombies.append(gate)

    @precondition(lambda self: not self.zombies)
    @rule(number=any_shop, owner=any_process, wakes=st.booleans())
    def overtake(self, number, owner, wakes):
        """Another process works a run whose owner stands still, and has to wait for the table."""
        self.tap(number)
        self.hang(number, owner)
        self.wb.stock += 1
        self.run(self.clock.advance(LEASE_SECONDS + 1))
        before, self.files.error = self.files.error, Transient(Code.GOOGLE_FAILED, "test")
        self.work("b" if owner == "a" else "a")
        self.promises_hold()
        self.files.error = before
        if wakes:
            self.wake_up()

    @rule(number=any_shop, owner=any_process, cut=st.sampled_from(["period", "pause"]))
    def begin_anew(self, number, owner, cut):
        """A night that is watched is cut short, begins anew by a tap, and is watched again."""
        self.heartbeat(owner)
        self.watch(number)
        self.cut_in(number, cut)
        self.tap(number)
        self.watch(number)

    @precondition(lambda self: self.zombies)
    @rule()
    def wake_up(self):
        """It goes on, whatever has happened meanwhile."""
        gate = self.zombies.pop()

        async def act():
            gate.open()
            for each in self.houses.values():
                await each.worker._working.drain(5)

        self.run(act())

    @rule(owner=any_process)
    def crash(self, owner):
        """The process dies and another one comes up; nothing is given back."""

        async def act():
            await self.houses[owner].worker._working.close()
            self.generation += 1
            self.houses[owner] = await self.process(f"{owner}{self.generation}")

        self.run(act())

    @rule(owner=any_process)
    def stop_in_order(self, owner):
        async def act():
            crashes = await self.crashes()
            await self.houses[owner].worker.stop(0.01)
            assert await self.crashes() == crashes  # P7: nobody is a suspect for an orderly stop
            self.generation += 1
            self.houses[owner] = await self.process(f"{owner}{self.generation}")

        self.run(act())

    @rule()
    def deliver(self):
        async def act():
            clock = self.clock
            sender = Deliver(
                outbox=self.stores.outbox, messenger=self.chat, sellers=self.stores.sellers,
                clock=clock, observe=lambda _event: None, wakeup=Wakeup(clock),
                breaker=Breaker("telegram", clock, lambda *_: None),
            )  # fmt: skip
            async with clock.autorun(idle_seconds=0.001, busy=self.world.busy):
                await sender.once()

        self.run(act())

    async def rows(self, query):
        async with self.world.database.read() as connection:
            return (await connection.execute(query)).all()

    async def crashes(self):
        return (await self.rows(select(func.sum(runs.c.crashes))))[0]

    async def every_eligible_shop_has_its_night(self):
        now = self.clock.now()
        today = moscow_day(now)
        began = self.houses["a"].ensure_day._night.start(now)
        eligible = await self.stores.shops.eligible(
            before=began, gone_since=now - timedelta(days=14)
        )
        query = select(runs.c.shop_id).where(
            runs.c.day == today,
            runs.c.kind == RunKind.NIGHTLY,
            runs.c.status != RunStatus.SUPERSEDED,
        )
        served = {row.shop_id for row in await self.rows(query)}
        assert {one.id for one in eligible} <= served, "P1"

    @invariant()
    def promises_hold(self):
        self.run(self.look())

    async def look(self):
        nightly = (
            select(func.count())
            .where(runs.c.kind == RunKind.NIGHTLY)
            .group_by(runs.c.shop_id, runs.c.day)
        )
        assert all(row[0] == 1 for row in await self.rows(nightly)), "P1"
        is_open = runs.c.status == RunStatus.OPEN
        open_ones = select(func.count()).where(is_open).group_by(runs.c.shop_id)
        assert all(row[0] == 1 for row in await self.rows(open_ones)), "P2"
        longest = self.clock.now() + timedelta(seconds=LEASE_SECONDS)
        leased = await self.rows(
            select(shops.c.lease_until).where(shops.c.lease_owner.is_not(None))
        )
        assert all(row.lease_until <= longest for row in leased), "P3"
        attempts = await self.rows(select(runs.c.attempts).where(is_open))
        assert all(row.attempts < MOST_ATTEMPTS for row in attempts), "P4"
        assert all(number == 1 for number in self.files.made.values()), "P5"
        for shop_id, cards in await self.rows(select(snapshots.c.shop_id, snapshots.c.cards)):
            assert cards >= self.newest[shop_id], "P2: an older answer took a newer one's place"
            self.newest[shop_id] = cards
        self.nobody_was_told_twice_or_at_night()
        await self.every_message_gets_its_end()
        await self.no_secret_is_in_the_open()

    def nobody_was_told_twice_or_at_night(self):
        told = Counter(notice.dedupe_key for notice, _ in self.chat.arrived)
        for notice, at in self.chat.arrived:
            doubts = self.chat.unknown[notice.dedupe_key]
            most = 1 if notice.kind is NoticeKind.MORNING_TABLE else 1 + doubts
            assert told[notice.dedupe_key] <= most, "P6"
            assert at < notice.expires_at, "P6"
            if notice.kind in {NoticeKind.MORNING_TABLE, NoticeKind.KEY_REFUSED}:
                assert at >= notice.not_before, "P6"
            if notice.kind is NoticeKind.MORNING_TABLE:
                assert at.astimezone(MOSCOW).hour >= 9 or at.date() > notice.not_before.date()

    async def every_message_gets_its_end(self):
        """A message shows an open run, or its own end is owed: a run that began anew has two."""
        is_open = runs.c.status == RunStatus.OPEN
        shown = {progress_of(run) for run in await self.rows(select(runs).where(is_open))}
        of_runs = select(outbox).where(outbox.c.kind == NoticeKind.RUN_FINISHED)
        ended = {
            ProgressMessage(row.telegram_id, row.payload["message_id"])
            for row in await self.rows(of_runs)
            if row.payload["status"] != RunStatus.OPEN
        }
        assert self.watching <= shown | ended, "P6: a message that stays at its hourglass"

    async def no_secret_is_in_the_open(self):
        owed = await self.rows(select(outbox))
        assert CANARY not in repr(owed), "P9"
        for each in self.houses.values():
            assert CANARY not in repr(each.events), "P9"

    def teardown(self):
        try:
            self.run(self.everything_ends())
        finally:
            self.run(self.stack.aclose())
            self.runner.close()
            shutil.rmtree(self.folder)

    async def everything_ends(self):
        """P8: once everybody is back, every open run comes to its end without a restart."""
        for gate in self.zombies:
            gate.open()
        self.wb.moods.clear()
        self.files.error = None
        for _ in range(12):
            await self.clock.advance(1900)
            for each in self.houses.values():
                await each.work()
        left = await self.rows(select(runs).where(runs.c.status == RunStatus.OPEN))
        assert left == [], "P8"
        await self.every_message_gets_its_end()
        files = [path.read_bytes() for path in self.folder.glob("bot.db*")]
        assert not any(CANARY.encode() in content for content in files), "P9"


def hold_promises(migrated: Path, *, examples: int, steps: int) -> None:
    """Let that many stories of that many steps happen on copies of a migrated SQLite file."""
    machine = type("OnOneFile", (Promises,), {"migrated": migrated})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

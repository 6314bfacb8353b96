"""Two processes, one database, one chat: the last word of a message is what its run came to."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.core.errors import Code
from bot.core.ports import TableState
from bot.core.products import Source
from bot.core.runs import Claim, ProgressMessage, RunStatus, SourceOutcome, Stage
from bot.core.sellers import Seller
from bot.kit.clock import ManualClock
from bot.kit.threads import ThreadPool
from bot.sandbox.telegram.faults import Fault, FaultKind
from bot.telegram.app import build_bot
from bot.telegram.config import TelegramConfig
from bot.telegram.notifier import Notifier
from bot.telegram.progress_board import ProgressBoard
from bot.telegram.session import TelegramSession
from bot.telegram.texts import RUSSIAN, Catalogue, Line
from bot.usecases.hand_over import HandOver
from bot.usecases.news import about_run
from bot.usecases.people import People
from tests.storage.people import NOW, TODAY, card, claimed, save, shop
from tests.support.databases import World, world

PERSON = 77
URL = "https://docs.google.com/spreadsheets/d/1/edit"
UNDER_WAY = "⏳ Обновляю"
STALL_SECONDS = 30
LATER = NOW + timedelta(hours=1)


class HeardClock(ManualClock):
    """A clock that tells when somebody has begun to wait for it."""

    def __init__(self, start):
        super().__init__(start)
        self.waited_for = asyncio.Event()

    async def sleep(self, seconds):
        if seconds > 0:
            self.waited_for.set()
        await super().sleep(seconds)


class StandsStill:
    """Runs as a process sees them that stands still, once, right after it has looked."""

    def __init__(self, runs):
        self._runs, self.meanwhile = runs, None
        self.open_run, self.last_finished = runs.open_run, runs.last_finished

    async def by_id(self, run_id):
        found, meanwhile = await self._runs.by_id(run_id), self.meanwhile
        self.meanwhile = None
        if meanwhile is not None:
            await meanwhile()
        return found


class Workbooks:
    """Makes files of nothing."""

    async def make(self, _report):
        return b"PK-workbook"


@dataclass
class Process:
    """As much of a process as speaks to people."""

    world: World
    notifier: Notifier
    board: ProgressBoard
    session: TelegramSession

    async def show(self, run_id, *arrived):
        """Show a stage of a run, as it stands when the stage is reached."""
        run = await self.world.stores.runs.by_id(run_id)
        outcomes = {source: SourceOutcome(Stage.ARRIVED, rows=2) for source in arrived}
        await self.notifier.show_progress(replace(run, outcomes=outcomes))

    async def deliver(self):
        """Deliver everything that is owed; return how much that was."""
        outbox = self.world.stores.outbox
        owed = await outbox.due(now=self.world.clock.now(), limit=9)
        for notice in owed:
            await self.notifier.deliver(notice)
            await outbox.settle(notice.id, delivered=True)
        return len(owed)


@asynccontextmanager
async def process(opened: World, twin, clock, runs=None):
    """Open a process on a database and the chat."""
    stores, catalogue, pool = opened.stores, Catalogue(), ThreadPool("test", 1)
    session = TelegramSession(clock, api_url=twin.url, timeout_seconds=5.0)
    bot = build_bot(twin.token, session)
    board = ProgressBoard(bot, clock)
    notifier = Notifier(
        bot,
        people=People(stores.sellers, stores.shops, opened.clock),
        runs=runs or stores.runs,
        outbox=stores.outbox,
        hand_over=HandOver(stores.shops, stores.tables, Workbooks(), pool, links=True),
        catalogue=catalogue,
        config=TelegramConfig(),
        board=board,
        clock=opened.clock,
    )
    try:
        yield Process(opened, notifier, board, session)
    finally:
        await session.close()
        pool.close()


@dataclass
class Story:
    """A run that somebody watches: `one` shows its stages, `other` is there as well."""

    one: Process
    other: Process
    clock: HeardClock
    user: object
    owner: Seller
    claim: Claim
    message: ProgressMessage
    stands_still: StandsStill

    @property
    def run_id(self):
        return self.claim.run.id

    @property
    def runs(self):
        """The other process's: what it does, the one learns from the database alone."""
        return self.other.world.stores.runs

    def shown(self):
        chat = self.user.transcript
        return next(one for one in chat if one.message_id == self.message.message_id)

    def words(self):
        return self.shown().words

    def before(self):
        return self.shown().revisions[-1].words

    def sent(self):
        return len([message for message in self.user.screen if message.from_bot])

    async def begin_to_show(self, *arrived):
        """Reach a stage that will not be shown before the clock has moved."""
        self.clock.waited_for.clear()
        showing = asyncio.ensure_future(self.one.show(self.run_id, *arrived))
        await self.clock.waited_for.wait()
        return showing


@pytest.fixture
def clock():
    return HeardClock(NOW)


@pytest.fixture
async def story(storage, twin, clock):
    user, stores = twin.user(PERSON), storage.stores
    user.start()
    one = await shop(storage, PERSON)
    claim = await claimed(storage, one)
    await save(storage, claim, [card(1)])
    await stores.tables.save_state(claim, TableState(URL, {"file": "1"}))
    stands_still = StandsStill(stores.runs)
    async with (
        world(storage.url, vault=storage.vault) as beside,
        process(storage, twin, clock, stands_still) as here,
        process(beside, twin, clock) as there,
    ):
        sent = await build_bot(twin.token, here.session).send_message(PERSON, UNDER_WAY)
        message = ProgressMessage(PERSON, sent.message_id)
        await stores.runs.set_progress(claim.run.id, message)
        owner = await stores.sellers.by_telegram_id(PERSON)
        yield Story(here, there, clock, user, owner, claim, message, stands_still)


def news(status, problem=None):
    return lambda run: (about_run(run, PERSON, status, problem, NOW),)


async def is_done(story):
    await story.runs.note_published(story.claim, NOW)
    owed = news(RunStatus.DONE)
    await story.runs.finish(story.claim, RunStatus.DONE, problem=None, at=NOW, news=owed)


async def goes_on_later(story):
    await story.runs.note_published(story.claim, NOW)
    await waits(story, Code.VENDOR_FAILED)


async def cannot_write_its_table(story):
    await waits(story, Code.GOOGLE_UNREACHABLE)


async def waits(story, problem):
    owed = news(RunStatus.OPEN, problem)
    await story.runs.postpone(story.claim, LATER, problem=problem, counts=False, news=owed)


async def is_stopped(story):
    shops = story.other.world.stores.shops
    await shops.set_paused(story.claim.shop_id, paused=True, now=NOW)


async def is_erased(story):
    sellers = story.other.world.stores.sellers
    (message,) = await sellers.erase(story.owner.id)
    await story.other.board.end(message, Catalogue().words(RUSSIAN)(Line.ACCOUNT_DELETED), None)


ENDS = [
    (is_done, "готова"),
    (goes_on_later, "остальные данные придут позже"),
    (cannot_write_its_table, "в файле ниже"),
    (is_stopped, "остановлено"),
    (is_erased, "Аккаунт удалён"),
]


@pytest.mark.parametrize(("comes_to_its_end", "said"), ENDS)
async def test_a_stage_that_waits_for_its_time_is_not_shown_after_the_end(
    story, comes_to_its_end, said
):
    await story.one.show(story.run_id)
    showing = await story.begin_to_show(Source.ORDERS)
    await comes_to_its_end(story)
    await story.other.deliver()
    assert said in story.words()
    await story.clock.advance(3)
    await showing
    assert said in story.words()
    assert await story.other.deliver() == 0


@pytest.mark.parametrize(("comes_to_its_end", "said"), ENDS)
async def test_an_edit_that_was_under_way_at_the_end_is_put_right(
    story, twin, comes_to_its_end, said
):
    twin.faults.add(Fault(FaultKind.STALL, methods=["editMessageText"], seconds=STALL_SECONDS))
    showing = await story.begin_to_show(Source.ORDERS)
    await comes_to_its_end(story)
    await story.other.deliver()
    assert said in story.words()
    sent = story.sent()
    await story.clock.advance(STALL_SECONDS)
    await showing
    assert await story.other.deliver() == (0 if comes_to_its_end is is_erased else 1)
    assert UNDER_WAY in story.before()
    assert said in story.words()
    assert story.sent() == sent


@pytest.mark.parametrize("fault", [None, FaultKind.LOST, FaultKind.CUT_BODY])
async def test_a_process_that_stood_still_before_its_edit_puts_it_right_each_time(
    story, twin, fault
):
    """Also where the answer to the edit is lost."""

    async def meanwhile():
        await is_done(story)
        await story.other.deliver()
        if fault is not None:
            twin.faults.add(Fault(fault, methods=["editMessageText"]))

    story.stands_still.meanwhile = meanwhile
    await story.one.show(story.run_id, Source.ORDERS)
    assert UNDER_WAY in story.words()
    assert await story.other.deliver() == 1
    assert "готова" in story.words()
    assert story.sent() == 1


async def test_what_a_run_has_so_far_does_not_come_after_its_end(story):
    await goes_on_later(story)
    (so_far,) = await story.other.world.stores.outbox.due(now=NOW, limit=9)
    claim = await story.runs.claim("other", now=LATER, lease_seconds=45)
    await story.runs.finish(
        claim, RunStatus.DONE, problem=None, at=LATER, news=news(RunStatus.DONE)
    )
    await story.other.deliver()
    await story.one.notifier.deliver(so_far)
    assert "готова" in story.words()


async def test_a_stage_is_not_shown_in_a_message_that_a_newer_one_has_replaced(story, twin):
    await story.one.show(story.run_id)
    showing = await story.begin_to_show(Source.ORDERS)
    newer = replace(story.message, message_id=story.message.message_id + 1)
    await story.runs.set_progress(story.run_id, newer)
    await story.clock.advance(3)
    await showing
    assert len(twin.called("editMessageText")) == 1
    assert await story.other.deliver() == 0


async def test_a_night_that_takes_a_message_over_shows_its_own_stages(story):
    await story.one.show(story.run_id)
    showing = await story.begin_to_show(Source.ORDERS)
    one = await story.other.world.stores.shops.by_id(story.claim.shop_id)
    await story.runs.ensure_nightly(TODAY + timedelta(days=1), [one], now=NOW + timedelta(days=1))
    night = await story.runs.open_run(one.id)
    assert night.progress == story.message
    await story.one.show(night.id, Source.REMAINS)
    await story.clock.advance(3)
    await showing
    assert "✅ Остатки на складах" in story.words()


async def test_a_stage_that_comes_after_the_night_s_end_is_put_right(story):
    async def meanwhile():
        one = await story.other.world.stores.shops.by_id(story.claim.shop_id)
        tomorrow = NOW + timedelta(days=1)
        await story.runs.ensure_nightly(TODAY + timedelta(days=1), [one], now=tomorrow)
        claim = await story.runs.claim("other", now=tomorrow, lease_seconds=45)
        assert claim.run.progress == story.message
        end = news(RunStatus.DONE)
        await story.runs.finish(claim, RunStatus.DONE, problem=None, at=tomorrow, news=end)
        await story.other.deliver()
        assert "готова" in story.words()

    story.stands_still.meanwhile = meanwhile
    await story.one.show(story.run_id, Source.ORDERS)
    assert UNDER_WAY in story.words()
    assert await story.other.deliver() == 1
    assert "готова" in story.words()


async def test_a_stage_of_a_run_that_goes_on_owes_nothing(story):
    await story.one.show(story.run_id, Source.ORDERS)
    assert "✅ Заказы: 2 строки" in story.words()
    assert await story.other.deliver() == 0

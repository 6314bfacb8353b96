"""The way to a person: progress while a run goes on, and whatever the outbox owes him."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.types import InlineKeyboardMarkup

from bot.core.errors import Code, SellerMustAct
from bot.core.events import Notice, NoticeKind
from bot.core.ports import Outbox, RunStore
from bot.core.runs import ProgressMessage, Run, RunKind, RunStatus
from bot.core.sellers import Seller, Shop
from bot.kit.clock import Clock
from bot.telegram.config import TelegramConfig
from bot.telegram.handing import linked, send_file, send_table, table_text
from bot.telegram.keyboards import Screen, lead
from bot.telegram.outgoing import told_in_our_words
from bot.telegram.progress import progress_text
from bot.telegram.progress_board import ProgressBoard
from bot.telegram.sheet_keys import trouble_ways
from bot.telegram.texts import RUSSIAN, Catalogue, Html, Label, Line, Words
from bot.usecases.hand_over import HandOver, Handover
from bot.usecases.news import about_late_stage, is_handed_on, shows_stages, speaks_of_table
from bot.usecases.people import People

_STOPS_FOR_GOOD = frozenset({Code.KEY_MISSING, Code.PAUSED})
_TABLE_THERE = frozenset({RunStatus.DONE, RunStatus.OPEN})
_NIGHT_COUNTS = frozenset({"missing", "unfinished", "waiting"})

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Recipient:
    """Whom a notice is for, and of which of his shops it speaks.

    `silent` wakes nobody. `is_told`: he knows it already, only his progress message does not.
    """

    seller: Seller
    shop: Shop
    words: Words
    silent: bool = False
    is_told: bool = False

    @property
    def chat_id(self) -> int:
        return self.seller.telegram_id


class Notifier:
    """`Messenger` over Telegram.

    What a notice's payload holds, by its kind: `RUN_FINISHED` run_id, shop_id, status, code and
    message_id (or None), is_told where nothing is to be sent; `MORNING_TABLE` shop_id, run_id;
    `KEY_REFUSED` and `TABLE_PROBLEM` shop_id, code; `OPERATOR_ALARM` where, code, shop_id (or
    None), and the counts of a night that was missed.
    """

    def __init__(  # noqa: PLR0913 - each is a neighbour of its own
        self,
        bot: Bot,
        *,
        people: People,
        runs: RunStore,
        outbox: Outbox,
        hand_over: HandOver,
        catalogue: Catalogue,
        config: TelegramConfig,
        board: ProgressBoard,
        clock: Clock,
    ) -> None:
        self._bot = bot
        self._people = people
        self._runs = runs
        self._outbox = outbox
        self._hand_over = hand_over
        self._catalogue = catalogue
        self._config = config
        self._board = board
        self._clock = clock
        self._tellers = {
            NoticeKind.RUN_FINISHED: self._tell_end,
            NoticeKind.MORNING_TABLE: self._tell_morning,
            NoticeKind.KEY_REFUSED: self._tell_key_refused,
            NoticeKind.TABLE_PROBLEM: self._tell_table_problem,
            NoticeKind.OPERATOR_ALARM: self._tell_operator,
        }

    async def show_progress(self, run: Run) -> None:
        """Show how far a run has come; dropped rather than retried, never raises."""
        message = run.progress
        if message is None or not self._board.wants(message):
            return
        try:
            words, title = await self._watcher(message, run.shop_id)
            around = partial(self._around_stage, run.id, message, words)
            await self._board.update(message, progress_text(words, run, title), around)
        except Exception as error:  # noqa: BLE001 - a picture of progress must not stop the run
            log.info("telegram.progress_dropped", run_id=run.id, error=type(error).__name__)

    @asynccontextmanager
    async def _around_stage(
        self, run_id: int, message: ProgressMessage, words: Words
    ) -> AsyncIterator[bool]:
        """Go around the edit of a stage: it must not be the last word of a run that has told more.

        Other processes tell it, too, and this one may stand still at any moment.
        """
        before = await self._runs.by_id(run_id)
        if before is None or before.progress != message or not shows_stages(before):
            yield False
            return
        try:
            yield True
        finally:  # also of an edit that has failed: perhaps only its answer was lost
            await self._put_right(before, message, words)

    async def _newest_run(self, shop_id: int) -> Run | None:
        return await self._runs.open_run(shop_id) or await self._runs.last_finished(shop_id)

    async def _put_right(self, before: Run, message: ProgressMessage, words: Words) -> None:
        after = await self._runs.by_id(before.id)
        if after is None:  # erased with its account, and with the outbox of who watched it
            await self._board.end(message, words(Line.ACCOUNT_DELETED), None)
            return
        if is_handed_on(after):
            after = await self._newest_run(after.shop_id) or after
        for notice in about_late_stage(before, after, self._clock.now()):
            await self._outbox.put(notice)

    async def deliver(self, notice: Notice) -> None:
        """Send one notice; one whose shop or person is gone is dropped.

        Raises:
            SellerMustAct: the person has blocked us; nothing more can be sent.
            Transient: it did not go out, or nobody knows (`Code.TELEGRAM_FAILED`).
            Defect: Telegram did not understand it.
        """
        with told_in_our_words():
            await self._tellers[notice.kind](notice)

    async def _tell_end(self, notice: Notice) -> None:
        who = await self._recipient(notice)
        if who is None:
            return
        run = await self._runs.by_id(_number(notice, "run_id"))
        silent = run is not None and run.kind is RunKind.NIGHTLY
        who = replace(who, silent=silent, is_told=bool(notice.payload.get("is_told")))
        status = RunStatus(str(notice.payload["status"]))
        if status is RunStatus.OPEN and run is not None and run.status is not status:
            return  # its end is told, or owed, on its own
        message = run.progress if run else None
        if status is RunStatus.SUPERSEDED:  # it may have begun anew, with another message
            message = _message_of(notice)
        is_of_table = speaks_of_table(_code(notice) or Code.INTERNAL)
        is_away = status is RunStatus.OPEN and is_of_table and _is_unpublished(run)
        handed = await self._handed(who, as_file=is_away) if status in _TABLE_THERE else None
        if handed is None:
            code = _code(notice) or Code.INTERNAL
            text, markup = _without_table(who, status, code)
            await self._end(who, message, text, markup)
            return
        so_far = Line.TABLE_AS_FILE if is_away else Line.TABLE_SO_FAR
        line = so_far if status is RunStatus.OPEN else None
        await self._end_with_table(who, message, handed, line)

    async def _end_with_table(
        self,
        who: _Recipient,
        message: ProgressMessage | None,
        handed: Handover,
        line: Line | None,
    ) -> None:
        text = table_text(who.words, handed, line=line)
        if handed.url:
            await self._end(who, message, *linked(who.words, text, handed.url))
            return
        if message is not None:
            below = Html(f"{text}\n{who.words(Line.TABLE_IN_FILE)}")
            await self._board.end(message, below, None)
        if not who.is_told:
            await send_file(self._bot, who.chat_id, handed, text, silent=who.silent)

    async def _end(
        self,
        who: _Recipient,
        message: ProgressMessage | None,
        text: Html,
        markup: InlineKeyboardMarkup | None,
    ) -> None:
        """Edit the progress message to its end, or say it anew where that is not possible."""
        if message is not None and await self._board.end(message, text, markup):
            return
        if who.is_told:
            return
        await self._bot.send_message(
            who.chat_id, text, reply_markup=markup, disable_notification=who.silent
        )

    async def _tell_morning(self, notice: Notice) -> None:
        who = await self._recipient(notice)
        if who is None:
            return
        run = await self._runs.by_id(_number(notice, "run_id"))
        is_away = _is_unpublished(run)
        handed = await self._handed(who, as_file=is_away)
        if handed is None:
            return
        line = Line.TABLE_AS_FILE if is_away else _morning_line(run, handed)
        text = table_text(who.words, handed, line=line)
        await send_table(self._bot, who.chat_id, who.words, handed, text)

    async def _tell_key_refused(self, notice: Notice) -> None:
        await self._tell_problem(notice, Line.NOTICE_KEY_REFUSED)

    async def _tell_table_problem(self, notice: Notice) -> None:
        await self._tell_problem(notice, Line.NOTICE_TABLE_PROBLEM)

    async def _tell_problem(self, notice: Notice, line: Line) -> None:
        who = await self._recipient(notice)
        if who is None:
            return
        code = _code(notice) or Code.INTERNAL
        problem = who.words.problem(code)
        markup = _ways_out(who, code)
        text = who.words(line, shop=who.shop.title, problem=problem)
        await self._bot.send_message(who.chat_id, text, reply_markup=markup)

    async def _tell_operator(self, notice: Notice) -> None:
        """Tell the admin that the notice names, or without one (id 0) all of them."""
        words, payload = self._catalogue.words(RUSSIAN), notice.payload
        where, code = payload.get("where", "?"), payload.get("code", Code.INTERNAL)
        text = words(Line.ALARM, where=where, code=code)
        if payload.get("shop_id") is not None:
            of_shop = words(Line.ALARM_SHOP, shop_id=payload["shop_id"])
            text = Html(f"{text}\n{of_shop}")
        if payload.keys() >= _NIGHT_COUNTS:
            counts = {name: payload[name] for name in _NIGHT_COUNTS}
            text = Html(f"{text}\n{words(Line.ALARM_NIGHT, **counts)}")
        named = {notice.telegram_id} & self._config.admin_ids
        await self._tell_all(sorted(named or self._config.admin_ids), text)

    async def _tell_all(self, chat_ids: Sequence[int], text: Html) -> None:
        """Send to each; an error counts only when nobody could be told."""
        failures: list[AiogramError] = []
        for chat_id in chat_ids:
            try:
                await self._bot.send_message(chat_id, text)
            except AiogramError as error:
                failures.append(error)
        if failures and len(failures) == len(chat_ids):
            raise failures[0]

    async def _watcher(self, message: ProgressMessage, shop_id: int) -> tuple[Words, str | None]:
        """Return the language of who watches a progress message, and the shop's title if his."""
        seller = await self._people.seller(message.chat_id)
        if seller is None:
            return self._catalogue.words(RUSSIAN), None
        shops = await self._people.shops(seller)
        title = next((shop.title for shop in shops if shop.id == shop_id), None)
        return self._catalogue.words(seller.language), title

    async def _recipient(self, notice: Notice) -> _Recipient | None:
        seller = await self._people.seller(notice.telegram_id)
        if seller is None:
            return None
        shop_id = _number(notice, "shop_id")
        for shop in await self._people.shops(seller):
            if shop.id == shop_id:
                return _Recipient(seller, shop, self._catalogue.words(seller.language))
        return None

    async def _handed(self, who: _Recipient, *, as_file: bool = False) -> Handover | None:
        """Return the shop's table; `None` when there is none."""
        try:
            return await self._hand_over(who.seller, who.shop.id, as_file=as_file)
        except SellerMustAct as refusal:
            log.info("telegram.nothing_to_hand_over", shop_id=who.shop.id, code=refusal.code)
            return None


def _without_table(
    who: _Recipient, status: RunStatus, code: Code
) -> tuple[Html, InlineKeyboardMarkup | None]:
    problem = who.words.problem(code)
    if status is RunStatus.SUPERSEDED:
        stopped = code in _STOPS_FOR_GOOD
        line = Line.RUN_STOPPED if stopped else Line.RUN_SUPERSEDED
        return who.words(line, shop=who.shop.title, problem=problem), None
    text = who.words(Line.RUN_FAILED, shop=who.shop.title, problem=problem)
    return text, _ways_out(who, code) if status is RunStatus.NEEDS_SELLER else None


def _ways_out(who: _Recipient, code: Code) -> InlineKeyboardMarkup | None:
    """Return what the seller can do about a problem that is his."""
    if code.startswith("key_"):
        return lead(who.words, (Label.REPLACE_KEY_LONG, Screen.ADD_KEY))
    return trouble_ways(who.words, code, who.shop.id)


def _morning_line(run: Run | None, handed: Handover) -> Line:
    """Return what the table has become this night."""
    if run is not None and handed.at < run.created_at:
        return Line.MORNING_AS_BEFORE
    return Line.MORNING_PARTLY if handed.is_partial else Line.MORNING


def _is_unpublished(run: Run | None) -> bool:
    """Say whether the run has figures that its table could not take yet."""
    return run is not None and run.published_at is None


def _number(notice: Notice, name: str) -> int:
    return int(notice.payload.get(name) or 0)


def _message_of(notice: Notice) -> ProgressMessage | None:
    message_id = _number(notice, "message_id")
    return ProgressMessage(notice.telegram_id, message_id) if message_id else None


def _code(notice: Notice) -> Code | None:
    code = notice.payload.get("code")
    return Code(code) if code in set(Code) else None

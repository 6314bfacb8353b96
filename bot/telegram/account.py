"""«Удалить аккаунт»: what goes, the data as files first, and a second yes."""

from collections.abc import Sequence
from typing import Any

import structlog
from aiogram import BaseMiddleware, Bot, F, Router
from aiogram.enums import ButtonStyle
from aiogram.exceptions import AiogramError
from aiogram.fsm.context import FSMContext
from aiogram.types import (
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    ReplyKeyboardRemove,
    TelegramObject,
)

from bot.core.errors import Code, SellerMustAct
from bot.core.runs import ProgressMessage
from bot.core.sellers import Seller
from bot.telegram.filters import Pressed, Registered
from bot.telegram.handing import send_file, table_text
from bot.telegram.keyboards import AccountAct, Go, Screen, Sure
from bot.telegram.middlewares import Handler, LeaveForm
from bot.telegram.progress_board import ProgressBoard
from bot.telegram.talk import Talk
from bot.telegram.texts import Catalogue, Html, Label, Line, Words
from bot.usecases.app import UseCases
from bot.usecases.delete_account import Erased

log = structlog.get_logger(__name__)


def build_router() -> Router:
    """Return the way out."""
    router = Router(name="account")
    for observer in (router.message, router.callback_query):
        observer.filter(Registered())
        observer.middleware(LeaveForm())
    router.message.register(ask, Pressed(Label.DELETE_ACCOUNT))
    tap = router.callback_query.register
    tap(ask, Go.filter(F.to == Screen.DELETE_ACCOUNT))
    tap(download, AccountAct.filter(F.act == Sure.DOWNLOAD))
    tap(keep, AccountAct.filter(F.act == Sure.NO))
    tap(ask_once_more, AccountAct.filter(F.act == Sure.YES))
    tap(erase, AccountAct.filter(F.act == Sure.ERASE))
    return router


async def ask(_event: TelegramObject, talk: Talk) -> None:
    """Say what would be erased, and offer the data first."""
    await talk.show(talk.words(Line.DELETE_ACCOUNT), _ways(talk.words, Label.DELETE_ACCOUNT_YES))


async def download(_tap: CallbackQuery, talk: Talk, uc: UseCases, seller: Seller) -> None:
    """Send the stored data of every shop as files."""
    sent = 0
    for shop in await uc.people.shops(seller):
        try:
            handed = await uc.hand_over(seller, shop.id, as_file=True)
        except SellerMustAct as refusal:
            if refusal.code is not Code.NO_DATA_YET:
                raise
            continue
        await send_file(talk.bot, talk.chat_id, handed, table_text(talk.words, handed))
        sent += 1
    if not sent:
        await talk.say(talk.words(Line.NOTHING_TO_DOWNLOAD))
    await talk.say(talk.words(Line.DELETE_ACCOUNT), _ways(talk.words, Label.DELETE_ACCOUNT_YES))


async def keep(_tap: CallbackQuery, talk: Talk) -> None:
    """Leave everything as it is."""
    await talk.show(talk.words(Line.ACCOUNT_KEPT))


async def ask_once_more(_tap: CallbackQuery, talk: Talk) -> None:
    """Ask the second time: nothing brings it back."""
    await talk.show(talk.words(Line.DELETE_ACCOUNT_SURE), _ways(talk.words, Label.ERASE))


async def erase(
    _event: TelegramObject,
    talk: Talk,
    state: FSMContext,
    uc: UseCases,
    seller: Seller,
    board: ProgressBoard,
) -> None:
    """Erase the account."""
    erased = await uc.delete_account(seller)
    await state.clear()
    await _end_watched(board, talk.words, erased.watched)
    await talk.show(talk.words(Line.ACCOUNT_DELETED))
    await talk.say(_last_words(talk.words, erased), ReplyKeyboardRemove())


class FinishFirst(BaseMiddleware):
    """Whoever is still being erased, for his deletion was cut off: whatever he does ends it."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Erase him in the place of what he has asked for; let everybody else through."""
        seller: Seller | None = data["seller"]
        if seller is None or seller.erasing_at is None:
            return await handler(event, data)
        return await erase(event, data["talk"], data["state"], data["uc"], seller, data["board"])


class Farewell:
    """What somebody sees whose account is gone although he asks for nothing just now.

    It wakes nobody, and is said once: nothing is left of him that could be owed it.
    """

    def __init__(self, bot: Bot, catalogue: Catalogue, board: ProgressBoard) -> None:
        self._bot = bot
        self._catalogue = catalogue
        self._board = board

    async def __call__(self, seller: Seller, erased: Erased) -> None:
        """End his progress messages, and say what has become of his account and tables."""
        words = self._catalogue.words(seller.language)
        await _end_watched(self._board, words, erased.watched)
        text = f"{words(Line.ACCOUNT_DELETED)}\n\n{_last_words(words, erased)}"
        try:
            await self._bot.send_message(
                seller.telegram_id,
                text,
                reply_markup=ReplyKeyboardRemove(),
                disable_notification=True,
            )
        except AiogramError as error:
            log.info("telegram.farewell_lost", error=type(error).__name__)


async def _end_watched(
    board: ProgressBoard, words: Words, watched: Sequence[ProgressMessage]
) -> None:
    """End what still shows progress; the outbox of the erased is empty, so it is done here."""
    for message in watched:
        try:
            await board.end(message, words(Line.ACCOUNT_DELETED), None)
        except AiogramError as error:
            log.info("telegram.progress_left", error=type(error).__name__)


def _last_words(words: Words, erased: Erased) -> Html:
    """Return which tables have stayed, and the way back."""
    text = words(Line.COME_BACK)
    if not erased.left_behind:
        return text
    links = "\n".join(erased.left_behind)
    return Html(f"{words(Line.TABLES_LEFT_BEHIND, links=links)}\n\n{text}")


def _ways(words: Words, yes: Label) -> InlineKeyboardMarkup:
    """Return: the data as files, yes, no."""
    step = Sure.YES if yes is Label.DELETE_ACCOUNT_YES else Sure.ERASE
    buttons = [
        _button(words, Label.DOWNLOAD_DATA, Sure.DOWNLOAD),
        _button(words, yes, step, danger=True),
        _button(words, Label.KEEP_ACCOUNT, Sure.NO),
    ]
    return InlineKeyboardMarkup(inline_keyboard=[[button] for button in buttons])


def _button(
    words: Words, label: Label, act: Sure, *, danger: bool = False
) -> InlineKeyboardButton:
    return InlineKeyboardButton(
        text=words.label(label),
        callback_data=AccountAct(act=act).pack(),
        style=ButtonStyle.DANGER if danger else None,
    )

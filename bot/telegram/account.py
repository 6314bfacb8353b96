"""«Удалить аккаунт»: what goes, the data as files first, and a second yes."""

from collections.abc import Sequence

import structlog
from aiogram import F, Router
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
from bot.telegram.middlewares import LeaveForm
from bot.telegram.progress_board import ProgressBoard
from bot.telegram.talk import Talk
from bot.telegram.texts import Html, Label, Line, Words
from bot.usecases.app import UseCases

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
    _tap: CallbackQuery,
    talk: Talk,
    state: FSMContext,
    uc: UseCases,
    seller: Seller,
    board: ProgressBoard,
) -> None:
    """Erase the account."""
    erased = await uc.delete_account(seller)
    await state.clear()
    await _end_watched(board, talk, erased.watched)
    await talk.show(talk.words(Line.ACCOUNT_DELETED))
    text = talk.words(Line.COME_BACK)
    if erased.left_behind:
        links = Html("\n".join(erased.left_behind))
        text = Html(f"{talk.words(Line.TABLES_LEFT_BEHIND, links=str(links))}\n\n{text}")
    await talk.say(text, ReplyKeyboardRemove())


async def _end_watched(
    board: ProgressBoard, talk: Talk, watched: Sequence[ProgressMessage]
) -> None:
    """End what still shows progress; the outbox of the erased is empty, so it is done here."""
    for message in watched:
        try:
            await board.end(message, talk.words(Line.ACCOUNT_DELETED), None)
        except AiogramError as error:
            log.info("telegram.progress_left", error=type(error).__name__)


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

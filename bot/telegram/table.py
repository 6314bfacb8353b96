"""«Получить мою таблицу» and «Обновить сейчас», for one shop or for the one that is chosen."""

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, TelegramObject

from bot.core.errors import Code, SellerMustAct
from bot.core.sellers import Seller, Shop
from bot.telegram.choosing import own_shop, pick_shop
from bot.telegram.filters import Pressed, Registered
from bot.telegram.fsm import GoogleSheetStates
from bot.telegram.handing import send_table, table_text
from bot.telegram.keyboards import Act, ShopAct
from bot.telegram.middlewares import LeaveForm
from bot.telegram.progress import show_run
from bot.telegram.talk import Talk
from bot.telegram.texts import Label, Line
from bot.usecases.app import UseCases


def build_router() -> Router:
    """Return the table's buttons and /sync."""
    router = Router(name="table")
    for observer in (router.message, router.callback_query):
        observer.filter(Registered())
        observer.middleware(LeaveForm())
    router.message.register(get_table, Pressed(Label.GET_TABLE, Label.OPEN_TABLE))
    router.message.register(refresh, Pressed(Label.REFRESH))
    router.message.register(refresh, Command("sync", ignore_case=True))
    router.callback_query.register(get_chosen, ShopAct.filter(F.act == Act.TABLE))
    router.callback_query.register(refresh_chosen, ShopAct.filter(F.act == Act.REFRESH))
    return router


async def get_table(
    _event: TelegramObject, talk: Talk, state: FSMContext, uc: UseCases, seller: Seller
) -> None:
    """Hand over the table of the seller's shop, or ask which one."""
    shop = await pick_shop(talk, uc, seller, Act.TABLE)
    if shop is not None:
        await _hand_over(talk, state, uc, seller, shop)


async def refresh(
    _event: TelegramObject, talk: Talk, state: FSMContext, uc: UseCases, seller: Seller
) -> None:
    """Refresh the seller's shop, or ask which one."""
    shop = await pick_shop(talk, uc, seller, Act.REFRESH)
    if shop is not None:
        await _refresh(talk, state, uc, seller, shop)


async def get_chosen(
    _tap: CallbackQuery,
    callback_data: ShopAct,
    talk: Talk,
    state: FSMContext,
    uc: UseCases,
    seller: Seller,
) -> None:
    """Hand over the table of the chosen shop."""
    shop = await own_shop(uc, seller, callback_data.shop_id)
    await _hand_over(talk, state, uc, seller, shop)


async def refresh_chosen(
    _tap: CallbackQuery,
    callback_data: ShopAct,
    talk: Talk,
    state: FSMContext,
    uc: UseCases,
    seller: Seller,
) -> None:
    """Refresh the chosen shop."""
    shop = await own_shop(uc, seller, callback_data.shop_id)
    await _refresh(talk, state, uc, seller, shop)


async def _hand_over(
    talk: Talk, state: FSMContext, uc: UseCases, seller: Seller, shop: Shop
) -> None:
    try:
        handed = await uc.hand_over(seller, shop.id)
    except SellerMustAct as refusal:
        if refusal.code is not Code.NO_DATA_YET:
            raise
        await talk.say(talk.words(Line.NO_DATA_YET_STARTED))
        await _refresh(talk, state, uc, seller, shop)
        return
    await send_table(talk.bot, talk.chat_id, talk.words, handed, table_text(talk.words, handed))


async def _refresh(
    talk: Talk, state: FSMContext, uc: UseCases, seller: Seller, shop: Shop
) -> None:
    await state.set_state(GoogleSheetStates.GENERATING_TABLE)
    try:
        requested = await uc.request_refresh(seller, shop.id)
    finally:
        await state.set_state(None)
    await show_run(talk, uc, shop, requested)

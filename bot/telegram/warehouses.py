"""«Не считать остаток складов»: a button per warehouse, pressed to leave its stock out."""

import hashlib

from aiogram import F, Router
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, TelegramObject

from bot.core.sellers import Seller
from bot.telegram.choosing import own_shop, pick_shop
from bot.telegram.filters import Pressed, Registered
from bot.telegram.keyboards import Act, Go, Screen, ShopAct, lead
from bot.telegram.middlewares import LeaveForm
from bot.telegram.talk import Talk
from bot.telegram.texts import Label, Line, Words
from bot.usecases.app import UseCases
from bot.usecases.count_warehouses import Warehouses

_MOST_BUTTONS = 90
_BUTTON_LETTERS = 40


class CountWarehouse(CallbackData, prefix="count"):
    """A button that lets a warehouse count or not; `mark` stands for its name, which is long."""

    shop_id: int
    mark: str
    counts: bool


def build_router() -> Router:
    """Return the screen; it also answers to its typed words."""
    router = Router(name="warehouses")
    for observer in (router.message, router.callback_query):
        observer.filter(Registered())
        observer.middleware(LeaveForm())
    router.message.register(warehouses, Pressed(Label.WAREHOUSES))
    router.callback_query.register(warehouses, Go.filter(F.to == Screen.WAREHOUSES))
    router.callback_query.register(of_chosen, ShopAct.filter(F.act == Act.WAREHOUSES))
    router.callback_query.register(toggle, CountWarehouse.filter())
    return router


async def warehouses(_event: TelegramObject, talk: Talk, uc: UseCases, seller: Seller) -> None:
    """Show the warehouses of the seller's shop, or ask of which one."""
    shop = await pick_shop(talk, uc, seller, Act.WAREHOUSES)
    if shop is not None:
        await _show(talk, await uc.count_warehouses.view(seller, shop.id))


async def of_chosen(
    _tap: CallbackQuery, callback_data: ShopAct, talk: Talk, uc: UseCases, seller: Seller
) -> None:
    """Show the warehouses of the chosen shop."""
    shop = await own_shop(uc, seller, callback_data.shop_id)
    await _show(talk, await uc.count_warehouses.view(seller, shop.id))


async def toggle(
    _tap: CallbackQuery, callback_data: CountWarehouse, talk: Talk, uc: UseCases, seller: Seller
) -> None:
    """Let a warehouse count, or not; a column that is gone meanwhile changes nothing."""
    view = await uc.count_warehouses.view(seller, callback_data.shop_id)
    name = next((name for name in view.names if _mark(name) == callback_data.mark), None)
    if name is not None:
        view = await uc.count_warehouses(
            seller, callback_data.shop_id, name, counts=callback_data.counts
        )
    await _show(talk, view)


async def _show(talk: Talk, view: Warehouses) -> None:
    line = Line.WAREHOUSES if view.names else Line.WAREHOUSES_NONE
    if view.requested is not None:
        line = Line.WAREHOUSES_SET
    await talk.show(talk.words(line, shop=view.shop.title), _buttons(talk.words, view))


def _buttons(words: Words, view: Warehouses) -> InlineKeyboardMarkup:
    """Return one button per warehouse, those that count marked, and the way back."""
    rows = [[_button(view, name)] for name in view.names[:_MOST_BUTTONS]]
    back = lead(words, (Label.BACK, Screen.SETTINGS)).inline_keyboard
    return InlineKeyboardMarkup(inline_keyboard=[*rows, *back])


def _button(view: Warehouses, name: str) -> InlineKeyboardButton:
    counts = name not in view.uncounted
    data = CountWarehouse(shop_id=view.shop.id, mark=_mark(name), counts=not counts)
    sign = "✅" if counts else "🚫"
    return InlineKeyboardButton(text=f"{sign} {name[:_BUTTON_LETTERS]}", callback_data=data.pack())


def _mark(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:12]

"""«Период», «Пауза», «Возобновить»: what changes how a shop is refreshed."""

from collections.abc import Awaitable, Callable, Sequence

from aiogram import F, Router
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, TelegramObject

from bot.core.sellers import Seller, Shop, ShopState
from bot.telegram.choosing import own_shop, say_no_shops
from bot.telegram.filters import Pressed, Registered
from bot.telegram.keyboards import Act, Go, Screen, SetPeriod, ShopAct, choose_shop, lead
from bot.telegram.middlewares import LeaveForm
from bot.telegram.progress import show_run
from bot.telegram.talk import Talk
from bot.telegram.texts import Label, Line, Noun, Words
from bot.usecases.app import UseCases
from bot.usecases.switch_period import PERIODS

Show = Callable[[Talk, UseCases, Seller, Shop], Awaitable[None]]


def build_router() -> Router:
    """Return the screens; each also answers to its typed words."""
    router = Router(name="shop settings")
    for observer in (router.message, router.callback_query):
        observer.filter(Registered())
        observer.middleware(LeaveForm())
    message, tap = router.message.register, router.callback_query.register
    for label, screen, handler in (
        (Label.PERIOD, Screen.PERIOD, period),
        (Label.PAUSE, Screen.PAUSE, pause),
        (Label.RESUME, Screen.RESUME, resume),
    ):
        message(handler, Pressed(label))
        tap(handler, Go.filter(F.to == screen))
    tap(period_of_chosen, ShopAct.filter(F.act == Act.PERIOD))
    tap(pause_chosen, ShopAct.filter(F.act == Act.PAUSE))
    tap(resume_chosen, ShopAct.filter(F.act == Act.RESUME))
    tap(set_period, SetPeriod.filter())
    return router


def pause_ways(shops: Sequence[Shop]) -> list[tuple[Label, Screen]]:
    """Return the buttons that these shops have a use for."""
    ways = []
    if shops:
        ways = [(Label.PERIOD, Screen.PERIOD), (Label.WAREHOUSES, Screen.WAREHOUSES)]
    if any(not shop.paused for shop in shops):
        ways.append((Label.PAUSE, Screen.PAUSE))
    if any(shop.paused for shop in shops):
        ways.append((Label.RESUME, Screen.RESUME))
    return ways


async def period(_event: TelegramObject, talk: Talk, uc: UseCases, seller: Seller) -> None:
    """Show the period of the seller's shop, or ask of which one."""
    mine = await uc.people.shops(seller)
    await _for_one(talk, uc, seller, mine, Act.PERIOD)


async def pause(_event: TelegramObject, talk: Talk, uc: UseCases, seller: Seller) -> None:
    """Pause the seller's shop, or ask which one."""
    mine = await uc.people.shops(seller)
    await _for_one(talk, uc, seller, [s for s in mine if not s.paused] or mine, Act.PAUSE)


async def resume(_event: TelegramObject, talk: Talk, uc: UseCases, seller: Seller) -> None:
    """Resume the seller's shop, or ask which one."""
    mine = await uc.people.shops(seller)
    await _for_one(talk, uc, seller, [s for s in mine if s.paused] or mine, Act.RESUME)


async def period_of_chosen(
    _tap: CallbackQuery, callback_data: ShopAct, talk: Talk, uc: UseCases, seller: Seller
) -> None:
    """Show the period of the chosen shop."""
    await _show_period(talk, uc, seller, await own_shop(uc, seller, callback_data.shop_id))


async def pause_chosen(
    _tap: CallbackQuery, callback_data: ShopAct, talk: Talk, uc: UseCases, seller: Seller
) -> None:
    """Pause the chosen shop."""
    await _pause(talk, uc, seller, await own_shop(uc, seller, callback_data.shop_id))


async def resume_chosen(
    _tap: CallbackQuery, callback_data: ShopAct, talk: Talk, uc: UseCases, seller: Seller
) -> None:
    """Resume the chosen shop."""
    await _resume(talk, uc, seller, await own_shop(uc, seller, callback_data.shop_id))


async def set_period(
    _tap: CallbackQuery, callback_data: SetPeriod, talk: Talk, uc: UseCases, seller: Seller
) -> None:
    """Switch the period; the figures of the new one are collected before they are shown."""
    shop = await own_shop(uc, seller, callback_data.shop_id)
    switched = await uc.switch_period(seller, shop.id, callback_data.days)
    days = talk.words.count(Noun.DAYS, switched.shop.period_days)
    text = talk.words(Line.PERIOD_SET, shop=shop.title, days=days)
    await talk.show(text, lead(talk.words, (Label.BACK, Screen.SETTINGS)))
    if switched.requested is not None:
        await show_run(talk, uc, switched.shop, switched.requested)


async def _for_one(
    talk: Talk, uc: UseCases, seller: Seller, shops: Sequence[Shop], act: Act
) -> None:
    if not shops:
        await say_no_shops(talk)
    elif len(shops) == 1:
        await _SHOWS[act](talk, uc, seller, shops[0])
    else:
        await talk.show(talk.words(Line.CHOOSE_SHOP), choose_shop(shops, act))


async def _show_period(talk: Talk, _uc: UseCases, _seller: Seller, shop: Shop) -> None:
    days = talk.words.count(Noun.DAYS, shop.period_days)
    text = talk.words(Line.PERIOD_SCREEN, shop=shop.title, days=days)
    await talk.show(text, _periods(talk.words, shop))


async def _pause(talk: Talk, uc: UseCases, seller: Seller, shop: Shop) -> None:
    paused = await uc.pause_shop(seller, shop.id)
    ways = lead(talk.words, (Label.RESUME, Screen.RESUME), (Label.BACK, Screen.SETTINGS))
    await talk.show(talk.words(Line.PAUSED, shop=paused.title), ways)


async def _resume(talk: Talk, uc: UseCases, seller: Seller, shop: Shop) -> None:
    resumed = await uc.pause_shop.resume(seller, shop.id)
    line = Line.RESUMED if resumed.state is ShopState.LIVE else Line.RESUMED_NEEDS_KEY
    ways = lead(talk.words, (Label.BACK, Screen.SETTINGS))
    await talk.show(talk.words(line, shop=resumed.title), ways)


_SHOWS: dict[Act, Show] = {Act.PERIOD: _show_period, Act.PAUSE: _pause, Act.RESUME: _resume}


def _periods(words: Words, shop: Shop) -> InlineKeyboardMarkup:
    """Return one button per period, today's marked, and the way back."""
    row = [
        InlineKeyboardButton(
            text=("✓ " if days == shop.period_days else "") + words.count(Noun.DAYS, days),
            callback_data=SetPeriod(shop_id=shop.id, days=days).pack(),
        )
        for days in PERIODS
    ]
    back = lead(words, (Label.BACK, Screen.SETTINGS)).inline_keyboard
    return InlineKeyboardMarkup(inline_keyboard=[row, *back])

"""«Настройки»: the profile, the keys, the shops."""

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, TelegramObject

from bot.core.errors import SellerMustAct, Transient
from bot.core.sellers import Seller, Shop, ShopState
from bot.telegram.choosing import own_shop, pick_shop, say_no_shops
from bot.telegram.filters import Pressed, Registered
from bot.telegram.keyboards import (
    Act,
    Go,
    Screen,
    ShopAct,
    delete_sure,
    key_screen,
    lead,
    menu_of,
)
from bot.telegram.middlewares import LeaveForm
from bot.telegram.shop_keys import kind_name
from bot.telegram.shop_settings import pause_ways
from bot.telegram.talk import Talk
from bot.telegram.texts import Html, Label, Line, Words
from bot.usecases.app import UseCases

_STATES = {
    ShopState.LIVE: Line.STATE_LIVE,
    ShopState.NEEDS_KEY: Line.STATE_NEEDS_KEY,
    ShopState.WITHOUT_KEY: Line.STATE_WITHOUT_KEY,
}


def build_router() -> Router:
    """Return the settings' screens; each also answers to its typed words."""
    router = Router(name="settings")
    for observer in (router.message, router.callback_query):
        observer.filter(Registered())
        observer.middleware(LeaveForm())
    message, tap = router.message.register, router.callback_query.register
    message(settings, Command("settings", ignore_case=True))
    message(settings, Pressed(Label.SETTINGS, Label.BACK))
    tap(settings, Go.filter(F.to == Screen.SETTINGS))
    message(profile, Pressed(Label.PROFILE))
    tap(profile, Go.filter(F.to == Screen.PROFILE))
    message(shops, Pressed(Label.SHOPS))
    tap(shops, Go.filter(F.to == Screen.SHOPS))
    message(keys, Pressed(Label.API_KEY))
    tap(keys, Go.filter(F.to == Screen.KEYS))
    tap(key_of_chosen, ShopAct.filter(F.act == Act.KEY))
    message(check_key, Pressed(Label.CHECK_KEY))
    tap(check_chosen, ShopAct.filter(F.act == Act.CHECK_KEY))
    message(delete_key, Pressed(Label.DELETE_KEY))
    tap(delete_chosen, ShopAct.filter(F.act == Act.DELETE_KEY))
    tap(delete_for_good, ShopAct.filter(F.act == Act.DELETE_FOR_GOOD))
    tap(keep_key, ShopAct.filter(F.act == Act.KEEP_KEY))
    return router


async def settings(_event: TelegramObject, talk: Talk, uc: UseCases, seller: Seller) -> None:
    """Show what there is to set."""
    mine = await uc.people.shops(seller)
    ways = lead(
        talk.words,
        (Label.PROFILE, Screen.PROFILE),
        (Label.API_KEY, Screen.KEYS),
        (Label.SHOPS, Screen.SHOPS),
        *pause_ways(mine),
        *([(Label.SHEET, Screen.SHEET)] if mine and uc.share_table.is_possible else []),
        (Label.DELETE_ACCOUNT, Screen.DELETE_ACCOUNT),
    )
    await talk.show(talk.words(Line.SETTINGS), ways)


async def profile(_event: TelegramObject, talk: Talk, seller: Seller) -> None:
    """Show what the seller told us."""
    who = seller.profile
    text = talk.words(Line.PROFILE, name=who.name, email=who.email, phone=who.phone)
    await talk.show(text, lead(talk.words, (Label.BACK, Screen.SETTINGS)))


async def shops(_event: TelegramObject, talk: Talk, uc: UseCases, seller: Seller) -> None:
    """Show the seller's shops."""
    mine = await uc.people.shops(seller)
    if not mine:
        await say_no_shops(talk)
        return
    rows = Html("\n".join(_shop_row(talk.words, shop) for shop in mine))
    ways = lead(talk.words, (Label.ADD_SHOP, Screen.ADD_KEY), (Label.BACK, Screen.SETTINGS))
    await talk.show(talk.words(Line.SHOPS, rows=rows), ways)


async def keys(_event: TelegramObject, talk: Talk, uc: UseCases, seller: Seller) -> None:
    """Show the key of the seller's shop, or ask of which one."""
    shop = await pick_shop(talk, uc, seller, Act.KEY)
    if shop is not None:
        await _show_key(talk, shop)


async def key_of_chosen(
    _tap: CallbackQuery, callback_data: ShopAct, talk: Talk, uc: UseCases, seller: Seller
) -> None:
    """Show the key of the chosen shop."""
    await _show_key(talk, await own_shop(uc, seller, callback_data.shop_id))


async def check_key(_event: TelegramObject, talk: Talk, uc: UseCases, seller: Seller) -> None:
    """Check the key of the seller's shop, or ask of which one."""
    shop = await pick_shop(talk, uc, seller, Act.CHECK_KEY)
    if shop is not None:
        await _check(talk, uc, seller, shop)


async def check_chosen(
    _tap: CallbackQuery, callback_data: ShopAct, talk: Talk, uc: UseCases, seller: Seller
) -> None:
    """Check the key of the chosen shop."""
    await _check(talk, uc, seller, await own_shop(uc, seller, callback_data.shop_id))


async def delete_key(_event: TelegramObject, talk: Talk, uc: UseCases, seller: Seller) -> None:
    """Ask whether the key of the seller's shop is to go, or which one."""
    shop = await pick_shop(talk, uc, seller, Act.DELETE_KEY)
    if shop is not None:
        await _ask_whether_sure(talk, shop)


async def delete_chosen(
    _tap: CallbackQuery, callback_data: ShopAct, talk: Talk, uc: UseCases, seller: Seller
) -> None:
    """Ask whether the key of the chosen shop is to go."""
    await _ask_whether_sure(talk, await own_shop(uc, seller, callback_data.shop_id))


async def delete_for_good(
    _tap: CallbackQuery, callback_data: ShopAct, talk: Talk, uc: UseCases, seller: Seller
) -> None:
    """Delete the key."""
    shop = await own_shop(uc, seller, callback_data.shop_id)
    await uc.delete_key(seller, shop.id)
    left = await uc.people.shops(seller)
    text = talk.words(Line.KEY_DELETED, shop=shop.title)
    await talk.show(text)
    await talk.say(talk.words(Line.MENU_HINT), menu_of(talk.words, left))


async def keep_key(
    _tap: CallbackQuery, callback_data: ShopAct, talk: Talk, uc: UseCases, seller: Seller
) -> None:
    """Leave the key where it is."""
    shop = await own_shop(uc, seller, callback_data.shop_id)
    await talk.show(talk.words(Line.KEY_KEPT), key_screen(talk.words, shop))


def state_name(words: Words, shop: Shop) -> Html:
    """Return how a shop stands, in two or three words."""
    if shop.paused and shop.state is ShopState.LIVE:
        return words(Line.STATE_PAUSED)
    return words(_STATES[shop.state])


async def _show_key(talk: Talk, shop: Shop) -> None:
    state = Html("\n".join(_key_lines(talk.words, shop)))
    text = talk.words(Line.KEY_SCREEN, shop=shop.title, state=state)
    await talk.show(text, key_screen(talk.words, shop))


async def _check(talk: Talk, uc: UseCases, seller: Seller, shop: Shop) -> None:
    ways = key_screen(talk.words, shop)
    try:
        await uc.check_key(seller, shop.id)
    except SellerMustAct as refusal:
        await talk.show(Html(f"❌ {talk.words.problem(refusal.code)}"), ways)
    except Transient as trouble:
        await talk.show(Html(f"🌐 {talk.words.problem(trouble.code)}"), ways)
    else:
        await talk.show(talk.words(Line.KEY_CHECKED, shop=shop.title), ways)


async def _ask_whether_sure(talk: Talk, shop: Shop) -> None:
    if shop.state is ShopState.WITHOUT_KEY:
        await _show_key(talk, shop)
        return
    text = talk.words(Line.DELETE_KEY_SURE, shop=shop.title)
    await talk.show(text, delete_sure(talk.words, shop))


def _key_lines(words: Words, shop: Shop) -> list[Html]:
    if shop.state is ShopState.WITHOUT_KEY:
        return [words(Line.KEY_NONE)]
    if shop.state is ShopState.NEEDS_KEY:
        return [words(Line.KEY_REFUSED)]
    lines = [words(Line.KEY_LIVES, kind=kind_name(words, shop.key_kind))]
    if shop.key_expires_at is not None:
        lines.append(words(Line.KEY_UNTIL, at=words.day(shop.key_expires_at)))
    return lines


def _shop_row(words: Words, shop: Shop) -> Html:
    return words(Line.SHOP_ROW, number=shop.number, shop=shop.title, state=state_name(words, shop))

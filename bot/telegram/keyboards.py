"""Every keyboard, and what a pressed inline button carries: ids, never rights or secrets."""

from collections.abc import Sequence
from enum import StrEnum

from aiogram.enums import ButtonStyle
from aiogram.filters.callback_data import CallbackData
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)

from bot.core.sellers import Shop, ShopState
from bot.telegram.texts import Label, Line, Words

_BUTTON_LETTERS = 40


class Screen(StrEnum):
    """Where a button leads."""

    SETTINGS = "settings"
    PROFILE = "profile"
    KEYS = "keys"
    SHOPS = "shops"
    ADD_KEY = "add_key"
    TRY_AGAIN = "try_again"
    PERIOD = "period"
    PAUSE = "pause"
    RESUME = "resume"
    WAREHOUSES = "warehouses"
    DELETE_ACCOUNT = "delete_account"
    SHEET = "sheet"


class Act(StrEnum):
    """What a button does to a shop."""

    TABLE = "table"
    REFRESH = "refresh"
    KEY = "key"
    DELETE_KEY = "delete"
    DELETE_FOR_GOOD = "delete_sure"
    KEEP_KEY = "keep"
    CHECK_KEY = "check"
    PERIOD = "period"
    WAREHOUSES = "warehouses"
    PAUSE = "pause"
    RESUME = "resume"
    SHEET = "sheet"


class Sure(StrEnum):
    """The steps of deleting an account."""

    DOWNLOAD = "download"
    YES = "yes"
    NO = "no"
    ERASE = "erase"


class Go(CallbackData, prefix="go"):
    """A button that leads to a screen."""

    to: Screen


class ShopAct(CallbackData, prefix="shop"):
    """A button that does something to a shop; use cases check whose shop it is."""

    act: Act
    shop_id: int


class SetPeriod(CallbackData, prefix="period"):
    """A button that sets the length of a shop's period."""

    shop_id: int
    days: int


class AccountAct(CallbackData, prefix="account"):
    """A button of the way out; it is about whoever presses it."""

    act: Sure


def main_menu(words: Words, *, has_key: bool) -> ReplyKeyboardMarkup:
    """Return the keyboard below the input field: design §6."""
    rows = [[Label.GET_TABLE], [Label.REFRESH, Label.SETTINGS]] if has_key else [[Label.ADD_KEY]]
    rows.append([Label.ABOUT, Label.HELP])
    return ReplyKeyboardMarkup(
        keyboard=[[KeyboardButton(text=words.label(label)) for label in row] for row in rows],
        resize_keyboard=True,
        is_persistent=True,
    )


def menu_of(words: Words, shops: Sequence[Shop]) -> ReplyKeyboardMarkup:
    """Return the main menu of somebody with these shops."""
    has_key = any(shop.state is not ShopState.WITHOUT_KEY for shop in shops)
    return main_menu(words, has_key=has_key)


def ask_phone(words: Words) -> ReplyKeyboardMarkup:
    """Return the keyboard that shares the own number."""
    share = KeyboardButton(text=words.label(Label.SHARE_PHONE), request_contact=True)
    return ReplyKeyboardMarkup(
        keyboard=[[share]],
        resize_keyboard=True,
        one_time_keyboard=True,
        input_field_placeholder=words(Line.PHONE_HINT),
    )


def lead(words: Words, *ways: tuple[Label, Screen]) -> InlineKeyboardMarkup:
    """Return one button per row, each leading to a screen."""
    return _column([_button(words, label, Go(to=screen)) for label, screen in ways])


def open_table(words: Words, url: str) -> InlineKeyboardMarkup:
    """Return the link to a table."""
    return _column([InlineKeyboardButton(text=words.label(Label.OPEN_TABLE), url=url)])


def choose_shop(shops: Sequence[Shop], act: Act) -> InlineKeyboardMarkup:
    """Return one button per shop."""
    return _column(
        [
            InlineKeyboardButton(
                text=shop.title[:_BUTTON_LETTERS],
                callback_data=ShopAct(act=act, shop_id=shop.id).pack(),
            )
            for shop in shops
        ]
    )


def key_screen(words: Words, shop: Shop) -> InlineKeyboardMarkup:
    """Return what can be done with a shop's key."""
    back = _button(words, Label.BACK, Go(to=Screen.SETTINGS))
    if shop.state is ShopState.WITHOUT_KEY:
        return _column([_button(words, Label.ADD_KEY, Go(to=Screen.ADD_KEY)), back])
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [
                _button(words, Label.REPLACE_KEY, Go(to=Screen.ADD_KEY)),
                _button(words, Label.CHECK_KEY, ShopAct(act=Act.CHECK_KEY, shop_id=shop.id)),
            ],
            [_button(words, Label.DELETE_KEY, ShopAct(act=Act.DELETE_KEY, shop_id=shop.id))],
            [back],
        ]
    )


def delete_sure(words: Words, shop: Shop) -> InlineKeyboardMarkup:
    """Return yes and no for deleting a key."""
    yes = InlineKeyboardButton(
        text=words.label(Label.DELETE_FOR_GOOD),
        callback_data=ShopAct(act=Act.DELETE_FOR_GOOD, shop_id=shop.id).pack(),
        style=ButtonStyle.DANGER,
    )
    no = _button(words, Label.KEEP_KEY, ShopAct(act=Act.KEEP_KEY, shop_id=shop.id))
    return _column([yes, no])


def _button(words: Words, label: Label, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=words.label(label), callback_data=data.pack())


def _column(buttons: Sequence[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[button] for button in buttons])

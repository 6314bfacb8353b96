"""Buttons about a table's file; use cases check whose shop it is."""

from collections.abc import Sequence
from enum import StrEnum

from aiogram.filters.callback_data import CallbackData
from aiogram.types import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.core.errors import Code
from bot.core.table_file import Invitation, ShareRole
from bot.telegram.keyboards import Act, Go, Screen, ShopAct
from bot.telegram.texts import Label, Words
from bot.usecases.share_table import TableView


class Sheet(StrEnum):
    """What a button does to a shop's file."""

    READER = "reader"
    WRITER = "writer"
    ASK_LINK = "ask_link"
    OPEN_LINK = "open_link"
    CLOSE_LINK = "close_link"
    OWN = "own"
    RESTORE = "restore"
    NEW = "new"


class SheetAct(CallbackData, prefix="sheet"):
    """A button that does something to a shop's file."""

    act: Sheet
    shop_id: int


_TROUBLE = {
    Code.SHEET_TRASHED: (Sheet.RESTORE, Sheet.NEW),
    Code.SHEET_GONE: (Sheet.NEW,),
    Code.SHEET_NO_ACCESS: (None, Sheet.NEW),
    Code.SHEET_PROTECTED: (None, Sheet.NEW),
    Code.SHEET_BROKEN: (None, Sheet.NEW),
}
_LABELS = {
    Sheet.READER: Label.SHEET_READER,
    Sheet.WRITER: Label.SHEET_WRITER,
    Sheet.ASK_LINK: Label.SHEET_LINK_OPEN,
    Sheet.OPEN_LINK: Label.SHEET_LINK_SURE,
    Sheet.CLOSE_LINK: Label.SHEET_LINK_CLOSE,
    Sheet.OWN: Label.SHEET_OWN,
    Sheet.RESTORE: Label.SHEET_RESTORE,
    Sheet.NEW: Label.SHEET_NEW,
}


def trouble_ways(words: Words, code: Code, shop_id: int) -> InlineKeyboardMarkup | None:
    """Return what a seller can do about his table; `None` means to look again."""
    ways = _TROUBLE.get(code)
    return None if ways is None else _column([_way(words, way, shop_id) for way in ways])


def look_again(words: Words, shop_id: int) -> InlineKeyboardMarkup:
    """Return the button for a seller who has restored his table himself."""
    return _column([_way(words, None, shop_id), _way(words, Sheet.NEW, shop_id)])


def access_ways(words: Words, view: TableView) -> InlineKeyboardMarkup:
    """Return what can be changed about who sees a table."""
    ways: list[Sheet] = []
    if view.url is not None and not view.is_sellers_own:
        is_writer = view.wish.role is ShareRole.WRITER
        ways.append(Sheet.READER if is_writer else Sheet.WRITER)
        ways.append(Sheet.CLOSE_LINK if view.wish.by_link else Sheet.ASK_LINK)
    if view.can_bring_own:
        ways.append(Sheet.OWN)
    return _column([*(_way(words, way, view.shop.id) for way in ways), back(words)])


def sure_of_link(words: Words, shop_id: int) -> InlineKeyboardMarkup:
    """Return yes and no for access by link."""
    return _column([_way(words, Sheet.OPEN_LINK, shop_id), back(words)])


def copying(words: Words, invitation: Invitation) -> InlineKeyboardMarkup:
    """Return the buttons that copy the address and the code."""
    copies = (
        (Label.COPY_ADDRESS, invitation.host.address),
        (Label.COPY_CODE, invitation.code),
    )
    return _column(
        [
            InlineKeyboardButton(text=words.label(label), copy_text=CopyTextButton(text=text))
            for label, text in copies
        ]
    )


def begin_again(words: Words, shop_id: int) -> InlineKeyboardMarkup:
    """Return the button for a fresh code."""
    return _column([_way(words, Sheet.OWN, shop_id)])


def back(words: Words) -> InlineKeyboardButton:
    """Return the way back to the settings."""
    return InlineKeyboardButton(
        text=words.label(Label.BACK), callback_data=Go(to=Screen.SETTINGS).pack()
    )


def _way(words: Words, act: Sheet | None, shop_id: int) -> InlineKeyboardButton:
    if act is None:
        refresh = ShopAct(act=Act.REFRESH, shop_id=shop_id).pack()
        return InlineKeyboardButton(text=words.label(Label.SHEET_RETRY), callback_data=refresh)
    data = SheetAct(act=act, shop_id=shop_id).pack()
    return InlineKeyboardButton(text=words.label(_LABELS[act]), callback_data=data)


def _column(buttons: Sequence[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[button] for button in buttons])

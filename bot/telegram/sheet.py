"""«Доступ к таблице»: who may see it; and what to do about one that cannot be written."""

from aiogram import F, Router
from aiogram.types import CallbackQuery, TelegramObject

from bot.core.errors import Code, SellerMustAct
from bot.core.sellers import Seller, Shop
from bot.core.table_file import ShareRole
from bot.telegram.choosing import own_shop, pick_shop
from bot.telegram.filters import Pressed, Registered
from bot.telegram.keyboards import Act, Go, Screen, ShopAct
from bot.telegram.middlewares import LeaveForm
from bot.telegram.progress import show_run
from bot.telegram.sheet_keys import Sheet, SheetAct, access_ways, look_again, sure_of_link
from bot.telegram.talk import Talk
from bot.telegram.texts import Html, Label, Line, Words
from bot.usecases.app import UseCases
from bot.usecases.request_refresh import Requested
from bot.usecases.share_table import TableView


def build_router() -> Router:
    """Return the screen of a table's access, and the buttons of a table in trouble."""
    router = Router(name="sheet")
    for observer in (router.message, router.callback_query):
        observer.filter(Registered())
        observer.middleware(LeaveForm())
    router.message.register(access, Pressed(Label.SHEET))
    tap = router.callback_query.register
    tap(access, Go.filter(F.to == Screen.SHEET))
    tap(access_of_chosen, ShopAct.filter(F.act == Act.SHEET))
    tap(set_role, SheetAct.filter(F.act.in_({Sheet.READER, Sheet.WRITER})))
    tap(warn_of_link, SheetAct.filter(F.act == Sheet.ASK_LINK))
    tap(set_link, SheetAct.filter(F.act.in_({Sheet.OPEN_LINK, Sheet.CLOSE_LINK})))
    tap(restore, SheetAct.filter(F.act == Sheet.RESTORE))
    tap(make_new, SheetAct.filter(F.act == Sheet.NEW))
    return router


async def access(_event: TelegramObject, talk: Talk, uc: UseCases, seller: Seller) -> None:
    """Show who may see the table of the seller's shop, or ask of which one."""
    shop = await pick_shop(talk, uc, seller, Act.SHEET)
    if shop is not None:
        await _show(talk, await uc.share_table.view(seller, shop.id))


async def access_of_chosen(
    _tap: CallbackQuery, callback_data: ShopAct, talk: Talk, uc: UseCases, seller: Seller
) -> None:
    """Show who may see the table of the chosen shop."""
    await _show(talk, await uc.share_table.view(seller, callback_data.shop_id))


async def set_role(
    _tap: CallbackQuery, callback_data: SheetAct, talk: Talk, uc: UseCases, seller: Seller
) -> None:
    """Let the seller edit his table, or only read it."""
    role = ShareRole.WRITER if callback_data.act is Sheet.WRITER else ShareRole.READER
    await _show(talk, await uc.share_table.set_role(seller, callback_data.shop_id, role))


async def warn_of_link(
    _tap: CallbackQuery, callback_data: SheetAct, talk: Talk, uc: UseCases, seller: Seller
) -> None:
    """Say what access by link means, and ask whether it is wanted."""
    shop = await own_shop(uc, seller, callback_data.shop_id)
    text = talk.words(Line.SHEET_LINK_WARNING, shop=shop.title)
    await talk.show(text, sure_of_link(talk.words, shop.id))


async def set_link(
    _tap: CallbackQuery, callback_data: SheetAct, talk: Talk, uc: UseCases, seller: Seller
) -> None:
    """Let whoever has the link read, or nobody."""
    is_open = callback_data.act is Sheet.OPEN_LINK
    view = await uc.share_table.set_link(seller, callback_data.shop_id, is_open=is_open)
    await _show(talk, view)


async def restore(
    _tap: CallbackQuery, callback_data: SheetAct, talk: Talk, uc: UseCases, seller: Seller
) -> None:
    """Take the table out of the bin, or say how the seller does it himself."""
    shop = await own_shop(uc, seller, callback_data.shop_id)
    try:
        requested = await uc.mend_table.restore(seller, shop.id)
    except SellerMustAct as refusal:
        if refusal.code is not Code.SHEET_TRASHED:
            raise
        ways = look_again(talk.words, shop.id)
        await talk.show(talk.words(Line.SHEET_RESTORE_YOURSELF), ways)
        return
    await _show_mended(talk, uc, shop, requested)


async def make_new(
    _tap: CallbackQuery, callback_data: SheetAct, talk: Talk, uc: UseCases, seller: Seller
) -> None:
    """Make the table once more, in a file of its own."""
    shop = await own_shop(uc, seller, callback_data.shop_id)
    await _show_mended(talk, uc, shop, await uc.mend_table.make_new(seller, shop.id))


async def _show_mended(talk: Talk, uc: UseCases, shop: Shop, requested: Requested | None) -> None:
    if requested is None:
        await talk.show(talk.words(Line.SHEET_MENDED_LATER))
        return
    await show_run(talk, uc, shop, requested)


async def _show(talk: Talk, view: TableView) -> None:
    lines = Html("\n".join(_lines(talk.words, view)))
    text = talk.words(Line.SHEET_SCREEN, shop=view.shop.title, lines=lines)
    await talk.show(text, access_ways(talk.words, view))


def _lines(words: Words, view: TableView) -> list[Html]:
    lines = [words.problem(view.trouble.code)] if view.trouble else []
    if view.url is None:
        return [*lines, words(Line.SHEET_IN_CHAT)]
    if view.is_sellers_own:
        return [*lines, words(Line.SHEET_THEIRS)]
    lines.append(words(_address_line(view), email=view.email))
    if view.link_refused:
        lines.append(words(Line.SHEET_LINK_REFUSED))
    else:
        is_open = view.wish.by_link
        lines.append(words(Line.SHEET_LINK_IS_OPEN if is_open else Line.SHEET_LINK_IS_CLOSED))
    return [*lines, words(Line.SHEET_LATE)] if view.is_late else lines


def _address_line(view: TableView) -> Line:
    if view.outcome == "no_google_account":
        return Line.SHEET_NO_ACCOUNT
    if view.outcome in {"refused", "later"}:
        return Line.SHEET_NOT_SHARED
    is_writer = view.wish.role is ShareRole.WRITER
    return Line.SHEET_WRITER if is_writer else Line.SHEET_READER

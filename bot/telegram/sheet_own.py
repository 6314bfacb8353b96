"""«Своя Google Таблица»: the bot shows an address and a code, the seller brings a link."""

from datetime import datetime
from typing import Any

from aiogram import F, Router
from aiogram.filters import StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.core.errors import Code, SellerMustAct, Transient
from bot.core.sellers import Seller
from bot.core.table_file import Host, Invitation
from bot.telegram.choosing import own_shop
from bot.telegram.filters import Registered
from bot.telegram.media import kind_of
from bot.telegram.middlewares import LeaveForm
from bot.telegram.progress import show_run
from bot.telegram.sheet_keys import Sheet, SheetAct, begin_again, copying
from bot.telegram.talk import Talk
from bot.telegram.texts import Html, Line
from bot.usecases.adopt_sheet import Adopted
from bot.usecases.app import UseCases

_OURS = frozenset({Code.STORAGE_UNREACHABLE, Code.STORED_DATA_SEALED, Code.SHOP_UNKNOWN})


class OwnSheetStates(StatesGroup):
    """The next message is the link of a sheet."""

    WAITING_FOR_LINK = State()


def build_router() -> Router:
    """Return the button that begins."""
    router = Router(name="own sheet")
    router.callback_query.filter(Registered())
    router.callback_query.middleware(LeaveForm())
    router.callback_query.register(invite, SheetAct.filter(F.act == Sheet.OWN))
    return router


def build_form_router() -> Router:
    """Return who takes whatever is sent in answer to the request for a link."""
    router = Router(name="own sheet form")
    waiting = StateFilter(OwnSheetStates.WAITING_FOR_LINK)
    router.message.register(take_link, waiting, Registered())
    return router


async def invite(
    _tap: CallbackQuery,
    callback_data: SheetAct,
    talk: Talk,
    state: FSMContext,
    uc: UseCases,
    seller: Seller,
) -> None:
    """Show the address and a fresh code, and wait for the link."""
    shop = await own_shop(uc, seller, callback_data.shop_id)
    invitation = await uc.adopt_sheet.invite(seller, shop.id)
    await state.set_state(OwnSheetStates.WAITING_FOR_LINK)
    await state.set_data(_stored(invitation))
    text = talk.words(
        Line.SHEET_INVITE,
        shop=shop.title,
        address=invitation.host.address,
        code=invitation.code,
    )
    await talk.say(text, copying(talk.words, invitation))


async def take_link(
    message: Message, talk: Talk, state: FSMContext, uc: UseCases, seller: Seller
) -> None:
    """Look whether the linked sheet can be the table; the form stays open until it is."""
    invitation = _invitation(await state.get_data())
    text = message.text or message.caption
    if not text:
        kind = talk.words(kind_of(message))
        await talk.say(talk.words(Line.SHEET_LINK_WANTED, kind=kind))
        return
    adopted = await _adopted(talk, uc, seller, invitation, text)
    if adopted is None:
        return
    await state.clear()
    done = Line.SHEET_ADOPTED if adopted.requested else Line.SHEET_ADOPTED_LATER
    await talk.say(talk.words(done, shop=adopted.shop.title))
    if adopted.requested:
        await show_run(talk, uc, adopted.shop, adopted.requested)


async def _adopted(
    talk: Talk, uc: UseCases, seller: Seller, invitation: Invitation, link: str
) -> Adopted | None:
    """Try the link; say why it will not do and return `None` if so."""
    try:
        return await uc.adopt_sheet(seller, invitation, link)
    except (SellerMustAct, Transient) as refusal:
        if refusal.code in _OURS:
            raise
        await talk.say(*_why_not(talk, invitation, refusal.code))
    return None


def _why_not(talk: Talk, invitation: Invitation, code: Code) -> tuple[Html, InlineKeyboardMarkup]:
    if code is Code.SHEET_NO_ACCESS:
        address = invitation.host.address
        problem = talk.words(Line.SHEET_INVITE_NO_ACCESS, address=address)
    else:
        problem = talk.words.problem(code)
    ways = copying(talk.words, invitation)
    if code is Code.SHEET_CODE_EXPIRED:
        ways = begin_again(talk.words, invitation.shop_id)
    return Html(f"❌ {problem}"), ways


def _stored(invitation: Invitation) -> dict[str, Any]:
    return {
        "shop_id": invitation.shop_id,
        "host": invitation.host.key,
        "address": invitation.host.address,
        "code": invitation.code,
        "expires_at": invitation.expires_at.isoformat(),
    }


def _invitation(stored: dict[str, Any]) -> Invitation:
    return Invitation(
        shop_id=int(stored["shop_id"]),
        host=Host(stored["host"], stored["address"]),
        code=stored["code"],
        expires_at=datetime.fromisoformat(stored["expires_at"]),
    )

"""Connecting a shop: how to make a key, taking it, and what it allows."""

from aiogram import F, Router
from aiogram.filters import StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.types import Message, TelegramObject

from bot.core.errors import Code, SellerMustAct, Transient
from bot.core.sellers import KeyKind, Seller
from bot.telegram.config import TelegramConfig
from bot.telegram.filters import PastedKey, Pressed, Registered
from bot.telegram.fsm import ApiKeyStates
from bot.telegram.keyboards import Go, Screen, lead, main_menu
from bot.telegram.media import kind_of
from bot.telegram.middlewares import LeaveForm, Pasted
from bot.telegram.progress import show_run
from bot.telegram.talk import Talk
from bot.telegram.texts import Html, Label, Line, Words
from bot.usecases.app import UseCases
from bot.usecases.connect_shop import Connected
from bot.usecases.request_refresh import Requested

_OUR_TROUBLE = frozenset({Code.STORAGE_UNREACHABLE, Code.STORED_DATA_SEALED})


def build_guard_router() -> Router:
    """Return who takes every message that looks like a key, in whatever state."""
    router = Router(name="pasted keys")
    waiting = StateFilter(ApiKeyStates.WAITING_FOR_API_KEY)
    router.message.register(take_key, PastedKey(), waiting, Registered())
    router.message.register(refuse_stray_key, PastedKey())
    router.edited_message.register(refuse_stray_key, PastedKey())
    return router


def build_router() -> Router:
    """Return the ways to the question for a key."""
    router = Router(name="keys")
    for observer in (router.message, router.callback_query):
        observer.filter(Registered())
        observer.middleware(LeaveForm())
    asks = Pressed(Label.ADD_KEY, Label.ADD_SHOP, Label.REPLACE_KEY, Label.REPLACE_KEY_LONG)
    router.message.register(ask_key, asks)
    router.callback_query.register(ask_key, Go.filter(F.to == Screen.ADD_KEY))
    router.message.register(ask_key_again, Pressed(Label.TRY_AGAIN))
    router.callback_query.register(ask_key_again, Go.filter(F.to == Screen.TRY_AGAIN))
    return router


def build_form_router() -> Router:
    """Return who takes whatever is sent in answer to the question for a key."""
    router = Router(name="key form")
    waiting = StateFilter(ApiKeyStates.WAITING_FOR_API_KEY)
    router.message.register(take_key, waiting, Registered())
    return router


async def ask_key(_event: TelegramObject, talk: Talk, state: FSMContext) -> None:
    """Explain how a key is made, and wait for it."""
    await state.set_state(ApiKeyStates.WAITING_FOR_API_KEY)
    await talk.say(talk.words(Line.ASK_KEY))


async def ask_key_again(_event: TelegramObject, talk: Talk, state: FSMContext) -> None:
    """Wait for the key once more: the last one was not kept."""
    await state.set_state(ApiKeyStates.WAITING_FOR_API_KEY)
    await talk.say(talk.words(Line.ASK_KEY_AGAIN))


async def take_key(  # noqa: PLR0913 - each is handed in by aiogram under its name
    message: Message,
    *,
    talk: Talk,
    state: FSMContext,
    uc: UseCases,
    config: TelegramConfig,
    seller: Seller,
    pasted: Pasted | None = None,
) -> None:
    """Delete the message, then ask whether the key opens a shop."""
    deleted = pasted.deleted if pasted else await talk.delete(message.message_id)
    if not deleted:
        await talk.say(talk.words(Line.KEY_NOT_DELETED))
    text = message.text or message.caption
    if not text:
        await talk.say(talk.words(Line.KEY_NOT_TEXT, kind=talk.words(kind_of(message))))
        return
    if deleted:
        await talk.say(talk.words(Line.KEY_TAKEN))
    connected = await _connected(talk, uc, seller, text)
    if connected is None:
        return
    await state.clear()
    allowed = talk.words(_allowance(connected.shop.key_kind, config))
    done = Line.KEY_REPLACED if connected.replaced else Line.CONNECTED
    text = Html(f"{talk.words(done, shop=connected.shop.title)}\n\n{allowed}")
    await talk.say(text, main_menu(talk.words, has_key=True))
    await show_run(talk, uc, connected.shop, Requested(connected.run, joined=False))


async def refuse_stray_key(
    _message: Message, talk: Talk, pasted: Pasted, seller: Seller | None = None
) -> None:
    """Say that what looked like a key is gone and was not kept."""
    if not pasted.deleted:
        await talk.say(talk.words(Line.KEY_NOT_DELETED))
    if seller is None:
        await talk.say(talk.words(Line.KEY_SEEN_BEFORE_REGISTRATION))
        return
    text = talk.words(Line.KEY_SEEN_ELSEWHERE, add_key=talk.words.label(Label.ADD_KEY))
    await talk.say(text, lead(talk.words, (Label.ADD_KEY, Screen.ADD_KEY)))


async def _connected(talk: Talk, uc: UseCases, seller: Seller, text: str) -> Connected | None:
    """Try the key; say why it cannot be used and return `None` if so. The form stays open."""
    try:
        return await uc.connect_shop(seller, text)
    except SellerMustAct as refusal:
        again = lead(talk.words, (Label.TRY_AGAIN, Screen.TRY_AGAIN))
        await talk.say(Html(f"❌ {talk.words.problem(refusal.code)}"), again)
    except Transient as trouble:
        if trouble.code in _OUR_TROUBLE:
            raise
        again = lead(talk.words, (Label.TRY_AGAIN, Screen.TRY_AGAIN))
        await talk.say(talk.words(Line.KEY_UNDECIDED), again)
    return None


def _allowance(kind: KeyKind | None, config: TelegramConfig) -> Line:
    """Return what a key of this kind allows; Base when the kind is unknown."""
    if kind is KeyKind.PERSONAL:
        return Line.KIND_PERSONAL
    if kind is KeyKind.SERVICE or config.base_keys_are_full:
        return Line.KIND_FULL
    return Line.KIND_BASE


def kind_name(words: Words, kind: KeyKind | None) -> Html:
    """Return what a kind of key is called."""
    names = {
        KeyKind.TEST: Line.KIND_NAME_TEST,
        KeyKind.PERSONAL: Line.KIND_NAME_PERSONAL,
        KeyKind.SERVICE: Line.KIND_NAME_SERVICE,
    }
    return words(names.get(kind, Line.KIND_NAME_BASE) if kind else Line.KIND_NAME_BASE)

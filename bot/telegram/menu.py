"""The ways home: /start, /menu, /help, /cancel, /privacy, and what nobody else understood."""

from aiogram import F, Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message, TelegramObject

from bot.core.sellers import Seller, ShopState
from bot.telegram import registration
from bot.telegram.config import TelegramConfig
from bot.telegram.filters import Pressed, Registered
from bot.telegram.fsm import ApiKeyStates
from bot.telegram.keyboards import menu_of
from bot.telegram.media import kind_of
from bot.telegram.talk import Markup, Talk
from bot.telegram.texts import Html, Label, Line, Words
from bot.usecases.app import UseCases


def build_router() -> Router:
    """Return what works from any state."""
    router = Router(name="menu")
    router.message.register(start, CommandStart(ignore_case=True))
    router.message.register(start, Command("menu", ignore_case=True))
    router.message.register(cancel, Command("cancel", ignore_case=True))
    router.message.register(help_, Command("help", ignore_case=True))
    router.message.register(help_, Pressed(Label.HELP))
    router.message.register(about, Pressed(Label.ABOUT))
    router.message.register(privacy, Command("privacy", ignore_case=True))
    return router


def build_guard_router() -> Router:
    """Return who sends the unregistered to registration and names unknown commands."""
    router = Router(name="guards")
    nobody = Registered(is_so=False)
    router.message.register(register_first, Command("sync", "status", "settings"), nobody)
    router.message.register(register_first, Pressed(*set(Label) - {Label.SHARE_PHONE}), nobody)
    router.callback_query.register(register_first, nobody)
    router.message.register(unknown_command, F.text.startswith("/"))
    return router


def build_fallback_router() -> Router:
    """Return who answers what nobody else has understood."""
    router = Router(name="fallback")
    router.message.register(unknown_text, F.text)
    router.message.register(unknown_media)
    router.callback_query.register(stale_button)
    return router


async def start(  # noqa: PLR0913 - each is handed in by aiogram under its name
    _message: Message,
    *,
    talk: Talk,
    state: FSMContext,
    uc: UseCases,
    config: TelegramConfig,
    command: CommandObject,
    seller: Seller | None = None,
) -> None:
    """Begin with the first question, or go home."""
    if seller is None:
        await registration.begin(talk, state, uc, config, command.args)
        return
    await state.clear()
    shops = await uc.people.shops(seller)
    has_key = any(shop.state is not ShopState.WITHOUT_KEY for shop in shops)
    line = Line.WELCOME_WITH_KEY if has_key else Line.WELCOME_WITHOUT_KEY
    text = talk.words(
        line,
        name=seller.profile.name,
        add_key=talk.words.label(Label.ADD_KEY),
        refresh=talk.words.label(Label.REFRESH),
    )
    await talk.say(text, menu_of(talk.words, shops))


async def cancel(
    _message: Message, talk: Talk, state: FSMContext, uc: UseCases, seller: Seller | None = None
) -> None:
    """End whatever was begun."""
    begun = await state.get_state() is not None
    await state.clear()
    text = talk.words(Line.CANCELLED if begun else Line.NOTHING_TO_CANCEL)
    if seller is None:
        text = Html(f"{text} {talk.words(Line.FORM_DROPPED)}")
    await talk.say(text, await _menu(talk.words, uc, seller))


async def help_(
    _message: Message,
    *,
    talk: Talk,
    state: FSMContext,
    uc: UseCases,
    config: TelegramConfig,
    seller: Seller | None = None,
) -> None:
    """Say what there is; an open question is asked again."""
    text = registration.with_support(talk.words, talk.words(Line.HELP), config)
    await _explain(text, talk, state, uc, config, seller)


async def about(
    _message: Message,
    *,
    talk: Talk,
    state: FSMContext,
    uc: UseCases,
    config: TelegramConfig,
    seller: Seller | None = None,
) -> None:
    """Say what the service does; an open question is asked again."""
    await _explain(talk.words(Line.ABOUT), talk, state, uc, config, seller)


async def privacy(
    _message: Message,
    *,
    talk: Talk,
    state: FSMContext,
    uc: UseCases,
    config: TelegramConfig,
    seller: Seller | None = None,
) -> None:
    """Say how data are treated: the operator's page, or our own text."""
    words = talk.words
    text = (
        words(Line.PRIVACY_LINK, url=config.privacy_url)
        if config.privacy_url
        else words(
            Line.PRIVACY,
            settings=words.label(Label.SETTINGS),
            api_key=words.label(Label.API_KEY),
            delete=words.label(Label.DELETE_KEY),
            delete_account=words.label(Label.DELETE_ACCOUNT),
        )
    )
    await _explain(registration.with_support(words, text, config), talk, state, uc, config, seller)


async def register_first(
    _event: TelegramObject, talk: Talk, state: FSMContext, config: TelegramConfig
) -> None:
    """Say that registration comes first; an open question is asked again."""
    if not await registration.ask_again(talk, state, config):
        await talk.say(talk.words(Line.REGISTER_FIRST))


async def unknown_command(
    _message: Message, talk: Talk, state: FSMContext, config: TelegramConfig
) -> None:
    """Say that there is no such command; an open question is asked again."""
    await talk.say(talk.words(Line.UNKNOWN_COMMAND))
    await _ask_again(talk, state, config)


async def unknown_text(
    _message: Message, talk: Talk, uc: UseCases, seller: Seller | None = None
) -> None:
    """Never be silent."""
    line = Line.UNKNOWN_TEXT if seller else Line.REGISTER_FIRST
    await talk.say(talk.words(line), await _menu(talk.words, uc, seller))


async def unknown_media(
    message: Message, talk: Talk, uc: UseCases, seller: Seller | None = None
) -> None:
    """Name what was sent and say that it is of no use."""
    if seller is None:
        await talk.say(talk.words(Line.REGISTER_FIRST))
        return
    text = talk.words(Line.UNKNOWN_MEDIA, kind=talk.words(kind_of(message)))
    await talk.say(text, await _menu(talk.words, uc, seller))


async def stale_button(
    _tap: CallbackQuery, talk: Talk, uc: UseCases, seller: Seller | None = None
) -> None:
    """Answer a button of an earlier version with a fresh menu."""
    await talk.say(talk.words(Line.STALE_BUTTON), await _menu(talk.words, uc, seller))


async def _explain(  # noqa: PLR0913, PLR0917 - what the three explanations share
    text: Html,
    talk: Talk,
    state: FSMContext,
    uc: UseCases,
    config: TelegramConfig,
    seller: Seller | None,
) -> None:
    if await state.get_state() is None:
        await talk.say(text, await _menu(talk.words, uc, seller))
        return
    await talk.say(text)
    await _ask_again(talk, state, config)


async def _ask_again(talk: Talk, state: FSMContext, config: TelegramConfig) -> None:
    if await state.get_state() == ApiKeyStates.WAITING_FOR_API_KEY.state:
        await talk.say(talk.words(Line.ASK_KEY))
        return
    await registration.ask_again(talk, state, config)


async def _menu(words: Words, uc: UseCases, seller: Seller | None) -> Markup | None:
    return menu_of(words, await uc.people.shops(seller)) if seller else None

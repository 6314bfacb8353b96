"""Registration: name, e-mail, phone; answering the first question is consent."""

from typing import Any

from aiogram import F, Router
from aiogram.filters import StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.types import Message, ReplyKeyboardRemove

from bot.core.errors import Code, SellerMustAct
from bot.core.sellers import Profile
from bot.telegram.config import Registration, TelegramConfig
from bot.telegram.fsm import RegistrationStates
from bot.telegram.keyboards import ask_phone, main_menu
from bot.telegram.media import kind_of
from bot.telegram.talk import Talk
from bot.telegram.texts import Html, Label, Line, Words
from bot.usecases.app import UseCases
from bot.usecases.register_seller import check_email, check_name, check_phone

_INVITE = "invite"


def build_router() -> Router:
    """Return the three questions."""
    router = Router(name="registration")
    in_state = {state: StateFilter(state) for state in RegistrationStates.__all_states__}
    router.message.register(take_name, in_state[RegistrationStates.GET_NAME], F.text)
    router.message.register(take_email, in_state[RegistrationStates.GET_EMAIL], F.text)
    router.message.register(take_contact, in_state[RegistrationStates.GET_PHONE], F.contact)
    router.message.register(take_phone, in_state[RegistrationStates.GET_PHONE], F.text)
    router.message.register(not_text, StateFilter(RegistrationStates))
    return router


async def begin(
    talk: Talk,
    state: FSMContext,
    uc: UseCases,
    config: TelegramConfig,
    invite: str | None = None,
) -> None:
    """Ask the first question, or say that one has to be invited.

    `invite` is the token of the link that led here; a form that was begun by one keeps it.
    """
    token = invite or (await state.get_data()).get(_INVITE)
    await state.clear()
    if _needs_invite(talk, config):
        if not await uc.invitations.is_good(token, talk.chat_id):
            await _say_invited_only(talk, config)
            return
        await state.update_data({_INVITE: token})
    await state.set_state(RegistrationStates.GET_NAME)
    await talk.say(_ask_name(talk.words, config), ReplyKeyboardRemove())


async def ask_again(talk: Talk, state: FSMContext, config: TelegramConfig) -> bool:
    """Repeat the question that waits for an answer; say whether there is one."""
    current = await state.get_state()
    if current == RegistrationStates.GET_NAME.state:
        await talk.say(_ask_name(talk.words, config))
    elif current == RegistrationStates.GET_EMAIL.state:
        name = (await state.get_data()).get("name", "")
        await talk.say(talk.words(Line.ASK_EMAIL, name=name))
    elif current == RegistrationStates.GET_PHONE.state:
        await talk.say(talk.words(Line.ASK_PHONE), ask_phone(talk.words))
    else:
        return False
    return True


async def take_name(message: Message, talk: Talk, state: FSMContext) -> None:
    """Take the name and ask for the e-mail."""
    try:
        name = check_name(message.text or "")
    except SellerMustAct as refusal:
        await talk.say(talk.words.problem(refusal.code))
        return
    await state.update_data(name=name)
    await state.set_state(RegistrationStates.GET_EMAIL)
    await talk.say(talk.words(Line.ASK_EMAIL, name=name))


async def take_email(message: Message, talk: Talk, state: FSMContext) -> None:
    """Take the e-mail and ask for the phone."""
    try:
        email = check_email(message.text or "")
    except SellerMustAct as refusal:
        await talk.say(talk.words.problem(refusal.code))
        return
    await state.update_data(email=email)
    await state.set_state(RegistrationStates.GET_PHONE)
    await talk.say(talk.words(Line.ASK_PHONE), ask_phone(talk.words))


async def take_contact(
    message: Message, talk: Talk, state: FSMContext, uc: UseCases, config: TelegramConfig
) -> None:
    """Take the phone from a shared contact, if it is the sender's own."""
    contact = message.contact
    if contact is None or contact.user_id != talk.chat_id:
        refusal = talk.words.problem(Code.CONTACT_NOT_OWN)
        await talk.say(refusal, ask_phone(talk.words))
        return
    await _finish(f"+{contact.phone_number.lstrip('+')}", talk, state, uc, config)


async def take_phone(
    message: Message, talk: Talk, state: FSMContext, uc: UseCases, config: TelegramConfig
) -> None:
    """Take a typed phone."""
    await _finish(message.text or "", talk, state, uc, config)


async def not_text(
    message: Message, talk: Talk, state: FSMContext, config: TelegramConfig
) -> None:
    """Name what came instead of an answer, and ask again."""
    await talk.say(talk.words(Line.NOT_TEXT, kind=talk.words(kind_of(message))))
    await ask_again(talk, state, config)


def with_support(words: Words, text: Html, config: TelegramConfig) -> Html:
    """Add whom to write to, if the operator has named somebody."""
    if not config.support_contact:
        return text
    return Html(f"{text}\n\n{words(Line.SUPPORT, contact=config.support_contact)}")


async def _finish(
    phone_text: str, talk: Talk, state: FSMContext, uc: UseCases, config: TelegramConfig
) -> None:
    try:
        phone = check_phone(phone_text)
    except SellerMustAct as refusal:
        await talk.say(talk.words.problem(refusal.code), ask_phone(talk.words))
        return
    answers = await state.get_data()
    profile = _profile(answers, phone)
    if profile is None:
        await begin(talk, state, uc, config)
        return
    token = answers.get(_INVITE)
    if _needs_invite(talk, config) and not await uc.invitations.redeem(token, talk.chat_id):
        await state.clear()
        await _say_invited_only(talk, config)
        return
    await uc.register_seller(talk.chat_id, profile, language=talk.words.language)
    await state.clear()
    add_key = talk.words.label(Label.ADD_KEY)
    text = talk.words(Line.REGISTERED, name=profile.name, add_key=add_key)
    await talk.say(text, main_menu(talk.words, has_key=False))


def _needs_invite(talk: Talk, config: TelegramConfig) -> bool:
    by_invite = config.registration == Registration.INVITE
    return by_invite and talk.chat_id not in config.admin_ids


async def _say_invited_only(talk: Talk, config: TelegramConfig) -> None:
    await talk.say(with_support(talk.words, talk.words(Line.INVITED_ONLY), config))


def _profile(answers: dict[str, Any], phone: str) -> Profile | None:
    """Return the whole profile, `None` when the earlier answers are gone."""
    if "name" not in answers or "email" not in answers:
        return None
    return Profile(name=answers["name"], email=answers["email"], phone=phone)


def _ask_name(words: Words, config: TelegramConfig) -> Html:
    link = config.privacy_url
    policy = words(Line.POLICY_LINK, url=link) if link else words(Line.POLICY_COMMAND)
    return words(Line.ASK_NAME, policy=policy)

"""What the operator's people may ask for beyond a seller."""

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message
from aiogram.utils.deep_linking import create_start_link

from bot.telegram.filters import FromAdmin
from bot.telegram.talk import Talk
from bot.telegram.texts import Line, Noun
from bot.usecases.app import UseCases
from bot.usecases.invitations import LIFE

_EVERYBODY = "all"
_LONGEST_ID = 18
_DAYS_OF_AN_INVITE = LIFE.days


def build_router() -> Router:
    """Return /invite, and /sync with an argument; from others these are a seller's commands."""
    router = Router(name="admin")
    router.message.filter(FromAdmin())
    router.message.register(sync, Command("sync", ignore_case=True, magic=F.args))
    router.message.register(invite, Command("invite", ignore_case=True))
    return router


async def invite(_message: Message, talk: Talk, uc: UseCases) -> None:
    """Make a link by which one person can register."""
    token = await uc.invitations.make(talk.chat_id)
    link = await create_start_link(talk.bot, token)
    await talk.say(talk.words(Line.INVITE_LINK, link=link, days=_DAYS_OF_AN_INVITE))


async def sync(_message: Message, command: CommandObject, talk: Talk, uc: UseCases) -> None:
    """Refresh every shop, or one by its number."""
    wanted = (command.args or "").strip().lower()
    if wanted == _EVERYBODY:
        await _sync_all(talk, uc)
    elif wanted.isdecimal() and len(wanted) <= _LONGEST_ID:
        await _sync_one(talk, uc, int(wanted))
    else:
        await talk.say(talk.words(Line.SYNC_USAGE))


async def _sync_all(talk: Talk, uc: UseCases) -> None:
    number = len(await uc.request_refresh.everybody())
    if not number:
        await talk.say(talk.words(Line.SYNC_ALL_NONE))
        return
    await talk.say(talk.words(Line.SYNC_ALL, shops=talk.words.count(Noun.SHOPS, number)))


async def _sync_one(talk: Talk, uc: UseCases, shop_id: int) -> None:
    requested = await uc.request_refresh.as_admin(shop_id)
    line = Line.SYNC_ONE_JOINED if requested.joined else Line.SYNC_ONE
    await talk.say(talk.words(line, shop_id=shop_id))

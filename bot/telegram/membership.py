"""A user has blocked the bot, or is back."""

from aiogram import Router
from aiogram.filters import KICKED, MEMBER, ChatMemberUpdatedFilter
from aiogram.types import ChatMemberUpdated

from bot.telegram.talk import Talk
from bot.usecases.app import UseCases


def build_router() -> Router:
    """Return who remembers it."""
    router = Router(name="membership")
    router.my_chat_member.register(left, ChatMemberUpdatedFilter(KICKED))
    router.my_chat_member.register(came_back, ChatMemberUpdatedFilter(MEMBER))
    return router


async def left(_event: ChatMemberUpdated, talk: Talk, uc: UseCases) -> None:
    """Remember that nothing can be sent to him."""
    await uc.people.blocked(talk.chat_id)


async def came_back(_event: ChatMemberUpdated, talk: Talk, uc: UseCases) -> None:
    """Remember that he can be written to again."""
    await uc.people.unblocked(talk.chat_id)

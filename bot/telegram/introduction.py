"""What Telegram shows beside the bot: its commands and its description, in both languages."""

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats

from bot.telegram.texts import ENGLISH, RUSSIAN, Catalogue, Line, Words

_COMMANDS = {
    "start": Line.COMMAND_START,
    "menu": Line.COMMAND_MENU,
    "sync": Line.COMMAND_SYNC,
    "status": Line.COMMAND_STATUS,
    "settings": Line.COMMAND_SETTINGS,
    "help": Line.COMMAND_HELP,
    "cancel": Line.COMMAND_CANCEL,
    "privacy": Line.COMMAND_PRIVACY,
}

log = structlog.get_logger(__name__)


async def introduce(bot: Bot, catalogue: Catalogue) -> None:
    """Set commands and descriptions; best effort, for the bot works without them."""
    for language, code in ((RUSSIAN, None), (ENGLISH, "en")):
        try:
            await _introduce(bot, catalogue.words(language), code)
        except AiogramError as error:
            log.info("telegram.not_introduced", language=language, error=type(error).__name__)


async def _introduce(bot: Bot, words: Words, language_code: str | None) -> None:
    commands = [
        BotCommand(command=name, description=words(line)) for name, line in _COMMANDS.items()
    ]
    scope = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands(commands, scope=scope, language_code=language_code)
    await bot.set_my_description(words(Line.DESCRIPTION), language_code=language_code)
    await bot.set_my_short_description(words(Line.SHORT_DESCRIPTION), language_code=language_code)

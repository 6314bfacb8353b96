"""The one place where a conversation's errors become words."""

import traceback
from pathlib import PurePath

import structlog
from aiogram import Bot, Router
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError
from aiogram.types import ErrorEvent, InlineKeyboardMarkup

from bot.core.errors import Code, Defect, StockTrackerError, gravest
from bot.core.events import DefectFound
from bot.core.ports import Observe
from bot.telegram.fsm import BusyError
from bot.telegram.keyboards import Screen, lead
from bot.telegram.middlewares import talk_of
from bot.telegram.talk import Talk
from bot.telegram.texts import Catalogue, Html, Label, Line, Words
from bot.telegram.throttle import Throttle

_HARMLESS = ("message is not modified", "query is too old", "message to edit not found")
_NEEDS_A_KEY = frozenset({Code.KEY_MISSING, Code.KEY_REJECTED, Code.KEY_EXPIRED})
_PLACES = 3

log = structlog.get_logger(__name__)


class ErrorAnswers:
    """Answers what a handler could not finish; logs its place and kind, never its content."""

    def __init__(self, catalogue: Catalogue, throttle: Throttle, observe: Observe) -> None:
        self._catalogue = catalogue
        self._throttle = throttle
        self._observe = observe

    def router(self) -> Router:
        """Return the only error router: aiogram would hand an error of any other to the first."""
        router = Router(name="errors")
        router.error.register(self.answer)
        return router

    async def answer(self, event: ErrorEvent, bot: Bot) -> None:
        """Tell the user, in his language, with the code that the log holds too."""
        error = gravest(event.exception)
        talk = talk_of(event.update, bot, self._catalogue)
        update_id = event.update.update_id
        try:
            await self._tell(talk, error, update_id)
        except Exception as failure:  # noqa: BLE001 - aiogram would log both errors' contents
            log.warning("telegram.not_told", update_id=update_id, error=type(failure).__name__)

    async def _tell(self, talk: Talk, error: BaseException, update_id: int) -> None:
        if isinstance(error, BusyError):
            if self._throttle.may_warn(talk.chat_id):
                await talk.say(talk.words(Line.SLOW_DOWN))
            return
        if _is_harmless(error):
            log.info("telegram.harmless", update_id=update_id, error=type(error).__name__)
            return
        code = _code_of(error)
        self._note(error, code, update_id)
        await talk.say(_sentence(talk.words, code), _way_out(talk.words, code))

    def _note(self, error: BaseException, code: Code, update_id: int) -> None:
        places = places_of(error)
        log.warning(
            "telegram.handler_failed",
            update_id=update_id,
            code=code,
            error=type(error).__name__,
            places=places,
        )
        if isinstance(error, Defect) or code is Code.INTERNAL:
            detail = f"{type(error).__name__} at {places[-1] if places else 'unknown'}"
            self._observe(DefectFound("telegram", code, detail))


def places_of(error: BaseException) -> list[str]:
    """Return the last places that an error came through, without any value."""
    frames = traceback.extract_tb(error.__traceback__)[-_PLACES:]
    return [f"{PurePath(frame.filename).name}:{frame.lineno}" for frame in frames]


def _is_harmless(error: BaseException) -> bool:
    if isinstance(error, TelegramForbiddenError):
        return True
    return isinstance(error, TelegramBadRequest) and any(
        words in error.message for words in _HARMLESS
    )


def _code_of(error: BaseException) -> Code:
    if isinstance(error, StockTrackerError):
        return error.code
    return Code.TELEGRAM_FAILED if isinstance(error, TelegramAPIError) else Code.INTERNAL


def _sentence(words: Words, code: Code) -> Html:
    return Html(f"{words.problem(code)}\n\n{words(Line.ERROR_CODE, code=code)}")


def _way_out(words: Words, code: Code) -> InlineKeyboardMarkup | None:
    return lead(words, (Label.ADD_KEY, Screen.ADD_KEY)) if code in _NEEDS_A_KEY else None

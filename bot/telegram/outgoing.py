"""One table from Telegram's refusals to our recoveries, for what we send of our own accord."""

from collections.abc import Iterator
from contextlib import contextmanager

from aiogram.exceptions import (
    AiogramError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
)

from bot.core.errors import Code, Defect, SellerMustAct, StockTrackerError, Transient

NOT_REACHED_SECONDS = 10.0
# The connection was never made, so nothing can have gone out.
_NOT_REACHED = ("ClientConnector", "ConnectionTimeout", "ConnectionRefused", "ProxyConnection")
_NOBODY_THERE = ("chat not found", "user is deactivated", "peer_id_invalid")


@contextmanager
def told_in_our_words() -> Iterator[None]:
    """Turn what Telegram refuses inside into an error of our tree.

    Raises:
        SellerMustAct: the person has blocked us or is gone.
        Transient: it did not go out (`retry_after_seconds` is named), or nobody knows.
        Defect: Telegram did not understand us.
    """
    try:
        yield
    except AiogramError as error:
        ours = _ours(error)
    else:
        return
    raise ours


def _ours(error: AiogramError) -> StockTrackerError:
    method = error.method.__api_method__ if isinstance(error, TelegramAPIError) else "telegram"
    if isinstance(error, TelegramRetryAfter):
        return Transient(
            Code.TELEGRAM_FAILED, f"{method}: flood", retry_after_seconds=error.retry_after
        )
    if isinstance(error, TelegramForbiddenError):
        return SellerMustAct(Code.TELEGRAM_FAILED, f"{method}: blocked by the user")
    if isinstance(error, TelegramBadRequest):
        if any(words in error.message.lower() for words in _NOBODY_THERE):
            return SellerMustAct(Code.TELEGRAM_FAILED, f"{method}: nobody there")
        return Defect(Code.TELEGRAM_FAILED, f"{method}: bad request")
    if isinstance(error, TelegramNetworkError) and any(n in error.message for n in _NOT_REACHED):
        return Transient(
            Code.TELEGRAM_FAILED, f"{method}: not reached", retry_after_seconds=NOT_REACHED_SECONDS
        )
    return Transient(Code.TELEGRAM_FAILED, f"{method}: {type(error).__name__}")

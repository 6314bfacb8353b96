"""/status: what was refreshed, when, and what is under way."""

from html import escape

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import Message

from bot.core import table_words
from bot.core.sellers import Seller, ShopState
from bot.telegram.choosing import say_no_shops
from bot.telegram.filters import Registered
from bot.telegram.middlewares import LeaveForm
from bot.telegram.progress import stage_lines
from bot.telegram.settings import state_name
from bot.telegram.talk import Talk
from bot.telegram.texts import Html, Line, Words
from bot.usecases.app import UseCases
from bot.usecases.shop_status import StatusView

_MOST_SHOPS = 10
_MOST_SHOPS_WITH_SOURCES = 2
_LETTERS_OF_A_LINE = 300
_FRESHNESS = frozenset(
    {
        table_words.SOURCE_FUNNEL,
        table_words.SOURCE_REMAINS,
        table_words.SOURCE_ORDERS,
        table_words.SOURCE_SELLER_STOCKS,
        table_words.ABOUT_CHECK,
        table_words.ABOUT_ORDERS_CHECK,
        table_words.ABOUT_AVERAGE_CHECK,
        table_words.ABOUT_AWAITING_FUNNEL,
        table_words.ABOUT_UNCOUNTED,
    }
)


def build_router() -> Router:
    """Return /status."""
    router = Router(name="status")
    router.message.filter(Registered())
    router.message.middleware(LeaveForm())
    router.message.register(status, Command("status", ignore_case=True))
    return router


async def status(_message: Message, talk: Talk, uc: UseCases, seller: Seller) -> None:
    """Tell how each of the seller's shops stands; where they are few also each source."""
    shops = await uc.people.shops(seller)
    if not shops:
        await say_no_shops(talk)
        return
    views = [await uc.shop_status(seller, shop.id) for shop in shops[:_MOST_SHOPS]]
    parts: list[Html] = []
    letters = _LETTERS_OF_A_LINE // len(views)
    for view in views:
        parts.append(Html("\n".join(status_lines(talk.words, view))))
        parts.extend(_freshness(view, letters) if len(views) <= _MOST_SHOPS_WITH_SOURCES else [])
    if any(view.shop.state is ShopState.LIVE and not view.shop.paused for view in views):
        parts.append(talk.words(Line.STATUS_NEXT))
    await talk.say(Html("\n\n".join(parts)))


def status_lines(words: Words, view: StatusView) -> list[Html]:
    """Return a shop at a glance."""
    shop = view.shop
    lines = [words(Line.STATUS_SHOP, shop=shop.title, state=state_name(words, shop))]
    if view.figures_at is None:
        lines.append(words(Line.STATUS_NEVER))
    else:
        line = Line.STATUS_PARTLY if view.is_partial else Line.STATUS_FRESH
        lines.append(words(line, at=words.moment(view.figures_at)))
    if view.open_run is not None:
        lines.append(words(Line.STATUS_RUNNING))
        lines.extend(stage_lines(words, view.open_run))
    elif view.last_run is not None and view.last_run.problem is not None:
        problem = words.problem(view.last_run.problem)
        lines.append(words(Line.STATUS_LAST_FAILED, problem=problem))
    return lines


def _freshness(view: StatusView, letters: int) -> list[Html]:
    """Return the lines of «О таблице» that say how fresh each source is, as one paragraph."""
    lines = [
        escape(f"{title} – {text}"[:letters]) for title, text in view.about if title in _FRESHNESS
    ]
    return [Html("\n".join(lines))] if lines else []

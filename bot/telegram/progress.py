"""How far a refresh has come, as one message."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.core.errors import SellerMustAct
from bot.core.products import Source
from bot.core.runs import ProgressMessage, Run, SourceOutcome, Stage
from bot.core.sellers import Shop
from bot.telegram.talk import Talk
from bot.telegram.texts import Html, Line, Noun, Words
from bot.usecases.app import UseCases
from bot.usecases.request_refresh import Requested

_NAMES: Mapping[Source, Line] = MappingProxyType(
    {
        Source.FUNNEL: Line.SOURCE_FUNNEL,
        Source.REMAINS: Line.SOURCE_REMAINS,
        Source.ORDERS: Line.SOURCE_ORDERS,
        Source.SELLER_STOCKS: Line.SOURCE_SELLER_STOCKS,
    }
)
_ALWAYS_SHOWN = (Source.FUNNEL, Source.REMAINS, Source.ORDERS)


def progress_text(words: Words, run: Run, shop_title: str | None) -> Html:
    """Return the message of a run that is under way."""
    title = words(Line.PROGRESS, shop=shop_title) if shop_title else words(Line.PROGRESS_ACCEPTED)
    lines = [title, "", *stage_lines(words, run), "", words(Line.PROGRESS_PATIENCE)]
    return Html("\n".join(lines))


def stage_lines(words: Words, run: Run) -> list[Html]:
    """Return one line per source: what has come, what is awaited, what is late and until when."""
    shown = [source for source in _NAMES if source in _ALWAYS_SHOWN or source in run.outcomes]
    return [_stage_line(words, source, run.outcomes.get(source)) for source in shown]


async def show_run(talk: Talk, uc: UseCases, shop: Shop, requested: Requested) -> None:
    """Send the run's progress message; a run that is joined moves to it from its old one."""
    run, before = requested.run, requested.run.progress
    sent = await talk.say(progress_text(talk.words, run, shop.title))
    try:
        await uc.attach_progress(run.id, ProgressMessage(talk.chat_id, sent.message_id))
    except SellerMustAct:  # the account was deleted meanwhile
        await talk.delete(sent.message_id)
        raise
    if requested.joined and before is not None and before.chat_id == talk.chat_id:
        await talk.delete(before.message_id)


def _stage_line(words: Words, source: Source, outcome: SourceOutcome | None) -> Html:
    name = words(_NAMES[source])
    if outcome is None:
        return words(Line.STAGE_AHEAD, source=name)
    if outcome.stage is Stage.ARRIVED and outcome.rows is not None:
        rows = words.count(Noun.ROWS, outcome.rows)
        return words(Line.STAGE_ARRIVED_ROWS, source=name, rows=rows)
    if outcome.stage is Stage.LATE and outcome.next_try_at is not None:
        return words(Line.STAGE_LATE, source=name, at=words.hour(outcome.next_try_at))
    lines = {
        Stage.WAITING: Line.STAGE_WAITING,
        Stage.ARRIVED: Line.STAGE_ARRIVED,
        Stage.LATE: Line.STAGE_LATE_SOMETIME,
        Stage.FAILED: Line.STAGE_FAILED,
        Stage.CLOSED: Line.STAGE_CLOSED,
    }
    return words(lines[outcome.stage], source=name)

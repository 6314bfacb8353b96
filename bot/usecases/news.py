"""What a seller is owed when a run ends or has to wait: notices for the outbox."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.errors import Code
from bot.core.events import Notice, NoticeKind
from bot.core.period import next_wall_time
from bot.core.runs import Claim, ProgressMessage, Run, RunKind, RunStatus
from bot.core.sellers import Seller, Shop
from bot.core.table_file import Trouble

NEWS_LIFE = timedelta(hours=20)
DAYTIME = timedelta(hours=12)  # from nine to nine: the night is silent
# From its morning on; to the end of a day, for what is kept from the night must live to see the
# next morning. Older appeals come from a restored backup.
APPEAL_LIFE = timedelta(days=2) + DAYTIME
MORNING_HOUR = "morning_hour"  # in the payload of what must not come at night, however late
ASKED_FOR = frozenset({RunKind.TAPPED, RunKind.FIRST})


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a claim is about."""

    claim: Claim
    shop: Shop
    seller: Seller

    @property
    def run(self) -> Run:
        """The run that is worked."""
        return self.claim.run


def news_of(
    subject: Subject, run: Run, status: RunStatus, problem: Code | None, now: datetime
) -> tuple[Notice, ...]:
    """Return the word to who waits for `run`, or the morning's table of a night.

    `status` is how the run ends; `OPEN` says that a table is there and the rest comes later.
    """
    if is_awaited(run):
        return (about_run(run, subject.seller.telegram_id, status, problem, now),)
    if run.kind is RunKind.NIGHTLY and status in {RunStatus.DONE, RunStatus.OPEN}:
        return (_morning_table(subject, now),)
    return ()


def is_awaited(run: Run) -> bool:
    """Say whether a person waits for this run."""
    return run.progress is not None or run.kind in ASKED_FOR


def about_run(
    run: Run, telegram_id: int, status: RunStatus, problem: Code | None, now: datetime
) -> Notice:
    """Return the notice that turns the run's progress message into its end.

    A run has one end, whatever message shows it then; one that begins anew has another.
    """
    message_id = run.progress.message_id if run.progress else None
    chapter = f"{message_id}:so-far" if status is RunStatus.OPEN else "end"
    return Notice(
        kind=NoticeKind.RUN_FINISHED,
        telegram_id=telegram_id,
        dedupe_key=f"run:{run.id}:{run.created_at.isoformat()}:{chapter}",
        payload={
            "run_id": run.id,
            "shop_id": run.shop_id,
            "status": status,
            "code": problem,
            "message_id": message_id,
        },
        not_before=now,
        expires_at=now + NEWS_LIFE,
    )


def about_late_message(run: Run, message: ProgressMessage, now: datetime) -> Sequence[Notice]:
    """Return what is owed to a message that the run got after its end: the first never owed.

    Where the run's end was owed before, `is_told` says that only the message has to be edited.
    """
    end = about_run(run, message.chat_id, run.status, run.problem, now)
    of_message = f"{end.dedupe_key}:{message.message_id}"
    return end, replace(end, dedupe_key=of_message, payload=end.payload | {"is_told": 1})


def shows_stages(run: Run) -> bool:
    """Say whether a run's message is to show how far it has come.

    It is, until the run has ended, has shown a table or has told that it cannot show one.
    """
    tells_of_table = run.problem is not None and speaks_of_table(run.problem)
    return run.status is RunStatus.OPEN and run.published_at is None and not tells_of_table


def speaks_of_table(code: Code) -> bool:
    """Say whether a problem is one of where tables live."""
    return code.startswith(("google_", "sheet_"))


def is_handed_on(run: Run) -> bool:
    """Say whether a night's run has taken the place of this one, with its message."""
    return run.status is RunStatus.SUPERSEDED and run.problem is None


def about_late_stage(before: Run, after: Run, now: datetime) -> Sequence[Notice]:
    """Return what is owed to the message of `before` for a stage that was edited into it.

    Meanwhile the run has become `after`. If its message has got its end by that, which may be
    under the stage now, it gets it once more; nobody is told anything anew.
    """
    message = before.progress
    if after.created_at != before.created_at and after.progress != message:  # it has begun anew
        after = replace(before, status=RunStatus.SUPERSEDED, problem=Code.SUPERSEDED)
    if message is None or after.progress != message or not _has_told(before, after):
        return ()
    end = about_run(after, message.chat_id, after.status, after.problem, now)
    of_stage = f"{end.dedupe_key}:after-stage:{now.isoformat()}"
    return (replace(end, dedupe_key=of_stage, payload=end.payload | {"is_told": 1}),)


def _has_told(before: Run, after: Run) -> bool:
    """Say whether a run has owed its message an end since: what it owes later comes by itself."""
    if after.status is RunStatus.OPEN:
        return not shows_stages(after) and after.next_try_at != before.next_try_at
    return not is_handed_on(after)


def seller_must_act(subject: Subject, kind: NoticeKind, code: Code, now: datetime) -> Notice:
    """Return the one notice that asks the seller to act, in his morning."""
    morning = morning_of(subject.seller, now)
    return Notice(
        kind=kind,
        telegram_id=subject.seller.telegram_id,
        dedupe_key=f"{kind}:{subject.shop.id}:{code}:{subject.run.id}",
        payload={
            "shop_id": subject.shop.id,
            "code": code,
            MORNING_HOUR: subject.seller.morning_hour,
        },
        not_before=morning,
        expires_at=morning + APPEAL_LIFE,
        collapse_key=f"{kind}:{subject.shop.id}",
    )


def table_problem(seller: Seller, shop_id: int, trouble: Trouble, now: datetime) -> Notice:
    """Return the one notice that asks the seller, in his morning, what to do about his table."""
    morning = morning_of(seller, now)
    return Notice(
        kind=NoticeKind.TABLE_PROBLEM,
        telegram_id=seller.telegram_id,
        dedupe_key=f"table:{shop_id}:{trouble.code}:{trouble.since.isoformat()}",
        payload={"shop_id": shop_id, "code": trouble.code, MORNING_HOUR: seller.morning_hour},
        not_before=morning,
        expires_at=morning + APPEAL_LIFE,
        collapse_key=f"table:{shop_id}",
    )


def _morning_table(subject: Subject, now: datetime) -> Notice:
    morning = morning_of(subject.seller, now)
    return Notice(
        kind=NoticeKind.MORNING_TABLE,
        telegram_id=subject.seller.telegram_id,
        dedupe_key=f"morning:{subject.shop.id}:{subject.run.day}",
        payload={"shop_id": subject.shop.id, "run_id": subject.run.id},
        not_before=morning,
        expires_at=morning + DAYTIME,
        collapse_key=f"morning:{subject.shop.id}",
    )


def morning_of(seller: Seller, now: datetime) -> datetime:
    """Return when the seller is told what he does not wait for."""
    return next_wall_time(now, hour=seller.morning_hour)


def night_ends_at(notice: Notice, now: datetime) -> datetime | None:
    """Return until when the notice would wake its person; `None`: it may go out now."""
    hour = notice.payload.get(MORNING_HOUR)
    if not isinstance(hour, int):
        return None
    morning = next_wall_time(now, hour=hour)
    return None if morning - now > DAYTIME else morning

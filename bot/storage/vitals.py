"""How the service is, read in a few short questions."""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Executable, and_, case, exists, func, or_, select

from bot.core.runs import FINISHED, RunKind, RunStatus
from bot.core.sellers import GONE_AFTER
from bot.core.vitals import NightState, Vitals
from bot.storage.columns import Utc
from bot.storage.database import Database, whole
from bot.storage.shops import works_at_night
from bot.storage.tables import figures, outbox, runs, sellers, shops, snapshots

STALE_AFTER = timedelta(hours=30)


class SqlVitalSigns:
    """The port `VitalSigns`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole
    async def read(self, now: datetime) -> Vitals:
        """Return how everything is now."""
        async with self._database.read() as connection:
            aged = (await connection.execute(_figures(now))).one()
            owed = (await connection.execute(_owed(now))).one()
            blocked = select(func.count()).where(sellers.c.blocked_at.is_not(None))
            open_runs = select(func.count()).where(runs.c.status == RunStatus.OPEN)
            return Vitals(
                open_runs=(await connection.execute(open_runs)).scalar_one(),
                oldest_figures_seconds=_age(aged.oldest, now),
                stale_shops=int(aged.stale or 0),
                outbox_pending=owed.pending,
                outbox_oldest_seconds=_age(owed.oldest, now),
                blocked_users=(await connection.execute(blocked)).scalar_one(),
            )

    @whole
    async def night(self, day: date, *, began: datetime, now: datetime) -> NightState:
        """Return how far the night of `day` has come, which began at `began`."""
        its_run = exists().where(
            runs.c.shop_id == shops.c.id, runs.c.day == day, runs.c.kind == RunKind.NIGHTLY
        )
        is_open = its_run.where(runs.c.status == RunStatus.OPEN)
        waits = is_open.where(runs.c.problem.is_not(None), runs.c.next_try_at > now)
        has_ended = its_run.where(runs.c.status.in_(FINISHED))
        has_shown = its_run.where(
            or_(
                and_(runs.c.published_at.is_not(None), _has_an_answer_since(runs.c.created_at)),
                and_(_had_figures_before_it_began_anew(began), _has_an_answer_since(began)),
            )
        )
        unserved = (
            select(
                func.count().label("all"),
                _number_of(is_open).label("open"),
                _number_of(waits).label("waiting"),
            )
            .select_from(shops.join(sellers, sellers.c.id == shops.c.seller_id))
            .where(*_served_at_night(now), shops.c.connected_at < began, ~has_ended, ~has_shown)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(unserved)).one()
        in_work, waiting = int(row.open or 0), int(row.waiting or 0)
        return NightState(missing=row.all - in_work, unfinished=in_work - waiting, waiting=waiting)


def _has_an_answer_since(instant: ColumnElement[datetime] | datetime) -> ColumnElement[bool]:
    """Say whether a run's shop has got an answer since; old figures are shown again, too."""
    return exists().where(snapshots.c.shop_id == runs.c.shop_id, snapshots.c.taken_at >= instant)


def _had_figures_before_it_began_anew(began: datetime) -> ColumnElement[bool]:
    """Say whether a run has brought figures in this night; when it was cut short they stayed."""
    return exists().where(
        figures.c.run_id == runs.c.id,
        figures.c.shop_id == runs.c.shop_id,
        figures.c.at >= began,
        figures.c.at < runs.c.created_at,
    )


def _figures(now: datetime) -> Executable:
    reckoned_at = func.coalesce(figures.c.at, shops.c.connected_at, type_=Utc)
    answered_at = _oldest_answer()
    at = case((answered_at < reckoned_at, answered_at), else_=reckoned_at)
    aged = (
        select(at.label("at"))
        .select_from(
            shops.join(sellers, sellers.c.id == shops.c.seller_id)
            .outerjoin(figures, figures.c.shop_id == shops.c.id)
            .outerjoin(runs, runs.c.id == figures.c.run_id)
        )
        .where(*_served_at_night(now))
        .subquery()
    )
    return select(
        func.min(aged.c.at, type_=Utc).label("oldest"),
        _number_of(aged.c.at < now - STALE_AFTER).label("stale"),
    )


def _oldest_answer() -> ColumnElement[datetime]:
    """Return when the oldest answer came that a shop's figures rest on, if they rest on any."""
    days = func.coalesce(runs.c.period_days, shops.c.period_days)
    return (
        select(func.min(snapshots.c.taken_at, type_=Utc))
        .where(
            snapshots.c.shop_id == shops.c.id,
            snapshots.c.sid == shops.c.sid,
            or_(snapshots.c.period_days == 0, snapshots.c.period_days == days),
        )
        .scalar_subquery()
    )


def _owed(now: datetime) -> Executable:
    oldest = func.min(outbox.c.not_before, type_=outbox.c.not_before.type)
    return select(func.count().label("pending"), oldest.label("oldest")).where(
        outbox.c.status == "pending", outbox.c.not_before <= now
    )


def _served_at_night(now: datetime) -> tuple[ColumnElement[bool], ...]:
    here = or_(sellers.c.blocked_at.is_(None), sellers.c.blocked_at >= now - GONE_AFTER)
    return (*works_at_night(), here)


def _number_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _age(since: datetime | None, now: datetime) -> float | None:
    return None if since is None else (now - since).total_seconds()

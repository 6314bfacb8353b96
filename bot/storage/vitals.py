"""How the service is, read in a few short questions."""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Executable, and_, case, exists, func, or_, select

from bot.core.runs import RunKind, RunStatus
from bot.core.sellers import GONE_AFTER
from bot.core.vitals import NightState, Vitals
from bot.storage.database import Database, whole
from bot.storage.shops import works_at_night
from bot.storage.tables import figures, outbox, runs, sellers, shops

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
        named_wait = and_(runs.c.problem.is_not(None), runs.c.next_try_at > now)
        is_open = runs.c.status == RunStatus.OPEN
        of_night = runs.c.day == day, runs.c.kind == RunKind.NIGHTLY
        counts = select(
            _number_of(and_(is_open, ~named_wait)).label("unfinished"),
            _number_of(and_(is_open, named_wait)).label("waiting"),
            _number_of(~is_open).label("ended"),
        ).where(*of_night)
        has_run = exists().where(runs.c.shop_id == shops.c.id, *of_night)
        missing = (
            select(func.count())
            .select_from(shops.join(sellers, sellers.c.id == shops.c.seller_id))
            .where(*_served_at_night(now), shops.c.connected_at < began, ~has_run)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(counts)).one()
            return NightState(
                missing=(await connection.execute(missing)).scalar_one(),
                unfinished=int(row.unfinished or 0),
                waiting=int(row.waiting or 0),
                ended=int(row.ended or 0),
            )


def _figures(now: datetime) -> Executable:
    at = func.coalesce(figures.c.at, shops.c.connected_at, type_=figures.c.at.type)
    return (
        select(
            func.min(at, type_=figures.c.at.type).label("oldest"),
            _number_of(at < now - STALE_AFTER).label("stale"),
        )
        .select_from(
            shops.join(sellers, sellers.c.id == shops.c.seller_id).outerjoin(
                figures, figures.c.shop_id == shops.c.id
            )
        )
        .where(*_served_at_night(now))
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

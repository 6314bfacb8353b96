"""Runs: the database is the schedule's memory."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import Code, SellerMustAct
from bot.core.ports import News, Superseded, no_news
from bot.core.products import Source
from bot.core.runs import (
    NOTHING_HELD,
    Claim,
    Held,
    NewRun,
    ProgressMessage,
    Run,
    RunKind,
    RunStatus,
    SourceOutcome,
    Stage,
)
from bot.core.sellers import Shop, ShopState
from bot.core.table_file import Trouble
from bot.kit.clock import Clock
from bot.storage import leases, nightly
from bot.storage.beginnings import begin
from bot.storage.codec import Blobs
from bot.storage.database import Database, whole
from bot.storage.guard import forget_pages, hold, let_go, look
from bot.storage.memo import SqlMemo
from bot.storage.outbox import owe
from bot.storage.run_rows import last_finished, outcomes_json, run_of
from bot.storage.table_states import TableStates
from bot.storage.tables import run_cursors, run_pages, runs, shops
from bot.storage.vault import Vault

_SHOPS_PER_TRANSACTION = 100
_FRESH = timedelta(minutes=10)  # a second tap within it adds nothing
_WITHOUT_RUNS = {
    ShopState.WITHOUT_KEY: Code.KEY_MISSING,
    ShopState.NEEDS_KEY: Code.KEY_REJECTED,
}
_SETTLED_STAGES = frozenset({Stage.ARRIVED, Stage.FAILED, Stage.CLOSED})


class SqlRunStore:
    """The port `RunStore`."""

    def __init__(self, database: Database, vault: Vault, blobs: Blobs, clock: Clock) -> None:
        self._database = database
        self._tables = TableStates(vault)
        self._blobs = blobs
        self._clock = clock

    async def ensure_nightly(
        self, day: date, shops: Sequence[Shop], *, now: datetime, spread_seconds: float = 0.0
    ) -> int:
        """Give each of these shops its nightly run of `day`; return how many got one now.

        An open run of an earlier day is superseded (fence bumped, its progress message handed
        on); an open run of the same day becomes the nightly one; a nightly run that was cut short
        begins anew. Doing it twice changes nothing. New ones are due within `spread_seconds` from
        now, always at the same place for a shop. What other shops have open of an earlier day
        ends as well, and so does what a clock that was ahead has made.
        """
        ids = [shop.id for shop in shops]
        made = 0
        for start in range(0, len(ids), _SHOPS_PER_TRANSACTION):
            some = ids[start : start + _SHOPS_PER_TRANSACTION]
            made += await self._nights(day, some, now, spread_seconds)
        while await self._ended_left_open(day, now) == _SHOPS_PER_TRANSACTION:
            pass
        return made

    @whole
    async def _nights(
        self, day: date, shop_ids: Sequence[int], now: datetime, spread_seconds: float
    ) -> int:
        async with self._database.write() as connection:
            return await nightly.ensure_nightly(
                connection, day, shop_ids, now=now, spread_seconds=spread_seconds
            )

    @whole
    async def _ended_left_open(self, day: date, now: datetime) -> int:
        most = _SHOPS_PER_TRANSACTION
        async with self._database.write() as connection:
            return await nightly.end_left_open(connection, day, now=now, most=most)

    @whole
    async def request(
        self,
        shop: Shop,
        kind: RunKind,
        *,
        day: date,
        now: datetime,
        outcomes: Mapping[Source, SourceOutcome] | None = None,
    ) -> tuple[Run, bool]:
        """Return the shop's open run, made now if there is none; True when it was joined.

        A run of the night that a person joins goes before the night's others. A joined run that
        waits is due now: it asks for what the budget allows, and waits again for the rest; what
        it settled more than ten minutes ago is asked for anew. Where the day's nightly run was
        cut short it begins anew as the new one, unless that has its `outcomes` already.

        Raises:
            SellerMustAct: the shop has been erased, or has no working key by now.
        """
        async with self._database.write() as connection:
            held = select(shops).where(shops.c.id == shop.id).with_for_update(key_share=True)
            row = (await connection.execute(held)).one_or_none()
            if row is None:
                raise SellerMustAct(Code.SHOP_UNKNOWN)
            if row.state != ShopState.LIVE:
                raise SellerMustAct(_WITHOUT_RUNS[row.state])
            awaits = (
                update(runs)
                .where(runs.c.shop_id == shop.id, runs.c.status == RunStatus.OPEN)
                .values(
                    awaited=runs.c.awaited | (kind is not RunKind.NIGHTLY),
                    next_try_at=case((runs.c.next_try_at > now, now), else_=runs.c.next_try_at),
                )
            )
            joined = (await connection.execute(awaits.returning(runs))).one_or_none()
            if joined is not None:
                waits = row.lease_owner is None and kind is not RunKind.NIGHTLY
                return await _asked_anew(connection, run_of(joined), now, waits=waits), True
            made = await begin(connection, row, NewRun(kind, day), now=now, outcomes=outcomes)
            return run_of(made), False

    async def open_run(self, shop_id: int) -> Run | None:
        """Return the shop's open run."""
        return await self._only(runs.c.shop_id == shop_id, runs.c.status == RunStatus.OPEN)

    async def last_finished(self, shop_id: int) -> Run | None:
        """Return the run that was the last to be done, to fail or to wait for the seller."""
        return await self._only(runs.c.id == last_finished(shop_id))

    async def by_id(self, run_id: int) -> Run | None:
        """Return a run."""
        return await self._only(runs.c.id == run_id)

    @whole
    async def set_progress(
        self, run_id: int, message: ProgressMessage, *, late: News = no_news
    ) -> None:
        """Remember the chat message that shows this run.

        A run that has ended owes the first of what `late` says that was never owed before.

        Raises:
            SellerMustAct: the shop has been erased; nobody else will end the message.
        """
        shown = {"progress_chat_id": message.chat_id, "progress_message_id": message.message_id}
        change = update(runs).where(runs.c.id == run_id).values(**shown).returning(runs)
        shop_id = select(runs.c.shop_id).where(runs.c.id == run_id).scalar_subquery()
        # Whoever ends a run, or hands its message on to the next, holds the shop meanwhile.
        held = select(shops.c.id).where(shops.c.id == shop_id).with_for_update(key_share=True)
        async with self._database.write() as connection:
            await connection.execute(held)
            row = (await connection.execute(change)).one_or_none()
            if row is None:
                raise SellerMustAct(Code.SHOP_UNKNOWN)
            if row.status == RunStatus.OPEN:
                return  # whoever ends it will see the message
            for notice in late(run_of(row)):
                if await owe(connection, notice):
                    return

    @whole
    async def claim(
        self,
        owner: str,
        *,
        now: datetime,
        lease_seconds: float,
        held: Held = NOTHING_HELD,
    ) -> Claim | None:
        """Lease the next shop whose open run is due: people who wait first, then the oldest.

        Every claim bumps the fence; taking over an expired lease counts as one crash. Of runs
        that may have made a process crash `owner` gets one at a time.
        """
        until = now + timedelta(seconds=lease_seconds)
        async with self._database.write() as connection:
            return await leases.claim(connection, owner, now=now, until=until, held=held)

    @whole
    async def heartbeat(
        self, owner: str, *, now: datetime, lease_seconds: float, held: Held
    ) -> None:
        """Prolong the leases of what `owner` holds."""
        until = now + timedelta(seconds=lease_seconds)
        async with self._database.write() as connection:
            await leases.prolong(connection, owner, until=until, held=held)

    @whole
    async def next_due(self, owner: str, *, held: Held = NOTHING_HELD) -> datetime | None:
        """Return when the next open run that `owner` may claim wants to be worked."""
        now = self._clock.now()
        async with self._database.read() as connection:
            return await leases.next_due(connection, owner, now=now, held=held)

    @whole
    async def note_outcomes(self, claim: Claim, outcomes: Mapping[Source, SourceOutcome]) -> None:
        """Store how far these sources have come; others keep what they had. Raises: Superseded."""
        async with self._database.write() as connection:
            await hold(connection, claim)
            query = select(runs.c.outcomes).where(runs.c.id == claim.run.id)
            before = (await connection.execute(query)).scalar_one()
            after = {**before, **outcomes_json(outcomes)}
            further = {} if _settled(after) <= _settled(before) else {"crashes": 0}
            await _set(connection, claim, outcomes=after, **further)

    @whole
    async def note_published(self, claim: Claim, at: datetime) -> None:
        """Remember that this run has published its figures. Raises: Superseded."""
        async with self._database.write() as connection:
            await hold(connection, claim)
            await _set(connection, claim, published_at=at, crashes=0)

    @whole
    async def postpone(
        self,
        claim: Claim,
        until: datetime,
        *,
        problem: Code | None,
        counts: bool,
        news: News = no_news,
    ) -> None:
        """Give the lease back; the run is due again at `until`. `counts`: one more attempt.

        What `news` says goes into the outbox with it. Raises: Superseded.
        """
        async with self._database.write() as connection:
            await hold(connection, claim)
            attempts = runs.c.attempts + int(counts)
            run = await _set(
                connection,
                claim,
                next_try_at=until,
                problem=problem,
                attempts=attempts,
                crashes=0,
            )
            await let_go(connection, claim.shop_id)
            for notice in news(run):
                await owe(connection, notice)

    @whole
    async def finish(  # noqa: PLR0913 - a run ends with all of it at once
        self,
        claim: Claim,
        status: RunStatus,
        *,
        problem: Code | None,
        at: datetime,
        news: News = no_news,
        trouble: Trouble | None = None,
    ) -> None:
        """Close the run, give the lease back and owe what `news` says, all at once.

        With `trouble` the shop's table waits for the seller from now on. Raises: Superseded.
        """
        async with self._database.write() as connection:
            try:
                await hold(connection, claim)
            except Superseded:
                if await _was_finished(connection, claim, status, at):
                    return  # by us: only the answer to our commit was lost
                raise
            run = await _set(connection, claim, status=status, problem=problem, finished_at=at)
            if trouble is not None:
                await self._tables.change(
                    connection, claim.shop_id, lambda old: replace(old, trouble=trouble)
                )
            await forget_pages(connection, claim.run.id)
            await let_go(connection, claim.shop_id)
            for notice in news(run):
                await owe(connection, notice)

    @whole
    async def release(self, owner: str) -> None:
        """Give back every lease of `owner` (an orderly stop); the runs stay due."""
        async with self._database.write() as connection:
            await leases.release(connection, owner)

    @whole
    async def check(self, claim: Claim) -> None:
        """Raise `Superseded` unless the claim still holds: one short read."""
        async with self._database.read() as connection:
            await look(connection, claim)

    def memo(self, claim: Claim, source: Source) -> SqlMemo:
        """Return the notebook of one source in this run."""
        return SqlMemo(self._database, self._blobs, claim, source)

    @whole
    async def _only(self, *conditions: ColumnElement[bool]) -> Run | None:
        async with self._database.read() as connection:
            row = (await connection.execute(select(runs).where(*conditions))).one_or_none()
        return None if row is None else run_of(row)


async def _asked_anew(connection: AsyncConnection, run: Run, now: datetime, *, waits: bool) -> Run:
    """Forget what a waiting run settled long ago, so that its next pass asks for it again."""
    settled = {s: o.settled_at for s, o in run.outcomes.items() if o.settled_at is not None}
    stale = {source for source, at in settled.items() if now - at > _FRESH} if waits else set()
    if not stale:
        return run
    outcomes = {source: one for source, one in run.outcomes.items() if source not in stale}
    for table in (run_cursors, run_pages):
        of_stale = delete(table).where(table.c.run_id == run.id, table.c.source.in_(stale))
        await connection.execute(of_stale)
    changed = update(runs).where(runs.c.id == run.id).values(outcomes=outcomes_json(outcomes))
    return run_of((await connection.execute(changed.returning(runs))).one())


async def _set(connection: AsyncConnection, claim: Claim, **values: Any) -> Run:
    """Change the claim's run and return it as it is now."""
    change = update(runs).where(runs.c.id == claim.run.id).values(**values).returning(runs)
    return run_of((await connection.execute(change)).one())


def _settled(outcomes: Mapping[str, Any]) -> set[str]:
    """Return the sources that will not be asked again in this run."""
    return {name for name, one in outcomes.items() if one["stage"] in _SETTLED_STAGES}


async def _was_finished(
    connection: AsyncConnection, claim: Claim, status: RunStatus, at: datetime
) -> bool:
    query = select(runs.c.status, runs.c.finished_at).where(runs.c.id == claim.run.id)
    row = (await connection.execute(query)).one_or_none()
    return row is not None and row.status == status and row.finished_at == at

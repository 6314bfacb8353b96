"""What the use cases need from the outside, each as one Protocol; adapters implement them."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from bot.core.errors import Code, Transient
from bot.core.events import Event, Notice
from bot.core.metrics import ProductMetrics
from bot.core.period import Period
from bot.core.products import Snapshot, Snapshots, Source
from bot.core.report import HistoryRow, Layout, Report
from bot.core.runs import Claim, ProgressMessage, Run, RunKind, RunStatus, SourceOutcome
from bot.core.sellers import Access, KeyFacts, Profile, Seller, Shop, ShopState
from bot.core.table_file import Changes, Host, Invitation, SharingWish, Trouble
from bot.core.vitals import NightState, Vitals

AnySnapshot = Snapshot[Any]


class Unfinished(Transient):
    """A source needs a long wait; `so_far` is what it has brought already, if that is of use."""

    def __init__(
        self,
        code: Code,
        detail: str = "",
        *,
        retry_after_seconds: float | None = None,
        so_far: AnySnapshot | None = None,
    ) -> None:
        super().__init__(code, detail, retry_after_seconds=retry_after_seconds)
        self.so_far = so_far


class Superseded(Transient):
    """The shop's fence has moved on: whatever this step holds is worthless now."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(Code.SUPERSEDED, detail)


# ── a marketplace ────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Memory:
    """What one source of one run has kept: its cursor, and the answers so far in their order."""

    cursor: Mapping[str, str | int] = field(default_factory=dict)
    pages: Sequence[bytes] = ()


class Memo(Protocol):
    """The notebook of one source in one run; it survives a restart."""

    async def recall(self) -> Memory:
        """Return what was kept."""
        ...

    async def keep(self, cursor: Mapping[str, str | int], page: bytes | None = None) -> None:
        """Replace the cursor and append `page` in one step. Raises: Superseded."""
        ...

    async def forget(self) -> None:
        """Drop cursor and pages (a report is gone and is made anew). Raises: Superseded."""
        ...


@dataclass(frozen=True, slots=True)
class Bucket:
    """Whose calls of which method are counted together."""

    sid: str
    method: str
    kind: str


@dataclass(frozen=True, slots=True)
class Allowance:
    """A token bucket: `burst` calls at once, one back every `interval_seconds`."""

    interval_seconds: float
    burst: int


class CallBudget(Protocol):
    """The calls that a marketplace allows; survives a restart and is shared by processes."""

    async def take(self, bucket: Bucket, allowance: Allowance) -> float:
        """Debit one call and return 0.0, or debit nothing and return the seconds to wait."""
        ...

    async def block(self, bucket: Bucket, seconds: float) -> None:
        """Allow no call of this bucket for that long: the marketplace said so."""
        ...


class Marketplace(Protocol):
    """A marketplace, seen from the use cases."""

    def read_key(self, text: str) -> Access:
        """Return what a pasted text says of itself, without asking anybody.

        Raises:
            SellerMustAct: malformed, expired, a test key, another service's, or lacking a right.
        """
        ...

    async def verify(self, access: Access) -> None:
        """Ask the marketplace by its cheapest calls whether the key lives.

        Raises:
            SellerMustAct: the marketplace refuses the key.
            Transient: it could not be asked; the key is neither good nor bad.
        """
        ...

    async def shop_name(self, access: Access) -> str | None:
        """Return the shop's name, `None` when the marketplace has none or will not tell now."""
        ...

    def sources(self, facts: KeyFacts) -> Sequence[Source]:
        """Return the sources that a key of this kind and rights may be asked for."""
        ...

    async def collect(
        self, source: Source, access: Access, period: Period, memo: Memo
    ) -> AnySnapshot:
        """Bring one source whole; answers are kept in `memo` as they come.

        Raises:
            SellerMustAct: the key was refused.
            Unfinished: a long wait is due; call again with the same memo afterwards.
            Transient: it did not answer; short retries are spent.
            Defect: the answer no longer has the shape that we know, or the method is closed.
        """
        ...


# ── outputs ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class TableState:
    """What is remembered of a shop's table: its link, and the publisher's own notes (JSON).

    `file_id` names the file at the vendor; no two shops have the same one. `sharing` and
    `trouble` are not the publisher's: storing a state leaves them as they are.
    """

    url: str | None = None
    notes: Mapping[str, Any] = field(default_factory=dict)
    file_id: str | None = None
    sharing: SharingWish = field(default_factory=SharingWish)
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a shop's table goes. `reader_email` is never logged."""

    shop_id: int
    title: str
    reader_email: str = field(repr=False)
    state: TableState = field(default_factory=TableState)


class TablePublisher(Protocol):
    """A table that lives somewhere and is written again with every refresh (Google Sheets)."""

    async def publish(
        self,
        report: Report,
        destination: Destination,
        keep: Callable[[TableState], Awaitable[None]],
        *,
        urgent: bool = False,
    ) -> TableState:
        """Create the table if it is not there yet, write `report`, return the new state.

        `keep` stores a state in between (an intent before a step that cannot be repeated).
        `urgent`: a person waits. Where no file can be made the state comes back without a link.

        Raises:
            SellerMustAct: the file is gone, closed to us or protected.
            Transient: Google is away or its quota is spent.
            Defect: a refusal that is our fault or the operator's.
        """
        ...

    async def leave(self, destination: Destination) -> None:
        """Go away for good: our own file is deleted, from a seller's own we take our access.

        A file that is gone already, or closed to us, is left in peace.

        Raises:
            Transient: Google is away.
            Defect: a refusal that is our fault or the operator's.
        """
        ...


class TableFiles(Protocol):
    """The files behind the tables: a seller's own ones, who may see them, what became of them."""

    def host(self, shop_id: int) -> Host | None:
        """Return the account that would work in a file of the seller's; `None`: nobody can."""
        ...

    async def examine(
        self, invitation: Invitation, file_id: str, before: TableState
    ) -> TableState:
        """Look whether a seller's file can hold his table; return what to store. Writes nothing.

        Raises:
            SellerMustAct: no table of Google's, no access, read-only, or a wrong code in A1.
            Transient: Google is away.
        """
        ...

    def anew(self, state: TableState) -> TableState:
        """Return the state of a table that is to be made once more, in a file of its own."""
        ...

    def is_sellers_own(self, state: TableState) -> bool:
        """Say whether the file is one that the seller made himself."""
        ...

    async def share(self, destination: Destination) -> Mapping[str, Any]:
        """Give and take access as `destination.state.sharing` says; return the changed notes.

        Raises:
            SellerMustAct: the file is gone.
            Transient: Google is away.
        """
        ...

    async def restore(self, destination: Destination) -> None:
        """Take the file out of the bin.

        Raises:
            SellerMustAct: only the seller can, or it is gone.
            Transient: Google is away.
        """
        ...

    async def changes(self, bookmarks: Mapping[str, str]) -> Changes:
        """Return what has happened to files since these bookmarks; none yet: from now on.

        Raises:
            Transient: Google is away.
            Defect: a refusal that is the operator's matter.
        """
        ...


class WorkbookMaker(Protocol):
    """The same table as a file (.xlsx)."""

    async def make(self, report: Report) -> bytes:
        """Return the file's bytes."""
        ...


# ── what we remember ─────────────────────────────────────────────────────────────────────────


class SellerStore(Protocol):
    """Registered people; personal data are sealed at rest."""

    async def add(
        self, telegram_id: int, profile: Profile, *, language: str, consented_at: datetime
    ) -> Seller:
        """Register a person, or replace the profile of one who is."""
        ...

    async def by_telegram_id(self, telegram_id: int) -> Seller | None:
        """Return the seller of a Telegram user."""
        ...

    async def by_id(self, seller_id: int) -> Seller | None:
        """Return a seller."""
        ...

    async def set_blocked(self, telegram_id: int, at: datetime | None) -> None:
        """Remember that the user blocked the bot (or, with None, that he is back)."""
        ...

    async def erase(self, seller_id: int) -> None:
        """Erase a seller with shops, keys, figures, runs and messages; nothing of him stays."""
        ...


class ShopStore(Protocol):
    """Shops and their keys; keys are sealed at rest and bound to their shop."""

    async def connect(self, seller_id: int, access: Access, *, now: datetime) -> Shop:
        """Store a key: of a new sid a new shop, of a known one it replaces the old key.

        Replacing bumps the fence and closes the open run.
        """
        ...

    async def of_seller(self, seller_id: int) -> Sequence[Shop]:
        """Return a seller's shops by number."""
        ...

    async def by_id(self, shop_id: int) -> Shop | None:
        """Return a shop."""
        ...

    async def access(self, shop_id: int) -> Access | None:
        """Unseal the shop's key; `None` without one."""
        ...

    async def rename(self, shop_id: int, name: str) -> None:
        """Set the shop's name."""
        ...

    async def delete_key(self, shop_id: int, *, now: datetime) -> None:
        """Erase the key; shop and table stay. Bumps the fence, closes the open run."""
        ...

    async def set_period(self, shop_id: int, days: int, *, now: datetime) -> None:
        """Set the length of the period. Bumps the fence, closes the open run."""
        ...

    async def set_paused(self, shop_id: int, *, paused: bool, now: datetime) -> None:
        """Pause or resume the nights. Pausing bumps the fence and closes the open run."""
        ...

    async def set_uncounted(self, shop_id: int, warehouses: Collection[str]) -> None:
        """Set the warehouses whose stock is not counted in totals and turnover."""
        ...

    async def set_state(self, claim: Claim, state: ShopState) -> None:
        """Mark that the key no longer opens the shop. Raises: Superseded."""
        ...

    async def eligible(self, before: datetime, gone_since: datetime) -> Sequence[Shop]:
        """Return shops for the night, by id.

        A live key, not paused, connected before `before`, and its seller has not blocked the bot
        since before `gone_since`.
        """
        ...


class RunStore(Protocol):
    """Runs and leases: the database is the schedule's memory.

    Methods that take a `Claim` check the shop's fence and raise `Superseded` when it moved on.
    """

    async def ensure_nightly(
        self, day: date, shops: Sequence[Shop], *, now: datetime, spread_seconds: float = 0.0
    ) -> int:
        """Give each of these shops its nightly run of `day`; return how many were made.

        An open run of an earlier day is superseded (fence bumped, its progress message handed
        on); an open run of the same day becomes the nightly one. Doing it twice changes nothing.
        New ones are due within `spread_seconds` from now, always at the same place for a shop.
        """
        ...

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

        `outcomes` are what the sources of a new run have come to already.
        """
        ...

    async def open_run(self, shop_id: int) -> Run | None:
        """Return the shop's open run."""
        ...

    async def last_finished(self, shop_id: int) -> Run | None:
        """Return the newest run that is done, failed or waits for the seller."""
        ...

    async def by_id(self, run_id: int) -> Run | None:
        """Return a run."""
        ...

    async def set_progress(self, run_id: int, message: ProgressMessage) -> None:
        """Remember the chat message that shows this run."""
        ...

    async def claim(self, owner: str, *, now: datetime, lease_seconds: float) -> Claim | None:
        """Lease the next shop whose open run is due: people who wait first, then the oldest.

        Every claim bumps the fence, so that no older claim passes, not even the owner's own;
        taking over an expired lease counts as one crash.
        """
        ...

    async def heartbeat(
        self,
        owner: str,
        *,
        now: datetime,
        lease_seconds: float,
        shop_ids: Collection[int] | None = None,
    ) -> None:
        """Prolong the leases of `owner`: all of them, or those of the shops that it works now.

        Naming them lets a lease run out whose claim, or whose giving back, was lost on the way.
        """
        ...

    async def next_due(self) -> datetime | None:
        """Return when the next unleased open run wants to be worked."""
        ...

    async def note_outcomes(self, claim: Claim, outcomes: Mapping[Source, SourceOutcome]) -> None:
        """Store how far each source has come."""
        ...

    async def note_published(self, claim: Claim, at: datetime) -> None:
        """Remember that this run has published its figures."""
        ...

    async def postpone(
        self,
        claim: Claim,
        until: datetime,
        *,
        problem: Code | None,
        counts: bool,
        notices: Sequence[Notice] = (),
    ) -> None:
        """Give the lease back; the run is due again at `until`. `counts`: one more attempt.

        `notices` go into the outbox with it.
        """
        ...

    async def finish(
        self,
        claim: Claim,
        status: RunStatus,
        *,
        problem: Code | None,
        at: datetime,
        notices: Sequence[Notice] = (),
    ) -> None:
        """Close the run, give the lease back and put `notices` into the outbox, all at once."""
        ...

    async def release(self, owner: str) -> None:
        """Give back every lease of `owner` (an orderly stop); the runs stay due."""
        ...

    async def check(self, claim: Claim) -> None:
        """Raise `Superseded` unless the claim still holds."""
        ...

    def memo(self, claim: Claim, source: Source) -> Memo:
        """Return the notebook of one source in this run."""
        ...


class SnapshotStore(Protocol):
    """The last good answer of each source, keyed by shop, sid, source and period length."""

    async def load(self, shop_id: int, sid: str, period_days: int) -> Snapshots:
        """Return what the shop last learned."""
        ...

    async def replace(self, claim: Claim, sid: str, period_days: int, got: AnySnapshot) -> None:
        """Put a new answer in the place of the old one. Raises: Superseded."""
        ...


@dataclass(frozen=True, slots=True)
class StoredTable:
    """A shop's table: what it has shown so far, and what the publisher remembers of it."""

    layout: Layout = field(default_factory=Layout)
    state: TableState = field(default_factory=TableState)


class TableStore(Protocol):
    """Today's figures, their history, and the table that shows them."""

    async def save_figures(self, claim: Claim, figures: "StoredFigures", day: HistoryRow) -> None:
        """Store the products of today, the shop's day and the layout. Raises: Superseded."""
        ...

    async def figures(self, shop_id: int) -> "StoredFigures | None":
        """Return the figures as last stored; `None` before the first time."""
        ...

    async def history(self, shop_id: int, *, last: int) -> Sequence[HistoryRow]:
        """Return the newest `last` days, oldest first."""
        ...

    async def table(self, shop_id: int) -> StoredTable:
        """Return the shop's table; an empty one before the first publishing."""
        ...

    async def save_state(self, claim: Claim, state: TableState) -> None:
        """Store what the publisher remembers. Raises: Superseded."""
        ...

    async def state(self, shop_id: int) -> TableState:
        """Return what is remembered of the shop's table, without its rows."""
        ...

    async def put_state(self, shop_id: int, state: TableState, *, now: datetime) -> None:
        """Give the shop another file, or none yet. Bumps the fence, closes the open run.

        Raises:
            SellerMustAct: `SHEET_TAKEN`, another shop has this file.
        """
        ...

    async def set_sharing(self, shop_id: int, wish: SharingWish) -> None:
        """Remember who may see the table."""
        ...

    async def set_trouble(self, shop_id: int, trouble: Trouble | None) -> None:
        """Remember that the table waits for the seller, or that it no longer does."""
        ...

    async def note(self, shop_id: int, notes: Mapping[str, Any]) -> None:
        """Change some of the publisher's notes; a running refresh may still overwrite them."""
        ...

    async def shops_of_files(self, file_ids: Collection[str]) -> Mapping[str, int]:
        """Return which of these files are tables, by shop."""
        ...


@dataclass(frozen=True, slots=True)
class StoredFigures:
    """Everything that a report is built from without asking a marketplace."""

    metrics: Sequence[ProductMetrics]
    layout: Layout
    period: Period
    at: datetime
    is_partial: bool
    about: Sequence[tuple[str, str]]


class Outbox(Protocol):
    """Messages that are owed to people; written with the change that they speak of."""

    async def put(self, notice: Notice) -> None:
        """Owe one more message; nothing happens when its dedupe key was used before."""
        ...

    async def due(self, *, now: datetime, limit: int) -> Sequence[Notice]:
        """Return undelivered messages whose time has come, oldest first."""
        ...

    async def started(self, notice: Notice, *, until: datetime) -> bool:
        """Count one attempt before the message goes out; its outcome is in doubt until told.

        False: another process has begun it meanwhile. Nobody else sees it before `until`.
        """
        ...

    async def give_up_person(self, telegram_id: int) -> None:
        """Close everything that is owed to a person who cannot be written to."""
        ...

    async def settle(self, notice_id: int, *, delivered: bool) -> None:
        """Close a message: delivered, or given up."""
        ...

    async def postpone(self, notice_id: int, until: datetime) -> None:
        """Try again later; the outcome is no longer in doubt."""
        ...


class VitalSigns(Protocol):
    """How the service is, for the operator's pages and his alarms."""

    async def read(self, now: datetime) -> Vitals:
        """Return how everything is now."""
        ...

    async def night(self, day: date, *, began: datetime, now: datetime) -> NightState:
        """Return how far the night of `day` has come, which began at `began`."""
        ...


class Drafts(Protocol):
    """Half-typed forms of a dialogue; their contents are sealed at rest."""

    async def load(self, key: str) -> tuple[str | None, Mapping[str, Any]]:
        """Return the state's name and what was typed so far."""
        ...

    async def save_state(self, key: str, state: str | None, *, now: datetime) -> None:
        """Set the state's name."""
        ...

    async def save_answers(self, key: str, answers: Mapping[str, Any], *, now: datetime) -> None:
        """Replace what was typed so far."""
        ...


class Bookmarks(Protocol):
    """Places in a vendor's list of changes; they belong to no shop."""

    async def load(self) -> Mapping[str, str]:
        """Return all of them."""
        ...

    async def save(self, bookmarks: Mapping[str, str]) -> None:
        """Set these; others stay."""
        ...


class Invites(Protocol):
    """Invitations, each for one person; a token itself is not kept."""

    async def add(self, token: str, made_by: int, *, now: datetime, expires_at: datetime) -> None:
        """Store an invitation of an admin."""
        ...

    async def is_good(self, token: str, telegram_id: int, *, now: datetime) -> bool:
        """Say whether this person may register by it."""
        ...

    async def redeem(self, token: str, telegram_id: int, *, now: datetime) -> bool:
        """Give the invitation to this person alone; say whether it is his."""
        ...


class Locks(Protocol):
    """Named locks between the processes of one database; a lock not prolonged runs out."""

    async def hold(self, name: str, owner: str, *, seconds: float) -> bool:
        """Take the lock, or prolong it when it is ours; False while somebody else holds it."""
        ...

    async def let_go(self, name: str, owner: str) -> None:
        """Give the lock back if it is ours."""
        ...

    async def is_held(self, name: str) -> bool:
        """Say whether somebody holds the lock now."""
        ...


# ── people ───────────────────────────────────────────────────────────────────────────────────


class Messenger(Protocol):
    """The way to a person; Telegram today."""

    async def show_progress(self, run: Run) -> None:
        """Show how far a run has come in its message; best effort, never raises."""
        ...

    async def deliver(self, notice: Notice) -> None:
        """Send one notice.

        Raises:
            SellerMustAct: the person has blocked us; nothing more can be sent.
            Transient: it did not go out, or nobody knows (`Code.TELEGRAM_FAILED`).
        """
        ...


class Gate(Protocol):
    """May this shop be refreshed? Billing will answer one day; today everybody may."""

    async def allows(self, shop: Shop) -> bool:
        """Say yes or no."""
        ...


Observe = Callable[[Event], None]

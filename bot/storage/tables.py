"""Every table. What is sealed is listed in `SEALED`; nothing else may hold personal data."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.core.runs import RunKind, RunStatus
from bot.core.sellers import DEFAULT_MORNING_HOUR, ShopState
from bot.storage.columns import Id, Utc, VendorText, one_of
from bot.storage.vault import Purpose

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _shop_id(*, primary_key: bool = False) -> Column[int]:
    owner = ForeignKey("shops.id", ondelete="CASCADE")
    return Column("shop_id", Id, owner, primary_key=primary_key, nullable=False)


def _run_id() -> Column[int]:
    return Column("run_id", Id, ForeignKey("runs.id", ondelete="CASCADE"), nullable=False)


sellers = Table(
    "sellers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("telegram_id", BigInteger, nullable=False, unique=True),
    Column("profile_sealed", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("morning_hour", SmallInteger, nullable=False, server_default=str(DEFAULT_MORNING_HOUR)),
    Column("consented_at", Utc),
    Column("blocked_at", Utc),
    Column("erasing_at", Utc),
    CheckConstraint("morning_hour BETWEEN 0 AND 23", name="morning_hour"),
    sqlite_autoincrement=True,  # an id is never given twice, also after an erasure
)

shops = Table(
    "shops",
    metadata,
    Column("id", Id, primary_key=True),
    Column("seller_id", Id, ForeignKey("sellers.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("sid", Text, nullable=False),
    Column("name_sealed", Text),
    Column("state", String(16), nullable=False),
    Column("connected_at", Utc, nullable=False),
    Column("period_days", SmallInteger, nullable=False),
    Column("paused", Boolean, nullable=False, server_default=text("false")),
    Column("uncounted", JSON, nullable=False),
    Column("key_sealed", Text),
    Column("key_kind", SmallInteger),
    Column("key_rights", JSON, nullable=False),
    Column("key_expires_at", Utc),
    Column("fence", BigInteger, nullable=False, server_default="0"),
    Column("lease_owner", Text),
    Column("lease_until", Utc),
    UniqueConstraint("seller_id", "number"),
    UniqueConstraint("seller_id", "sid"),
    one_of("state", ShopState),
    CheckConstraint("period_days BETWEEN 1 AND 365", name="period_days"),
    CheckConstraint("(lease_owner IS NULL) = (lease_until IS NULL)", name="lease"),
    CheckConstraint("state = 'without_key' OR key_sealed IS NOT NULL", name="key"),
    Index(None, "lease_owner"),
    sqlite_autoincrement=True,
)

_OPEN = text("status = 'open'")
_NIGHTLY = text("kind = 'nightly'")

runs = Table(
    "runs",
    metadata,
    Column("id", Id, primary_key=True),
    _shop_id(),
    Column("day", Date, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("status", String(16), nullable=False),
    Column("awaited", Boolean, nullable=False),  # a person waits: goes before the night's own
    Column("period_days", SmallInteger, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("next_try_at", Utc, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("problem", Text),
    Column("progress_chat_id", BigInteger),
    Column("progress_message_id", BigInteger),
    Column("outcomes", JSON, nullable=False),
    Column("published_at", Utc),
    Column("finished_at", Utc),
    Column("crashes", Integer, nullable=False, server_default="0"),  # since it last came further
    one_of("kind", RunKind),
    one_of("status", RunStatus),
    CheckConstraint("(status = 'open') = (finished_at IS NULL)", name="finished"),
    Index(None, "shop_id"),
    Index(
        "uq_runs_nightly",
        "shop_id",
        "day",
        unique=True,
        sqlite_where=_NIGHTLY,
        postgresql_where=_NIGHTLY,
    ),
    Index("uq_runs_open", "shop_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("ix_runs_due", "next_try_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
    sqlite_autoincrement=True,
)

run_cursors = Table(
    "run_cursors",
    metadata,
    _run_id(),
    Column("source", String(32), nullable=False),
    Column("cursor", JSON, nullable=False),
    PrimaryKeyConstraint("run_id", "source"),
)

run_pages = Table(
    "run_pages",
    metadata,
    _run_id(),
    Column("source", String(32), nullable=False),
    Column("position", Integer, nullable=False),
    Column("page", LargeBinary, nullable=False),
    PrimaryKeyConstraint("run_id", "source", "position"),
)

snapshots = Table(
    "snapshots",
    metadata,
    _shop_id(),
    Column("sid", Text, nullable=False),
    Column("source", String(32), nullable=False),
    Column("period_days", SmallInteger, nullable=False),  # 0 for stock, which has no period
    Column("complete", Boolean, nullable=False),
    Column("first_day", Date),
    Column("last_day", Date),
    Column("taken_at", Utc, nullable=False),
    Column("emptied_in_run", BigInteger),
    Column("cards", Integer, nullable=False),
    Column("rows", LargeBinary, nullable=False),
    PrimaryKeyConstraint("shop_id", "sid", "source", "period_days", "complete"),
    CheckConstraint("(period_days = 0) = (first_day IS NULL)", name="period"),
)

figures = Table(
    "figures",
    metadata,
    _shop_id(primary_key=True),
    Column("run_id", BigInteger, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("at", Utc, nullable=False),
    Column("is_partial", Boolean, nullable=False),
    Column("about", JSON, nullable=False),
    Column("words", JSON, nullable=False),  # the texts that the products' figures refer to
)

products = Table(
    "products",
    metadata,
    _shop_id(),
    Column("nm_id", BigInteger, nullable=False),
    Column("position", Integer, nullable=False),
    Column("brand", VendorText, nullable=False),
    Column("subject", VendorText, nullable=False),
    Column("vendor_code", VendorText, nullable=False),
    Column("figures", LargeBinary),  # none: the product has vanished
    Column("run_id", BigInteger, nullable=False),
    PrimaryKeyConstraint("shop_id", "nm_id"),
)

places = Table(
    "places",
    metadata,
    _shop_id(),
    Column("position", Integer, nullable=False),
    Column("name", VendorText, nullable=False),
    Column("has_stock_rows", Boolean, nullable=False),
    PrimaryKeyConstraint("shop_id", "position"),
)

shop_days = Table(
    "shop_days",
    metadata,
    _shop_id(),
    Column("day", Date, nullable=False),  # the period's last day
    Column("products", Integer, nullable=False),
    Column("stock", BigInteger),
    Column("orders", BigInteger),
    Column("in_transit", BigInteger),
    Column("sold_out", Integer, nullable=False),
    Column("period_days", SmallInteger, nullable=False),
    Column("at", Utc, nullable=False),
    Column("rows", LargeBinary, nullable=False),
    PrimaryKeyConstraint("shop_id", "day"),
)

shop_tables = Table(
    "shop_tables",
    metadata,
    _shop_id(primary_key=True),
    Column("state_sealed", Text, nullable=False),  # a publisher may note whom it shared with
    Column("file_hash", String(64)),
    Index("uq_shop_tables_file_hash", "file_hash", unique=True),
)

budgets = Table(
    "budgets",
    metadata,
    Column("sid_hash", String(64), nullable=False),
    Column("method", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("arrival_us", BigInteger, nullable=False),  # µs since 1970: GCRA's theoretical arrival
    Column("blocked_until_us", BigInteger, nullable=False),
    PrimaryKeyConstraint("sid_hash", "method", "kind"),
)

_PENDING = text("status = 'pending'")

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("telegram_id", BigInteger, nullable=False),
    Column("dedupe_key", Text, nullable=False, unique=True),
    Column("collapse_key", Text),
    Column("payload", JSON, nullable=False),
    Column("not_before", Utc, nullable=False),
    Column("expires_at", Utc, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("in_doubt", Boolean, nullable=False, server_default=text("false")),
    Column("status", String(16), nullable=False, server_default="pending"),
    CheckConstraint(
        "status IN ('pending', 'delivered', 'given_up', 'expired', 'replaced')", name="status"
    ),
    Index(None, "telegram_id"),
    Index("ix_outbox_due", "not_before", sqlite_where=_PENDING, postgresql_where=_PENDING),
    sqlite_autoincrement=True,
)

drafts = Table(
    "drafts",
    metadata,
    Column("key", Text, primary_key=True),
    Column("state", Text),
    Column("answers_sealed", Text),
    Column("updated_at", Utc, nullable=False),
)


locks = Table(
    "locks",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("owner", Text, nullable=False),
    Column("until", Utc, nullable=False),
)

bookmarks = Table(
    "bookmarks",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("place", Text, nullable=False),
)


invites = Table(
    "invites",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("made_by", BigInteger, nullable=False),
    Column("used_by", BigInteger),
    Column("expires_at", Utc, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Sealed:
    """One sealed column, the column that holds its owner, and its purpose."""

    table: Table
    column: Column[Any]
    owner: Column[Any]
    purpose: Purpose


SEALED = (
    Sealed(sellers, sellers.c.profile_sealed, sellers.c.id, Purpose.PROFILE),
    Sealed(shops, shops.c.key_sealed, shops.c.id, Purpose.SHOP_KEY),
    Sealed(shops, shops.c.name_sealed, shops.c.id, Purpose.SHOP_NAME),
    Sealed(shop_tables, shop_tables.c.state_sealed, shop_tables.c.shop_id, Purpose.TABLE_STATE),
    Sealed(drafts, drafts.c.answers_sealed, drafts.c.key, Purpose.DRAFT),
)

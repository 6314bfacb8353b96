"""The whole schema.

Revision: 0001
Revises: nothing
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("status = 'open'")
PENDING = sa.text("status = 'pending'")
NIGHTLY = sa.text("kind = 'nightly'")


def upgrade() -> None:
    op.create_table(
        "budgets",
        sa.Column("sid_hash", sa.String(length=64), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("arrival_us", sa.BigInteger(), nullable=False),
        sa.Column("blocked_until_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sid_hash", "method", "kind", name=op.f("pk_budgets")),
    )
    op.create_table(
        "locks",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_locks")),
    )
    op.create_table(
        "drafts",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text()),
        sa.Column("answers_sealed", sa.Text()),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_drafts")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("collapse_key", sa.Text()),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("not_before", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("in_doubt", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("status", sa.String(length=16), server_default="pending", nullable=False),
        sa.CheckConstraint(
            "status IN ('pending', 'delivered', 'given_up', 'expired', 'replaced')",
            name=op.f("ck_outbox_status"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_dedupe_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_outbox_due", "outbox", ["not_before"], sqlite_where=PENDING, postgresql_where=PENDING
    )
    op.create_index(op.f("ix_outbox_telegram_id"), "outbox", ["telegram_id"])
    op.create_table(
        "sellers",
        sa.Column("id", ID, nullable=False),
        sa.Column("telegram_id", sa.BigInteger(), nullable=False),
        sa.Column("profile_sealed", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("morning_hour", sa.SmallInteger(), server_default="9", nullable=False),
        sa.Column("consented_at", MOMENT),
        sa.Column("blocked_at", MOMENT),
        sa.CheckConstraint("morning_hour BETWEEN 0 AND 23", name=op.f("ck_sellers_morning_hour")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sellers")),
        sa.UniqueConstraint("telegram_id", name=op.f("uq_sellers_telegram_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "shops",
        sa.Column("id", ID, nullable=False),
        sa.Column("seller_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("name_sealed", sa.Text()),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("connected_at", MOMENT, nullable=False),
        sa.Column("period_days", sa.SmallInteger(), nullable=False),
        sa.Column("paused", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("uncounted", sa.JSON(), nullable=False),
        sa.Column("key_sealed", sa.Text()),
        sa.Column("key_kind", sa.SmallInteger()),
        sa.Column("key_rights", sa.JSON(), nullable=False),
        sa.Column("key_expires_at", MOMENT),
        sa.Column("fence", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("lease_owner", sa.Text()),
        sa.Column("lease_until", MOMENT),
        sa.CheckConstraint(
            "state = 'without_key' OR key_sealed IS NOT NULL", name=op.f("ck_shops_key")
        ),
        sa.CheckConstraint(
            "state IN ('live', 'needs_key', 'without_key')", name=op.f("ck_shops_state")
        ),
        sa.CheckConstraint(
            "(lease_owner IS NULL) = (lease_until IS NULL)", name=op.f("ck_shops_lease")
        ),
        sa.CheckConstraint("period_days BETWEEN 1 AND 365", name=op.f("ck_shops_period_days")),
        sa.ForeignKeyConstraint(
            ["seller_id"],
            ["sellers.id"],
            name=op.f("fk_shops_seller_id_sellers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shops")),
        sa.UniqueConstraint("seller_id", "number", name=op.f("uq_shops_seller_id_number")),
        sa.UniqueConstraint("seller_id", "sid", name=op.f("uq_shops_seller_id_sid")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_shops_lease_owner"), "shops", ["lease_owner"])
    op.create_table(
        "figures",
        sa.Column("shop_id", ID, nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("is_partial", sa.Boolean(), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_figures_shop_id_shops"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("shop_id", name=op.f("pk_figures")),
    )
    op.create_table(
        "places",
        sa.Column("shop_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("has_stock_rows", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_places_shop_id_shops"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("shop_id", "position", name=op.f("pk_places")),
    )
    op.create_table(
        "products",
        sa.Column("shop_id", ID, nullable=False),
        sa.Column("nm_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("vendor_code", sa.Text(), nullable=False),
        sa.Column("figures", sa.LargeBinary()),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_products_shop_id_shops"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("shop_id", "nm_id", name=op.f("pk_products")),
    )
    op.create_table(
        "runs",
        sa.Column("id", ID, nullable=False),
        sa.Column("shop_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("awaited", sa.Boolean(), nullable=False),
        sa.Column("period_days", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("next_try_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("problem", sa.Text()),
        sa.Column("progress_chat_id", sa.BigInteger()),
        sa.Column("progress_message_id", sa.BigInteger()),
        sa.Column("outcomes", sa.JSON(), nullable=False),
        sa.Column("published_at", MOMENT),
        sa.Column("finished_at", MOMENT),
        sa.CheckConstraint(
            "(status = 'open') = (finished_at IS NULL)", name=op.f("ck_runs_finished")
        ),
        sa.CheckConstraint(
            "kind IN ('nightly', 'tapped', 'first', 'admin')", name=op.f("ck_runs_kind")
        ),
        sa.CheckConstraint(
            "status IN ('open', 'done', 'failed', 'needs_seller', 'superseded')",
            name=op.f("ck_runs_status"),
        ),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_runs_shop_id_shops"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_runs_due", "runs", ["next_try_at"], sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_index(op.f("ix_runs_shop_id"), "runs", ["shop_id"])
    op.create_index(
        "uq_runs_nightly",
        "runs",
        ["shop_id", "day"],
        unique=True,
        sqlite_where=NIGHTLY,
        postgresql_where=NIGHTLY,
    )
    op.create_index(
        "uq_runs_open", "runs", ["shop_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_table(
        "shop_days",
        sa.Column("shop_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("products", sa.Integer(), nullable=False),
        sa.Column("stock", sa.BigInteger()),
        sa.Column("orders", sa.BigInteger()),
        sa.Column("in_transit", sa.BigInteger()),
        sa.Column("sold_out", sa.Integer(), nullable=False),
        sa.Column("period_days", sa.SmallInteger(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("rows", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_shop_days_shop_id_shops"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("shop_id", "day", name=op.f("pk_shop_days")),
    )
    op.create_table(
        "shop_tables",
        sa.Column("shop_id", ID, nullable=False),
        sa.Column("state_sealed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"],
            ["shops.id"],
            name=op.f("fk_shop_tables_shop_id_shops"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("shop_id", name=op.f("pk_shop_tables")),
    )
    op.create_table(
        "snapshots",
        sa.Column("shop_id", ID, nullable=False),
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("period_days", sa.SmallInteger(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("first_day", sa.Date()),
        sa.Column("last_day", sa.Date()),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("emptied_in_run", sa.BigInteger()),
        sa.Column("cards", sa.Integer(), nullable=False),
        sa.Column("rows", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "(period_days = 0) = (first_day IS NULL)", name=op.f("ck_snapshots_period")
        ),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_snapshots_shop_id_shops"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "shop_id", "sid", "source", "period_days", "complete", name=op.f("pk_snapshots")
        ),
    )
    op.create_table(
        "run_cursors",
        sa.Column("run_id", ID, nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("cursor", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name=op.f("fk_run_cursors_run_id_runs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "source", name=op.f("pk_run_cursors")),
    )
    op.create_table(
        "run_pages",
        sa.Column("run_id", ID, nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("page", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name=op.f("fk_run_pages_run_id_runs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "source", "position", name=op.f("pk_run_pages")),
    )


def downgrade() -> None:
    op.drop_table("run_pages")
    op.drop_table("run_cursors")
    op.drop_table("snapshots")
    op.drop_table("shop_tables")
    op.drop_table("shop_days")
    op.drop_table("runs")
    op.drop_table("products")
    op.drop_table("places")
    op.drop_table("figures")
    op.drop_table("shops")
    op.drop_table("sellers")
    op.drop_table("outbox")
    op.drop_table("drafts")
    op.drop_table("locks")
    op.drop_table("budgets")

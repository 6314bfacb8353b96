"""Which file is whose, and how far a vendor's list of changes was read.

Revision: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("shop_tables", sa.Column("file_hash", sa.String(length=64)))
    op.create_index("uq_shop_tables_file_hash", "shop_tables", ["file_hash"], unique=True)
    op.create_table(
        "bookmarks",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_bookmarks")),
    )


def downgrade() -> None:
    op.drop_table("bookmarks")
    op.drop_index("uq_shop_tables_file_hash", "shop_tables")
    op.drop_column("shop_tables", "file_hash")

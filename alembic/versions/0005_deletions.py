"""Whose account is being deleted.

Revision: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sellers", sa.Column("erasing_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("sellers", "erasing_at")

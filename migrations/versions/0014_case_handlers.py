"""case handlers."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("cases", sa.Column("handler", sa.String(length=40), server_default="", nullable=False))
    op.create_index("ix_cases_handler", "cases", ["handler"])


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_cases_handler", table_name="cases")
    op.drop_column("cases", "handler")

"""how often WeChat says articles were read."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "read_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("said", sa.String(length=200), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ask_after", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_read_days")),
    )
    op.create_table(
        "article_reads",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("data_id", sa.String(length=32), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("readers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "data_id", "place", name=op.f("pk_article_reads")),
    )
    with op.batch_alter_table("campaign_sends", schema=None) as batch:
        batch.add_column(sa.Column("data_id", sa.String(length=32), nullable=True))
        batch.create_index(batch.f("ix_campaign_sends_data_id"), ["data_id"])


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("campaign_sends", schema=None) as batch:
        batch.drop_index(batch.f("ix_campaign_sends_data_id"))
        batch.drop_column("data_id")
    op.drop_table("article_reads")
    op.drop_table("read_days")

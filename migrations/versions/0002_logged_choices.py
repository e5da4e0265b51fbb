"""logged choices."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "logged_choices",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("query", sa.String(length=60), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("offered_count", sa.Integer(), nullable=False),
        sa.Column("was_found", sa.Boolean(), nullable=False),
        sa.Column("chosen_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_logged_choices_enterprise_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_logged_choices")),
    )
    with op.batch_alter_table("logged_choices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_logged_choices_chosen_on"), ["chosen_on"], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("logged_choices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_logged_choices_chosen_on"))

    op.drop_table("logged_choices")

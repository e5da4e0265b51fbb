"""hotline papers."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "hotline_nonces",
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("nonce", name=op.f("pk_hotline_nonces")),
    )
    with op.batch_alter_table("hotline_nonces", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hotline_nonces_seen_at"), ["seen_at"], unique=False)

    op.create_table(
        "paper_numbering",
        sa.Column("form", sa.String(length=24), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("form", "year", name=op.f("pk_paper_numbering")),
    )
    op.create_table(
        "hotline_statuses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("remote_number", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=100), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_hotline_statuses_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hotline_statuses")),
        sa.UniqueConstraint("key", name=op.f("uq_hotline_statuses_key")),
    )
    with op.batch_alter_table("hotline_statuses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hotline_statuses_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_hotline_statuses_course", ["case_id", "occurred_at", "sequence"], unique=False)
        batch_op.create_index(batch_op.f("ix_hotline_statuses_number"), ["number"], unique=False)
        batch_op.create_index(batch_op.f("ix_hotline_statuses_outcome"), ["outcome"], unique=False)
        batch_op.create_index(batch_op.f("ix_hotline_statuses_remote_number"), ["remote_number"], unique=False)

    op.create_table(
        "issued_papers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("major_event_id", sa.Integer(), nullable=True),
        sa.Column("form", sa.String(length=24), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("content_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("issued_by", sa.String(length=40), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_issued_papers_case_id")),
        sa.ForeignKeyConstraint(["major_event_id"], ["major_events.id"], name=op.f("fk_issued_papers_major_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_papers")),
        sa.UniqueConstraint("form", "year", "serial", name=op.f("uq_issued_papers_form_year_serial")),
    )
    with op.batch_alter_table("issued_papers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issued_papers_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_issued_papers_issued_at"), ["issued_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_issued_papers_major_event_id"), ["major_event_id"], unique=False)

    op.create_table(
        "hotline_sendings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_owner", sa.String(length=64), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=200), nullable=True),
        sa.Column("remote_number", sa.String(length=64), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_hotline_sendings_case_id")),
        sa.ForeignKeyConstraint(["event_id"], ["case_events.id"], name=op.f("fk_hotline_sendings_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hotline_sendings")),
        sa.UniqueConstraint("event_id", name=op.f("uq_hotline_sendings_event_id")),
        sa.UniqueConstraint("key", name=op.f("uq_hotline_sendings_key")),
    )
    with op.batch_alter_table("hotline_sendings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hotline_sendings_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_hotline_sendings_due", ["state", "not_before"], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("hotline_sendings", schema=None) as batch_op:
        batch_op.drop_index("ix_hotline_sendings_due")
        batch_op.drop_index(batch_op.f("ix_hotline_sendings_case_id"))

    op.drop_table("hotline_sendings")
    with op.batch_alter_table("issued_papers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_issued_papers_major_event_id"))
        batch_op.drop_index(batch_op.f("ix_issued_papers_issued_at"))
        batch_op.drop_index(batch_op.f("ix_issued_papers_case_id"))

    op.drop_table("issued_papers")
    with op.batch_alter_table("hotline_statuses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hotline_statuses_remote_number"))
        batch_op.drop_index(batch_op.f("ix_hotline_statuses_outcome"))
        batch_op.drop_index(batch_op.f("ix_hotline_statuses_number"))
        batch_op.drop_index("ix_hotline_statuses_course")
        batch_op.drop_index(batch_op.f("ix_hotline_statuses_case_id"))

    op.drop_table("hotline_statuses")
    op.drop_table("paper_numbering")
    with op.batch_alter_table("hotline_nonces", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hotline_nonces_seen_at"))

    op.drop_table("hotline_nonces")

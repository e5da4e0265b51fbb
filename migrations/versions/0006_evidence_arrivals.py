"""evidence arrivals."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. No door took evidence before, so case_evidence is empty and its new columns need no default."""
    with op.batch_alter_table("case_evidence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key_sealed", sa.LargeBinary(), nullable=False))
        batch_op.add_column(sa.Column("view_mime", sa.String(length=80), nullable=False))
        batch_op.create_unique_constraint(batch_op.f("uq_case_evidence_sealed_name"), ["sealed_name"])

    op.create_table(
        "evidence_fetches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("follower_id", sa.Integer(), nullable=True),
        sa.Column("media_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("added_by", sa.String(length=40), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["follower_id"], ["followers.id"], name=op.f("fk_evidence_fetches_follower_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_fetches")),
    )
    with op.batch_alter_table("evidence_fetches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_fetches_follower_id"), ["follower_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_fetches_not_before"), ["not_before"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_fetches_owner_hash"), ["owner_hash"], unique=False)

    op.create_table(
        "evidence_uploads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("owner_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("folder", sa.String(length=32), nullable=False),
        sa.Column("title_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.String(length=40), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["case_evidence.id"], name=op.f("fk_evidence_uploads_evidence_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_uploads")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_evidence_uploads_token_hash")),
    )
    with op.batch_alter_table("evidence_uploads", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_uploads_began_at"), ["began_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_uploads_evidence_id"), ["evidence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_uploads_owner_hash"), ["owner_hash"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_table("evidence_uploads")
    op.drop_table("evidence_fetches")
    with op.batch_alter_table("case_evidence", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_case_evidence_sealed_name"), type_="unique")
        batch_op.drop_column("view_mime")
        batch_op.drop_column("key_sealed")

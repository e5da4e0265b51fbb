"""answers following."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    add_answers()
    add_stickers()
    add_following()


def add_answers() -> None:
    """What was issued, and what signs it."""
    op.create_table(
        "issued_answers",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("door", sa.String(length=12), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("region_code", sa.String(length=6), nullable=False),
        sa.Column("key_letter", sa.String(length=1), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=16), nullable=False),
        sa.Column("digest_version", sa.Integer(), nullable=False),
        sa.Column("data_from", sa.Date(), nullable=False),
        sa.Column("data_until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_issued_answers_enterprise_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_answers")),
    )
    op.create_index(op.f("ix_issued_answers_issued_at"), "issued_answers", ["issued_at"])
    op.create_table(
        "answer_keys",
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.Column("key_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("letter", name=op.f("pk_answer_keys")),
    )
    op.create_table(
        "check_attempts",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failed_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_check_attempts")),
    )
    op.create_index(op.f("ix_check_attempts_began_at"), "check_attempts", ["began_at"])


def add_stickers() -> None:
    """QR stickers of stores."""
    op.create_table(
        "store_stickers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=12), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.String(length=40), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_store_stickers_enterprise_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store_stickers")),
        sa.UniqueConstraint("code", name=op.f("uq_store_stickers_code")),
    )
    op.create_index(op.f("ix_store_stickers_enterprise_id"), "store_stickers", ["enterprise_id"])


def add_following() -> None:
    """Who follows which firm, and what each was told."""
    op.create_table(
        "watchers",
        sa.Column("follower_id", sa.Integer(), nullable=False),
        sa.Column("notice_count", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.String(length=64), nullable=True),
        sa.Column("muted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["follower_id"], ["followers.id"], name=op.f("fk_watchers_follower_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("follower_id", name=op.f("pk_watchers")),
    )
    op.create_table(
        "watches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("follower_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("telling", sa.JSON(), nullable=True),
        sa.Column("telling_key", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_watches_enterprise_id")),
        sa.ForeignKeyConstraint(
            ["follower_id"], ["followers.id"], name=op.f("fk_watches_follower_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watches")),
        sa.UniqueConstraint("follower_id", "enterprise_id", name=op.f("uq_watches_follower_id_enterprise_id")),
    )
    op.create_index("ix_watches_enterprise", "watches", ["enterprise_id", "id"])
    op.create_table(
        "watched_firms",
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("marks_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("served_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_watched_firms_enterprise_id")),
        sa.PrimaryKeyConstraint("enterprise_id", name=op.f("pk_watched_firms")),
    )
    op.create_index(op.f("ix_watched_firms_due_at"), "watched_firms", ["due_at"])
    op.create_index(op.f("ix_watched_firms_looked_at"), "watched_firms", ["looked_at"])
    op.create_table(
        "watch_cursor",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_cursor")),
    )
    add_members()


def add_members() -> None:
    """Associations follow their members."""
    op.create_table(
        "member_watches",
        sa.Column("association_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_member_watches_enterprise_id")),
        sa.PrimaryKeyConstraint("association_id", "enterprise_id", name=op.f("pk_member_watches")),
    )
    op.create_index("ix_member_watches_enterprise", "member_watches", ["enterprise_id"])
    op.create_table(
        "member_news",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_member_news_enterprise_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_news")),
    )
    op.create_index("ix_member_news_inbox", "member_news", ["association_id", "id"])


def downgrade() -> None:
    """Take back."""
    for table in ("member_news", "member_watches", "watch_cursor", "watched_firms", "watches", "watchers"):
        op.drop_table(table)
    for table in ("store_stickers", "check_attempts", "answer_keys", "issued_answers"):
        op.drop_table(table)

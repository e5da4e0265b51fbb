"""campaign sends."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "campaign_send_months",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("used_count", sa.Integer(), nullable=False),
        sa.Column("outside_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_campaign_send_months")),
    )
    op.create_table(
        "campaign_send_results",
        sa.Column("remote_id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("remote_id", name=op.f("pk_campaign_send_results")),
    )
    op.create_table(
        "follower_imports",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("next_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follower_imports")),
    )
    op.create_table(
        "notice_templates",
        sa.Column("template_id", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("is_lasting", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("template_id", name=op.f("pk_notice_templates")),
    )
    op.create_table(
        "sending_paces",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("left", sa.Float(), nullable=False),
        sa.Column("filled_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sending_paces")),
    )
    op.create_table(
        "topic_tags",
        sa.Column("topic", sa.String(length=24), nullable=False),
        sa.Column("remote_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("topic", name=op.f("pk_topic_tags")),
    )
    op.create_table(
        "campaign_sends",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("topic", sa.String(length=24), nullable=False),
        sa.Column("template_id", sa.String(length=64), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("previewed_revision", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("client_msg_id", sa.String(length=64), nullable=False),
        sa.Column("lease_owner", sa.String(length=64), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("month", sa.String(length=7), nullable=True),
        sa.Column("draft_id", sa.String(length=128), nullable=True),
        sa.Column("msg_id", sa.String(length=32), nullable=True),
        sa.Column("publish_id", sa.String(length=32), nullable=True),
        sa.Column("published_id", sa.String(length=128), nullable=True),
        sa.Column("confirm_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("total_count", sa.Integer(), nullable=True),
        sa.Column("sent_count", sa.Integer(), nullable=True),
        sa.Column("error_count", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("spread_to", sa.Integer(), nullable=False),
        sa.Column("is_spread", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["approved_by"], ["staff_accounts.id"], name=op.f("fk_campaign_sends_approved_by")),
        sa.ForeignKeyConstraint(["made_by"], ["staff_accounts.id"], name=op.f("fk_campaign_sends_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_sends")),
        sa.UniqueConstraint("client_msg_id", name=op.f("uq_campaign_sends_client_msg_id")),
    )
    with op.batch_alter_table("campaign_sends", schema=None) as batch_op:
        batch_op.create_index("ix_campaign_sends_due", ["state", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_campaign_sends_msg_id"), ["msg_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_campaign_sends_publish_id"), ["publish_id"], unique=False)

    op.create_table(
        "campaign_testers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("wechat_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("wechat_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["staff_accounts.id"], name=op.f("fk_campaign_testers_added_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_testers")),
        sa.UniqueConstraint("wechat_index", name=op.f("uq_campaign_testers_wechat_index")),
    )
    op.create_table(
        "follower_interests",
        sa.Column("follower_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=24), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["follower_id"], ["followers.id"], name=op.f("fk_follower_interests_follower_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("follower_id", "topic", name=op.f("pk_follower_interests")),
    )
    op.create_table(
        "follower_opt_outs",
        sa.Column("follower_id", sa.Integer(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["follower_id"], ["followers.id"], name=op.f("fk_follower_opt_outs_follower_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("follower_id", name=op.f("pk_follower_opt_outs")),
    )
    op.create_table(
        "follower_tags",
        sa.Column("follower_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["follower_id"], ["followers.id"], name=op.f("fk_follower_tags_follower_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("follower_id", "topic", name=op.f("pk_follower_tags")),
    )
    op.create_table(
        "notice_grants",
        sa.Column("follower_id", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.String(length=64), nullable=False),
        sa.Column("left_count", sa.Integer(), nullable=False),
        sa.Column("is_refused", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["follower_id"], ["followers.id"], name=op.f("fk_notice_grants_follower_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("follower_id", "template_id", name=op.f("pk_notice_grants")),
    )
    op.create_table(
        "campaign_deliveries",
        sa.Column("send_id", sa.Integer(), nullable=False),
        sa.Column("follower_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("lease_owner", sa.String(length=64), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remote_id", sa.String(length=64), nullable=True),
        sa.Column("errcode", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["follower_id"], ["followers.id"], name=op.f("fk_campaign_deliveries_follower_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["send_id"], ["campaign_sends.id"], name=op.f("fk_campaign_deliveries_send_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("send_id", "follower_id", name=op.f("pk_campaign_deliveries")),
    )
    with op.batch_alter_table("campaign_deliveries", schema=None) as batch_op:
        batch_op.create_index("ix_campaign_deliveries_due", ["send_id", "state", "follower_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_campaign_deliveries_follower_id"), ["follower_id"], unique=False)

    op.create_table(
        "campaign_send_articles",
        sa.Column("send_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_campaign_send_articles_article_id")),
        sa.ForeignKeyConstraint(
            ["send_id"], ["campaign_sends.id"], name=op.f("fk_campaign_send_articles_send_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("send_id", "position", name=op.f("pk_campaign_send_articles")),
    )
    with op.batch_alter_table("campaign_send_articles", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_send_articles_article_id"), ["article_id"], unique=False)

    op.create_table(
        "campaign_send_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("send_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("said", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["staff_accounts.id"], name=op.f("fk_campaign_send_events_account_id")),
        sa.ForeignKeyConstraint(
            ["send_id"], ["campaign_sends.id"], name=op.f("fk_campaign_send_events_send_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_send_events")),
    )
    with op.batch_alter_table("campaign_send_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_send_events_send_id"), ["send_id"], unique=False)

    op.create_table(
        "campaign_send_orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("send_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("lease_owner", sa.String(length=64), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["staff_accounts.id"], name=op.f("fk_campaign_send_orders_asked_by")),
        sa.ForeignKeyConstraint(
            ["send_id"], ["campaign_sends.id"], name=op.f("fk_campaign_send_orders_send_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_send_orders")),
    )
    with op.batch_alter_table("campaign_send_orders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_send_orders_done_at"), ["done_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_campaign_send_orders_send_id"), ["send_id"], unique=False)

    op.create_table(
        "campaign_slot_wishes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=True),
        sa.Column("wanted_from", sa.Date(), nullable=False),
        sa.Column("wanted_until", sa.Date(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("send_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_campaign_slot_wishes_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["staff_accounts.id"], name=op.f("fk_campaign_slot_wishes_asked_by")),
        sa.ForeignKeyConstraint(
            ["association_id"],
            ["associations.id"],
            name=op.f("fk_campaign_slot_wishes_association_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["send_id"], ["campaign_sends.id"], name=op.f("fk_campaign_slot_wishes_send_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_slot_wishes")),
        sa.UniqueConstraint("article_id", name=op.f("uq_campaign_slot_wishes_article_id")),
    )
    with op.batch_alter_table("campaign_slot_wishes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_slot_wishes_send_id"), ["send_id"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_table("campaign_slot_wishes")
    op.drop_table("campaign_send_orders")
    op.drop_table("campaign_send_events")
    op.drop_table("campaign_send_articles")
    op.drop_table("campaign_deliveries")
    op.drop_table("notice_grants")
    op.drop_table("follower_tags")
    op.drop_table("follower_opt_outs")
    op.drop_table("follower_interests")
    op.drop_table("campaign_testers")
    op.drop_table("campaign_sends")
    op.drop_table("topic_tags")
    op.drop_table("sending_paces")
    op.drop_table("notice_templates")
    op.drop_table("follower_imports")
    op.drop_table("campaign_send_results")
    op.drop_table("campaign_send_months")

"""associations articles."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    add_owners()
    add_article_parts()
    add_association_parts()


def add_owners() -> None:
    """What the rest belongs to."""
    op.create_table(
        "associations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("level", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("is_pilot", sa.Boolean(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.Column("contact_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_associations")),
        sa.UniqueConstraint("name", name=op.f("uq_associations_name")),
    )
    with op.batch_alter_table("associations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_associations_updated_at"), ["updated_at"], unique=False)
    op.create_table(
        "campaign_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("is_used", sa.Boolean(), nullable=False),
        sa.CheckConstraint("month BETWEEN 1 AND 12", name=op.f("ck_campaign_days_month")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_days")),
    )
    op.create_table(
        "campaigns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("theme", sa.String(length=60), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("units", sa.JSON(), nullable=False),
        sa.Column("summary_due_on", sa.Date(), nullable=True),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
        sa.UniqueConstraint("year", "name", name=op.f("uq_campaigns_year_name")),
    )
    with op.batch_alter_table("campaigns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaigns_year"), ["year"], unique=False)
    op.create_table(
        "sensitive_words",
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("is_used", sa.Boolean(), nullable=False),
        sa.Column("advice", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("changed_by", sa.String(length=40), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_sensitive_words")),
    )
    op.create_table(
        "articles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=True),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("column", sa.String(length=24), nullable=False),
        sa.Column("type", sa.String(length=24), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=60), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("bears_theme", sa.Boolean(), nullable=False),
        sa.Column("bears_logo", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["association_id"], ["associations.id"], name=op.f("fk_articles_association_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_articles_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
    )
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_articles_association_id"), ["association_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_articles_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index("ix_articles_shown", ["state", "published_at"], unique=False)
    op.create_table(
        "association_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("added_by", sa.String(length=40), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["association_id"], ["associations.id"], name=op.f("fk_association_members_association_id")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_association_members_enterprise_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_association_members")),
        sa.UniqueConstraint(
            "association_id", "enterprise_id", name=op.f("uq_association_members_association_id_enterprise_id")
        ),
    )
    with op.batch_alter_table("association_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_association_members_association_id"), ["association_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_association_members_enterprise_id"), ["enterprise_id"], unique=False)
    op.create_table(
        "library_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=True),
        sa.Column("sealed_name", sa.String(length=64), nullable=False),
        sa.Column("key_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("mime", sa.String(length=80), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("view_mime", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("added_by", sa.String(length=40), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["association_id"], ["associations.id"], name=op.f("fk_library_files_association_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_files")),
        sa.UniqueConstraint("sealed_name", name=op.f("uq_library_files_sealed_name")),
    )
    with op.batch_alter_table("library_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_library_files_association_id"), ["association_id"], unique=False)


def add_article_parts() -> None:
    """What belongs to an article."""
    op.create_table(
        "article_enterprises",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("polarity", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_enterprises_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_article_enterprises_enterprise_id")
        ),
        sa.PrimaryKeyConstraint("article_id", "enterprise_id", name=op.f("pk_article_enterprises")),
    )
    with op.batch_alter_table("article_enterprises", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_enterprises_enterprise_id"), ["enterprise_id"], unique=False)
    op.create_table(
        "article_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("check_after", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_links_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_links")),
        sa.UniqueConstraint("article_id", "url", name=op.f("uq_article_links_article_id_url")),
    )
    with op.batch_alter_table("article_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_links_article_id"), ["article_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_article_links_check_after"), ["check_after"], unique=False)
    op.create_table(
        "article_pictures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("is_cover", sa.Boolean(), nullable=False),
        sa.Column("alt", sa.String(length=200), nullable=False),
        sa.Column("sealed_name", sa.String(length=64), nullable=False),
        sa.Column("key_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.String(length=40), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wechat_url", sa.String(length=500), nullable=True),
        sa.Column("wechat_media_id", sa.String(length=128), nullable=True),
        sa.Column("upload_error", sa.String(length=200), nullable=False),
        sa.Column("upload_after", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(article_id IS NULL) <> (campaign_id IS NULL)", name=op.f("ck_article_pictures_belongs")),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_pictures_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_article_pictures_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_pictures")),
        sa.UniqueConstraint("sealed_name", name=op.f("uq_article_pictures_sealed_name")),
    )
    with op.batch_alter_table("article_pictures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_pictures_article_id"), ["article_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_article_pictures_campaign_id"), ["campaign_id"], unique=False)
    op.create_table(
        "article_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=24), nullable=False),
        sa.Column("from_state", sa.String(length=24), nullable=False),
        sa.Column("to_state", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("confirmed", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_steps_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_steps")),
    )
    with op.batch_alter_table("article_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_steps_article_id"), ["article_id"], unique=False)
    op.create_table(
        "article_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_versions_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_versions")),
        sa.UniqueConstraint("article_id", "number", name=op.f("uq_article_versions_article_id_number")),
    )
    with op.batch_alter_table("article_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_versions_article_id"), ["article_id"], unique=False)


def add_association_parts() -> None:
    """What belongs to an association or a campaign."""
    op.create_table(
        "association_works",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("added_by", sa.String(length=40), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["association_id"], ["associations.id"], name=op.f("fk_association_works_association_id")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["library_files.id"], name=op.f("fk_association_works_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_association_works")),
    )
    with op.batch_alter_table("association_works", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_association_works_association_id"), ["association_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_association_works_file_id"), ["file_id"], unique=False)
    op.create_table(
        "campaign_alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=True),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_campaign_alerts_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["association_id"], ["associations.id"], name=op.f("fk_campaign_alerts_association_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_alerts")),
        sa.UniqueConstraint("key", name=op.f("uq_campaign_alerts_key")),
    )
    with op.batch_alter_table("campaign_alerts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_alerts_article_id"), ["article_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_campaign_alerts_association_id"), ["association_id"], unique=False)
    op.create_table(
        "association_honours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("level", sa.String(length=24), nullable=True),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("document_number", sa.String(length=120), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("added_by", sa.String(length=40), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=40), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["association_id"], ["associations.id"], name=op.f("fk_association_honours_association_id")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_association_honours_enterprise_id")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["library_files.id"], name=op.f("fk_association_honours_file_id")),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name=op.f("fk_association_honours_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_association_honours")),
    )
    with op.batch_alter_table("association_honours", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_association_honours_association_id"), ["association_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_association_honours_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_association_honours_file_id"), ["file_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_association_honours_record_id"), ["record_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_association_honours_state"), ["state"], unique=False)
    op.create_table(
        "commitments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=True),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("performance", sa.String(length=24), nullable=False),
        sa.Column("broken_record_id", sa.Integer(), nullable=True),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("added_by", sa.String(length=40), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=40), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["association_id"], ["associations.id"], name=op.f("fk_commitments_association_id")),
        sa.ForeignKeyConstraint(["broken_record_id"], ["records.id"], name=op.f("fk_commitments_broken_record_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_commitments_campaign_id")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_commitments_enterprise_id")),
        sa.ForeignKeyConstraint(["file_id"], ["library_files.id"], name=op.f("fk_commitments_file_id")),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name=op.f("fk_commitments_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments")),
        sa.UniqueConstraint("campaign_id", "credit_code", name=op.f("uq_commitments_campaign_id_credit_code")),
    )
    with op.batch_alter_table("commitments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_commitments_association_id"), ["association_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_commitments_broken_record_id"), ["broken_record_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_commitments_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_commitments_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_commitments_file_id"), ["file_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_commitments_record_id"), ["record_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_commitments_state"), ["state"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_table("commitments")
    op.drop_table("association_honours")
    op.drop_table("campaign_alerts")
    op.drop_table("association_works")
    op.drop_table("article_versions")
    op.drop_table("article_steps")
    op.drop_table("article_pictures")
    op.drop_table("article_links")
    op.drop_table("article_enterprises")
    op.drop_table("library_files")
    op.drop_table("association_members")
    op.drop_table("articles")
    op.drop_table("sensitive_words")
    op.drop_table("campaigns")
    op.drop_table("campaign_days")
    op.drop_table("associations")

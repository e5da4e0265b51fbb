"""taking part."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    add_activities()
    add_quiz()
    add_counting()
    add_evaluation()


def add_activities() -> None:
    """Tables of activities."""
    op.create_table(
        "activities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("association_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("region", sa.String(length=40), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=True),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=40), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at > begins_at", name=op.f("ck_activities_order")),
        sa.ForeignKeyConstraint(["association_id"], ["associations.id"], name=op.f("fk_activities_association_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_activities_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities")),
    )
    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activities_association_id"), ["association_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_activities_begins_at"), ["begins_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_activities_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_activities_region"), ["region"], unique=False)
        batch_op.create_index(batch_op.f("ix_activities_state"), ["state"], unique=False)

    op.create_table(
        "activity_photos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("alt", sa.String(length=120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.String(length=40), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_activity_photos_activity_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_photos")),
    )
    with op.batch_alter_table("activity_photos", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activity_photos_activity_id"), ["activity_id"], unique=False)

    op.create_table(
        "activity_sign_ups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("follower_id", sa.Integer(), nullable=True),
        sa.Column("person_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_index", sa.LargeBinary(length=32), nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_activity_sign_ups_activity_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["follower_id"], ["followers.id"], name=op.f("fk_activity_sign_ups_follower_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_sign_ups")),
        sa.UniqueConstraint("activity_id", "person_hash", name=op.f("uq_activity_sign_ups_activity_id_person_hash")),
        sa.UniqueConstraint("activity_id", "phone_index", name=op.f("uq_activity_sign_ups_activity_id_phone_index")),
        sa.UniqueConstraint("code", name=op.f("uq_activity_sign_ups_code")),
    )
    with op.batch_alter_table("activity_sign_ups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activity_sign_ups_follower_id"), ["follower_id"], unique=False)

    op.create_table(
        "nominations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("client_key_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("association_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("subject_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=True),
        sa.Column("story_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("contact_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("follower_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consent_text", sa.Text(), nullable=False),
        sa.Column("consent_withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reviewed_by", sa.String(length=40), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_nominations_article_id")),
        sa.ForeignKeyConstraint(["association_id"], ["associations.id"], name=op.f("fk_nominations_association_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_nominations_campaign_id")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_nominations_enterprise_id")),
        sa.ForeignKeyConstraint(
            ["follower_id"], ["followers.id"], name=op.f("fk_nominations_follower_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nominations")),
        sa.UniqueConstraint("client_key_hash", name=op.f("uq_nominations_client_key_hash")),
        sa.UniqueConstraint("number", name=op.f("uq_nominations_number")),
    )
    with op.batch_alter_table("nominations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nominations_article_id"), ["article_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_nominations_association_id"), ["association_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_nominations_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_nominations_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_nominations_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_nominations_follower_id"), ["follower_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_nominations_state"), ["state"], unique=False)

    op.create_table(
        "publicity_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("association_id", sa.Integer(), nullable=True),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("way", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("region", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.String(length=40), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_publicity_entries_count")),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name=op.f("fk_publicity_entries_activity_id")),
        sa.ForeignKeyConstraint(
            ["association_id"], ["associations.id"], name=op.f("fk_publicity_entries_association_id")
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_publicity_entries_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publicity_entries")),
    )
    with op.batch_alter_table("publicity_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_publicity_entries_activity_id"), ["activity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_publicity_entries_association_id"), ["association_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_publicity_entries_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_publicity_entries_happened_on"), ["happened_on"], unique=False)

    op.create_table(
        "activity_check_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("sign_up_id", sa.Integer(), nullable=True),
        sa.Column("follower_id", sa.Integer(), nullable=True),
        sa.Column("person_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_activity_check_ins_activity_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["follower_id"], ["followers.id"], name=op.f("fk_activity_check_ins_follower_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["sign_up_id"], ["activity_sign_ups.id"], name=op.f("fk_activity_check_ins_sign_up_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_check_ins")),
        sa.UniqueConstraint("activity_id", "person_hash", name=op.f("uq_activity_check_ins_activity_id_person_hash")),
        sa.UniqueConstraint("sign_up_id", name=op.f("uq_activity_check_ins_sign_up_id")),
    )
    with op.batch_alter_table("activity_check_ins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activity_check_ins_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_activity_check_ins_follower_id"), ["follower_id"], unique=False)


def add_quiz() -> None:
    """Tables of quiz."""
    op.create_table(
        "quiz_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("answer", sa.String(length=4), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("law", sa.String(length=120), nullable=False),
        sa.Column("article", sa.String(length=40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("changed_by", sa.String(length=40), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("change_reason", sa.String(length=200), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_questions")),
        sa.UniqueConstraint("key", "revision", name=op.f("uq_quiz_questions_key_revision")),
    )
    with op.batch_alter_table("quiz_questions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quiz_questions_replaced_at"), ["replaced_at"], unique=False)

    op.create_table(
        "quiz_tries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=True),
        sa.Column("person_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("follower_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("question_ids", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("right_count", sa.Integer(), nullable=False),
        sa.Column("scored_on", sa.Date(), nullable=True),
        sa.Column("association_id", sa.Integer(), nullable=True),
        sa.Column("community", sa.String(length=40), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["association_id"], ["associations.id"], name=op.f("fk_quiz_tries_association_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_quiz_tries_campaign_id")),
        sa.ForeignKeyConstraint(
            ["follower_id"], ["followers.id"], name=op.f("fk_quiz_tries_follower_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_tries")),
        sa.UniqueConstraint("person_hash", "scored_on", name=op.f("uq_quiz_tries_person_hash_scored_on")),
    )
    with op.batch_alter_table("quiz_tries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quiz_tries_association_id"), ["association_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_quiz_tries_began_at"), ["began_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_quiz_tries_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_quiz_tries_finished_at"), ["finished_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_quiz_tries_follower_id"), ["follower_id"], unique=False)

    op.create_table(
        "quiz_certificates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("check_code", sa.String(length=8), nullable=False),
        sa.Column("try_id", sa.Integer(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["try_id"], ["quiz_tries.id"], name=op.f("fk_quiz_certificates_try_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_certificates")),
        sa.UniqueConstraint("number", name=op.f("uq_quiz_certificates_number")),
        sa.UniqueConstraint("try_id", name=op.f("uq_quiz_certificates_try_id")),
    )


def add_counting() -> None:
    """Tables of counting."""
    op.create_table(
        "counted_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("person_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counted_events")),
        sa.UniqueConstraint(
            "happened_on",
            "kind",
            "channel",
            "person_hash",
            name=op.f("uq_counted_events_happened_on_kind_channel_person_hash"),
        ),
    )
    with op.batch_alter_table("counted_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_counted_events_happened_on"), ["happened_on"], unique=False)

    op.create_table(
        "reporting_units",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_reporting_units_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting_units")),
        sa.UniqueConstraint("campaign_id", "name", name=op.f("uq_reporting_units_campaign_id_name")),
    )
    with op.batch_alter_table("reporting_units", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reporting_units_campaign_id"), ["campaign_id"], unique=False)

    op.create_table(
        "table_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.String(length=24), nullable=False),
        sa.Column("measure", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=True),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("changed_by", sa.String(length=40), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_table_changes_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_table_changes")),
    )
    with op.batch_alter_table("table_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_table_changes_campaign_id"), ["campaign_id"], unique=False)

    op.create_table(
        "table_submissions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("file_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("received_by", sa.String(length=40), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_table_submissions_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_table_submissions")),
    )
    with op.batch_alter_table("table_submissions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_table_submissions_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_table_submissions_unit"), ["unit"], unique=False)


def add_evaluation() -> None:
    """Tables of evaluation."""
    op.create_table(
        "evaluation_rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("scheme", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("is_of_bureaus", sa.Boolean(), nullable=False),
        sa.Column("recommended_by", sa.String(length=40), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("objections_until", sa.Date(), nullable=True),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_rounds")),
    )
    op.create_table(
        "evaluation_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("self_report", sa.Text(), nullable=False),
        sa.Column("reported_by", sa.String(length=40), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("total", sa.Float(), nullable=True),
        sa.Column("recommended", sa.String(length=24), nullable=True),
        sa.Column("result", sa.String(length=24), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["association_id"], ["associations.id"], name=op.f("fk_evaluation_entries_association_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["evaluation_rounds.id"], name=op.f("fk_evaluation_entries_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_entries")),
        sa.UniqueConstraint("round_id", "name", name=op.f("uq_evaluation_entries_round_id_name")),
    )
    with op.batch_alter_table("evaluation_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evaluation_entries_association_id"), ["association_id"], unique=False)

    op.create_table(
        "evaluation_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=24), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("mime", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("added_by", sa.String(length=40), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["evaluation_entries.id"], name=op.f("fk_evaluation_evidence_entry_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_evidence")),
    )
    with op.batch_alter_table("evaluation_evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evaluation_evidence_entry_id"), ["entry_id"], unique=False)

    op.create_table(
        "evaluation_objections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("client_key_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(length=40), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["evaluation_entries.id"], name=op.f("fk_evaluation_objections_entry_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["evaluation_rounds.id"], name=op.f("fk_evaluation_objections_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_objections")),
        sa.UniqueConstraint("client_key_hash", name=op.f("uq_evaluation_objections_client_key_hash")),
    )
    with op.batch_alter_table("evaluation_objections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evaluation_objections_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evaluation_objections_round_id"), ["round_id"], unique=False)

    op.create_table(
        "evaluation_scores",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=24), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("given_by", sa.String(length=40), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("share >= 0 AND share <= 100", name=op.f("ck_evaluation_scores_share")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["evaluation_entries.id"], name=op.f("fk_evaluation_scores_entry_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_scores")),
        sa.UniqueConstraint(
            "entry_id", "indicator", "given_by", name=op.f("uq_evaluation_scores_entry_id_indicator_given_by")
        ),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("activity_check_ins")
    op.drop_table("quiz_certificates")
    op.drop_table("publicity_entries")
    op.drop_table("nominations")
    op.drop_table("evaluation_scores")
    op.drop_table("evaluation_objections")
    op.drop_table("evaluation_evidence")
    op.drop_table("activity_sign_ups")
    op.drop_table("activity_photos")
    op.drop_table("table_submissions")
    op.drop_table("table_changes")
    op.drop_table("reporting_units")
    op.drop_table("quiz_tries")
    op.drop_table("evaluation_entries")
    op.drop_table("activities")
    op.drop_table("quiz_questions")
    op.drop_table("evaluation_rounds")
    op.drop_table("counted_events")

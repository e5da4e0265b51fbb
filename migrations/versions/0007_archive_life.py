"""archive life."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# History is only added to: the database itself refuses to change it.
FREEZE = {
    "sqlite": [
        (
            "CREATE TRIGGER archive_events_frozen BEFORE UPDATE ON archive_events "
            "BEGIN SELECT RAISE(ABORT, 'archive_events is append-only'); END"
        ),
    ],
    "postgresql": [
        (
            "CREATE FUNCTION refuse_archive_event_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'archive_events is append-only'; END $$"
        ),
        (
            "CREATE TRIGGER archive_events_frozen BEFORE UPDATE ON archive_events "
            "FOR EACH ROW EXECUTE FUNCTION refuse_archive_event_change()"
        ),
    ],
}
# What had ended before this migration; an end in the future stays a date and is computed when it is shown.
ENDED = "withdrawn_on IS NOT NULL AND withdrawn_on <= CURRENT_DATE"


def upgrade() -> None:
    """Apply. What was there is in force and stays so; what had ended says how."""
    for table in ("records", "listings"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("life", sa.String(length=24), nullable=False, server_default="published"))
            batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
            batch_op.add_column(sa.Column("corrects_id", sa.Integer(), nullable=True))
            batch_op.add_column(sa.Column("drafted_by", sa.String(length=40), nullable=True))
            batch_op.add_column(sa.Column("approved_by", sa.String(length=40), nullable=True))
            batch_op.add_column(sa.Column("sector", sa.String(length=40), nullable=True))
            batch_op.add_column(sa.Column("duties_done_on", sa.Date(), nullable=True))
            batch_op.add_column(sa.Column("promised_on", sa.Date(), nullable=True))
            batch_op.create_foreign_key(batch_op.f(f"fk_{table}_corrects_id"), table, ["corrects_id"], ["id"])
            if table == "records":
                add_record_columns(batch_op)
            else:
                add_listing_columns(batch_op)
        op.execute(f"UPDATE {table} SET life = 'repaired' WHERE {ENDED} AND withdrawn_reason LIKE '%修复%'")  # noqa: S608 - constants
        end = "withdrawn" if table == "records" else "removed"
        op.execute(f"UPDATE {table} SET life = '{end}' WHERE {ENDED} AND life = 'published'")  # noqa: S608
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in ("life", "version", *(["info_class"] if table == "listings" else [])):
                batch_op.alter_column(column, server_default=None)
    create_events()
    create_objections()


def add_record_columns(batch_op: "op.BatchOperations") -> None:
    """What only records have."""
    batch_op.add_column(sa.Column("catalogue_class", sa.String(length=60), nullable=True))
    batch_op.add_column(sa.Column("minor_shown_reason", sa.Text(), nullable=True))
    batch_op.add_column(sa.Column("topic", sa.String(length=40), nullable=True))
    batch_op.create_index(batch_op.f("ix_records_topic"), ["topic"], unique=False)


def add_listing_columns(batch_op: "op.BatchOperations") -> None:
    """What only listings have."""
    batch_op.add_column(sa.Column("notified_on", sa.Date(), nullable=True))
    batch_op.add_column(sa.Column("objection_result", sa.Text(), nullable=True))
    batch_op.add_column(sa.Column("removal_document", sa.String(length=120), nullable=True))
    batch_op.add_column(sa.Column("batch", sa.String(length=60), nullable=True))
    batch_op.add_column(sa.Column("info_class", sa.String(length=24), nullable=False, server_default="administrative"))


def create_events() -> None:
    """The history and the tags."""
    op.create_table(
        "archive_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=12), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=24), nullable=False),
        sa.Column("from_life", sa.String(length=24), nullable=True),
        sa.Column("to_life", sa.String(length=24), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_archive_events_enterprise_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_events")),
        sa.UniqueConstraint(
            "subject", "subject_id", "sequence", name=op.f("uq_archive_events_subject_subject_id_sequence")
        ),
    )
    with op.batch_alter_table("archive_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_archive_events_at"), ["at"], unique=False)
        batch_op.create_index("ix_archive_events_enterprise", ["enterprise_id", "id"], unique=False)
    for statement in FREEZE[op.get_bind().dialect.name]:
        op.execute(statement)
    op.create_table(
        "enterprise_tags",
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_enterprise_tags_enterprise_id")),
        sa.PrimaryKeyConstraint("enterprise_id", "kind", "tag", name=op.f("pk_enterprise_tags")),
    )
    with op.batch_alter_table("enterprise_tags", schema=None) as batch_op:
        batch_op.create_index("ix_enterprise_tags_tag", ["kind", "tag"], unique=False)


def create_objections() -> None:
    """异议."""
    op.create_table(
        "objections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("query_code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("client_key_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("subject", sa.String(length=12), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("follower_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("person_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("notice_version", sa.String(length=24), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("forwarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("forwarded_to", sa.String(length=100), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=40), nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_objections_enterprise_id")),
        sa.ForeignKeyConstraint(
            ["follower_id"], ["followers.id"], name=op.f("fk_objections_follower_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objections")),
        sa.UniqueConstraint("client_key_hash", name=op.f("uq_objections_client_key_hash")),
        sa.UniqueConstraint("number", name=op.f("uq_objections_number")),
    )
    with op.batch_alter_table("objections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_objections_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_objections_filed_at"), ["filed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_objections_follower_id"), ["follower_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_objections_state"), ["state"], unique=False)
        batch_op.create_index("ix_objections_subject", ["subject", "subject_id"], unique=False)


def downgrade() -> None:
    """Take back. Drafts and what waits for approval would be published by the old words: they go."""
    op.drop_table("objections")
    op.drop_table("enterprise_tags")
    op.drop_table("archive_events")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_archive_event_change()")
    for table in ("listings", "records"):
        op.execute(f"DELETE FROM {table} WHERE life IN ('draft', 'pending_review')")  # noqa: S608 - constants
        op.execute(
            f"UPDATE {table} SET withdrawn_on = CURRENT_DATE, withdrawn_reason = life "  # noqa: S608
            "WHERE withdrawn_on IS NULL AND life NOT IN ('published', 'objected')"
        )
        if table == "listings":
            # An association's list would become an authority's.
            op.execute("UPDATE listings SET withdrawn_on = CURRENT_DATE WHERE info_class <> 'administrative'")
        names = ["life", "version", "corrects_id", "drafted_by", "approved_by", "sector", "duties_done_on"]
        own = {
            "records": ["promised_on", "catalogue_class", "minor_shown_reason", "topic"],
            "listings": ["promised_on", "notified_on", "objection_result", "removal_document", "batch", "info_class"],
        }
        with op.batch_alter_table(table, schema=None) as batch_op:
            if table == "records":
                batch_op.drop_index(batch_op.f("ix_records_topic"))
            batch_op.drop_constraint(batch_op.f(f"fk_{table}_corrects_id"), type_="foreignkey")
            for column in names + own[table]:
                batch_op.drop_column(column)

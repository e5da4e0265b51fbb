"""record imports."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

COUNTS = "progress row added revised ended draft unchanged refused quarantined enterprise masked".split()


def upgrade() -> None:
    """Apply."""
    create_runs()
    create_changes()
    create_quarantine()
    create_sources()
    create_receipts()
    for table in ("records", "listings"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("import_run_id", sa.Integer(), nullable=True))
            batch_op.add_column(sa.Column("import_row", sa.Integer(), nullable=True))
            batch_op.create_index(batch_op.f(f"ix_{table}_import_run_id"), ["import_run_id"], unique=False)
            batch_op.create_foreign_key(
                batch_op.f(f"fk_{table}_import_run_id"), "import_runs", ["import_run_id"], ["id"]
            )
    with op.batch_alter_table("datasets", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fresh_days", sa.Integer(), nullable=True))


def create_runs() -> None:
    """One row a file."""
    counts = [name if name == "progress" else f"{name}_count" for name in COUNTS]
    op.create_table(
        "import_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=True),
        sa.Column("source_unit", sa.String(length=100), nullable=False),
        sa.Column("data_on", sa.Date(), nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.Column("is_rehearsal", sa.Boolean(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in counts),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("dropped", "ignored", "faults", "notes")),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("file_name", sa.String(length=40), nullable=True),
        sa.Column("file_key_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("errors_name", sa.String(length=40), nullable=True),
        sa.Column("errors_key_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=80), nullable=True),
        sa.Column("undone_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["staff_accounts.id"], name=op.f("fk_import_runs_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_runs")),
    )
    with op.batch_alter_table("import_runs", schema=None) as batch_op:
        for column in ("created_at", "sha256", "source", "state"):
            batch_op.create_index(batch_op.f(f"ix_import_runs_{column}"), [column], unique=False)


def create_changes() -> None:
    """What a run did to what was there before."""
    op.create_table(
        "import_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=12), nullable=True),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["import_runs.id"], name=op.f("fk_import_changes_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_changes")),
    )
    with op.batch_alter_table("import_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_changes_run_id"), ["run_id"], unique=False)
        batch_op.create_index("ix_import_changes_subject", ["subject", "subject_id"], unique=False)


def create_quarantine() -> None:
    """Rows whose firm is not known for certain."""
    op.create_table(
        "quarantined_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("row_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprises.id"], name=op.f("fk_quarantined_rows_enterprise_id")),
        sa.ForeignKeyConstraint(["run_id"], ["import_runs.id"], name=op.f("fk_quarantined_rows_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantined_rows")),
    )
    with op.batch_alter_table("quarantined_rows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quarantined_rows_key_hash"), ["key_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_quarantined_rows_run_id"), ["run_id"], unique=False)
        batch_op.create_index("ix_quarantined_rows_state", ["state", "id"], unique=False)


def create_sources() -> None:
    """How drop folders and pulls are doing."""
    op.create_table(
        "import_sources",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("succeeded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("last_fault", sa.String(length=200), nullable=False),
        sa.Column("fault_count", sa.Integer(), nullable=False),
        sa.Column("etag", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["import_runs.id"], name=op.f("fk_import_sources_run_id")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_import_sources")),
    )


def create_receipts() -> None:
    """Files that went out."""
    op.create_table(
        "export_receipts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("since_event", sa.Integer(), nullable=False),
        sa.Column("until_event", sa.Integer(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("ended_count", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_receipts")),
    )
    with op.batch_alter_table("export_receipts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_export_receipts_made_at"), ["made_at"], unique=False)


def downgrade() -> None:
    """Take back; what was imported stays."""
    with op.batch_alter_table("datasets", schema=None) as batch_op:
        batch_op.drop_column("fresh_days")
    for table in ("records", "listings"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(batch_op.f(f"fk_{table}_import_run_id"), type_="foreignkey")
            batch_op.drop_index(batch_op.f(f"ix_{table}_import_run_id"))
            batch_op.drop_column("import_row")
            batch_op.drop_column("import_run_id")
    for table in ("export_receipts", "import_sources", "quarantined_rows", "import_changes", "import_runs"):
        op.drop_table(table)

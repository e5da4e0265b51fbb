"""audit append only."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# Entries are only added: the database itself refuses to change them. What retention has cut off (the head says up
# to where, under a seal that the chain's proof asks for) may be deleted, nothing else.
KEPT = "OLD.number > COALESCE((SELECT cut_number FROM audit_head), 0)"
REFUSED = "audit_entries is append-only"
FREEZE = {
    "sqlite": [
        (
            "CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        ),
        (
            f"CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries WHEN {KEPT} "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        ),
    ],
    "postgresql": [
        (
            "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF TG_OP = 'DELETE' THEN IF NOT ({KEPT}) THEN RETURN OLD; END IF; END IF; "
            f"RAISE EXCEPTION '{REFUSED}'; END $$"
        ),
        (
            "CREATE TRIGGER audit_entries_no_change BEFORE UPDATE OR DELETE ON audit_entries "
            "FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()"
        ),
        (
            "CREATE TRIGGER audit_entries_no_truncate BEFORE TRUNCATE ON audit_entries "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
        ),
    ],
}
THAW = {
    "sqlite": ["DROP TRIGGER audit_entries_no_update", "DROP TRIGGER audit_entries_no_delete"],
    "postgresql": [
        "DROP TRIGGER audit_entries_no_change ON audit_entries",
        "DROP TRIGGER audit_entries_no_truncate ON audit_entries",
        "DROP FUNCTION refuse_audit_change",
    ],
}


def upgrade() -> None:
    """Apply."""
    op.add_column("audit_head", sa.Column("cut_number", sa.Integer(), server_default="0", nullable=False))
    op.add_column("audit_head", sa.Column("cut_seal", sa.LargeBinary(length=32), nullable=True))
    op.add_column("audit_head", sa.Column("cut_proof_seal", sa.LargeBinary(length=32), nullable=True))
    for statement in FREEZE[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Take back; refused once entries were cut off, for the older code could not prove the rest."""
    if op.get_bind().execute(sa.text("SELECT 1 FROM audit_head WHERE cut_number > 0")).first():
        raise RuntimeError("the beginning of the audit log was cut off by retention: this cannot be taken back")
    for statement in THAW[op.get_bind().dialect.name]:
        op.execute(statement)
    with op.batch_alter_table("audit_head", schema=None) as batch_op:
        batch_op.drop_column("cut_proof_seal")
        batch_op.drop_column("cut_seal")
        batch_op.drop_column("cut_number")

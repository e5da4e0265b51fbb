"""evidence of objections."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

BELONGS = "ck_case_evidence_belongs"
BEFORE = "case_id IS NOT NULL OR draft_id IS NOT NULL"


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("case_evidence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("objection_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_case_evidence_objection_id"), "objections", ["objection_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_case_evidence_objection_id"), ["objection_id"], unique=False)
        batch_op.drop_constraint(op.f(BELONGS), type_="check")
        batch_op.create_check_constraint(op.f(BELONGS), f"{BEFORE} OR objection_id IS NOT NULL")


def downgrade() -> None:
    """Take back; a case's files stay, those of objections have nowhere to be."""
    op.execute("DELETE FROM case_evidence WHERE objection_id IS NOT NULL")
    with op.batch_alter_table("case_evidence", schema=None) as batch_op:
        batch_op.drop_constraint(op.f(BELONGS), type_="check")
        batch_op.create_check_constraint(op.f(BELONGS), BEFORE)
        batch_op.drop_index(batch_op.f("ix_case_evidence_objection_id"))
        batch_op.drop_constraint(batch_op.f("fk_case_evidence_objection_id"), type_="foreignkey")
        batch_op.drop_column("objection_id")

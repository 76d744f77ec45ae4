"""Which role governs a process, windows that add up over all JobRoles of a WorkRole, and who asks and repairs.

Revision: 0014, after 0013. What was used so far counts for its JobRole only: which WorkRoles it had is not kept.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("job", sa.Column("asked_by", sa.String(), nullable=True))
    op.add_column("process_instance", sa.Column("repaired_by", sa.String(), nullable=True))
    op.create_table(
        "process_role",
        sa.Column("process_id", sa.String(), nullable=False),
        sa.Column("job_role", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("process_id"),
    )
    op.drop_index("action_use_window", "action_use")
    op.rename_table("action_use", "earlier_action_use")
    op.create_table(
        "action_use",
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("counted_over", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("process_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value_ten_thousandths", sa.BigInteger(), nullable=False),
        sa.Column("given_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("job_id", "counted_over"),
    )
    op.create_index("action_use_window", "action_use", ["counted_over", "action", "at"])
    op.execute(
        "INSERT INTO action_use (job_id, counted_over, action, process_id, subject, at, value_ten_thousandths) "
        "SELECT job_id, 'job-role:' || job_role, action, process_id, subject, at, value_ten_thousandths "
        "FROM earlier_action_use"
    )
    op.drop_table("earlier_action_use")


def downgrade() -> None:
    op.rename_table("action_use", "later_action_use")
    op.drop_index("action_use_window", "later_action_use")
    op.create_table(
        "action_use",
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("job_role", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("process_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value_ten_thousandths", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("job_id"),
    )
    op.create_index("action_use_window", "action_use", ["job_role", "action", "at"])
    op.execute(
        "INSERT INTO action_use (job_id, job_role, action, process_id, subject, at, value_ten_thousandths) "
        "SELECT job_id, substr(counted_over, 10), action, process_id, subject, at, value_ten_thousandths "
        "FROM later_action_use WHERE counted_over LIKE 'job-role:%' AND given_back_at IS NULL"
    )
    op.drop_table("later_action_use")
    op.drop_table("process_role")
    with op.batch_alter_table("process_instance", schema=None) as batch_op:
        batch_op.drop_column("repaired_by")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_column("asked_by")

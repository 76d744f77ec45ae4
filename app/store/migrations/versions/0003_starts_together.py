"""Starts that need more than one trigger.

Revision: 0003, after 0002"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "start_occurrence",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("process_id", sa.String(), nullable=False),
        sa.Column("element_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("correlation_key", sa.String(), nullable=True),
        sa.Column("message_id", sa.String(), nullable=True),
        sa.Column("variables", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("trace_id", sa.String(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("start_occurrence", schema=None) as batch_op:
        batch_op.create_index("start_occurrence_expiry", ["expires_at"], unique=False)
        batch_op.create_index(
            "start_occurrence_together", ["process_id", "element_id", "correlation_key"], unique=False
        )
    with op.batch_alter_table("start_trigger", schema=None) as batch_op:
        batch_op.add_column(sa.Column("others", sa.String(), nullable=True))
    op.execute("UPDATE start_trigger SET others = 'free'")
    with op.batch_alter_table("start_trigger", schema=None) as batch_op:
        batch_op.alter_column("others", existing_type=sa.String(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("start_trigger", schema=None) as batch_op:
        batch_op.drop_column("others")
    with op.batch_alter_table("start_occurrence", schema=None) as batch_op:
        batch_op.drop_index("start_occurrence_together")
        batch_op.drop_index("start_occurrence_expiry")

    op.drop_table("start_occurrence")

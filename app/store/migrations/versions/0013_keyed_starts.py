"""Keyed starts: a message with a key starts no second instance of a process beside the first.

Revision: 0013, after 0012"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "keyed_start",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("process_id", sa.String(), nullable=False),
        sa.Column("correlation_key", sa.String(), nullable=False),
        sa.Column("instance_id", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("variables", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("trace_id", sa.String(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("keyed_start_place", "keyed_start", ["process_id", "correlation_key"])
    runs = sa.text("instance_id IS NOT NULL")
    op.create_index(
        "keyed_start_runs_once",
        "keyed_start",
        ["process_id", "correlation_key"],
        unique=True,
        postgresql_where=runs,
        sqlite_where=runs,
    )
    op.create_index("keyed_start_expiry", "keyed_start", ["expires_at"])

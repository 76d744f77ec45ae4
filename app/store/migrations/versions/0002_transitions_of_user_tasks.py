"""Inbox tasks say which transition listeners hold up, and why the last one was denied.

Revision: 0002, after 0001"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

COLUMNS = ("held_up", "asked_by", "denied", "denied_because")


def upgrade() -> None:
    with op.batch_alter_table("inbox_task", schema=None) as batch_op:
        for name in COLUMNS:
            batch_op.add_column(sa.Column(name, sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("inbox_task", schema=None) as batch_op:
        for name in reversed(COLUMNS):
            batch_op.drop_column(name)

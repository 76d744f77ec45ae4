"""Hops of messages: how many were sent in a row by instances because of each other.

Revision: 0008, after 0007"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("message") as batch_op:
        batch_op.add_column(sa.Column("hops", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("message") as batch_op:
        batch_op.alter_column("hops", existing_type=sa.Integer(), server_default=None)

"""Anchors: where all chains of the audit log ended at a moment, and how far each chain is sealed by one.

Revision: 0016, after 0015"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ORIGIN = "0" * 64


def upgrade() -> None:
    with op.batch_alter_table("audit_stream") as table:
        table.add_column(sa.Column("sealed", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("sealed_head", sa.String(), nullable=False, server_default=ORIGIN))
    with op.batch_alter_table("audit_stream") as table:
        table.alter_column("sealed", server_default=None)
        table.alter_column("sealed_head", server_default=None)
    grown = sa.text("count > sealed")
    op.create_index("audit_stream_unsealed", "audit_stream", ["stream"], sqlite_where=grown, postgresql_where=grown)
    op.create_table(
        "audit_anchor",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("streams", sa.Integer(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "audit_seal",
        sa.Column("anchor", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("anchor", "place"),
    )

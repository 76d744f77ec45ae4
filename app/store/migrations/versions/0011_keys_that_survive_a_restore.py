"""Jobs have an idempotency key that follows from what started their instance, and instances know what that was.

Revision: 0011, after 0010"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What exists keeps the keys that other systems know: those of jobs were their ids."""
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.add_column(sa.Column("idempotency_key", sa.String(), nullable=True))
    with op.batch_alter_table("process_instance", schema=None) as batch_op:
        batch_op.add_column(sa.Column("origin", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("activations", sa.Text(), nullable=True))
    op.execute("UPDATE job SET idempotency_key = id")
    op.execute("UPDATE process_instance SET origin = id, activations = '{}'")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.alter_column("idempotency_key", existing_type=sa.String(), nullable=False)
    with op.batch_alter_table("process_instance", schema=None) as batch_op:
        batch_op.alter_column("origin", existing_type=sa.String(), nullable=False)
        batch_op.alter_column("activations", existing_type=sa.Text(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_column("idempotency_key")
    with op.batch_alter_table("process_instance", schema=None) as batch_op:
        batch_op.drop_column("origin")
        batch_op.drop_column("activations")

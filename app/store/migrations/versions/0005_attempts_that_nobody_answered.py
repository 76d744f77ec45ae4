"""Jobs count the attempts in a row that nobody answered.

Revision: 0005, after 0004"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unanswered", sa.Integer(), nullable=True))
    op.execute("UPDATE job SET unanswered = 0")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.alter_column("unanswered", existing_type=sa.Integer(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_column("unanswered")

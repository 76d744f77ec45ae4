"""Incidents of setbacks: a due thing that fails again and again names the incident on its instance.

Revision: 0006, after 0005"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("setback") as batch_op:
        batch_op.add_column(sa.Column("incident_id", sa.String(), nullable=True))
        batch_op.create_index("ix_setback_incident_id", ["incident_id"], unique=False)

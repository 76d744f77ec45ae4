"""Lists at a million: offers only of open tasks that nobody has, in the order of the inbox; an index a filter.

Revision: 0007, after 0006"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'open'")
STOPPED = sa.text("incident_count > 0")


def upgrade() -> None:
    _offers()
    _tasks()
    _instances()
    op.drop_index("incident_by_state", table_name="incident")
    op.create_index("incident_by_state", "incident", ["state", "id"])
    op.create_index("audit_record_by_actor", "audit_record", ["actor", "at", "stream", "position"])
    op.drop_index("ix_audit_record_action", table_name="audit_record")
    op.create_index("audit_record_by_action", "audit_record", ["action", "at", "stream", "position"])


def _offers() -> None:
    open_ids = "(SELECT id FROM inbox_task WHERE state = 'open' AND assignee IS NULL)"
    op.execute(f"DELETE FROM inbox_task_candidate WHERE task_id NOT IN {open_ids}")  # noqa: S608 - our own text
    op.add_column("inbox_task_candidate", sa.Column("priority", sa.Integer(), nullable=True))
    its_priority = "(SELECT priority FROM inbox_task WHERE id = task_id)"
    op.execute(f"UPDATE inbox_task_candidate SET priority = {its_priority}")  # noqa: S608
    op.execute(
        "INSERT INTO inbox_task_candidate (task_id, name, priority) SELECT id, 'anybody', priority FROM inbox_task "
        "WHERE state = 'open' AND assignee IS NULL AND id NOT IN (SELECT task_id FROM inbox_task_candidate)"
    )
    with op.batch_alter_table("inbox_task_candidate") as batch_op:
        batch_op.alter_column("priority", existing_type=sa.Integer(), nullable=False)
        batch_op.drop_index("ix_inbox_task_candidate_name")
    op.create_index("inbox_task_offered", "inbox_task_candidate", ["name", sa.text("priority DESC"), "task_id"])


def _tasks() -> None:
    op.drop_index("inbox_task_open", table_name="inbox_task")
    op.drop_index("inbox_task_assigned", table_name="inbox_task")
    op.create_index(
        "inbox_task_open", "inbox_task", [sa.text("priority DESC"), "id"], postgresql_where=OPEN, sqlite_where=OPEN
    )
    op.create_index(
        "inbox_task_assigned",
        "inbox_task",
        ["assignee", sa.text("priority DESC"), "id"],
        postgresql_where=OPEN,
        sqlite_where=OPEN,
    )


def _instances() -> None:
    for name in ("process_instance_by_process", "process_instance_by_status", "ix_process_instance_business_key"):
        op.drop_index(name, table_name="process_instance")
    op.create_index("process_instance_by_process", "process_instance", ["process_id", "status", "id"])
    op.create_index("process_instance_by_version", "process_instance", ["process_id", "version", "id"])
    op.create_index("process_instance_by_status", "process_instance", ["status", "id"])
    op.create_index("process_instance_by_business_key", "process_instance", ["business_key", "id"])
    op.create_index(
        "process_instance_with_incidents",
        "process_instance",
        ["process_id", "id"],
        postgresql_where=STOPPED,
        sqlite_where=STOPPED,
    )
    op.create_index(
        "process_instance_any_incidents", "process_instance", ["id"], postgresql_where=STOPPED, sqlite_where=STOPPED
    )

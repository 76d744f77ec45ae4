"""The audit log is append-only in the database itself: its triggers refuse to change or delete a record, or a seal.

Who owns the database can drop a trigger. The chains and the anchors that are kept outside show what was done then.

Revision: 0017, after 0016"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

UNCHANGED = {  # table → the events that its trigger refuses
    "audit_record": ("UPDATE", "DELETE"),
    "audit_seal": ("UPDATE", "DELETE"),
    "audit_anchor": ("UPDATE OF number, at, streams, records, previous, digest", "DELETE"),
}


def upgrade() -> None:
    is_postgres = op.get_bind().dialect.name == "postgresql"
    if is_postgres:
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
        )
    for table, events in UNCHANGED.items():
        for event in events:
            name = f"{table}_no_{event.partition(' ')[0].lower()}"
            refused = (
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
                if is_postgres
                else f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
            op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} {refused}")

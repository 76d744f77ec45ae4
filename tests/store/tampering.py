"""What somebody who owns the database can do: drop the triggers that keep the audit log append-only."""

from sqlalchemy import Connection, text

TRIGGERS = {
    "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": (
        "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
    ),
}


def drop_triggers(connection: Connection) -> None:
    dialect = connection.dialect.name
    for trigger, table in connection.execute(text(TRIGGERS[dialect])).all():
        connection.execute(text(f"DROP TRIGGER {trigger}" + (f" ON {table}" if dialect == "postgresql" else "")))

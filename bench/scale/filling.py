"""An installation with many instances, made by the database from one that really ran: its rows, many times over."""

from collections.abc import Mapping

from sqlalchemy import Connection, Engine, text

from app.store import Base

OPEN_OF_EACH = 5  # one task in so many is still open
RARE = 40  # one in so many is of another process, has failed, has an incident; a page at a thousand is full of them
GROUPS = 10
PEOPLE = 50
ID = "'00000000-0000-7000-8000-' || lpad(n::text, 12, '0')"


def multiply(engine: Engine, instance_id: str, numbers: range) -> None:
    """Copies of an instance with its task, its audit stream and, for some, an incident, numbered so."""
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL synchronous_commit = off"))
        _copy(connection, "process_instance", f"id = '{instance_id}'", numbers, _INSTANCE)
        _copy(connection, "audit_stream", f"stream = '{instance_id}'", numbers, {"stream": ID})
        audited = f"id = (SELECT max(id) FROM audit_record WHERE stream = '{instance_id}')"
        _copy(connection, "audit_record", audited, numbers, _RECORD)
        _copy(connection, "inbox_task", f"instance_id = '{instance_id}'", numbers, _TASK)
        offers = (
            "INSERT INTO inbox_task_candidate (task_id, name, priority) "
            f"SELECT {ID}, 'group:team-' || (n / {OPEN_OF_EACH} % {GROUPS}), 50 + n % 3 "
            f"FROM {_series(numbers)} WHERE n % {OPEN_OF_EACH} = 0 AND n % 3 > 0"
        )
        connection.execute(text(offers))
        _incidents(connection, numbers)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


_INSTANCE: Mapping[str, str] = {
    "id": ID,
    "root_id": ID,
    "trace_id": ID,
    "business_key": "'case-' || n",
    "process_id": f"CASE WHEN n % {RARE} = 0 THEN 'rare' ELSE process_id END",
    "status": f"CASE WHEN n % {RARE} = 1 THEN 'failed' WHEN n % {OPEN_OF_EACH} = 0 THEN 'running' ELSE 'completed' END",
    "incident_count": f"CASE WHEN n % {RARE} = 1 THEN 1 ELSE 0 END",
}
_RECORD: Mapping[str, str] = {
    "id": ID,
    "stream": ID,
    "position": "1",
    "actor": f"'person-' || n % {PEOPLE}",
    "action": f"CASE WHEN n % {RARE} = 1 THEN 'approval.granted' ELSE action END",
}
_TASK: Mapping[str, str] = {
    "id": ID,
    "instance_id": ID,
    "root_id": ID,
    "business_key": "'case-' || n",
    "state": f"CASE WHEN n % {OPEN_OF_EACH} = 0 THEN 'open' ELSE 'completed' END",
    "priority": "50 + n % 3",
    "assignee": f"CASE WHEN n % 3 = 0 THEN 'person-' || n % {PEOPLE} END",
    "escalate_at": "NULL",
}


def _copy(connection: Connection, table: str, which: str, numbers: range, other: Mapping[str, str]) -> None:
    columns = [column.name for column in Base.metadata.tables[table].columns]
    values = ", ".join(other.get(name, name) for name in columns)
    copied = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table}"
    connection.execute(text(f"{copied} CROSS JOIN {_series(numbers)} WHERE {which}"))


def _incidents(connection: Connection, numbers: range) -> None:
    columns = "id, instance_id, process_id, element_instance_id, element_id, kind, message, state, raised_at"
    values = f"{ID}, {ID}, 'rare', '', 'task', 'job', 'it stopped', 'open', now()"
    source = f"{_series(numbers)} WHERE n % {RARE} = 1"
    connection.execute(text(f"INSERT INTO incident ({columns}) SELECT {values} FROM {source}"))


def _series(numbers: range) -> str:
    return f"generate_series({numbers.start}, {numbers.stop - 1}) AS n"

"""The writes of a batch one after the other, a statement a table: for databases that nobody has to wait for."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam

from app.store.writes import Change, Put, Remove, Values, Write


def execute(connection: Connection, writes: Sequence[Write]) -> None:
    for write in writes:
        match write:
            case Put(table, rows):
                connection.execute(table.insert(), rows)
            case Change(table, by, columns, rows):
                update = table.update().where(_found(table, by))
                connection.execute(update.values({name: bindparam(name) for name in columns}), _named(rows, by))
            case Remove(table, by, rows):
                connection.execute(table.delete().where(_found(table, by)), _named(rows, by))


def _found(table: Table, by: tuple[str, ...]) -> ColumnElement[bool]:
    return and_(*(table.c[name] == bindparam(f"by_{name}") for name in by))


def _named(rows: Sequence[Values], by: tuple[str, ...]) -> list[Values]:
    """The parameters of each row: what it is found by has names of its own."""
    return [{f"by_{name}" if name in by else name: value for name, value in row.items()} for row in rows]

"""The writes of a batch as one statement of PostgreSQL: a `WITH` whose parts insert, update and delete.

The rows of each part are one parameter, a JSON list that PostgreSQL turns into rows of the table's own type. So the
text of the statement depends on which tables are written and not on how many rows: there are few of them, and psycopg
prepares each after a while. All parts see the database as it was before, foreign keys are looked at behind the last of
them, and no row may be written by two of them, which `Batch` sees to. See docs/adr/0016.
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, Dialect, Table

from app.store.writes import Change, Put, Remove, Values, Write

Shape = tuple[
    str, Table, tuple[str, ...], tuple[str, ...]
]  # what is done, where, which columns are set, found by which
Encoder = Callable[[object], object]


def execute(connection: Connection, writes: Sequence[Write]) -> None:
    dialect = connection.dialect
    parameters = {
        f"rows{position}": _text(write.rows, _encoders(write.table, dialect)) for position, write in enumerate(writes)
    }
    connection.exec_driver_sql(_statement(tuple(_shape(each) for each in writes), dialect), parameters)


def _shape(write: Write) -> Shape:
    match write:
        case Put(table):
            return "put", table, tuple(table.columns.keys()), ()
        case Change(table, by, columns):
            return "change", table, columns, by
        case Remove(table, by):
            return "remove", table, (), by


@cache
def _statement(shapes: tuple[Shape, ...], dialect: Dialect) -> str:
    parts = [_part(shape, f"%(rows{position})s", dialect) for position, shape in enumerate(shapes)]
    if len(parts) == 1:
        return parts[0]
    *with_, last = parts
    return f"WITH {', '.join(f'part{position} AS ({part})' for position, part in enumerate(with_))} {last}"


def _part(shape: Shape, parameter: str, dialect: Dialect) -> str:
    kind, table, columns, by = shape
    # Nothing but names of our own tables and columns becomes part of the text, and quoted: hence no S608 below.
    quote = dialect.identifier_preparer.quote
    name = quote(table.name)
    rows = f"json_populate_recordset(NULL::{name}, {parameter}) AS given"
    if kind == "put":
        listed = ", ".join(quote(column) for column in columns)
        return f"INSERT INTO {name} ({listed}) SELECT {listed} FROM {rows}"  # noqa: S608
    found = " AND ".join(f"{name}.{quote(column)} = given.{quote(column)}" for column in by)
    if kind == "remove":
        return f"DELETE FROM {name} USING {rows} WHERE {found}"  # noqa: S608
    values = ", ".join(f"{quote(column)} = given.{quote(column)}" for column in columns)
    return f"UPDATE {name} SET {values} FROM {rows} WHERE {found}"  # noqa: S608


def _text(rows: Sequence[Values], encoders: dict[str, Encoder | None]) -> str:
    encoded = []
    for row in rows:
        values = {}
        for name, value in row.items():
            encoder = encoders[name]
            values[name] = value if encoder is None else encoder(value)
        encoded.append(values)
    return json.dumps(encoded, default=_moment)


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"Expected a value that a column of ours holds, but found {type(value).__name__}.")


@cache
def _encoders(table: Table, dialect: Dialect) -> dict[str, Encoder | None]:
    """How the values of each column become what the database holds, where its type says so."""
    return {column.name: column.type.dialect_impl(dialect).bind_processor(dialect) for column in table.columns}

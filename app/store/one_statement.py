"""The writes of a batch as one statement of PostgreSQL: a `WITH` whose parts insert, update and delete.

New rows of a table are one parameter, a JSON list that PostgreSQL turns into rows of the table's own type; a change or
a removal of a row is a part of its own, so that it is found by its index whatever the planner guesses. So the text of
the statement depends on which tables are written and on little else: there are few of them, and psycopg prepares each
after a while. All parts see the database as it was before, foreign keys are looked at behind the last of them, and no
row may be written by two of them, which `Batch` sees to. See docs/adr/0016.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, Dialect, Table

from app.store import many_statements
from app.store.writes import Change, Put, Remove, Values, Write

MOST_PARTS = 16  # changed and removed rows in one statement; a larger number of a kind is sent on its own

Shape = tuple[type[Write], Table, tuple[str, ...], tuple[str, ...]]  # what, where, columns that are set, found by
Encoder = Callable[[object], object]


def execute(connection: Connection, writes: Iterable[Write]) -> None:
    shapes: list[Shape] = []
    parameters: list[object] = []
    many: list[Write] = []
    for write in writes:
        encoders = _encoders(write.table, connection.dialect)
        if isinstance(write, Put):
            shapes.append((Put, write.table, tuple(write.table.columns.keys()), ()))
            parameters.append(_text(write.rows, encoders))
        elif len(write.rows) > MOST_PARTS:
            many.append(write)
        else:
            columns = write.columns if isinstance(write, Change) else ()
            for row in write.rows:
                shapes.append((type(write), write.table, columns, write.by))
                parameters.extend(_encoded(encoders[name], row[name]) for name in (*columns, *write.by))
    if shapes:
        connection.exec_driver_sql(_statement(tuple(shapes), connection.dialect), tuple(parameters))
    many_statements.execute(connection, many)


@cache
def _statement(shapes: tuple[Shape, ...], dialect: Dialect) -> str:
    *with_, last = [_part(shape, dialect) for shape in shapes]
    if not with_:
        return last
    return f"WITH {', '.join(f'part{position} AS ({part})' for position, part in enumerate(with_))} {last}"


def _part(shape: Shape, dialect: Dialect) -> str:
    # Nothing but names of our own tables and columns becomes part of the text, and quoted: hence no S608 below.
    kind, table, columns, by = shape
    quote = dialect.identifier_preparer.quote
    name = quote(table.name)
    if kind is Put:
        listed = ", ".join(map(quote, columns))
        return f"INSERT INTO {name} ({listed}) SELECT {listed} FROM json_populate_recordset(NULL::{name}, %s)"  # noqa: S608
    found = " AND ".join(f"{quote(column)} = %s" for column in by)
    if kind is Remove:
        return f"DELETE FROM {name} WHERE {found}"  # noqa: S608
    values = ", ".join(f"{quote(column)} = %s" for column in columns)
    return f"UPDATE {name} SET {values} WHERE {found}"  # noqa: S608


def _text(rows: Sequence[Values], encoders: dict[str, Encoder | None]) -> str:
    encoded = [{name: _encoded(encoders[name], value) for name, value in row.items()} for row in rows]
    return json.dumps(encoded, default=_moment)


def _encoded(encoder: Encoder | None, value: object) -> object:
    return value if encoder is None else encoder(value)


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"Expected a value that a column of ours holds, but found {type(value).__name__}.")


@cache
def _encoders(table: Table, dialect: Dialect) -> dict[str, Encoder | None]:
    """How the values of each column become what the database holds, where its type says so."""
    return {column.name: column.type.dialect_impl(dialect).bind_processor(dialect) for column in table.columns}

"""What one transaction writes, gathered and written at its end: one statement a table, however many rows.

A row that is put and then changed in the same transaction is written once, as it was at the end.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy import Table, bindparam, inspect
from sqlalchemy.orm import Session

from app.store.database import Base

Key = tuple[object, ...]
Values = dict[str, object]


class Batch:
    def __init__(self) -> None:
        self._new: dict[type[Base], dict[Key, Values]] = {}
        self._changed: dict[type[Base], dict[Key, Values]] = {}

    def put(self, row: type[Base], **values: object) -> None:
        """Insert a row. Columns that are not named become NULL (the JSON null)."""
        table = table_of(row)
        full = {column.name: values.pop(column.name, None) for column in table.columns}
        if values:
            raise TypeError(f"Expected columns of {table.name}, but found {', '.join(values)}.")
        self._new.setdefault(row, {})[_key(table, full)] = full

    def change(self, row: type[Base], key: Sequence[object] | str, **values: object) -> None:
        """Update the row with this primary key: one that is in the database already, or one put before."""
        found = (key,) if isinstance(key, str) else tuple(key)
        new = self._new.get(row, {}).get(found)
        if new is not None:
            new.update(values)
        else:
            self._changed.setdefault(row, {}).setdefault(found, {}).update(values)

    def pending(self, row: type[Base]) -> list[Mapping[str, object]]:
        """The rows of a table that will be inserted."""
        return list(self._new.get(row, {}).values())

    def write(self, session: Session) -> None:
        """Write everything, parents before children, and begin anew."""
        connection = session.connection()
        order = _order()
        for row in sorted(self._new, key=lambda each: order[table_of(each)]):
            connection.execute(table_of(row).insert(), list(self._new[row].values()))
        for row, changes in self._changed.items():
            table = table_of(row)
            shapes: dict[tuple[str, ...], list[Values]] = {}
            for key, values in changes.items():
                named = dict(zip(_key_names(table), key, strict=True))
                shapes.setdefault(tuple(values), []).append({**values, **named})
            for columns, rows in shapes.items():
                where = [table.c[name.removeprefix("key_")] == bindparam(name) for name in _key_names(table)]
                connection.execute(
                    table.update().where(*where).values({name: bindparam(name) for name in columns}), rows
                )
        self._new.clear()
        self._changed.clear()


@cache
def _order() -> dict[Table, int]:
    """The place of each table when parents come before children."""
    return {table: position for position, table in enumerate(Base.metadata.sorted_tables)}


@cache
def table_of(row: type[Base]) -> Table:
    table = inspect(row).local_table
    if not isinstance(table, Table):
        raise TypeError(f"Expected {row.__name__} to be a table of its own.")
    return table


def _key(table: Table, values: Mapping[str, object]) -> Key:
    return tuple(values[column.name] for column in table.primary_key.columns)


def _key_names(table: Table) -> list[str]:
    return [f"key_{column.name}" for column in table.primary_key.columns]

"""What one transaction writes, gathered and written at its end: on PostgreSQL in one statement, however much it is.

A row that is put and then changed in the same transaction is written once, as it was at the end. SQLite, which has no
network to wait for, gets one statement a table.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from sqlalchemy import Table, inspect
from sqlalchemy.orm import Session, make_transient, make_transient_to_detached

from app.store import many_statements, one_statement
from app.store.database import Base
from app.store.writes import Change, Put, Remove, Values, Write

Key = tuple[object, ...]


class Batch:
    def __init__(self) -> None:
        self._new: dict[type[Base], dict[Key, Values]] = {}
        self._changed: dict[tuple[type[Base], tuple[str, ...]], dict[Key, Values]] = {}
        self._gone: dict[tuple[type[Base], tuple[str, ...]], dict[Key, None]] = {}
        self._adopted: list[object] = []  # kept alive: read again before it is written, a row would be the old one

    def put(self, row: type[Base], **values: object) -> None:
        """Insert a row. Columns that are not named become NULL (the JSON null)."""
        table = table_of(row)
        full = {column.name: values.pop(column.name, None) for column in table.columns}
        if values:
            raise TypeError(f"Expected columns of {table.name}, but found {', '.join(values)}.")
        self._new.setdefault(row, {})[tuple(full[name] for name in primary_key(row))] = full

    def change(self, row: type[Base], key: Sequence[object] | str, **values: object) -> None:
        """Update the row with this primary key: one that is in the database already, or one put before."""
        found = (key,) if isinstance(key, str) else tuple(key)
        new = self._new.get(row, {}).get(found)
        if new is not None:
            new.update(values)
        else:
            self._change(row, primary_key(row), found, values)

    def change_where(self, row: type[Base], where: Mapping[str, object], **values: object) -> None:
        """Update the rows in the database whose columns have these values; `values` are of other columns."""
        self._change(row, tuple(where), tuple(where.values()), values)

    def _change(self, row: type[Base], by: tuple[str, ...], key: Key, values: Values) -> None:
        self._changed.setdefault((row, by), {}).setdefault(key, {}).update(values)

    def remove(self, row: type[Base], key: Sequence[object] | str) -> None:
        """Delete the row with this primary key; one that was put before is never written."""
        found = (key,) if isinstance(key, str) else tuple(key)
        if self._new.get(row, {}).pop(found, None) is None:
            self._gone.setdefault((row, primary_key(row)), {})[found] = None

    def remove_where(self, row: type[Base], where: Mapping[str, object]) -> None:
        """Delete the rows whose columns have these values; those that were put before are never written."""
        new = self._new.get(row, {})
        for key in [key for key, values in new.items() if all(values[name] == value for name, value in where.items())]:
            del new[key]
        self._gone.setdefault((row, tuple(where)), {})[tuple(where.values())] = None

    def adopt(self, session: Session) -> None:
        """Take over what the session's objects would write. They count as written, and may be changed again."""
        for instance in session.new:
            kind: type[Base] = type(instance)
            now = inspect(instance).dict
            self.put(kind, **{column.name: now.get(column.name) for column in table_of(kind).columns})
            self._settle(session, instance)
        for instance in session.dirty:
            state = inspect(instance)
            changed = {name: state.dict[name] for name, old in state.committed_state.items() if state.dict[name] != old}
            if changed:
                self.change(type(instance), state.identity, **changed)
            self._settle(session, instance)

    def _settle(self, session: Session, instance: object) -> None:
        make_transient(instance)
        make_transient_to_detached(instance)
        session.add(instance)
        self._adopted.append(instance)

    def new(self, row: type[Base]) -> Iterable[dict[str, object]]:
        """All columns of each row that was put and is not written yet; what is changed there is written so."""
        return self._new.get(row, {}).values()

    def planned(self, row: type[Base], key: Sequence[object] | str) -> Mapping[str, object]:
        """What was gathered for the row with this primary key: all columns of one that was put, else its changes."""
        found = (key,) if isinstance(key, str) else tuple(key)
        changed = self._changed.get((row, primary_key(row)), {}).get(found)
        return self._new.get(row, {}).get(found) or changed or {}

    def write(self, session: Session) -> None:
        """Write everything, parents before children, and begin anew."""
        if writes := list(self._writes()):
            connection = session.connection()
            way = one_statement if connection.dialect.name == "postgresql" else many_statements
            way.execute(connection, writes)
        for gathered in (self._new, self._changed, self._gone, self._adopted):
            gathered.clear()

    def _writes(self) -> Iterator[Write]:
        for row in sorted(self._new, key=_place):
            if new := self._new[row]:
                yield Put(table_of(row), list(new.values()))
        for (row, by), changes in self._changed.items():
            shapes: dict[tuple[str, ...], list[Values]] = {}
            for key, values in changes.items():
                shapes.setdefault(tuple(sorted(values)), []).append({**values, **dict(zip(by, key, strict=True))})
            for columns, rows in shapes.items():
                yield Change(table_of(row), by, columns, rows)
        for (row, by), keys in self._gone.items():
            yield Remove(table_of(row), by, [dict(zip(by, key, strict=True)) for key in keys])


def _place(row: type[Base]) -> int:
    """The place of a table when parents come before children."""
    return _order()[table_of(row)]


@cache
def _order() -> dict[Table, int]:
    return {table: position for position, table in enumerate(Base.metadata.sorted_tables)}


@cache
def table_of(row: type[Base]) -> Table:
    table = inspect(row).local_table
    if not isinstance(table, Table):
        raise TypeError(f"Expected {row.__name__} to be a table of its own.")
    return table


@cache
def primary_key(row: type[Base]) -> tuple[str, ...]:
    return tuple(column.name for column in table_of(row).primary_key.columns)

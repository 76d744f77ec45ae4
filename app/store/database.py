"""The database behind Flask-SQLAlchemy: how connections are set up, and how a transaction begins.

SQLite: WAL, every commit on the disk before it is answered (but see `relax`), foreign keys, a busy time-out; writers
take the write lock at once (BEGIN IMMEDIATE), so that a read that becomes a write never fails half-way.
PostgreSQL: READ COMMITTED; writers lock the rows that they change.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import Enum

import sqlalchemy
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import DeclarativeBase, Session, registry, sessionmaker

from app.store.availability import noticing
from app.store.types import Json, UtcMoment

BUSY_TIMEOUT_SECONDS = 30
WRITES = {"bailiwick_write": True}  # execution options of an engine or a connection that changes something


_ENUM = sqlalchemy.Enum(
    Enum, native_enum=False, length=32, values_callable=lambda kind: [member.value for member in kind]
)


class Base(DeclarativeBase):
    """Parent of the tables: ``Mapped[object]`` is JSON, ``Mapped[datetime]`` a moment in UTC, an enum its value."""

    registry = registry(type_annotation_map={object: Json, datetime: UtcMoment, Enum: _ENUM})


db = SQLAlchemy(model_class=Base, disable_autonaming=True)


class Store:
    """Sessions on one database, for any thread, with or without an application context.

    All raise `Unavailable` where the database cannot be had.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        prepare(engine)
        at_once = {} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        one_moment = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._readers = sessionmaker(engine.execution_options(**at_once), expire_on_commit=False, autoflush=False)
        self._lookers = sessionmaker(engine.execution_options(**one_moment), expire_on_commit=False, autoflush=False)
        self._writers = sessionmaker(engine.execution_options(**WRITES), expire_on_commit=False, autoflush=False)

    @classmethod
    def of(cls, app: Flask) -> "Store":
        """The store of a Flask application on which `db` was initialised."""
        with app.app_context():
            return cls(db.engine)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A short look. PostgreSQL answers each statement for itself: no time goes into a transaction around it."""
        with noticing(), self._readers() as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """One look at one moment, for what has to fit together or takes long. Whatever is changed is thrown away."""
        with noticing(), self._lookers() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: committed at the end of the block, rolled back if it raises."""
        with noticing(), self._writers.begin() as session:
            yield session

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"


def prepare(engine: Engine) -> None:
    """Set up every later connection of this engine. Doing it twice does no harm."""
    if engine.dialect.name != "sqlite":
        return
    for name, listener in (("connect", _set_up_sqlite), ("begin", _begin_sqlite)):
        if not event.contains(engine, name, listener):
            event.listen(engine, name, listener)


def relax(engine: Engine) -> None:
    """For processes that answer nobody: on SQLite a commit need not be on the disk before the next one (ADR 0073)."""
    if engine.dialect.name == "sqlite" and not event.contains(engine, "connect", _relax_sqlite):
        event.listen(engine, "connect", _relax_sqlite)
        engine.dispose()  # what is connected already is not relaxed


def _relax_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous = NORMAL")


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = "bailiwick_write" in connection.get_execution_options()
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

"""Alembic's way in: one locked transaction for all steps, on the engine that `upgrade` hands over."""

from typing import Literal

import sqlalchemy
from alembic import context
from sqlalchemy import Connection, Engine, text

from app.store.database import WRITES, Base, prepare
from app.store.types import Json, UtcMoment

_LOCK = 0x6261_696C  # any number that is ours: PostgreSQL's advisory locks are shared by all of a database


def run(engine: Engine) -> None:
    prepare(engine)
    with engine.execution_options(**WRITES).begin() as connection:
        _wait_for_others(connection)
        context.configure(
            connection=connection, target_metadata=Base.metadata, render_as_batch=True, render_item=_plain_type
        )
        context.run_migrations()


def _wait_for_others(connection: Connection) -> None:
    """SQLite is locked already by BEGIN IMMEDIATE."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _plain_type(kind: str, item: object, _autogenerate: object) -> str | Literal[False]:
    """A migration names what the database has, and none of our types, which may change after it was written."""
    match kind, item:
        case "type", Json():
            return "sa.Text()"
        case "type", UtcMoment():
            return "sa.DateTime(timezone=True)"
        case "type", sqlalchemy.Enum():
            return "sa.String(32)"
    return False


run(context.config.attributes["engine"])

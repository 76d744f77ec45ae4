"""Column types: JSON that loses no digit, and moments that keep their zone, alike on SQLite and PostgreSQL."""

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

from app.feel import json_dumps, json_loads


class JsonText(str):
    """A JSON value that is text already, as it is to be stored."""

    __slots__ = ()


class Json(TypeDecorator[object]):
    """A JSON value as text, null included. Numbers are `Decimal` on both sides; the database never parses the text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str:  # noqa: ARG002 - SQLAlchemy's signature
        return value if isinstance(value, JsonText) else json_dumps(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> object:  # noqa: ARG002
        return None if value is None else json_loads(value)


class UtcMoment(TypeDecorator[datetime]):
    """An aware moment in UTC. SQLite, which knows no zones, keeps it as naive UTC text, so that it sorts."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"Expected an aware moment, but found {value}. Pass one with its zone.")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

"""Fresh databases for tests: SQLite in a temporary file, and PostgreSQL in a schema of its own, where it answers.

PostgreSQL is looked for at BAILIWICK_TEST_POSTGRES_URL, or at postgresql://postgres@127.0.0.1.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import URL, make_url

from app.ids import new_id

KINDS = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))
CONNECT_SECONDS = 3


@cache
def postgres_url() -> URL | None:
    """Where PostgreSQL answers, or None."""
    url = make_url(os.environ.get("BAILIWICK_TEST_POSTGRES_URL") or "postgresql://postgres@127.0.0.1/postgres")
    url = url.set(drivername="postgresql+psycopg")
    engine = sqlalchemy.create_engine(url, connect_args={"connect_timeout": CONNECT_SECONDS})
    try:
        with engine.connect():
            return url
    except sqlalchemy.exc.OperationalError:
        return None
    finally:
        engine.dispose()


@contextmanager
def fresh_database(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database that is gone afterwards. Skips the test where PostgreSQL does not answer."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'test.sqlite'}"
        return
    url = postgres_url()
    if url is None:
        pytest.skip("PostgreSQL does not answer: set BAILIWICK_TEST_POSTGRES_URL")
    schema = f"test_{new_id().replace('-', '_')}"
    engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    try:
        own = url.update_query_dict({"options": f"-csearch_path={schema}"})
        yield own.render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
        engine.dispose()

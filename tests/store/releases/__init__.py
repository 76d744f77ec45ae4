"""Databases that releases left behind, as SQL of their own databases, and how they were made."""

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
from sqlalchemy import make_url

HERE = Path(__file__).parent


def load(release: str, database: str) -> None:
    """Put what the release stored into an empty database at this address."""
    url = make_url(database)
    kind = url.get_backend_name()
    script = gzip.decompress((HERE / f"{release}.{kind}.sql.gz").read_bytes()).decode()
    if kind == "sqlite":
        with closing(sqlite3.connect(str(url.database))) as connection:
            connection.executescript(script)
        return
    with psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False)) as connection:
        connection.execute(_into_schema_of_connection(script))


def _into_schema_of_connection(script: str) -> bytes:
    """What ``pg_dump`` writes names its schema everywhere, and has lines that only ``psql`` reads."""
    lines = (line for line in script.splitlines() if not line.startswith(("\\", "SELECT pg_catalog.set_config")))
    return "\n".join(lines).replace("public.", "").encode()

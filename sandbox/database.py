"""The company's database: tables, the connection of a request, the ledger of effects. Amounts are whole cents."""

import json
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from flask import current_app

SCHEMA = """
CREATE TABLE customer (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, tier TEXT NOT NULL, refunds_last_year INTEGER NOT NULL
);
CREATE TABLE account (customer_id TEXT PRIMARY KEY, tier TEXT NOT NULL);
CREATE TABLE charge (
    id TEXT PRIMARY KEY, customer_id TEXT NOT NULL, cents INTEGER NOT NULL, currency TEXT NOT NULL,
    days_ago INTEGER NOT NULL, item TEXT NOT NULL
);
CREATE TABLE refund (
    id TEXT PRIMARY KEY, charge_id TEXT NOT NULL, cents INTEGER NOT NULL, currency TEXT NOT NULL, reason TEXT NOT NULL,
    state TEXT NOT NULL, booked_at TEXT NOT NULL, idempotency_key TEXT UNIQUE
);
CREATE TABLE ticket (id TEXT PRIMARY KEY, customer_id TEXT, subject TEXT NOT NULL);
CREATE TABLE draft (
    id TEXT PRIMARY KEY, ticket_id TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, written_at TEXT NOT NULL,
    idempotency_key TEXT UNIQUE
);
CREATE TABLE message (
    id TEXT PRIMARY KEY, ticket_id TEXT NOT NULL, recipient TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL,
    sent_at TEXT NOT NULL, idempotency_key TEXT UNIQUE
);
CREATE TABLE fault (
    id INTEGER PRIMARY KEY, system TEXT NOT NULL, kind TEXT NOT NULL, touches TEXT NOT NULL, remaining INTEGER,
    seconds REAL NOT NULL
);
CREATE TABLE effect (
    position INTEGER PRIMARY KEY, at TEXT NOT NULL, system TEXT NOT NULL, operation TEXT NOT NULL,
    subject TEXT NOT NULL, idempotency_key TEXT, detail TEXT NOT NULL
);
"""

BUSY_SECONDS = 10


def connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


@contextmanager
def reading() -> Iterator[sqlite3.Connection]:
    """A connection to the current company's database."""
    connection = connect(current_app.config["COMPANY_DATABASE"])
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def writing() -> Iterator[sqlite3.Connection]:
    """The same within one transaction, which is rolled back by any exception."""
    with reading() as connection:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")


def record_effect(
    connection: sqlite3.Connection, system: str, operation: str, subject: str, key: str | None, **detail: object
) -> None:
    """Write down that the outside world has changed, in the transaction that changes it."""
    connection.execute(
        "INSERT INTO effect (at, system, operation, subject, idempotency_key, detail) VALUES (?, ?, ?, ?, ?, ?)",
        (now(), system, operation, subject, key, json.dumps(detail)),
    )


def new_number(prefix: str) -> str:
    """A new document number such as RF-3f9a1c20be47."""
    return f"{prefix}-{uuid.uuid4().hex[:12]}"


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def money(cents: int) -> str:
    """An amount as the company's systems write it: "35.00"."""
    return f"{Decimal(cents) / 100:.2f}"

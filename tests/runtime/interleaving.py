"""Two transactions in the order that a test wants: one stands before its commit while the other tries."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Connection, event, text

from app.store import Store

First = TypeVar("First")
Second = TypeVar("Second")


def overlap(store: Store, first: Callable[[], First], second: Callable[[], Second]) -> tuple[First, Second]:
    """Do both, each in a thread and on a connection of its own; returns what they return.

    `first` comes as far as its first commit. Then `second` begins, and only when it has ended, or waits for a lock that
    `first` holds, does `first` commit. On SQLite nothing else can happen, because one transaction writes at a time.
    """
    arrived, go, began = threading.Event(), threading.Event(), threading.Event()
    threads: dict[int, str] = {}
    backends: list[int] = []

    def stand(_connection: Connection) -> None:
        if threads.get(threading.get_ident()) == "first":
            arrived.set()
            go.wait()

    def note(connection: Connection) -> None:
        if threads.get(threading.get_ident()) == "second":
            backends.append(connection.connection.dbapi_connection.info.backend_pid)
            began.set()

    def do(name: str, work: Callable[[], object], moment: threading.Event) -> object:
        threads[threading.get_ident()] = name
        try:
            return work()
        finally:
            moment.set()

    event.listen(store.engine, "commit", stand)
    if store.is_sqlite:
        began.set()
    else:
        event.listen(store.engine, "begin", note)
    try:
        with ThreadPoolExecutor(2) as pool:
            one = pool.submit(do, "first", first, arrived)
            arrived.wait()
            two = pool.submit(do, "second", second, began)
            began.wait()
            while not (store.is_sqlite or two.done() or _waits(store, backends[-1])):
                pass  # each look is a round trip to the database
            go.set()
            return one.result(), two.result()  # type: ignore[return-value]
    finally:
        go.set()
        event.remove(store.engine, "commit", stand)
        if event.contains(store.engine, "begin", note):
            event.remove(store.engine, "begin", note)


def _waits(store: Store, backend: int) -> bool:
    with store.engine.connect() as connection:
        return bool(connection.scalar(text("SELECT cardinality(pg_blocking_pids(:pid)) > 0"), {"pid": backend}))

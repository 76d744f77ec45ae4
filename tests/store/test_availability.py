"""Which errors mean that the database cannot be had, and how safely SQLite commits."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from app.errors import Unavailable
from app.store.database import Store, relax


def store(folder: Path) -> Store:
    return Store(create_engine(f"sqlite:///{folder / 'test.sqlite'}"))


def test_what_is_answered_is_on_the_disk(tmp_path: Path) -> None:
    """FULL (2) by default; NORMAL (1) for whom answers nobody, whatever was connected before."""
    here = store(tmp_path)
    with here.read() as session:
        assert session.scalar(text("PRAGMA synchronous")) == 2
    relax(here.engine)
    with here.read() as session:
        assert session.scalar(text("PRAGMA synchronous")) == 1


def test_a_full_disk_is_no_defect(tmp_path: Path) -> None:
    """SQLite may not grow: the reason is named, nothing was changed, and afterwards it goes on."""
    here = store(tmp_path)
    with here.write() as session:
        session.execute(text("CREATE TABLE t (a TEXT)"))
    with pytest.raises(Unavailable, match=r"its disk is full\. Nothing was changed"):
        fill(here, pages=2)
    fill(here, pages=1_000_000)
    with here.read() as session:
        assert session.scalar(text("SELECT count(*) FROM t")) == 1


def fill(here: Store, pages: int) -> None:
    with here.write() as session:
        session.execute(text(f"PRAGMA max_page_count = {pages}"))
        session.execute(text("INSERT INTO t VALUES (:a)"), {"a": "x" * 100_000})


def test_a_database_that_is_nowhere_is_unavailable() -> None:
    """A folder that is not there, a server that does not listen."""
    for address, reason in (
        ("sqlite:////nowhere/at/all.sqlite", "cannot be opened"),
        ("postgresql+psycopg://nobody@127.0.0.1:1/none", "it is away"),
    ):
        with pytest.raises(Unavailable, match=reason), Store(create_engine(address)).read() as session:
            session.scalar(text("SELECT 1"))


def test_a_mistake_of_ours_stays_one(tmp_path: Path) -> None:
    """A table that is not there is a defect, and no reason to try again."""
    with pytest.raises(OperationalError), store(tmp_path).read() as session:
        session.scalar(text("SELECT 1 FROM nothing"))

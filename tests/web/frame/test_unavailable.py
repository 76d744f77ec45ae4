"""A database that cannot be had is no defect: 503, with when to try again, on pages, in the API and in hooks."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import make_url

from app.store import database
from tests.web.site import Site, refund_request


def test_a_locked_database_is_503(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is stored, the reason is named, and as soon as the lock is gone the same call is taken."""
    monkeypatch.setattr(database, "BUSY_TIMEOUT_SECONDS", 0)
    engine = site.runtime.core.store.engine
    engine.dispose()  # connections set up with the patience of production
    path = str(make_url(str(engine.url)).database)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        answer = site.call_hook(refund_request(10), key="k-1")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert answer.json is not None
        assert "it is locked" in answer.json["detail"]
        other.execute("ROLLBACK")
    assert site.call_hook(refund_request(10), key="k-1").status_code == 202

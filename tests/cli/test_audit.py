"""``bailiwick audit``: in several processes, and against anchors that were kept elsewhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy
from click.testing import CliRunner, Result

from app.cli import main
from app.runtime import SYSTEM
from app.testing import Platform
from tests.runtime.diagrams import END, START, diagram, user_task
from tests.store.databases import KINDS, fresh_database
from tests.store.tampering import drop_triggers


@pytest.fixture(params=KINDS)
def address(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Of a database with a few instances."""
    with fresh_database(request.param, tmp_path) as address:
        with Platform([], {}, people={}, database=address) as platform:
            platform.runtime.deployments.deploy(SYSTEM, {"review.bpmn": diagram("review", START, user_task(), END)})
            for _ in range(3):
                platform.start("review")
        monkeypatch.setenv("BAILIWICK_DATABASE_URL", address)
        monkeypatch.setenv("BAILIWICK_DATA_FOLDER", str(tmp_path))
        yield address


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["audit", *arguments])


def test_the_whole_log_and_its_anchors(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Intact with its anchors; once it is shorter than what was kept, that is said."""
    monkeypatch.setattr("app.cli.audit.STREAMS_AT_A_TIME", 2)
    kept = tmp_path / "anchors.jsonl"
    assert "anchor 1:" in run("anchor", "--to", str(kept)).output
    intact = run("verify", "--anchor", str(kept))
    assert intact.exit_code == 0, intact.output
    assert "1 anchors" in intact.output
    assert "It continues all 1 anchors" in intact.output
    assert run("verify", "--new").output.startswith("intact: 0 records since anchor 1")
    engine = sqlalchemy.create_engine(address)
    with engine.begin() as connection:
        drop_triggers(connection)
        connection.exec_driver_sql("DELETE FROM audit_anchor")
        connection.exec_driver_sql("DELETE FROM audit_seal")
    shorter = run("verify", "--anchor", str(kept))
    assert (shorter.exit_code, "anchor 1 is not in this log" in shorter.output) == (1, True)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE audit_record SET actor = 'nobody' WHERE stream = 'system' AND position = 1")
    engine.dispose()
    broken = run("verify", "--processes", "1")
    assert (broken.exit_code, "stream system, record 1" in broken.output) == (1, True)


def test_a_file_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    missing = run("verify", "--anchor", str(tmp_path / "nowhere.jsonl"))
    assert missing.exit_code == 1
    assert "found none" in missing.output

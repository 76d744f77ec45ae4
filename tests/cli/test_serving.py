"""``bailiwick serve``, ``worker``, ``clock`` and ``migrate``: how they begin and how they end."""

import signal
import socket
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from app.cli import main
from app.store.migrations import upgrade
from tests.acceptance.installation import PATIENCE_SECONDS, Installation, until


def database(folder: Path) -> str:
    return f"sqlite:///{folder / 'bailiwick.sqlite'}"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of commands that are run in this process; it does not exist yet."""
    folder = tmp_path / "not" / "there"
    monkeypatch.setenv("BAILIWICK_DATA_FOLDER", str(folder))
    return folder


def test_a_web_process_finishes_what_has_begun(tmp_path: Path) -> None:
    """SIGTERM while half of a request has arrived: readiness goes, the rest is read and answered, then it ends."""
    with Installation(tmp_path, {"BAILIWICK_DEMO": "1", "BAILIWICK_DRAIN_SECONDS": "1"}) as installation:
        upgrade(database(tmp_path))
        process = installation.start("serve")
        until(installation.is_ready, "serve answers")
        with socket.create_connection(("127.0.0.1", installation.port), PATIENCE_SECONDS) as connection:
            connection.sendall(b"POST /api/v1/sessions HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\n\r\n{")
            process.send_signal(signal.SIGTERM)
            draining = until(lambda: not_ready(installation), "it is not ready any more")
            assert draining.json() == {"status": "not ready", "reason": "draining"}
            assert process.poll() is None
            connection.sendall(b"}")
            assert connection.recv(12) == b"HTTP/1.1 422"
            while connection.recv(4096):
                pass
        assert process.wait(PATIENCE_SECONDS) == 0


@pytest.mark.parametrize(("proxies", "is_told"), [("1", True), ("0", False)])
def test_what_a_proxy_says_counts_only_where_one_is_trusted(tmp_path: Path, proxies: str, *, is_told: bool) -> None:
    """Through the real server: the scheme that the proxy was asked by makes cookies and answers those of HTTPS."""
    environment = {"BAILIWICK_DEMO": "1", "BAILIWICK_TRUSTED_PROXIES": proxies}
    with Installation(tmp_path, environment) as installation:
        upgrade(database(tmp_path))
        installation.start("serve")
        until(installation.is_ready, "serve answers")
        forwarded = {
            "X-Forwarded-For": "203.0.113.9",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-Host": "cases.example",
        }
        answer = httpx.get(f"{installation.address}/sign-in", headers=forwarded, timeout=PATIENCE_SECONDS)
        assert ("Strict-Transport-Security" in answer.headers) is is_told


def not_ready(installation: Installation) -> httpx.Response | None:
    answer = httpx.get(f"{installation.address}/readyz", timeout=PATIENCE_SECONDS)
    return answer if answer.status_code == 503 else None


def test_migrate_makes_the_folder_and_says_what_it_did(here: Path) -> None:
    """A missing folder is no traceback; a second time there is nothing to do."""
    first = CliRunner().invoke(main, ["migrate"])
    assert first.exit_code == 0, first.output
    assert first.output.startswith("From an empty database: baseline, ")
    assert here.is_dir()
    assert CliRunner().invoke(main, ["migrate"]).output == "The database is up to date.\n"


@pytest.mark.parametrize("command", ["serve", "worker", "clock", "migrate", "audit verify", "people list"])
def test_a_newer_schema_is_refused_in_one_sentence(here: Path, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By every process and every command; nothing is changed."""
    monkeypatch.setenv("BAILIWICK_SECRET_KEY", "k" * 32)
    here.mkdir(parents=True)
    upgrade(database(here))
    engine = create_engine(database(here))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    answer = CliRunner().invoke(main, command.split())
    assert answer.exit_code == 1
    assert "found 9999, which is newer than this program" in answer.output
    assert len(answer.output.strip().splitlines()) == 1
    engine.dispose()


@pytest.mark.parametrize("command", ["serve", "worker", "clock", "people list"])
def test_an_older_schema_is_refused_with_what_to_do(here: Path, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty database is the oldest of all."""
    monkeypatch.setenv("BAILIWICK_SECRET_KEY", "k" * 32)
    answer = CliRunner().invoke(main, command.split())
    assert answer.exit_code == 1
    assert "found none. Stop what runs, make a backup, and run `bailiwick migrate`." in answer.output


def test_health_checks_ask_for_heartbeats(here: Path) -> None:
    """Nobody has beaten here: exit status 1 with one sentence."""
    CliRunner().invoke(main, ["migrate"])
    for kind in ("worker", "clock"):
        answer = CliRunner().invoke(main, [kind, "--check"])
        assert (answer.exit_code, f"Expected a {kind} on" in answer.output) == (1, True)

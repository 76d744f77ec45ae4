"""`app.settings`: environment over file, everything checked at start, one line when something is wrong."""

from pathlib import Path

import pytest

from app.settings import DEMONSTRATION_MARK, WrongSetting, load_settings


@pytest.fixture(autouse=True)
def _own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test starts in an empty folder, so that no bailiwick.toml of the developer's is read."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BAILIWICK_CONFIG", raising=False)


def test_defaults_are_the_embedded_installation(tmp_path: Path) -> None:
    """With nothing configured: SQLite in var/, on 127.0.0.1:8080, no demonstration."""
    settings = load_settings()
    assert settings.database == f"sqlite:///{tmp_path}/var/bailiwick.sqlite"
    assert settings.address == "http://127.0.0.1:8080"
    assert not settings.demo


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """bailiwick.toml sets what the environment does not."""
    (tmp_path / "bailiwick.toml").write_text('port = 9000\nhost = "127.0.0.2"\n[tasks.crm]\nbase_url = "http://crm"\n')
    monkeypatch.setenv("BAILIWICK_PORT", "9001")
    settings = load_settings()
    assert (settings.port, settings.host) == (9001, "127.0.0.2")
    assert settings.tasks == {"crm": {"base_url": "http://crm"}}


def test_every_wrong_value_is_named_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two mistakes, one line, both names, and no secret in it."""
    monkeypatch.setenv("BAILIWICK_PORT", "eighty")
    monkeypatch.setenv("BAILIWICK_LOG_LEVEL", "LOUD")
    monkeypatch.setenv("BAILIWICK_SECRET_KEY", "hunter2")
    with pytest.raises(WrongSetting) as caught:
        load_settings()
    text = str(caught.value)
    assert "port" in text
    assert "log_level" in text
    assert "\n" not in text
    assert "hunter2" not in text


@pytest.mark.parametrize("address", ["mysql://localhost/cases", "postgres://localhost/cases", "cases.sqlite"])
def test_another_database_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """With what an address looks like, before anything is opened."""
    monkeypatch.setenv("BAILIWICK_DATABASE_URL", address)
    with pytest.raises(WrongSetting, match="database_url: expected an address that begins with postgresql://"):
        load_settings()


def test_a_short_key_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cookies are signed with 32 characters or more."""
    monkeypatch.setenv("BAILIWICK_SECRET_KEY", "short")
    with pytest.raises(WrongSetting, match="secret_key: expected at least 32 characters"):
        load_settings()


def test_web_pages_need_a_key_outside_the_demonstration() -> None:
    """There is no default key."""
    with pytest.raises(WrongSetting, match="secret_key"):
        load_settings().signing_key()


def test_the_demonstration_keeps_the_key_that_it_drew(tmp_path: Path) -> None:
    """Sessions survive a restart, and only the owner can read the key."""
    first = load_settings(demo=True).signing_key()
    assert first == load_settings(demo=True).signing_key()
    assert (tmp_path / "var" / "secret-key").stat().st_mode & 0o077 == 0


def test_a_named_file_must_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    """BAILIWICK_CONFIG pointing nowhere is a mistake, not an empty configuration."""
    monkeypatch.setenv("BAILIWICK_CONFIG", "nowhere.toml")
    with pytest.raises(WrongSetting, match=r"nowhere\.toml"):
        load_settings()


def test_a_file_that_does_not_parse_is_named(tmp_path: Path) -> None:
    """Broken TOML stops the start with one clear line."""
    (tmp_path / "bailiwick.toml").write_text("port = = 1")
    with pytest.raises(WrongSetting, match="Wrong settings file"):
        load_settings()


def test_a_hook_name_with_hyphens_fits_into_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """BAILIWICK_HOOK_SECRETS__REFUND_REQUESTED is the key of the hook refund-requested."""
    monkeypatch.setenv("BAILIWICK_HOOK_SECRETS__REFUND_REQUESTED", "k")
    assert load_settings().hook_keys == {"refund-requested": "k"}


def test_what_run_has_made_stays_a_demonstration(tmp_path: Path) -> None:
    """Later commands on the same data folder see the same clock and the same keys."""
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / DEMONSTRATION_MARK).touch()
    settings = load_settings()
    assert settings.demo
    assert settings.adjustable_clock
    assert "refund-requested" in settings.hook_keys

"""How one installation is configured: environment variables over one TOML file, checked as a whole at start.

``BAILIWICK_PORT=9000`` sets `port`; ``BAILIWICK_HOOK_SECRETS__REFUND_REQUESTED=…`` sets one entry of a table. The file
is ``bailiwick.toml`` in the working folder, or the one that ``BAILIWICK_CONFIG`` names. Nothing else reads the
environment.
"""

import os
import secrets
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from app.errors import BailiwickError

CONFIG_VARIABLE = "BAILIWICK_CONFIG"
DATABASES = frozenset({"postgresql", "postgresql+psycopg", "sqlite"})
DEMONSTRATION_HOOK_KEYS = {"refund-requested": "demonstration"}  # they protect a sandbox only
DEMONSTRATION_SYSTEMS = ("crm", "billing", "helpdesk", "mail")
DEMONSTRATION_MARK = "demonstration"  # a file in `data_folder`: what `bailiwick run` has made stays a demonstration


class WrongSetting(BailiwickError):
    """A setting has a value that cannot be used. The text is one line that names all of them."""


class ClockKind(StrEnum):
    SYSTEM = "system"
    ADJUSTABLE = "adjustable"  # system time plus an offset in `data_folder`: for demonstrations and acceptance tests


class LogFormat(StrEnum):
    CONSOLE = "console"
    JSON = "json"


class Settings(BaseSettings):
    """Every setting, its default and its unit. Production sets `database_url`, `broker_url` and `secret_key`."""

    model_config = SettingsConfigDict(
        env_prefix="BAILIWICK_", env_nested_delimiter="__", extra="ignore", frozen=True, validate_default=True
    )

    demo: bool = Field(default=False, description="Create the demonstration's people and show their sign-ins.")
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: str | None = Field(default=None, description="The address that people use, for links in mails.")
    trusted_proxies: int = Field(default=0, ge=0, le=5, description="How many proxies in front may set X-Forwarded-*.")

    data_folder: Path = Path("var")
    models_folder: Path = Path("models")
    database_url: str = Field(default="", description="Empty: SQLite in `data_folder`.")
    broker_url: str = Field(default="", description="Celery's broker. Empty: the file system, in `data_folder`.")
    queue_name: str = Field(default="bailiwick", description="Lets several installations share one broker.")
    rate_limit_url: str = Field(default="memory://", description="Where sign-in attempts are counted.")

    secret_key: SecretStr = Field(default=SecretStr(""), description="Signs cookies. At least 32 characters.")
    hook_secrets: dict[str, SecretStr] = Field(default_factory=dict, description="Hook name → HMAC key.")
    secrets: dict[str, SecretStr] = Field(default_factory=dict, description="What {{secrets.NAME}} stands for.")
    tasks: dict[str, dict[str, str]] = Field(default_factory=dict, description="System → settings of its handlers.")
    sandbox_port: int = Field(default=8090, ge=0, le=65535, description="Of the demonstration's sandbox company.")
    task_modules: tuple[str, ...] = Field(default=(), description="Modules of task handlers beside the entry points.")

    session_hours: float = Field(default=12, gt=0, le=24 * 30)
    sign_in_attempts_per_minute: int = Field(default=10, ge=1)
    secure_cookies: bool = True

    drain_seconds: float = Field(
        default=2, ge=0, le=300, description="How long `serve` still takes requests after SIGTERM, not ready any more."
    )

    clock: ClockKind = ClockKind.SYSTEM
    tick_seconds: float = Field(default=1.0, gt=0, le=60)
    worker_threads: int = Field(default=4, ge=1, le=256)
    lease_seconds: int = Field(default=60, ge=1, le=3600, description="How long a worker may keep a job unanswered.")

    most_nested_calls: int = Field(default=200, ge=1, le=1000, description="How deep processes may call each other.")
    most_calls_at_once: int = Field(default=1000, ge=1, le=100_000, description="Instances that one step may call.")
    most_hops: int = Field(
        default=500, ge=1, le=100_000, description="Messages and signals between instances in a row, nothing between."
    )

    anchor_hours: float = Field(
        default=1, ge=0, le=24 * 31, description="How often the audit log is verified and anchored. 0: never."
    )
    anchor_file: Path | None = Field(default=None, description="Where anchors are kept: a file elsewhere, appended to.")
    anchor_url: str = Field(default="", description="Who is told of anchors, by POST.")

    log_format: LogFormat = LogFormat.JSON
    log_level: str = "INFO"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - part of the signature; we read no .env file
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - neither secret files
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        file = Path(os.environ.get(CONFIG_VARIABLE, "bailiwick.toml"))
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, file)

    @field_validator("hook_secrets", mode="after")
    @classmethod
    def _hook_names(cls, value: dict[str, SecretStr]) -> dict[str, SecretStr]:
        """An environment variable cannot hold a hyphen: REFUND_REQUESTED is the hook refund-requested."""
        return {name.lower().replace("_", "-"): secret for name, secret in value.items()}

    @field_validator("database_url", mode="after")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and value.partition(":")[0] not in DATABASES:
            raise ValueError("expected an address that begins with postgresql:// or sqlite:///")
        return value

    @field_validator("log_level", mode="after")
    @classmethod
    def _known_level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("expected DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @model_validator(mode="after")
    def _long_enough_key(self) -> "Settings":
        if 0 < len(self.secret_key.get_secret_value()) < 32:
            raise ValueError("secret_key: expected at least 32 characters")
        return self

    @property
    def database(self) -> str:
        """SQLAlchemy's address of the database."""
        return self.database_url or f"sqlite:///{self.data_folder.resolve() / 'bailiwick.sqlite'}"

    @property
    def lease(self) -> timedelta:
        return timedelta(seconds=self.lease_seconds)

    @property
    def anchor_every(self) -> timedelta | None:
        return timedelta(hours=self.anchor_hours) if self.anchor_hours else None

    @property
    def session_lifetime(self) -> timedelta:
        return timedelta(hours=self.session_hours)

    @property
    def task_settings(self) -> dict[str, dict[str, str]]:
        """System → settings of its handlers. In the demonstration they lead to the sandbox company."""
        if not self.demo:
            return self.tasks
        sandbox = f"http://{self.host}:{self.sandbox_port}"
        return {name: {"base_url": f"{sandbox}/{name}"} for name in DEMONSTRATION_SYSTEMS} | self.tasks

    @property
    def adjustable_clock(self) -> bool:
        """Whether people may skip time: in the demonstration, and where `clock` says so."""
        return self.demo or self.clock is ClockKind.ADJUSTABLE

    @property
    def cookies_need_tls(self) -> bool:
        return self.secure_cookies and not self.demo

    @property
    def clock_file(self) -> Path:
        """Where the adjustable clock keeps its offset."""
        return self.data_folder / "clock-offset"

    @property
    def address(self) -> str:
        """Where people reach this installation."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def hook_keys(self) -> dict[str, str]:
        """Hook name → the key that its sender signs with. The demonstration brings its own."""
        configured = {name: secret.get_secret_value() for name, secret in self.hook_secrets.items()}
        return {**DEMONSTRATION_HOOK_KEYS, **configured} if self.demo else configured

    def signing_key(self) -> str:
        """The key that signs cookies; in the demonstration one that is drawn once and kept in `data_folder`.

        Raises `WrongSetting` if there is none: web pages do not start without it.
        """
        if key := self.secret_key.get_secret_value():
            return key
        if not self.demo:
            raise WrongSetting("Wrong settings: secret_key: expected one outside the demonstration.")
        file = self.data_folder / "secret-key"
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(48))
        return file.read_text()


def load_settings(**overrides: object) -> Settings:
    """The settings of this process. Raises `WrongSetting`, one line, when any value cannot be used."""
    file = os.environ.get(CONFIG_VARIABLE)
    if file and not Path(file).is_file():
        raise WrongSetting(
            f"Expected a file at {CONFIG_VARIABLE}={file}, but found none. Create it or unset the variable."
        )
    try:
        settings = Settings(**overrides)  # type: ignore[arg-type]  # pydantic checks what it is given
        marked = (settings.data_folder / DEMONSTRATION_MARK).exists()
        return settings.model_copy(update={"demo": True}) if marked else settings
    except ValidationError as error:
        problems = "; ".join(_problem(entry["loc"], entry["msg"]) for entry in error.errors())
        raise WrongSetting(f"Wrong settings: {problems}.") from None
    except ValueError as error:  # the TOML file does not parse
        raise WrongSetting(f"Wrong settings file: {error}.") from None


def _problem(location: tuple[int | str, ...], message: str) -> str:
    name = ".".join(str(part) for part in location)
    text = message.removeprefix("Value error, ")
    return f"{name}: {text}" if name else text

"""The database's schema, version by version, with Alembic. `upgrade` works from an installed package."""

import threading
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine

HERE = Path(__file__).parent
_one_at_a_time = threading.Lock()  # Alembic's context belongs to the whole process


def config_of(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["engine"] = engine
    return config


@dataclass(frozen=True, slots=True)
class Steps:
    """What an upgrade did, by the words that name the versions: ``("setbacks", "audit digests")``."""

    before: str | None  # None: the database was empty
    taken: tuple[str, ...]  # in their order; empty: there was nothing to do


def upgrade(database: Engine | str) -> Steps:
    """Bring the schema of an engine, or of an address, to the newest version; several processes may call it at once."""
    if isinstance(database, Engine):
        with _one_at_a_time:
            config = config_of(database)
            before = _version_of(database)
            command.upgrade(config, "head")
            return _steps(ScriptDirectory.from_config(config), before, _version_of(database))
    engine = create_engine(database)
    try:
        return upgrade(engine)
    finally:
        engine.dispose()


def is_current(engine: Engine) -> bool:
    """Whether the schema is the one that this code expects."""
    return _version_of(engine) == ScriptDirectory.from_config(config_of(engine)).get_current_head()


def _version_of(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _steps(scripts: ScriptDirectory, before: str | None, after: str | None) -> Steps:
    start = None if before is None else _word(scripts, before)
    if after is None or before == after:
        return Steps(start, ())
    taken = [_word(scripts, each.revision) for each in scripts.iterate_revisions(after, before or "base")]
    return Steps(start, tuple(reversed(taken)))


def _word(scripts: ScriptDirectory, revision: str) -> str:
    """What people call a version: its file's name without the number."""
    script = scripts.get_revision(revision)
    return Path(script.path).stem.removeprefix(f"{revision}_").replace("_", " ")

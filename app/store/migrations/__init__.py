"""The database's schema, version by version, with Alembic. `upgrade` works from an installed package."""

import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine

HERE = Path(__file__).parent
_one_at_a_time = threading.Lock()  # Alembic's context belongs to the whole process


def _config(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["engine"] = engine
    return config


def upgrade(database: Engine | str) -> None:
    """Bring the schema of an engine, or of an address, to the newest version; several processes may call it at once."""
    if isinstance(database, Engine):
        with _one_at_a_time:
            command.upgrade(_config(database), "head")
        return
    engine = create_engine(database)
    try:
        upgrade(engine)
    finally:
        engine.dispose()


def is_current(engine: Engine) -> bool:
    """Whether the schema is the one that this code expects."""
    newest = ScriptDirectory.from_config(_config(engine)).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest

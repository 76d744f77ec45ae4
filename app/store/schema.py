"""Whether a database's schema is the one of this program: older and newer ones are refused in one sentence."""

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from app.errors import BailiwickError
from app.store.availability import noticing
from app.store.migrations import config_of


class WrongSchema(BailiwickError):
    """The database's schema is not the one of this program."""


def check(engine: Engine, *, may_be_older: bool = False) -> None:
    """Raises `WrongSchema`, one sentence, for a schema that is not this program's, and `Unavailable`."""
    scripts = ScriptDirectory.from_config(config_of(engine))
    expected = scripts.get_current_head()
    with noticing(), engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found == expected:
        return
    if found is not None and found not in {script.revision for script in scripts.walk_revisions()}:
        raise WrongSchema(
            f"Expected the database's schema to be version {expected}, but found {found}, which is newer than this "
            "program. Run the version of Bailiwick that made it, or restore the backup from before the upgrade."
        )
    if not may_be_older:
        raise WrongSchema(
            f"Expected the database's schema to be version {expected}, but found {found or 'none'}. "
            "Stop what runs, make a backup, and run `bailiwick migrate`."
        )

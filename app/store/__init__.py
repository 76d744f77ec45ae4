"""The database: tables, migrations, the audit chain and queries. Rules and rights are in `app.runtime`.

Nothing here commits by itself: `runtime` opens the transactions, through `Store`.
"""

from app.store import tables
from app.store.database import Base, Store, db
from app.store.migrations import is_current, upgrade

__all__ = ["Base", "Store", "db", "is_current", "tables", "upgrade"]

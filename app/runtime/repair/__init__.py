"""What operators do to instances that went wrong: modification, migration, and work in bulk.

Not here: incidents and cancelling, which every instance knows (`instances`).
"""

from app.runtime.repair.bulk import Bulk
from app.runtime.repair.migrating import Migrating
from app.runtime.repair.modifying import Modifying

__all__ = [
    "Bulk",
    "Migrating",
    "Modifying",
]

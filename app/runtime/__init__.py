"""Use cases, and the only place that opens a transaction. Web, worker, command line and test kit call `Runtime`.

No HTTP, no Celery, no HTML here; no row of the store leaves it (see `views`).
"""

import random

from flask import Flask

from app.clock import Clock
from app.handlers import HandlerRegistry
from app.runtime.facade import Runtime
from app.runtime.jobs import Done, Work
from app.runtime.tasks import MOST_COUNTED, InboxList
from app.runtime.transaction import (
    LONGEST_TO_LIVE_SECONDS,
    SYSTEM,
    WITHOUT_NUL,
    Actor,
    Announcer,
    Core,
    NobodyToTell,
    Permission,
    PlatformRole,
    RuntimeSettings,
    has_nul,
)
from app.store import Store

__all__ = [
    "LONGEST_TO_LIVE_SECONDS",
    "MOST_COUNTED",
    "SYSTEM",
    "WITHOUT_NUL",
    "Actor",
    "Announcer",
    "Done",
    "InboxList",
    "NobodyToTell",
    "Permission",
    "PlatformRole",
    "Runtime",
    "RuntimeSettings",
    "Work",
    "create_runtime",
    "has_nul",
]


def create_runtime(
    app: Flask,
    clock: Clock,
    registry: HandlerRegistry,
    announcer: Announcer | None = None,
    settings: RuntimeSettings | None = None,
) -> Runtime:
    """The runtime over the database of a Flask application on which `app.store.db` was initialised and migrated.

    Afterwards it is also at ``app.extensions["bailiwick"]``. It may be used in any thread, with or without an
    application context.
    """
    runtime = Runtime(
        Core(
            store=Store.of(app),
            clock=clock,
            registry=registry,
            announcer=announcer or NobodyToTell(),
            settings=settings or RuntimeSettings(),
            random=random.SystemRandom().random,
        )
    )
    app.extensions["bailiwick"] = runtime
    return runtime

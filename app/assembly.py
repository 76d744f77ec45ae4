"""From settings to a runtime: the one place where the parts of an installation are put together.

Web, worker and command line each call it once per process. The announcer is passed in, because only the worker's room
knows the broker.
"""

from flask import Flask

from app.anchorage import keeper
from app.clock import AdjustableClock, Clock, SystemClock
from app.handlers import HandlerRegistry
from app.runtime import Announcer, Runtime, RuntimeSettings, create_runtime
from app.settings import Settings
from app.store import db


def attach_runtime(app: Flask, settings: Settings, announcer: Announcer | None = None) -> Runtime:
    """Give a Flask application its database and its runtime, which is then at ``app.extensions["bailiwick"]``."""
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"hide_parameters": True}  # or personal data is in the text of its errors
    db.init_app(app)
    return create_runtime(app, make_clock(settings), make_registry(settings), announcer, runtime_settings(settings))


def open_runtime(settings: Settings, announcer: Announcer | None = None) -> Runtime:
    """A runtime without web pages, for workers, the clock and the command line."""
    return attach_runtime(Flask("bailiwick"), settings, announcer)


def make_clock(settings: Settings) -> Clock:
    if settings.adjustable_clock:
        return AdjustableClock(settings.clock_file)
    return SystemClock()


def make_registry(settings: Settings) -> HandlerRegistry:
    """The task handlers of this installation: those of installed packages, and those of `task_modules`."""
    registry = HandlerRegistry()
    registry.load_entry_points()
    registry.load_modules(settings.task_modules)
    return registry


def runtime_settings(settings: Settings) -> RuntimeSettings:
    return RuntimeSettings(
        hook_secrets=settings.hook_keys,
        lease=settings.lease,
        most_nested_calls=settings.most_nested_calls,
        most_calls_at_once=settings.most_calls_at_once,
        most_hops=settings.most_hops,
        anchor_every=settings.anchor_every,
        keep_anchor=keeper(settings.anchor_file, settings.anchor_url),
    )

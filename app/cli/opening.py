"""Opening the platform for a command."""

from app.assembly import open_runtime
from app.logs import configure_logs
from app.runtime import Runtime
from app.settings import LogFormat, Settings, load_settings
from app.store import schema
from app.worker import CeleryAnnouncer


def open_platform(settings: Settings | None = None) -> Runtime:
    """The runtime of this installation, whose jobs are announced to its workers. Raises `WrongSchema`.

    Only warnings are logged, to standard error: what a command prints is its answer.
    """
    settings = settings or load_settings()
    configure_logs(settings.model_copy(update={"log_level": "WARNING", "log_format": LogFormat.CONSOLE}))
    runtime = open_runtime(settings, CeleryAnnouncer(settings))
    schema.check(runtime.core.store.engine)
    return runtime

"""Opening the platform for a command."""

from app.assembly import open_runtime
from app.runtime import Runtime
from app.settings import Settings, load_settings
from app.worker import CeleryAnnouncer


def open_platform(settings: Settings | None = None) -> Runtime:
    """The runtime of this installation, whose jobs are announced to its workers."""
    settings = settings or load_settings()
    return open_runtime(settings, CeleryAnnouncer(settings))

"""Opening the platform for a command: settings, runtime, and reading models from folders."""

from pathlib import Path

from app.assembly import open_runtime
from app.errors import NotFound
from app.runtime import Runtime
from app.settings import Settings, load_settings
from app.worker import CeleryAnnouncer

MODEL_ENDINGS = {".bpmn", ".dmn", ".form", ".yaml", ".yml"}


def open_platform(settings: Settings | None = None) -> Runtime:
    """The runtime of this installation, whose jobs are announced to its workers."""
    settings = settings or load_settings()
    return open_runtime(settings, CeleryAnnouncer(settings))


def read_models(paths: tuple[Path, ...]) -> dict[str, bytes]:
    """The models below these files and folders: path relative to the folder that was named → content.

    Raises `NotFound` if there is none, so that a wrong path never looks like an empty success.
    """
    models: dict[str, bytes] = {}
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        base = path if path.is_dir() else _models_root(path)
        for file in files:
            if file.is_file() and file.suffix in MODEL_ENDINGS:
                models[file.relative_to(base).as_posix()] = file.read_bytes()
    if not models:
        named = ", ".join(str(path) for path in paths)
        raise NotFound(f"Expected models ({', '.join(sorted(MODEL_ENDINGS))}) in {named}, but found none.")
    return models


def _models_root(file: Path) -> Path:
    """What a single file's path is relative to, so that its kind stays visible: ``models`` of models/bpmn/x.bpmn."""
    kinds = {"bpmn", "dmn", "forms", "roles", "hooks"}
    for parent in file.parents:
        if parent.name in kinds:
            return parent.parent
    return file.parent

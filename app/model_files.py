"""Reading models from folders: the one place that knows which files are models and what they are called."""

from collections.abc import Iterable
from pathlib import Path

from app.errors import NotFound

ENDINGS = frozenset({".bpmn", ".dmn", ".form", ".yaml", ".yml"})
KINDS = frozenset({"bpmn", "dmn", "forms", "roles", "hooks"})


def read_models(paths: Iterable[Path | str]) -> dict[str, bytes]:
    """The models below these folders, and these files themselves: path from the models' root → content.

    A model is called "bpmn/support-refund.bpmn" whether ``models``, ``models/bpmn`` or the file itself is named: its
    kind follows from its path. Raises `NotFound` if there is none, so that a wrong path is no empty success.
    """
    named = [Path(path).absolute() for path in paths]
    models: dict[str, bytes] = {}
    for path in named:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and file.suffix in ENDINGS:
                models[file.relative_to(_root(file, path)).as_posix()] = file.read_bytes()
    if not models:
        places = ", ".join(str(path) for path in named)
        raise NotFound(f"Expected models ({', '.join(sorted(ENDINGS))}) in {places}, but found none.")
    return models


def _root(file: Path, named: Path) -> Path:
    """The folder that holds bpmn/, dmn/, forms/, roles/ and hooks/; where there is none, the folder that was named."""
    for parent in file.parents:
        if parent.name in KINDS:
            return parent.parent
    return named if named.is_dir() else named.parent

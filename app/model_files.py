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
    return {
        file.absolute().relative_to(_root(file.absolute(), named.absolute())).as_posix(): file.read_bytes()
        for named, file in _find([Path(path) for path in paths])
    }


def read_files(paths: Iterable[Path | str]) -> dict[str, bytes]:
    """The same models by the paths as they were named, for messages about them: two files never share a name."""
    return {file.as_posix(): file.read_bytes() for _, file in _find([Path(path) for path in paths])}


def _find(paths: list[Path]) -> list[tuple[Path, Path]]:
    """Each model with the path by which it was named."""
    found = [
        (named, file)
        for named in paths
        for file in (sorted(named.rglob("*")) if named.is_dir() else [named])
        if file.is_file() and file.suffix in ENDINGS
    ]
    if not found:
        places = ", ".join(str(path) for path in paths)
        raise NotFound(f"Expected models ({', '.join(sorted(ENDINGS))}) in {places}, but found none.")
    return found


def _root(file: Path, named: Path) -> Path:
    """The folder that holds bpmn/, dmn/, forms/, roles/ and hooks/; where there is none, the folder that was named."""
    for parent in file.parents:
        if parent.name in KINDS:
            return parent.parent
    return named if named.is_dir() else named.parent

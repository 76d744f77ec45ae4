"""Rooms of the runtime are entered by their doors: an `__init__` offers what others use, and says what is where."""

import ast
from collections.abc import Iterator
from pathlib import Path

import app

APP = Path(app.__file__).parent
RUNTIME = APP / "runtime"
ROOMS = sorted(folder.name for folder in RUNTIME.iterdir() if (folder / "__init__.py").is_file())
LONGEST_FILE = 400  # lines


def imports(folder: Path) -> Iterator[tuple[Path, str, str, str]]:
    """File, room, the path inside the room ("" for its door) and the name of each import from a room by another."""
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("app.runtime."):
                continue
            room, _, inside = str(node.module).removeprefix("app.runtime.").partition(".")
            if room in ROOMS and RUNTIME / room not in file.parents:
                yield from ((file, room, inside, alias.name) for alias in node.names)


def exported(room: str) -> set[str]:
    for node in ast.parse((RUNTIME / room / "__init__.py").read_text()).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
            return set(ast.literal_eval(node.value))
    return set()


def test_rooms_are_entered_by_their_doors() -> None:
    """Whoever is outside names the room, not a file in it."""
    past = [f"{file.relative_to(APP)}: {room}.{inside}" for file, room, inside, _ in imports(APP) if inside]
    assert past == []


def test_a_door_offers_what_others_use_and_nothing_else() -> None:
    """What is due in a room is asked for by the facade, which names the room as a whole."""
    used: dict[str, set[str]] = {room: set() for room in ROOMS}
    for _, room, _, name in imports(APP):
        used[room].add(name)
    facade = (RUNTIME / "facade.py").read_text()
    for room in ROOMS:
        by_facade = {"DUE"} if f"*{room}.DUE" in facade else set()
        assert exported(room) - by_facade - used[room] == set() or room == "views", room


def test_rooms_say_what_lives_in_them_and_stay_readable() -> None:
    """Each door has a docstring that says also what must not be there; no file is longer than people read."""
    for room in ROOMS:
        said = ast.get_docstring(ast.parse((RUNTIME / room / "__init__.py").read_text())) or ""
        assert "\n\n" in said, f"{room} says what lives here, but not what must not"
    longest = {file: len(file.read_text().splitlines()) for file in RUNTIME.rglob("*.py")}
    assert [file.name for file, lines in longest.items() if lines > LONGEST_FILE] == []

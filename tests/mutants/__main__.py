"""Apply each mutation to a copy of the code and run the tests that know the rule; a mutant that no test kills survives.

    python -m tests.mutants [words of a mutation's name]

Exit status 1 if a mutant survives, or if a mutation no longer fits the code.
"""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.mutants.mutations import MUTATIONS, Mutation

ROOT = Path(__file__).parents[2]


def main(words: list[str]) -> int:
    chosen = [mutation for mutation in MUTATIONS if all(word in mutation.name for word in words)]
    with TemporaryDirectory() as folder:
        if _run(_copy(Path(folder) / "original"), *sorted({mutation.tests for mutation in chosen})) != 0:
            print("The tests fail without any mutation; nothing can be said about mutants.")
            return 1
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            verdicts = list(pool.map(lambda item: _verdict(Path(folder) / str(item[0]), item[1]), enumerate(chosen)))
    for mutation, verdict in zip(chosen, verdicts, strict=True):
        print(f"{verdict:9} {mutation.name}")
    survived = sum(verdict != "killed" for verdict in verdicts)
    print(f"{len(chosen) - survived} of {len(chosen)} mutants killed")
    return 1 if survived else 0


def _verdict(folder: Path, mutation: Mutation) -> str:
    path = _copy(folder) / mutation.file
    source = path.read_text()
    if source.count(mutation.old) != 1:
        return "obsolete"
    path.write_text(source.replace(mutation.old, mutation.new))
    status = _run(folder, mutation.tests)
    shutil.rmtree(folder)
    return {0: "SURVIVED", 1: "killed"}.get(status, f"status {status}")


def _copy(folder: Path) -> Path:
    for package in ("app/feel", "app/dmn", "tests/dmn", "tests/feel"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    for module in ("app/__init__.py", "app/errors.py", "tests/__init__.py"):
        shutil.copy(ROOT / module, folder / module)
    return folder


def _run(folder: Path, *tests: str) -> int:
    """The status of pytest in the copy: 0 if all of `tests` pass, 1 if some fail."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--rootdir", ".", *tests]
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

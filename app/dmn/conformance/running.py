"""Folders of cases, evaluated and scored."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.progress import Progress

from app import feel
from app.dmn.conformance.cases import Case, CaseFile, ExpectedNode, read_cases
from app.dmn.conformance.comparing import same
from app.dmn.decisions import Decisions
from app.dmn.java import JAVA_LANG
from app.errors import BailiwickError, ModelError, NotFound


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case with what it answered. `failures` say for each result node that differs what was expected and found."""

    id: str
    expects_value: bool
    failures: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return not self.failures


@dataclass(frozen=True, slots=True)
class FolderScore:
    """One feature folder."""

    folder: Path
    results: tuple[CaseResult, ...]

    @property
    def passed(self) -> int:
        return sum(result.passed for result in self.results)

    def __str__(self) -> str:
        return f"{self.folder.as_posix()}: {self.passed}/{len(self.results)}"


@dataclass(frozen=True, slots=True)
class Score:
    """A whole tree."""

    folders: tuple[FolderScore, ...]

    @property
    def passed(self) -> int:
        return sum(folder.passed for folder in self.folders)

    @property
    def total(self) -> int:
        return sum(len(folder.results) for folder in self.folders)

    @property
    def with_value(self) -> tuple[int, int]:
        """Of the cases that expect anything but null: how many passed, and how many there are."""
        results = [result for folder in self.folders for result in folder.results if result.expects_value]
        return sum(result.passed for result in results), len(results)


def run(folder: Path, *, verbose: bool = False, out: TextIO = sys.stdout) -> tuple[int, int]:
    """Evaluate every case below `folder` and print the score; answers how many passed and how many failed.

    Prints one line a feature folder, with `verbose` each failure, and as the last line ``N passed, M failed``. On a
    terminal a progress bar goes along. Whatever the folder holds, nothing is raised: what cannot run has failed.
    """
    folders = _case_folders(folder)
    if not folders:
        print(f"Expected test cases of the kit below {folder}, but found none.", file=out)
    found: list[FolderScore] = []
    with Progress(console=Console(file=out), transient=True, disable=not out.isatty()) as progress:
        task = progress.add_task("conformance", total=len(folders))
        for path in folders:
            one = _score_folder(folder, path)
            found.append(one)
            progress.console.out(str(one), highlight=False)
            for result in one.results if verbose else ():
                for failure in result.failures:
                    progress.console.out(f"  {result.id}: {failure}", highlight=False)
            progress.advance(task)
    total = Score(tuple(found))
    passed, expected = total.with_value
    rate = 100 * passed / expected if expected else 100.0
    print(f"{passed} of {expected} cases that expect a value other than null passed ({rate:.2f} %)", file=out)
    print(f"{total.passed} passed, {total.total - total.passed} failed", file=out)
    return total.passed, total.total - total.passed


def score(folder: Path) -> Score:
    """The score of every case below `folder`, without printing."""
    return Score(tuple(_score_folder(folder, path) for path in _case_folders(folder)))


def _case_folders(folder: Path) -> list[Path]:
    return sorted({path.parent for path in folder.rglob("*") if _has_suffix(path, ".xml")})


def _files(folder: Path, suffix: str) -> list[Path]:
    return sorted(path for path in folder.iterdir() if _has_suffix(path, suffix))


def _has_suffix(path: Path, suffix: str) -> bool:
    return path.suffix.lower() == suffix and not path.is_dir()


def _score_folder(root: Path, folder: Path) -> FolderScore:
    results: list[CaseResult] = []
    models = _Models(folder)
    for path in _files(folder, ".xml"):
        try:
            cases = read_cases(path)
        except (ModelError, OSError) as error:
            results.append(CaseResult(path.name, expects_value=True, failures=(f"the cases cannot be read: {error}",)))
            continue
        if cases is not None:
            results.extend(_results(models, cases))
    return FolderScore(folder.relative_to(root) if folder != root else Path(folder.name), tuple(results))


class _Models:
    """The models of one folder. Each is read with what it imports, transitively."""

    def __init__(self, folder: Path) -> None:
        self._paths = {path.name: path for path in _files(folder, ".dmn")}
        self._contents: dict[str, bytes] = {}
        self._read: dict[str, Decisions] = {}

    def decisions(self, name: str) -> Decisions:
        """The decisions of a model file; raises ModelError or OSError where it cannot be used."""
        if not name and len(self._paths) == 1:
            (name,) = self._paths
        if name not in self._read:
            if name not in self._paths:
                found = ", ".join(self._paths) or "none"
                raise NotFound(f'Expected the model "{name}" in the folder, but found {found}.')
            others = ((other, self._content(other)) for other in self._paths)
            self._read[name] = Decisions.with_imports((name, self._content(name)), others, host=JAVA_LANG)
        return self._read[name]

    def _content(self, name: str) -> bytes:
        if name not in self._contents:
            self._contents[name] = self._paths[name].read_bytes()
        return self._contents[name]


def _results(models: _Models, cases: CaseFile) -> Iterator[CaseResult]:
    try:
        decisions = models.decisions(cases.model)
    except (BailiwickError, OSError) as error:
        for case in cases.cases:
            yield CaseResult(case.id, case.expects_value, (f"the model cannot be read: {error}",))
        return
    for case in cases.cases:
        try:
            failures = tuple(_failures(decisions, case))
        except Exception as error:  # noqa: BLE001 - whatever goes wrong in a case has failed this case, not the run
            failures = (f"the case cannot run: {error!r}",)
        yield CaseResult(case.id, case.expects_value, failures)


def _failures(decisions: Decisions, case: Case) -> Iterator[str]:
    if not case.expected:
        yield "Expected a result node, but found none."
    for expected in case.expected:
        try:
            found, why = _found(decisions, case, expected)
        except NotFound as error:
            yield f"{expected.name}: {error}"
            continue
        if not same(expected.value, found):
            text = decisions.text_of(case.invocable or expected.name) or ""
            yield (
                f"{expected.name}: {' '.join(text.split())}\n"
                f"    expected {feel.literal(expected.value)}\n"
                f"    found    {feel.literal(found)}{why}"
            )


def _found(decisions: Decisions, case: Case, expected: ExpectedNode) -> tuple[object, str]:
    """The value of one result node, and the reasons of a null. Raises NotFound where the model lacks it."""
    given = {(node.name, node.namespace): node.value for node in case.given}
    if case.invocable is None:
        evaluation = decisions.evaluate_nodes(expected.name, given, namespace=expected.namespace or case.namespace)
    else:
        evaluation = decisions.evaluate_nodes(case.invocable, given, namespace=case.namespace)
    value = evaluation.value
    if case.invocable is not None and len(case.expected) > 1 and isinstance(value, dict):
        value = value.get(expected.name)
    reasons = "; ".join(reason.message for reason in evaluation.reasons)
    return value, f" ({reasons})" if reasons else ""

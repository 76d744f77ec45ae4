"""Files on their way into service: what kind each is, what it contains, and everything that is wrong with it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import PurePosixPath

from app import bpmn, dmn, engine, feel, forms
from app.errors import Diagnostic, ModelError, Severity
from app.runtime.models.facts import GLOBAL_TASK, REQUESTER_PROPERTY, ROLE_PROPERTY
from app.runtime.transaction import HookDocument, read_hook
from app.store.states import ModelKind

DecisionFile = tuple[str, bytes]  # its name and its content


@dataclass(frozen=True, slots=True)
class Candidate:
    """One model in a file, which may be wrong. `facts` are stored with it; `program` is of a process."""

    kind: ModelKind
    key: str
    name: str
    file_name: str
    content: bytes
    version_tag: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    program: engine.Program | None = None

    @property
    def checksum(self) -> str:
        return sha256(self.content).hexdigest()


def kind_of(path: str) -> ModelKind | None:
    """The kind of a model by its path, None for a file that is no model."""
    file = PurePosixPath(path)
    folders = set(file.parts[:-1])
    ending = file.suffix.lower()
    if ending in {".yaml", ".yml"}:
        in_folders = {"hooks": ModelKind.HOOK, "cases": ModelKind.CASES}
        return next((kind for folder, kind in in_folders.items() if folder in folders), ModelKind.ROLE)
    if ending == ".json" and "forms" in folders:
        return ModelKind.FORM
    return {".bpmn": ModelKind.BPMN, ".dmn": ModelKind.DMN, ".form": ModelKind.FORM}.get(ending)


def read(
    files: Mapping[str, bytes], decision_models: Iterable[DecisionFile] = ()
) -> tuple[list[Candidate], list[Diagnostic]]:
    """All models of the files, and everything that is wrong with each of them.

    Decision models import each other by namespace: from `files`, and from `decision_models`, which are in service.
    """
    candidates: list[Candidate] = []
    problems: list[Diagnostic] = []
    decision_files = [(path, content) for path, content in files.items() if kind_of(path) is ModelKind.DMN]
    read_dmn: Reader = partial(_read_dmn, [*decision_files, *decision_models])
    readers = {**READERS, ModelKind.DMN: read_dmn}
    for path, content in sorted(files.items()):
        kind = kind_of(path)
        if kind is None:
            problems.append(
                Diagnostic(
                    code="deployment.no-model",
                    message="Expected a model (.bpmn, .dmn, .form, or .yaml in hooks/, roles/ or cases/).",
                    remedy="Leave the file out, or give it the ending of its kind.",
                    file=path,
                )
            )
            continue
        try:
            candidates.extend(readers[kind](path, content, problems))
        except ModelError as error:
            problems.extend(error.diagnostics)
    problems.extend(_twins(candidates))
    return candidates, problems


def _read_bpmn(path: str, content: bytes, problems: list[Diagnostic]) -> Iterator[Candidate]:
    definitions = bpmn.read(path, content)
    said = bpmn.check(definitions)
    programs, found = engine.drafts(definitions, said)
    problems.extend(dict.fromkeys([*said, *found]))
    executable = [process for process in definitions.processes if process.is_executable]
    if not executable and not definitions.global_tasks:
        message = "Expected at least one executable process or global task, but found none."
        remedy = 'Set isExecutable="true" on the process that is to run.'
        problems.append(Diagnostic("deployment.nothing-executable", message, remedy, file=path))
    for process in executable:  # wrong ones too: what they refer to is looked up as well, so that all is said at once
        requester = process.properties.get(REQUESTER_PROPERTY)
        yield Candidate(
            ModelKind.BPMN,
            process.id,
            process.name or process.id,
            path,
            content,
            process.version_tag,
            {
                "job_role": process.properties.get(ROLE_PROPERTY),
                "requester": None if requester is None else requester.removeprefix("="),
            },
            programs.get(process.id),
        )
        if requester is not None:
            problems.extend(_expression_problems(path, process.id, requester.removeprefix("=")))
    for task in definitions.global_tasks:
        facts, program = {GLOBAL_TASK: task.kind.value}, programs.get(task.id)
        yield Candidate(ModelKind.BPMN, task.id, task.name or task.id, path, content, facts=facts, program=program)


def _expression_problems(path: str, process_id: str, text: str) -> Iterator[Diagnostic]:
    try:
        feel.compile(text)
    except feel.FeelSyntaxError as error:
        message = f"Expected {REQUESTER_PROPERTY} to be FEEL, but found: {error}"
        yield Diagnostic("deployment.requester", message, "Correct the expression.", file=path, element_id=process_id)


def _read_dmn(
    importable: Iterable[DecisionFile], path: str, content: bytes, problems: list[Diagnostic]
) -> Iterator[Candidate]:
    imported = dmn.imported_files((path, content), importable)
    found = dmn.check(path, content, *imported)
    problems.extend(found)
    if any(problem.severity is Severity.ERROR for problem in found):
        return
    decisions = dmn.Decisions.read((path, content), *imported)
    stem = PurePosixPath(path).stem
    facts = {"decisions": list(decisions.own_ids), "version_tags": dict(decisions.version_tags)}
    yield Candidate(ModelKind.DMN, stem, stem, path, content, facts=facts)


def _read_form(path: str, content: bytes, problems: list[Diagnostic]) -> Iterator[Candidate]:
    try:
        form = feel.json_loads(content)
    except ValueError as error:
        problems.append(_unreadable(path, f"Expected a form as JSON, but found: {error}"))
        return
    if not isinstance(form, dict):
        problems.append(_unreadable(path, "Expected a form as a JSON object."))
        return
    problems.extend(forms.check(form, path))
    key = str(form.get("id") or PurePosixPath(path).stem)
    version_tag = form.get("versionTag")
    tag = version_tag if isinstance(version_tag, str) else None
    yield Candidate(ModelKind.FORM, key, str(form.get("title") or key), path, content, tag)


def _read_hook(path: str, content: bytes, problems: list[Diagnostic]) -> Iterator[Candidate]:
    hook = read_hook(path, content)
    if isinstance(hook, HookDocument):
        facts = {"requester": hook.requester_expression}
        yield Candidate(ModelKind.HOOK, hook.name, hook.description or hook.name, path, content, facts=facts)
    else:
        problems.extend(hook)


def _read_plain(kind: ModelKind) -> "Reader":
    """A document that others look into: roles are compiled together, evaluation cases are run."""

    def read_it(path: str, content: bytes, _problems: list[Diagnostic]) -> Iterator[Candidate]:
        file = PurePosixPath(path)
        folder = "roles" if kind is ModelKind.ROLE else "cases"
        parts = file.parts[file.parts.index(folder) + 1 :] if folder in file.parts else file.parts
        key = "/".join(parts)
        yield Candidate(kind, key, file.stem, path, content)

    return read_it


def _unreadable(path: str, message: str) -> Diagnostic:
    return Diagnostic("deployment.unreadable", message, "Correct the file.", file=path)


def _twins(candidates: list[Candidate]) -> Iterator[Diagnostic]:
    seen: dict[tuple[ModelKind, str], Candidate] = {}
    for each in candidates:
        first = seen.setdefault((each.kind, each.key), each)
        if first is not each:
            message = f'Expected one {each.kind} "{each.key}", but found it in {first.file_name} too.'
            yield Diagnostic("deployment.twice", message, "Rename one of them.", file=each.file_name)


Reader = Callable[[str, bytes, list[Diagnostic]], Iterator[Candidate]]
READERS: Mapping[ModelKind, Reader] = {
    ModelKind.BPMN: _read_bpmn,
    ModelKind.FORM: _read_form,
    ModelKind.HOOK: _read_hook,
    ModelKind.ROLE: _read_plain(ModelKind.ROLE),
    ModelKind.CASES: _read_plain(ModelKind.CASES),
}

"""The public door of `app.dmn`: decisions that are read once and evaluated often."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from app.dmn.compiling.program import Plan, Program
from app.dmn.evaluation import Evaluation
from app.dmn.external import NO_EXTERNAL_FUNCTIONS, ExternalFunctions
from app.dmn.frames import DecisionFrame
from app.dmn.linking import Entry, Library, link
from app.dmn.model import Decision, Definitions, InputData, LiteralExpression
from app.dmn.reading import read_definitions
from app.dmn.running import Run
from app.errors import Diagnostic, ModelError, NotFound, Severity

File = tuple[str, bytes]
Reading = tuple[Definitions, list[Diagnostic]]


class Decisions:
    """The decisions, decision services and business knowledge models of some DMN files, linked by their imports.

        decisions = Decisions.load("refunds.dmn")
        decisions.evaluate("Refund eligibility", {"amount": 120}).value

    Immutable; one object may be used by many threads at the same time. Expressions are compiled when they are first
    needed.
    """

    def __init__(self, library: Library, host: ExternalFunctions | None = None) -> None:
        """Use `load` or `read`. `host` are the Python functions that external function definitions may reach."""
        self._library = library
        self._host = host or NO_EXTERNAL_FUNCTIONS
        self._fast = Program(library)
        self._tracing: Program | None = None
        self._plans: dict[tuple[str, str | None], Plan] = {}

    @classmethod
    def load(cls, *paths: str | Path, host: ExternalFunctions | None = None) -> "Decisions":
        """Read these files. Raises ModelError with every diagnostic, and OSError where a file cannot be read."""
        return cls.read(*((str(path), Path(path).read_bytes()) for path in paths), host=host)

    @classmethod
    def read(cls, *files: File, host: ExternalFunctions | None = None) -> "Decisions":
        """Read (name, content) pairs; imports are found among them by namespace. Raises ModelError with every
        diagnostic.

        An expression that cannot be compiled is no reason to refuse the rest: it is null with a reason when it is
        evaluated, and `dmn.check` reports it.
        """
        library, diagnostics = link_files(read_files(*files))
        if any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics):
            raise ModelError(diagnostics)
        return cls(library, host)

    @classmethod
    def with_imports(cls, main: File, others: Iterable[File], host: ExternalFunctions | None = None) -> "Decisions":
        """Read `main` and, of `others`, what it imports, transitively. Raises ModelError with every diagnostic."""
        return cls.read(main, *imported_files(main, others), host=host)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all decisions, in the order of the files."""
        return tuple(entry.name for entry in self._library.entries(Decision))

    def ids(self) -> tuple[str, ...]:
        """The ids of all decisions, in the order of the files."""
        return tuple(entry.id for entry in self._library.entries(Decision))

    @property
    def own_ids(self) -> tuple[str, ...]:
        """The ids of the decisions of the first file, without those that it imports."""
        return tuple(entry.id for entry in self._library.models[0].entries() if isinstance(entry.node, Decision))

    @property
    def version_tags(self) -> Mapping[str, str]:
        """The version tags of the first file's decisions, by the decision's id: of those that have one."""
        nodes = {entry.id: entry.node for entry in self._library.models[0].entries()}
        return {id_: node.version_tag for id_, node in nodes.items() if isinstance(node, Decision) and node.version_tag}

    @property
    def final(self) -> tuple[str, ...]:
        """The ids of the decisions that no other element requires, in the order of the files."""
        everything = [entry for model in self._library.models for entry in model.entries()]
        required = {id(needed.entry) for entry in everything for needed in entry.requirements}
        return tuple(entry.id for entry in self._library.entries(Decision) if id(entry) not in required)

    def evaluate(
        self,
        name_or_id: str,
        inputs: Mapping[str, object] | None = None,
        *,
        explain: bool = False,
        now: datetime | None = None,
        namespace: str | None = None,
        overrides: Mapping[str, object] | None = None,
    ) -> Evaluation:
        """Make a decision, or invoke a decision service or a business knowledge model.

        `inputs` maps the names of input data (of a service: of its inputs; of a knowledge model: of its parameters)
        to JSON or Python values; those of an imported model are found under their bare name, or in a context under
        the import's name. An input that is missing is null. `overrides` are values of required decisions, which then
        are not made. `now` is what FEEL's now() and today() answer. `namespace` says which model is meant if several
        know the name.

        Raises NotFound if there is nothing of this name or id, and TypeError for a value that FEEL cannot hold. Data
        never raise: what cannot be computed is null, and `Evaluation.reasons` say why.
        """
        if not explain and not overrides:
            plan = self._plans.get((name_or_id, namespace))
            if plan is not None:
                frame = DecisionFrame(now, functions=self._host)
                value = plan.evaluate(frame, inputs or {})
                return Evaluation(plan.id, plan.name, value, tuple(frame.located))
        entry = self._find(name_or_id, namespace)
        if isinstance(entry.node, Decision):
            self._plans[name_or_id, namespace] = self._fast.plan(entry)
        return self._run(now, explain=explain).evaluate(entry, inputs or {}, overrides or {})

    def evaluate_nodes(
        self, name_or_id: str, given: Mapping[tuple[str, str | None], object], *, namespace: str | None = None
    ) -> Evaluation:
        """Like `evaluate`, with FEEL values for input data, decisions and parameters by (name, namespace or None).

        A decision that is given is not made. This is what test cases in the format of the conformance kit need.
        """
        entry = self._find(name_or_id, namespace)
        run = self._run(None, explain=False, is_feel=True)
        named = {name: value for (name, _), value in given.items()}
        for (name, space), value in given.items():
            node = self._library.find(name, space)
            if node is not None and isinstance(node.node, Decision | InputData):
                run.give(node, value)
        return run.evaluate(entry, named, {})

    def text_of(self, name_or_id: str) -> str | None:
        """The FEEL text of a decision whose logic is a literal expression; None for any other."""
        entry = self._library.find(name_or_id)
        expression = entry.node.expression if entry is not None and isinstance(entry.node, Decision) else None
        return expression.text if isinstance(expression, LiteralExpression) else None

    def _run(self, now: datetime | None, *, explain: bool, is_feel: bool = False) -> Run:
        frame = DecisionFrame(now, tracing=explain, functions=self._host)
        return Run(self._program(tracing=explain), frame, is_feel=is_feel)

    def _program(self, *, tracing: bool) -> Program:
        if not tracing:
            return self._fast
        if self._tracing is None:
            self._tracing = Program(self._library, tracing=True)
        return self._tracing

    def _find(self, name_or_id: str, namespace: str | None) -> Entry:
        entry = self._library.find(name_or_id, namespace)
        if entry is None or isinstance(entry.node, InputData):
            known = ", ".join(self.names[:_SHOWN]) or "none"
            raise NotFound(f'Expected the name or id of a decision, but found "{name_or_id}". Known: {known}.')
        return entry


_SHOWN = 20


def imported_files(main: File, others: Iterable[File]) -> tuple[File, ...]:
    """Of `others`, what `main` imports, transitively. A file that cannot be read offers nothing and imports nothing."""
    own = _definitions_of(main)
    wanted = [one.namespace for definitions in own for one in definitions.imports]
    available: dict[str, list[tuple[File, Definitions]]] = {}
    for other in others if wanted else ():
        if other != main:
            for definitions in _definitions_of(other):
                available.setdefault(definitions.namespace, []).append((other, definitions))
    chosen: list[File] = []
    seen = {definitions.namespace for definitions in own}  # imports may lead back: then this file is meant
    while wanted:
        namespace = wanted.pop()
        if namespace not in seen:
            seen.add(namespace)
            for file, definitions in available.get(namespace, ()):
                chosen.append(file)
                wanted.extend(one.namespace for one in definitions.imports)
    return tuple(chosen)


def _definitions_of(file: File) -> list[Definitions]:
    try:
        return [read_definitions(*file)[0]]
    except ModelError:
        return []


def read_files(*files: File) -> list[Reading]:
    """Each file with what reading it found. Raises ModelError with every file that cannot be read at all."""
    readings: list[Reading] = []
    unreadable: list[Diagnostic] = []
    for name, content in files:
        try:
            readings.append(read_definitions(name, content))
        except ModelError as error:
            unreadable.extend(error.diagnostics)
    if unreadable:
        raise ModelError([*unreadable, *(one for _, diagnostics in readings for one in diagnostics)])
    return readings


def link_files(readings: Sequence[Reading]) -> tuple[Library, list[Diagnostic]]:
    """The linked models, and everything that reading and linking found."""
    library, found = link(definitions for definitions, _ in readings)
    return library, [*(one for _, diagnostics in readings for one in diagnostics), *found]

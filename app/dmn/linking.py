"""From files to one library: imports by namespace, requirements by href, names to the elements that bear them.

Linking reports every reference that leads nowhere and every cycle; it looks at no expression. A `Library` is immutable
afterwards and shared by threads.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from app.dmn.model import (
    BusinessKnowledgeModel,
    Decision,
    DecisionService,
    Definitions,
    Element,
    Import,
    InputData,
    Node,
    Requirement,
)
from app.dmn.reading.notation import VERSIONS
from app.errors import Diagnostic, Severity


@dataclass(slots=True, eq=False)
class Entry:
    """One node of the requirement graph in its model. Two entries are equal only if they are the same."""

    model: "Model" = field(repr=False)
    node: Node
    requirements: tuple["Visible", ...] = field(default=(), repr=False)
    outputs: tuple["Entry", ...] = field(default=(), repr=False)  # of a decision service
    parameters: tuple["Entry", ...] = field(default=(), repr=False)  # of a decision service: input data, then decisions

    @property
    def name(self) -> str:
        return self.node.variable.name or self.node.name

    @property
    def id(self) -> str:
        return self.node.id


@dataclass(frozen=True, slots=True)
class Visible:
    """A required element under the names that lead to it: ("name",), or ("prefix", "name") where it is imported."""

    path: tuple[str, ...]
    entry: Entry


@dataclass(slots=True, eq=False)
class Model:
    """One file with its imports resolved."""

    definitions: Definitions
    imports: tuple[tuple[str, "Model"], ...] = field(default=(), repr=False)
    by_id: dict[str, Entry] = field(default_factory=dict, repr=False)
    names: frozenset[str] = frozenset()  # of everything that can be required

    def entries(self) -> Iterator[Entry]:
        return iter(self.by_id.values())

    def path_to(self, other: "Model") -> tuple[str, ...] | None:
        """The prefixes under which the names of `other` are visible here; None where it is not imported."""
        reached: dict[int, tuple[str, ...]] = {id(self): ()}
        waiting = [self]
        while waiting:
            model = waiting.pop(0)
            if model is other:
                return reached[id(model)]
            for prefix, imported in model.imports:
                if id(imported) not in reached:
                    reached[id(imported)] = (*reached[id(model)], prefix) if prefix else reached[id(model)]
                    waiting.append(imported)
        return None


class Library:
    """The linked models, in the order in which they were given."""

    def __init__(self, models: Sequence[Model]) -> None:
        self.models = tuple(models)
        self._by_id: dict[str, list[Entry]] = {}
        self._by_name: dict[str, list[Entry]] = {}
        for model in models:
            for entry in model.entries():
                self._by_id.setdefault(entry.id, []).append(entry)
                for name in {entry.name, entry.node.name}:
                    self._by_name.setdefault(name, []).append(entry)

    def find(self, name_or_id: str, namespace: str | None = None) -> Entry | None:
        """The node of this id or name: ids before names, decisions before other nodes, earlier files before later."""
        for found in (self._by_id.get(name_or_id, ()), self._by_name.get(name_or_id, ())):
            fitting = [e for e in found if namespace is None or e.model.definitions.namespace == namespace]
            for kind in (Decision, DecisionService, BusinessKnowledgeModel, InputData):
                for entry in fitting:
                    if isinstance(entry.node, kind):
                        return entry
        return None

    def entries(self, *kinds: type[Node]) -> Iterator[Entry]:
        return (entry for model in self.models for entry in model.entries() if isinstance(entry.node, kinds))


def link(files: Iterable[Definitions]) -> tuple[Library, list[Diagnostic]]:
    """The library of these files, and everything in them that leads nowhere or in a circle."""
    linker = _Linker(files)
    linker.resolve_imports()
    linker.resolve_requirements()
    linker.report_requirement_cycles()
    return Library(linker.models), linker.diagnostics


class _Linker:
    def __init__(self, files: Iterable[Definitions]) -> None:
        self.models = [_model(definitions) for definitions in files]
        self.diagnostics: list[Diagnostic] = []
        self._by_namespace: dict[str, list[Model]] = {}
        for model in self.models:
            self._by_namespace.setdefault(model.definitions.namespace, []).append(model)

    def resolve_imports(self) -> None:
        for model in self.models:
            found = ((one.prefix, self._imported(model, one)) for one in model.definitions.imports)
            model.imports = tuple((prefix, imported) for prefix, imported in found if imported is not None)

    def _imported(self, model: Model, wanted: Import) -> Model | None:
        if wanted.kind and wanted.kind not in VERSIONS:
            return None
        candidates = self._by_namespace.get(wanted.namespace, [])
        if len(candidates) == 1:
            return candidates[0]
        if candidates:
            files = ", ".join(candidate.definitions.file for candidate in candidates)
            message = f"Expected one model of the namespace {wanted.namespace}, but found {files}."
            self._report(model, wanted, "dmn.ambiguous-import", message, "Give each model a namespace of its own.")
        else:
            message = f"Expected a model of the namespace {wanted.namespace}, but found none among the files."
            self._report(model, wanted, "dmn.unknown-import", message, "Read the imported file together with this one.")
        return None

    def resolve_requirements(self) -> None:
        for model in self.models:
            names: dict[str, Entry] = {}
            model.names = frozenset(entry.name for entry in model.entries())
            for entry in model.entries():
                self._check_name(model, entry, names)
                node = entry.node
                match node:
                    case Decision():
                        entry.requirements = (
                            *self._visible(model, node.information, (InputData, Decision)),
                            *self._visible(model, node.knowledge, (BusinessKnowledgeModel, DecisionService)),
                        )
                    case BusinessKnowledgeModel():
                        entry.requirements = self._visible(
                            model, node.knowledge, (BusinessKnowledgeModel, DecisionService)
                        )
                    case DecisionService():
                        entry.outputs = self._targets(model, node.outputs, (Decision,))
                        entry.parameters = (
                            *self._targets(model, node.input_data, (InputData,)),
                            *self._targets(model, node.input_decisions, (Decision,)),
                        )
                        self._targets(model, node.encapsulated, (Decision,))

    def _check_name(self, model: Model, entry: Entry, names: dict[str, Entry]) -> None:
        if not entry.name:
            self._report(model, entry.node, "dmn.missing-name", "Expected a name, but found none.", "Name the element.")
        elif entry.name in names:
            first = names[entry.name].node.line
            message = f'Expected every name once, but found "{entry.name}" again (first on line {first}).'
            warning = Severity.WARNING
            self._report(model, entry.node, "dmn.duplicate-name", message, "Rename one of them.", severity=warning)
        elif any(entry.name == prefix for prefix, _ in model.imports):
            message = f'Expected every name once, but found "{entry.name}", which is the name of an import too.'
            remedy = "Give the import another name."
            self._report(model, entry.node, "dmn.duplicate-name", message, remedy, severity=Severity.WARNING)
        names.setdefault(entry.name, entry)

    def _visible(
        self, model: Model, requirements: Iterable[Requirement], kinds: tuple[type[Node], ...]
    ) -> tuple[Visible, ...]:
        found = []
        for entry in self._targets(model, requirements, kinds):
            prefixes = model.path_to(entry.model)
            if prefixes is not None:
                found.append(Visible((*prefixes, entry.name), entry))
        return tuple(found)

    def _targets(
        self, model: Model, requirements: Iterable[Requirement], kinds: tuple[type[Node], ...]
    ) -> tuple[Entry, ...]:
        found: dict[int, Entry] = {}
        for requirement in requirements:
            entry = self._target(model, requirement)
            wanted = " or ".join(_KIND_NAMES[kind] for kind in kinds)
            if entry is None:
                where = f" in the model {requirement.namespace}" if requirement.namespace else ""
                message = f'Expected the id of {wanted}, but found "{requirement.target}", which is nowhere{where}.'
                self._report(model, requirement, "dmn.unknown-reference", message, "Correct href, or import the model.")
            elif not isinstance(entry.node, kinds):
                message = f'Expected {wanted}, but found {_KIND_NAMES[type(entry.node)]} "{entry.name}".'
                self._report(
                    model, requirement, "dmn.wrong-reference", message, "Use the kind of requirement that fits."
                )
            else:
                found.setdefault(id(entry), entry)
        return tuple(found.values())

    def _target(self, model: Model, requirement: Requirement) -> Entry | None:
        if requirement.namespace is None:
            return model.by_id.get(requirement.target)
        for candidate in self._by_namespace.get(requirement.namespace, ()):
            entry = candidate.by_id.get(requirement.target)
            if entry is not None and model.path_to(candidate) is not None:
                return entry
        return None

    def report_requirement_cycles(self) -> None:
        """Report decisions that require themselves (DMN 1.5, 6.3.7); functions may be recursive."""
        done: set[int] = set()
        for model in self.models:
            for start in model.entries():
                if isinstance(start.node, Decision) and id(start) not in done:
                    self._walk_requirements(start, done)

    def _walk_requirements(self, start: Entry, done: set[int]) -> None:
        path: list[tuple[Entry, Iterator[Visible]]] = [(start, iter(start.requirements))]
        on_path = {id(start)}
        while path:
            entry, remaining = path[-1]
            visible = next(remaining, None)
            if visible is None:
                path.pop()
                on_path.discard(id(entry))
                done.add(id(entry))
            elif id(visible.entry) in on_path:
                entries = [above for above, _ in path]
                position = next(index for index, above in enumerate(entries) if above is visible.entry)
                names = " → ".join(step.name for step in (*entries[position:], visible.entry))
                message = f"Expected decisions that do not require themselves, but found {names}."
                self._report(entry.model, entry.node, "dmn.requirement-cycle", message, "Remove one requirement.")
                entry.requirements = tuple(one for one in entry.requirements if one.entry is not visible.entry)
            elif isinstance(visible.entry.node, Decision) and id(visible.entry) not in done:
                path.append((visible.entry, iter(visible.entry.requirements)))
                on_path.add(id(visible.entry))

    def _report(
        self,
        model: Model,
        element: Element,
        code: str,
        message: str,
        remedy: str,
        *,
        severity: Severity = Severity.ERROR,
    ) -> None:
        self.diagnostics.append(
            Diagnostic(
                code,
                message,
                remedy,
                severity,
                model.definitions.file,
                element.id or None,
                getattr(element, "name", None),
                element.line or None,
            )
        )


_KIND_NAMES: dict[type, str] = {
    InputData: "an input data",
    Decision: "a decision",
    BusinessKnowledgeModel: "a business knowledge model",
    DecisionService: "a decision service",
}


def _model(definitions: Definitions) -> Model:
    model = Model(definitions)
    for number, node in enumerate(definitions.nodes()):
        model.by_id.setdefault(node.id or f" {number}", Entry(model, node))  # a space cannot begin an id
    return model

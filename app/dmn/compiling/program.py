"""The plan of a decision: which decisions run first, and which variables each of them sees (DMN 1.5, 6.3.7 and 10.4).

A `Program` compiles the nodes of one library, each when it is first needed. There are two programs of a library: the
fast one, and the tracing one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import RLock
from types import MappingProxyType

from app import feel
from app.dmn.compiling.boxed import compile_body
from app.dmn.compiling.expressions import compile_kind
from app.dmn.compiling.functions import function_value
from app.dmn.compiling.output_names import output_of, read_outputs
from app.dmn.compiling.unit import Compiled, Problem, Unit
from app.dmn.compiling.words import words_of
from app.dmn.frames import DecisionFrame, Logic
from app.dmn.inputs import ABSENT, Admission, admission, find, note_missing
from app.dmn.linking import Entry, Library, Visible
from app.dmn.model import BusinessKnowledgeModel, Decision, DecisionService, FunctionDefinition, FunctionKind, InputData
from app.dmn.reasons import DecisionReasonKind, Place
from app.dmn.types import ModelTypes, model_types
from app.feel import types
from app.feel.types import Type

NOTHING: Mapping[str, object] = MappingProxyType({})

World = dict[Entry, object]
"""The values known in one evaluation: of input data, and of decisions already made."""


def place_of(entry: Entry) -> Place:
    """A node itself, as the place of a reason."""
    return Place(entry.id, entry.name, entry.node.line, entry.model.definitions.file)


def stopped(frame: DecisionFrame, problem: Exception, entry: Entry) -> None:
    """The null of an element whose evaluation went beyond its budget."""
    message = str(problem) if isinstance(problem, feel.LimitExceeded) else "Expected less deeply nested logic."
    frame.note_decision(DecisionReasonKind.LIMIT, message, Place(entry.id, ""))


@dataclass(frozen=True, slots=True)
class Step:
    """One decision of a plan. `logic` sees `variables`; the values of `inputs` are added under their paths."""

    entry: Entry
    logic: Logic
    inputs: tuple[tuple[str, Entry], ...]
    nested: tuple[tuple[tuple[str, ...], Entry], ...]  # those of imported models, under their prefixes
    members: tuple[tuple[str, Entry], ...]  # single outputs of required decisions, by their names
    functions: Mapping[str, object]
    extra_names: frozenset[str]  # undeclared words of its expressions: read from the caller's inputs where given

    def run(self, frame: DecisionFrame, world: World, extras: Mapping[str, object]) -> object:
        """The decision's value, from those of its requirements."""
        try:
            return self.logic(frame, self.variables(world, extras))
        except (feel.LimitExceeded, RecursionError) as problem:
            stopped(frame, problem, self.entry)
            return None

    def variables(self, world: World, extras: Mapping[str, object]) -> dict[str, object]:
        """What the decision's logic sees."""
        variables: dict[str, object] = {**extras, **self.functions} if extras else dict(self.functions)
        for name, entry in self.inputs:
            variables[name] = world.get(entry)
        for path, entry in self.nested:
            _put(variables, path, world.get(entry))
        for name, entry in self.members:
            variables[name] = output_of(entry, world.get(entry), name)
        return variables


@dataclass(frozen=True, slots=True)
class Input:
    """An input data that a decision needs. `paths` are the ways to name it in the caller's inputs, the best first.

    `is_plain`: its name is the best, as of all that are not imported.
    """

    entry: Entry
    name: str
    paths: tuple[tuple[str, ...], ...]
    is_plain: bool
    admit: Admission
    place: Place


@dataclass(frozen=True, slots=True)
class Plan:
    """How one decision is made. `steps` come in the order in which they can run; the last is the decision itself."""

    entry: Entry
    id: str
    name: str
    steps: tuple[Step, ...]
    input_data: tuple[Input, ...]
    extra_names: frozenset[str]

    def evaluate(self, frame: DecisionFrame, given: Mapping[str, object]) -> object:
        """The decision's value for a caller's inputs."""
        world: World = {}
        self.admit(frame, world, given)
        extras = self.extras(given) if self.extra_names else NOTHING
        for step in self.steps:
            world[step.entry] = step.run(frame, world, extras)
        return world[self.entry]

    def admit(self, frame: DecisionFrame, world: World, given: Mapping[str, object]) -> None:
        """Bring the caller's inputs into `world`; what it holds already stays."""
        for wanted in self.input_data:
            if wanted.entry not in world:
                value = given[wanted.name] if wanted.is_plain and wanted.name in given else find(given, *wanted.paths)
                if value is ABSENT:
                    note_missing(frame, wanted.name, given, wanted.place)
                    value = None
                world[wanted.entry] = wanted.admit(value, frame)

    def extras(self, given: Mapping[str, object]) -> dict[str, object]:
        """Those of the caller's inputs that no input data declares, and whose names expressions contain."""
        return {name: feel.from_python(given[name]) for name in self.extra_names if name in given}

    def run(self, frame: DecisionFrame, world: World, extras: Mapping[str, object]) -> object:
        """The decision's value. `world` gains the values of decisions; those that it holds are not made again."""
        if self.entry in world:
            return world[self.entry]
        for step in self.needed(world):
            world[step.entry] = step.run(frame, world, extras)
        return world[self.entry]

    def needed(self, world: World) -> Sequence[Step]:
        """The steps whose values nobody has given."""
        given = [step for step in self.steps if step.entry in world]
        if not given:
            return self.steps
        needed = {self.entry}
        chosen = []
        for step in reversed(self.steps):
            if step.entry in needed and step.entry not in world:
                chosen.append(step)
                needed.update(visible.entry for visible in step.entry.requirements)
        return chosen[::-1]


class Program:
    """The compiled nodes of a library. Shared by threads; a node is compiled under a lock, once."""

    def __init__(self, library: Library, *, tracing: bool = False, checking: bool = False) -> None:
        self.library = library
        self.types = model_types(library.models)
        self._tracing = tracing
        self._checking = checking
        self._lock = RLock()
        self._plans: dict[Entry, Plan] = {}
        self._steps: dict[Entry, Step] = {}
        self._step_types: dict[Entry, Type] = {}
        self._functions: dict[Entry, feel.Function] = {}
        self._compiling: set[Entry] = set()
        self.problems: list[tuple[Entry, Problem]] = []

    def plan(self, entry: Entry) -> Plan:
        """The plan of a decision."""
        plan = self._plans.get(entry)
        if plan is None:
            with self._lock:
                plan = self._plans[entry] = self._make_plan(entry)
        return plan

    def _make_plan(self, entry: Entry) -> Plan:
        order = list(_requirements_first(entry))
        steps = tuple(self._step(one) for one in order if isinstance(one.node, Decision))
        inputs = tuple(self._input(entry, one) for one in order if isinstance(one.node, InputData))
        extra_names = frozenset[str]().union(*(step.extra_names for step in steps))
        return Plan(entry, entry.id, entry.name, steps, inputs, extra_names)

    def _input(self, decision: Entry, entry: Entry) -> Input:
        path = (*(decision.model.path_to(entry.model) or ()), entry.name)
        paths = (path, (entry.name,), (entry.node.name,), (entry.id,))
        return Input(entry, entry.name, paths, len(path) == 1, self.admission(entry), place_of(entry))

    def admission(self, entry: Entry) -> Admission:
        """How a caller's value of a node is admitted."""
        return admission(self.declared_type(entry), place_of(entry))

    def declared_type(self, entry: Entry) -> Type:
        """The declared type of a node's variable, ANY where there is none."""
        variable = entry.node.variable
        return self._types_of(entry).read(variable.type_ref, element_id=variable.id or entry.id, line=variable.line)

    def _types_of(self, entry: Entry) -> ModelTypes:
        return self.types[id(entry.model)]

    def _step(self, entry: Entry) -> Step:
        step = self._steps.get(entry)
        if step is None:
            step = self._steps[entry] = self._compile_step(entry)
        return step

    def _compile_step(self, entry: Entry) -> Step:
        expression = entry.node.expression if isinstance(entry.node, Decision) else None
        words = words_of(expression)
        unit = self._unit(entry)
        visible = list(_with_aliases(entry.requirements, words))
        members = read_outputs(entry.requirements, words - {one.path[0] for one in visible})
        scope = unit.scope({**self._variable_types(visible), **dict.fromkeys(members, types.ANY)})
        self._report_ambiguous(unit, entry, members)
        compiled = unit.expression(expression, scope)
        compiled = unit.coerced(compiled, self.declared_type(entry), entry.node.variable)
        self._step_types[entry] = compiled.type
        self.problems.extend((entry, problem) for problem in unit.problems)
        values = [one for one in visible if not _is_function(one.entry)]
        functions: dict[str, object] = {}
        for one in visible:
            if _is_function(one.entry):
                _put(functions, one.path, self.function(one.entry))
        return Step(
            entry,
            compiled.logic,
            tuple((one.path[0], one.entry) for one in values if len(one.path) == 1),
            tuple((one.path, one.entry) for one in values if len(one.path) > 1),
            tuple((name, found[0]) for name, found in members.items()),
            functions,
            words - {one.path[0] for one in visible} - entry.model.names - members.keys(),
        )

    @staticmethod
    def _report_ambiguous(unit: Unit, entry: Entry, members: Mapping[str, Sequence[Entry]]) -> None:
        for name, found in members.items():
            if len(found) > 1:
                decisions = " and ".join(one.name for one in found)
                message = f'Expected an output "{name}" of one required decision, but found it in {decisions}.'
                unit.report(entry.node, "dmn.ambiguous-output", message, "Read the decisions by their own names.")

    def _unit(self, entry: Entry) -> Unit:
        return Unit(self._types_of(entry), compile_kind, tracing=self._tracing, checking=self._checking)

    def _variable_types(self, visible: Sequence[Visible]) -> dict[str, Type]:
        """The names in scope with their types; a prefix is a context of the names behind it."""
        tree: dict[str, object] = {}
        for one in visible:
            _put(tree, one.path, self._type_in_scope(one.entry))
        return {name: _as_type(value) for name, value in tree.items()}

    def _type_in_scope(self, entry: Entry) -> Type:
        declared = self.declared_type(entry)
        if _is_function(entry):
            return self._function_type(entry, declared)
        if declared is not types.ANY or isinstance(entry.node, InputData):
            return declared
        return self._step_types.get(entry, types.ANY)

    def _function_type(self, entry: Entry, declared: Type) -> Type:
        if isinstance(types.resolved(declared), types.FunctionType):
            return declared
        parameters = tuple(type_ for _, type_ in self.parameters(entry))
        node = entry.node
        if declared is types.ANY and isinstance(node, BusinessKnowledgeModel) and node.function is not None:
            body = node.function.body
            type_ref = node.function.type_ref or (None if body is None else body.type_ref)
            declared = self._types_of(entry).read(type_ref)
        return types.FunctionType(parameters, declared)

    def parameters(self, entry: Entry) -> list[tuple[str, Type]]:
        node = entry.node
        if isinstance(node, BusinessKnowledgeModel):
            function = node.function
            own = self._types_of(entry)
            return [] if function is None else [(one.name, own.read(one.type_ref)) for one in function.parameters]
        return [(one.name, self.declared_type(one)) for one in entry.parameters]

    def function(self, entry: Entry) -> feel.Function:
        """The function value of a business knowledge model or a decision service; its body is compiled when called."""
        function = self._functions.get(entry)
        if function is None:
            body = self._service_body(entry) if isinstance(entry.node, DecisionService) else self._model_body(entry)
            declared = types.resolved(self.declared_type(entry))
            result = declared.result if isinstance(declared, types.FunctionType) else declared
            parameters = self.parameters(entry)
            if isinstance(entry.node, DecisionService):
                parameters = [(name, types.ANY) for name, _ in parameters]  # the service itself rejects a misfit
            function = function_value(entry.name, dict(parameters), body, result, {})
            function = self._functions.setdefault(entry, function)
        return function

    def _model_body(self, entry: Entry) -> Logic:
        compiled: list[Logic] = []
        variables: dict[str, object] = {}

        def logic(frame: DecisionFrame, arguments: dict[str, object]) -> object:
            if not compiled:
                with self._lock:
                    body = self._compile_model(entry)
                    for one in (*entry.requirements, Visible((entry.name,), entry)):
                        _put(variables, one.path, self.function(one.entry))
                    compiled.append(body.logic)
            return compiled[0](frame, {**variables, **arguments})

        return logic

    def _compile_model(self, entry: Entry) -> Compiled:
        function = entry.node.function if isinstance(entry.node, BusinessKnowledgeModel) else None
        unit = self._unit(entry)
        visible = (Visible((entry.name,), entry), *entry.requirements)
        scope = unit.scope(self._variable_types(visible))
        if function is None:
            compiled = unit.expression(None, scope)
        elif function.kind is not FunctionKind.FEEL:
            compiled = self._external_model(unit, function, scope)
        else:
            compiled = unit.coerced(compile_body(unit, function, scope), unit.result_of(function))
        self.problems.extend((entry, problem) for problem in unit.problems)
        return compiled

    @staticmethod
    def _external_model(unit: Unit, definition: FunctionDefinition, scope: feel.Scope) -> Compiled:
        """A knowledge model that the host defines: its function is found, then called with the same arguments."""
        find = unit.expression(definition, scope).logic

        def logic(frame: DecisionFrame, variables: dict[str, object]) -> object:
            arguments = [variables.get(parameter.name) for parameter in definition.parameters]
            return feel.call(frame, find(frame, variables), arguments)

        return Compiled(logic)

    def _service_body(self, entry: Entry) -> Logic:
        """A service makes its output decisions in a world of its own, which holds only its arguments (10.4)."""
        parameters = [(one, self.declared_type(one)) for one in entry.parameters]
        place = Place(entry.id, "", entry.node.line, entry.model.definitions.file)

        def logic(frame: DecisionFrame, arguments: dict[str, object]) -> object:
            world: World = {}
            for parameter, type_ in parameters:
                value = arguments.get(parameter.name)
                world[parameter] = types.coerce(value, type_, frame, frame)
                if value is not None and world[parameter] is None:
                    return None
            frame.place = place
            outputs = {output.name: self.plan(output).run(frame, world, {}) for output in entry.outputs}
            return outputs if len(outputs) != 1 else next(iter(outputs.values()))

        return logic

    def compile_everything(self) -> None:
        """Compile all nodes and their rules, so that `problems` is complete."""
        for entry in self.library.entries(Decision):
            self.plan(entry)
        for entry in self.library.entries(BusinessKnowledgeModel):
            self._compile_model(entry)


def _is_function(entry: Entry) -> bool:
    return isinstance(entry.node, BusinessKnowledgeModel | DecisionService)


def _with_aliases(requirements: Sequence[Visible], words: frozenset[str]) -> Iterator[Visible]:
    """The requirements, and again under its id each one that an expression calls so, as Camunda's modelers do."""
    names = {one.path[0] for one in requirements}
    for one in requirements:
        yield one
        if one.entry.id in words and one.entry.id not in names:
            yield replace(one, path=(one.entry.id,))


def _requirements_first(entry: Entry) -> Iterator[Entry]:
    """The input data and decisions that `entry` requires, and itself, each after what it requires itself."""
    seen = {entry}
    path = [(entry, iter(entry.requirements))]
    while path:
        current, remaining = path[-1]
        visible = next(remaining, None)
        if visible is None:
            yield current
            path.pop()
        elif visible.entry not in seen and not _is_function(visible.entry):
            seen.add(visible.entry)
            path.append((visible.entry, iter(visible.entry.requirements)))


def _put(tree: dict[str, object], path: Sequence[str], value: object) -> None:
    """Set `value` at the end of `path`, making dictionaries (and copying those that others may share) on the way."""
    *prefixes, name = path
    for prefix in prefixes:
        below = tree.get(prefix)
        tree[prefix] = dict(below) if isinstance(below, dict) else {}
        tree = tree[prefix]  # type: ignore[assignment]
    tree[name] = value


def _as_type(value: object) -> Type:
    if not isinstance(value, dict):
        return value if isinstance(value, Type) else types.ANY
    return types.ContextType({name: _as_type(inner) for name, inner in value.items()})

"""One evaluation: inputs become a world, the plan runs in it, and what happened becomes an `Evaluation`."""

from collections.abc import Mapping

from app import feel
from app.dmn.compiling.program import Plan, Program, World, place_of, stopped
from app.dmn.evaluation import DecisionOutcome, DecisionTrace, Evaluation, RuleHit, TableTrace, Trace
from app.dmn.frames import DecisionFrame
from app.dmn.hits import TableHit
from app.dmn.inputs import ABSENT, admission, find, note_missing
from app.dmn.linking import Entry
from app.dmn.model import Decision, DecisionService, DecisionTable
from app.dmn.reasons import LocatedReason
from app.errors import NotFound
from app.feel import types
from app.feel.types import Type


class Run:
    """One evaluation by one program. Used once."""

    def __init__(self, program: Program, frame: DecisionFrame, *, is_feel: bool = False) -> None:
        """`is_feel`: what is given are FEEL values already, so that a string is no date."""
        self._program = program
        self._frame = frame
        self._is_feel = is_feel
        self._world: World = {}
        self._inputs: dict[str, object] = {}
        self._traces: list[DecisionTrace] = []
        self._outcomes: list[DecisionOutcome] = []

    def evaluate(self, entry: Entry, given: Mapping[str, object], overrides: Mapping[str, object]) -> Evaluation:
        """The answer of a decision, a service or a knowledge model."""
        if isinstance(entry.node, Decision):
            for name, value in overrides.items():
                self._override(name, value)
            value = self._decide(self._program.plan(entry), given)
        elif isinstance(entry.node, DecisionService):
            value = self._serve(entry, given)
        else:
            value = self._call(entry, given)
        frame = self._frame
        if frame.hits is None:
            return Evaluation(entry.id, entry.name, value, tuple(frame.located))
        trace = Trace(self._inputs, tuple(self._traces))
        return Evaluation(entry.id, entry.name, value, tuple(frame.located), tuple(self._outcomes), trace)

    def _decide(self, plan: Plan, given: Mapping[str, object]) -> object:
        world = self._world
        plan.admit(self._frame, world, given)
        extras = plan.extras(given)
        if self._frame.hits is None:
            return plan.run(self._frame, world, extras)
        self._inputs.update({wanted.name: world[wanted.entry] for wanted in plan.input_data})
        self._inputs.update(extras)
        for step in plan.needed(world):
            before, kept = len(self._frame.hits), self._frame.kept()
            variables = step.variables(world, extras)
            world[step.entry] = step.run(self._frame, world, extras)
            self._explain(step.entry, variables, self._frame.hits[before:], self._frame.located[kept:])
        return world[plan.entry]

    def _override(self, name: str, value: object) -> None:
        entry = self._program.library.find(name)
        if entry is None:
            raise NotFound(f'Expected the name or id of a decision or an input data, but found "{name}".')
        self.give(entry, value)

    def give(self, entry: Entry, value: object) -> None:
        """Let `entry` have this value instead of a computed one."""
        self._world[entry] = self._admitted(entry, value, self._program.declared_type(entry))

    def _admitted(self, entry: Entry, value: object, type_: Type) -> object:
        place = place_of(entry)
        if not self._is_feel:
            return admission(type_, place)(value, self._frame)
        self._frame.place = place
        return types.coerce(value, type_, self._frame)

    def _serve(self, service: Entry, given: Mapping[str, object]) -> object:
        """The value of the service's output decision, or a context of them if there are several (10.4).

        As in a call, an argument that does not fit makes the whole null.
        """
        for parameter in service.parameters:
            value = find(given, (parameter.name,), (parameter.id,))
            if value is ABSENT:
                note_missing(self._frame, parameter.name, given, place_of(parameter))
                value = None
            self.give(parameter, value)
            if value is not None and self._world[parameter] is None:
                return None
        outputs = {output.name: self._decide(self._program.plan(output), given) for output in service.outputs}
        value = next(iter(outputs.values())) if len(outputs) == 1 else outputs
        declared = types.resolved(self._program.declared_type(service))
        result = declared.result if isinstance(declared, types.FunctionType) else declared
        return types.coerce(value, result, self._frame)

    def _call(self, model: Entry, given: Mapping[str, object]) -> object:
        parameters = self._program.parameters(model)
        for name, _ in parameters:
            if name not in given:
                note_missing(self._frame, name, given, place_of(model))
        arguments = {name: self._admitted(model, given.get(name), type_) for name, type_ in parameters}
        self._inputs.update(arguments)
        value: object = None
        misfits = any(given.get(name) is not None and one is None for name, one in arguments.items())
        try:
            value = None if misfits else feel.call(self._frame, self._program.function(model), (), arguments)
        except (feel.LimitExceeded, RecursionError) as problem:
            stopped(self._frame, problem, model)
        self._world[model] = value
        if self._frame.hits is not None:
            self._explain(model, arguments, self._frame.hits, self._frame.located)
        return value

    def _explain(
        self,
        entry: Entry,
        variables: Mapping[str, object],
        hits: list[TableHit],
        reasons: list[LocatedReason],
    ) -> None:
        value = self._world.get(entry)
        tables = tuple(_table_trace(hit) for hit in hits)
        seen = {name: one for name, one in variables.items() if not isinstance(one, feel.Function)}
        self._traces.append(DecisionTrace(entry.id, entry.name, seen, value, tables, tuple(reasons)))
        own = entry.node.expression if isinstance(entry.node, Decision) else None
        if isinstance(own, DecisionTable):
            matched = next((_matched(hit) for hit in hits if hit.table is own), ())
            self._outcomes.append(DecisionOutcome(entry.id, entry.name, value, own.hit_policy, matched))
        else:
            self._outcomes.append(DecisionOutcome(entry.id, entry.name, value, None, ()))


def _table_trace(hit: TableHit) -> TableTrace:
    table = hit.table
    inputs = {clause.label: value for clause, value in zip(table.inputs, hit.values, strict=True)}
    return TableTrace(table.id, table.hit_policy, inputs, _matched(hit), hit)


def _matched(hit: TableHit) -> tuple[RuleHit, ...]:
    return tuple(RuleHit(rule + 1, hit.table.rules[rule].id) for rule in hit.matched)

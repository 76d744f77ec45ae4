"""Item definitions as FEEL types (DMN 1.5, 7.3.3), and what a `typeRef` means in a model."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from app import feel
from app.dmn.linking import Model
from app.dmn.model import FunctionItem, ItemDefinition, Text
from app.errors import Diagnostic, Severity
from app.feel import types
from app.feel.types import Type


def _is_integral(value: object) -> bool:
    return isinstance(value, Decimal) and value == value.to_integral_value()


WHOLE = types.Restricted(types.NUMBER, _is_integral, "a whole number")
_CAMUNDA_7 = {"integer": WHOLE, "long": WHOLE, "double": types.NUMBER, "float": types.NUMBER}
_MAX_DEPTH = 40  # item definitions that refer to each other; beyond it they are looked up when they are needed


def is_whole(type_: Type) -> bool:
    """Whether a type holds whole numbers only, so that nothing lies between 0 and 1."""
    type_ = types.resolved(type_)
    while isinstance(type_, types.Restricted):
        if type_ is WHOLE:
            return True
        type_ = types.resolved(type_.base)
    return False


class ModelTypes:
    """The types of one model. `by_name` holds its own and, with their prefixes, those that it imports.

    Models may import each other in a circle, so `complete` names the types when all models are known.
    """

    def __init__(self, model: Model, everywhere: Mapping[int, "ModelTypes"]) -> None:
        self.model = model
        self.diagnostics: list[Diagnostic] = []
        self.by_name: dict[str, Type] = {}
        self.allowed_texts: dict[str, str] = {}  # the allowed values of a type as they are written, by its name
        self._everywhere = everywhere
        self._definitions: dict[str, ItemDefinition] = {}
        for definition in model.definitions.item_definitions:
            self._definitions.setdefault(definition.name, definition)
        self._building: list[str] = []
        self._own: dict[str, Type] = {}
        self._imported: dict[str, tuple[ModelTypes, str]] = {}  # the home of each imported name, and its name there

    def find_imported(self) -> None:
        """Note where the names that other models define are at home."""
        for prefix, other in _reachable(self.model):
            there = self._everywhere[id(other)]
            self._imported.update({prefix + name: (there, name) for name in there._definitions})

    def complete(self) -> None:
        """Name every type that an expression of this model may mention."""
        for name, (there, own_name) in self._imported.items():
            self.by_name[name] = there._defined(own_name)
            there._note_allowed(own_name)
            if own_name in there.allowed_texts:
                self.allowed_texts[name] = there.allowed_texts[own_name]
        for name in self._definitions:
            self.by_name[name] = self._defined(name)
            self._note_allowed(name)
            self._report_circle(name)

    def read(self, type_ref: str | None, *, element_id: str = "", line: int = 0) -> Type:
        """The type that `type_ref` names; Any where it is absent, and where it is unknown, which is reported."""
        if type_ref is None:
            return types.ANY
        if type_ref in self._definitions:
            return self._defined(type_ref)
        if type_ref in self._imported:
            there, own_name = self._imported[type_ref]
            return there._defined(own_name)
        known = types.SIMPLE_BY_NAME.get(type_ref) or _CAMUNDA_7.get(type_ref)
        if known is not None:
            return known
        try:
            return feel.read_type(type_ref, self.by_name)
        except feel.FeelSyntaxError:
            self._report(
                "dmn.unknown-type",
                f'Expected the name of a type, but found "{type_ref}".',
                "Add an item definition of this name, or use a type of FEEL.",
                element_id,
                line,
            )
            return types.ANY

    def _defined(self, name: str) -> Type:
        known = self._own.get(name)
        if known is not None:
            return known
        if name in self._building or len(self._building) >= _MAX_DEPTH:
            if self._only_names_itself(name):
                return types.ANY
            return types.Reference(name, lambda: self._defined(name))
        self._building.append(name)
        try:
            built = self._built(self._definitions[name])
        finally:
            self._building.pop()
        return self._own.setdefault(name, built)

    def _aliases(self, name: str) -> Iterator[tuple["ModelTypes", str]]:
        """The definition, then what it refers to and so on, through models, until none follows or one comes again."""
        seen: set[tuple[int, str]] = set()
        where: tuple[ModelTypes, str] | None = (self, name)
        while where is not None and (id(where[0]), where[1]) not in seen:
            seen.add((id(where[0]), where[1]))
            yield where
            there, own_name = where
            where = there._home(there._definitions[own_name].type_ref)

    def _home(self, type_ref: str | None) -> tuple["ModelTypes", str] | None:
        if type_ref is None:
            return None
        return (self, type_ref) if type_ref in self._definitions else self._imported.get(type_ref)

    def _note_allowed(self, name: str) -> None:
        """Keep the nearest allowed values on the way from alias to alias."""
        for there, own_name in self._aliases(name):
            allowed = there._definitions[own_name].allowed
            if allowed is not None:
                self.allowed_texts[name] = allowed.text
                return

    def _only_names_itself(self, name: str) -> bool:
        """Whether the definition, followed from alias to alias, comes back to itself and so says nothing."""
        last = self, name
        for there, own_name in self._aliases(name):
            definition = there._definitions[own_name]
            if definition.is_collection or definition.components or definition.function:
                return False
            last = there, own_name
        there, own_name = last
        return there._home(there._definitions[own_name].type_ref) == (self, name)

    def _report_circle(self, name: str) -> None:
        if self._only_names_itself(name):
            definition = self._definitions[name]
            self._report(
                "dmn.type-cycle",
                f'Expected a type that is made of others, but found "{name}", which refers only to itself.',
                "Give it a base type.",
                definition.id,
                definition.line,
            )

    def _built(self, definition: ItemDefinition) -> Type:
        if definition.components:
            base: Type = types.ContextType({one.name: self._built(one) for one in definition.components})
        elif definition.function is not None:
            base = self._function(definition.function)
        else:
            base = self.read(definition.type_ref, element_id=definition.id, line=definition.line)
        if definition.allowed is not None:
            base = _restricted(base, definition.allowed)
        if definition.is_collection:
            base = types.ListType(base)
        if definition.constraint is not None:
            base = _restricted(base, definition.constraint)
        return base

    def _function(self, item: FunctionItem) -> Type:
        parameters = tuple(self.read(one.type_ref, element_id=one.id, line=one.line) for one in item.parameters)
        return types.FunctionType(parameters, self.read(item.result, element_id=item.id, line=item.line))

    def _report(self, code: str, message: str, remedy: str, element_id: str, line: int) -> None:
        self.diagnostics.append(
            Diagnostic(
                code,
                message,
                remedy,
                Severity.ERROR,
                self.model.definitions.file,
                element_id or None,
                line=line or None,
            )
        )


def _restricted(base: Type, tests: Text) -> Type:
    constraint = Constraint(tests.text)
    text = " ".join(tests.text.split())
    description = f"allowed: {text}" if constraint.is_readable else f"allowed values that cannot be read: {text}"
    return types.Restricted(base, constraint.allows, description)


class Constraint:
    """Unary tests that a value of a type must pass; a null passes. Where they cannot be read, nothing passes."""

    __slots__ = ("_tests", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._tests: feel.UnaryTests | None = None
        try:
            self._tests = feel.compile_unary_tests(text)
        except feel.FeelSyntaxError:
            return  # the check of the model reports it

    @property
    def is_readable(self) -> bool:
        return self._tests is not None

    def allows(self, value: object) -> bool:
        return self._tests is not None and self._tests.test(value) is True


def model_types(models: tuple[Model, ...]) -> dict[int, ModelTypes]:
    """The types of every model, by the model's identity. Imports may lead in circles."""
    found: dict[int, ModelTypes] = {}
    for model in models:
        found[id(model)] = ModelTypes(model, found)
    for one in found.values():
        one.find_imported()
    for one in found.values():
        one.complete()
    return found


def _reachable(model: Model) -> Iterator[tuple[str, Model]]:
    """Every imported model under each of its prefixes, but not what it imports in a circle; a model may name itself."""
    waiting: list[tuple[str, Model, frozenset[int]]] = [("", model, frozenset())]
    for _ in range(_MAX_PATHS):
        if not waiting:
            return
        prefix, current, above = waiting.pop(0)
        for name, imported in current.imports:
            longer = f"{prefix}{name}." if name else prefix
            if id(imported) not in above:
                yield longer, imported
                waiting.append((longer, imported, above | {id(current)}))


_MAX_PATHS = 1_000

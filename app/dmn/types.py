"""Item definitions as FEEL types (DMN 1.5, 7.3.3), and what a `typeRef` means in a model."""

from collections.abc import Mapping

from app import feel
from app.dmn.linking import Model
from app.dmn.model import FunctionItem, ItemDefinition, Text
from app.errors import Diagnostic, Severity
from app.feel import types
from app.feel.types import Type

_CAMUNDA_7 = {"integer": types.NUMBER, "long": types.NUMBER, "double": types.NUMBER, "float": types.NUMBER}
_MAX_DEPTH = 40  # item definitions that refer to each other; beyond it they are looked up when they are needed


class ModelTypes:
    """The types of one model. `by_name` holds its own and, with their prefixes, those that it imports."""

    def __init__(self, model: Model, imported: Mapping[int, "ModelTypes"]) -> None:
        self.model = model
        self.diagnostics: list[Diagnostic] = []
        self.by_name: dict[str, Type] = {}
        self.allowed_texts: dict[str, str] = {}  # the allowed values of a type as they are written, by its name
        for prefix, other in model.imports:
            start = f"{prefix}." if prefix else ""
            types_there = imported[id(other)]
            self.by_name.update({start + name: type_ for name, type_ in types_there.by_name.items()})
            self.allowed_texts.update({start + name: text for name, text in types_there.allowed_texts.items()})
        self._definitions: dict[str, ItemDefinition] = {}
        for definition in model.definitions.item_definitions:
            self._definitions.setdefault(definition.name, definition)
        self._building: list[str] = []
        self._own: dict[str, Type] = {}
        for name in self._definitions:
            self.by_name[name] = self._defined(name)
            self._note_allowed(name)

    def read(self, type_ref: str | None, *, element_id: str = "", line: int = 0) -> Type:
        """The type that `type_ref` names; Any where it is absent, and where it is unknown, which is reported."""
        if type_ref is None:
            return types.ANY
        if type_ref in self._definitions:
            return self._defined(type_ref)
        known = self.by_name.get(type_ref) or types.SIMPLE_BY_NAME.get(type_ref) or _CAMUNDA_7.get(type_ref)
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

    def _note_allowed(self, name: str) -> None:
        """Keep the nearest allowed values on the way from alias to alias."""
        current: str | None = name
        for _ in range(len(self._definitions)):
            definition = self._definitions.get(current or "")
            if definition is None:
                text = self.allowed_texts.get(current or "")
            else:
                text = definition.allowed.text if definition.allowed is not None else None
                current = definition.type_ref
            if text is not None:
                self.allowed_texts[name] = text
            if text is not None or definition is None:
                return

    def _only_names_itself(self, name: str) -> bool:
        """Whether the definition, followed from alias to alias, comes back to itself and so says nothing."""
        seen: set[str] = set()
        current: str | None = name
        while current in self._definitions and current not in seen:
            seen.add(current)
            definition = self._definitions[current]
            if definition.is_collection or definition.components or definition.function:
                return False
            current = definition.type_ref
        if current != name:
            return False
        definition = self._definitions[name]
        self._report(
            "dmn.type-cycle",
            f'Expected a type that is made of others, but found "{name}", which refers only to itself.',
            "Give it a base type.",
            definition.id,
            definition.line,
        )
        return True

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
    """The types of every model, by the model's identity; imported models come before those that import them."""
    found: dict[int, ModelTypes] = {}
    waiting = list(reversed(models))
    while waiting:
        model = waiting[-1]
        missing = [other for _, other in model.imports if id(other) not in found]
        if id(model) in found or not missing:
            waiting.pop()
            if id(model) not in found:
                found[id(model)] = ModelTypes(model, found)
        else:
            waiting.extend(missing)
    return found

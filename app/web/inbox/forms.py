"""Forms of user tasks: a form's JSON (the bpmn.io form schema) as fields that the server renders and reads back.

The page works without a script, and what the browser sends is validated here whatever the browser did. A component that
is not known is left out of the page, never guessed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from app import feel

TEXTS = frozenset({"textfield", "textarea", "datetime"})
CHOICES = frozenset({"radio", "select"})
KNOWN = TEXTS | CHOICES | {"number", "checkbox", "text"}
LARGEST_TEXT_CHARACTERS = 100_000


@dataclass(frozen=True, slots=True)
class Field:
    """One component. `key` is a path of names joined by dots; `text` is what the input shows."""

    kind: str
    key: str
    label: str
    description: str
    text: str
    readonly: bool
    required: bool
    options: tuple[tuple[str, str], ...]  # value and label
    shortest: int | None
    longest: int | None
    lowest: Decimal | None
    highest: Decimal | None
    problem: str = ""

    @property
    def id(self) -> str:
        return "field-" + "".join(letter if letter.isalnum() else "-" for letter in self.key)

    @property
    def checked(self) -> bool:
        return self.text == "true"


def read_form(form: Mapping[str, object] | None, variables: Mapping[str, object]) -> tuple[Field, ...]:
    """The fields of `form`, filled from `variables`."""
    components = form.get("components") if form else None
    if not isinstance(components, list):
        return ()
    return tuple(
        _field(component, variables)
        for component in components
        if isinstance(component, Mapping) and component.get("type") in KNOWN
    )


def answer(fields: Sequence[Field], sent: Mapping[str, str]) -> tuple[dict[str, object], tuple[Field, ...]]:
    """The variables that the person has set, and the fields with what they typed and what is wrong with it.

    Read-only fields are never taken from the browser. Nothing is wrong if no field has a `problem`.
    """
    variables: dict[str, object] = {}
    answered: list[Field] = []
    for field in fields:
        if field.readonly or field.kind == "text":
            answered.append(field)
            continue
        text = sent.get(field.key, "").replace("\r\n", "\n").strip()
        value, problem = _parse(field, text)
        answered.append(replace(field, text="true" if value is True else text, problem=problem))
        if not problem:
            _put(variables, field.key.split("."), value)
    return variables, tuple(answered)


def _field(component: Mapping[str, object], variables: Mapping[str, object]) -> Field:
    key = str(component.get("key") or component.get("id") or "")
    rules = component.get("validate")
    validate: Mapping[str, object] = rules if isinstance(rules, Mapping) else {}
    options = component.get("values")
    return Field(
        kind=str(component["type"]),
        key=key,
        label=str(component.get("label") or component.get("text") or key),
        description=str(component.get("description") or ""),
        text=_shown(_look_up(variables, key.split("."), component.get("defaultValue"))),
        readonly=bool(component.get("readonly") or component.get("disabled")),
        required=bool(validate.get("required")),
        options=tuple(
            (str(option.get("value", "")), str(option.get("label") or option.get("value", "")))
            for option in (options if isinstance(options, list) else ())
            if isinstance(option, Mapping)
        ),
        shortest=_whole(validate.get("minLength")),
        longest=_whole(validate.get("maxLength")),
        lowest=_number(validate.get("min")),
        highest=_number(validate.get("max")),
    )


def _parse(field: Field, text: str) -> tuple[object, str]:
    """The value that was typed, and what is wrong with it."""
    if field.kind == "checkbox":
        ticked = text in {"on", "true"}
        return ticked, "This must be ticked." if field.required and not ticked else ""
    if not text:
        return None, "Please fill this in." if field.required else ""
    if field.kind == "number":
        return _parse_number(field, text)
    if field.kind in CHOICES:
        return text, "" if text in dict(field.options) else "Please choose one of the values."
    return text, _length_problem(field, text)


def _length_problem(field: Field, text: str) -> str:
    if field.shortest is not None and len(text) < field.shortest:
        return f"Please write at least {field.shortest} characters."
    if len(text) > (field.longest or LARGEST_TEXT_CHARACTERS):
        return f"Please write at most {field.longest or LARGEST_TEXT_CHARACTERS} characters."
    return ""


def _parse_number(field: Field, text: str) -> tuple[object, str]:
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None, "Please write a number."
    if not number.is_finite():
        return None, "Please write a number."
    if field.lowest is not None and number < field.lowest:
        return number, f"At least {field.lowest}."
    if field.highest is not None and number > field.highest:
        return number, f"At most {field.highest}."
    return number, ""


def _look_up(variables: object, path: Sequence[str], default: object) -> object:
    for name in path:
        if not isinstance(variables, Mapping) or name not in variables:
            return default
        variables = variables[name]
    return variables


def _put(variables: dict[str, object], path: Sequence[str], value: object) -> None:
    for name in path[:-1]:
        inner = variables.setdefault(name, {})
        assert isinstance(inner, dict)  # noqa: S101 - only this function writes into it
        variables = inner
    variables[path[-1]] = value


def _shown(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else feel.json_dumps(value)


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _number(value: object) -> Decimal | None:
    return Decimal(str(value)) if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else None

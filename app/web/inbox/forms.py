"""Forms of user tasks on the page: as fields for whoever runs no script, and as what they have sent.

With scripts the library that owns the schema draws the form (`frontend/src/form`) and sends one JSON object. Both are
held to `app.forms`. Without scripts lists, tables and computed fields cannot be worked with, and the page says so.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from werkzeug.datastructures import MultiDict

from app import feel, forms
from app.errors import Invalid
from app.forms import Component, Form, Kind
from app.forms.answering import merged, options_of
from app.forms.schema import ONE_OF, SOME_OF
from app.forms.values import initial, number_of

SCRIPT_ONLY = frozenset({Kind.DYNAMIC_LIST, Kind.TABLE, Kind.EXPRESSION, Kind.HTML, Kind.IMAGE})
SHOWN = frozenset({Kind.TEXT, Kind.GROUP})
ANSWER = "answer"  # the field with the JSON object that the script sends
NUMBER = re.compile(r"-?[0-9]+([.,][0-9]+)?")
GROUPED = re.compile(r"-?[0-9]{1,3}((?P<group>[.,\u00a0\u202f' ])[0-9]{3})((?P=group)[0-9]{3})*([.,][0-9]+)?")


@dataclass(frozen=True, slots=True)
class Field:
    """One component. `key` is its path with dots; `text` is what the input shows, `chosen` what is ticked of many."""

    kind: str
    key: str
    label: str
    description: str
    text: str
    chosen: tuple[str, ...]
    readonly: bool
    required: bool
    options: tuple[tuple[str, str], ...]  # value as text and label
    longest: int | None
    subtype: str
    problem: str = ""

    @property
    def id(self) -> str:
        return "field-" + "".join(letter if letter.isalnum() else "-" for letter in self.key)

    @property
    def checked(self) -> bool:
        return self.text == "true"


@dataclass(frozen=True, slots=True)
class TaskForm:
    """A task's form as the page shows it. `data` are the task's variables with what was typed."""

    fields: tuple[Field, ...]
    data: Mapping[str, object]
    needs_script: bool  # a page without a script cannot show all of it
    problems: Mapping[str, str]  # by the path of the field
    labels: Mapping[str, str]

    @classmethod
    def of(cls, form: Form, known: Mapping[str, object], given: Mapping[str, object], today: date) -> "TaskForm":
        answer = forms.answer(form, known, given, today)
        components = tuple(form.at_the_root())
        problems = dict(answer.problems)
        for each in components:  # what could not be read is said better here than by "no number"
            value, path = _look_up(given, each.path), ".".join(each.path)
            if each.kind is Kind.NUMBER and path in problems and isinstance(value, str):
                problems[path] = number(value)[1] or problems[path]
        data = merged(known, given)
        shown = (each for each in components if (each.is_keyed or each.kind in SHOWN) and each.kind not in SCRIPT_ONLY)
        fields = (_field(each, data, problems) for each in shown)
        return cls(
            fields=tuple(
                replace(each, problem=problems.get(each.key, "")) for each in fields if each.key not in answer.hidden
            ),
            data=data,
            needs_script=any(each.kind in SCRIPT_ONLY for each in components),
            problems=problems,
            labels={".".join(each.path): each.label for each in components if each.is_keyed},
        )

    def unmarked(self) -> "TaskForm":
        """Before it was sent nothing is marked."""
        return replace(self, fields=tuple(replace(each, problem="") for each in self.fields), problems={})


def sent(form: Form, data: Mapping[str, object], posted: "MultiDict[str, str]") -> dict[str, object]:
    """What the person has given; what cannot be read stays text. Raises `Invalid` for no JSON object."""
    if ANSWER in posted:
        try:
            answer = feel.json_loads(posted[ANSWER])
        except ValueError as problem:
            raise Invalid({ANSWER: f"expected JSON, but {problem}"}) from None
        if not isinstance(answer, dict):
            raise Invalid({ANSWER: "expected a JSON object"})
        return answer
    given: dict[str, object] = {}
    for component in form.at_the_root():
        if component.is_keyed and component.kind not in SCRIPT_ONLY and not component.is_locked:
            _put(given, component.path, _typed(component, data, posted))
    return given


def number(text: str) -> tuple[Decimal | str, str]:
    """The number that somebody has typed, with the separators of their country; what can be read in two ways is asked.

    A thousandth or a thousandfold of an amount, guessed, would be worse than a question.
    """
    plain = text.strip()
    if grouped := GROUPED.fullmatch(plain):
        mark = grouped["group"]
        whole, _, rest = _split_decimals(plain, mark)
        if not rest and mark in ",." and plain.count(mark) == 1:
            if mark == ".":
                return Decimal(plain), ""  # as this page writes decimals
            bare = plain.replace(",", "")
            return text, f"Please write {bare} or {plain.replace(',', '.')}: {plain} can be read as both."
        return Decimal(re.sub(r"[^0-9-]", "", whole) + (f".{rest}" if rest else "")), ""
    if NUMBER.fullmatch(plain):
        return Decimal(plain.replace(",", ".")), ""
    return text, "Please write a number."


def _split_decimals(text: str, mark: str) -> tuple[str, str, str]:
    decimal = {",": ".", ".": ","}.get(mark)
    for sign in (decimal,) if decimal else (",", "."):
        if sign and sign in text:
            return text.rpartition(sign)
    return text, "", ""


def _typed(component: Component, data: Mapping[str, object], posted: "MultiDict[str, str]") -> object:
    key = ".".join(component.path)
    text = posted.get(key, "").replace("\r\n", "\n").strip()
    by_text = {_text(value): value for value, _ in options_of(component, data)}
    if component.kind is Kind.CHECKBOX:
        return text in {"on", "true"}
    if component.kind in SOME_OF:
        return [by_text.get(each, each) for each in posted.getlist(key)]
    if component.kind in ONE_OF and text:
        return by_text.get(text, text)
    if component.kind is Kind.NUMBER and text:
        value, _ = number(text)
        return str(value) if component.said.get("serializeToString") is True else value
    return text or None


def _field(component: Component, data: Mapping[str, object], problems: Mapping[str, str]) -> Field:
    value = initial(component, _look_up(data, component.path)) if component.is_keyed else None
    longest = number_of(component.rules.get("maxLength"))
    said = component.said
    key = ".".join(component.path) if component.is_keyed else component.id
    return Field(
        kind=component.kind.value,
        key=key,
        label=component.label if component.is_keyed else str(said.get("text") or component.label),
        description=str(said.get("description") or ""),
        text=_text(value),
        chosen=tuple(_text(each) for each in value) if isinstance(value, list) else (),
        readonly=component.is_locked,
        required=component.rules.get("required") is True,
        options=tuple((_text(each), label) for each, label in options_of(component, data)),
        longest=None if longest is None else int(longest),
        subtype=str(said.get("subtype") or "date"),
        problem=problems.get(key, ""),
    )


def _look_up(data: object, path: Sequence[str]) -> object:
    for name in path:
        data = data.get(name) if isinstance(data, Mapping) else None
    return data


def _put(data: dict[str, object], path: Sequence[str], value: object) -> None:
    for name in path[:-1]:
        inner = data.setdefault(name, {})
        assert isinstance(inner, dict)  # noqa: S101 - only this function writes into it
        data = inner
    data[path[-1]] = value


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else feel.json_dumps(value)

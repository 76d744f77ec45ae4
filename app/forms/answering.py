"""Whether an answer fits a form: its conditions, its lists and the rules of every field that is shown.

A field that a condition hides is neither asked nor taken; a locked one keeps what the data has; an expression is
computed here, whatever was sent. What is not given is what the field began with, as the page would send it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from app import feel
from app.forms.schema import Component, Form, Kind
from app.forms.values import LARGEST_LIST, fit, initial

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """`variables` to set, and what is wrong by the path of the field ("lines[0].amount")."""

    variables: Mapping[str, object]
    problems: Mapping[str, str]
    hidden: frozenset[str]  # the paths of what is not shown


@dataclass(frozen=True, slots=True)
class Scope:
    """Where components look up their data: the form, or an item of a list."""

    known: object  # from the task
    given: object  # by the person
    path: Path = ()
    parent: object = None
    numbers: tuple[int, ...] = ()  # of the items around, from 1


@dataclass(slots=True)
class _Reading:
    data: dict[str, object]  # what expressions see
    today: date
    hidden: set[Path] = field(default_factory=set)
    values: list[tuple[Path, object]] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)


def answer(form: Form, known: Mapping[str, object], given: Mapping[str, object], today: date) -> Answer:
    """What `given` means for a task that has `known`."""
    data = merged(known, given)
    first = _read(form, known, given, data, today)
    for path in first.hidden:  # what is hidden is not there for the conditions of others
        _remove(data, path)
    reading = _read(form, known, given, data, today) if first.hidden else first
    variables: dict[str, object] = {}
    for path, value in reading.values:
        _put(variables, path, value)
    return Answer(variables, reading.problems, frozenset(_text(path) for path in reading.hidden))


def _read(
    form: Form, known: Mapping[str, object], given: Mapping[str, object], data: Mapping[str, object], today: date
) -> _Reading:
    reading = _Reading(dict(data), today)
    for component in form.components:
        _component(reading, component, Scope(known, given), is_hidden=False)
    return reading


def _component(reading: _Reading, component: Component, scope: Scope, *, is_hidden: bool) -> None:
    path: Path = (*scope.path, *component.path)
    condition = component.said.get("conditional")
    hide = condition.get("hide") if isinstance(condition, Mapping) else None
    hidden = is_hidden or (hide is not None and _evaluate(reading, hide, scope) is True)
    if hidden and (component.is_keyed or component.kind is Kind.DYNAMIC_LIST):
        reading.hidden.add(path)
        return
    if component.kind is Kind.DYNAMIC_LIST:
        _list(reading, component, scope)
    elif component.kind is Kind.GROUP:
        for inner in component.components:
            _component(reading, inner, scope, is_hidden=hidden)
    elif component.is_keyed:
        _field(reading, component, scope, path)


def _field(reading: _Reading, component: Component, scope: Scope, path: Path) -> None:
    began = initial(component, _look_up(scope.known, component.path))
    if component.kind is Kind.EXPRESSION:
        value = feel.to_json(_evaluate(reading, component.said.get("expression"), scope))
        reading.values.append((path, value))
        _put(reading.data, path, value)
        return
    is_locked = component.is_locked or _evaluate(reading, component.said.get("readonly"), scope) is True
    if is_locked:
        return
    value = _look_up(scope.given, component.path) if _has(scope.given, component.path) else began
    options = tuple(each for each, _ in options_of(component, reading.data))
    taken, problem = fit(component, value, lambda said: _evaluate(reading, said, scope), options, reading.today)
    reading.values.append((path, taken))
    if problem:
        reading.problems[_text(path)] = problem


def _list(reading: _Reading, component: Component, scope: Scope) -> None:
    path: Path = (*scope.path, *component.path)
    known = _look_up(scope.known, component.path)
    began = known if isinstance(known, list) else [{}] * _repetitions(component)
    items = _look_up(scope.given, component.path) if _has(scope.given, component.path) else began
    if not isinstance(items, list) or len(items) > LARGEST_LIST or not all(isinstance(each, Mapping) for each in items):
        reading.problems[_text(path)] = f"Expected a list of at most {LARGEST_LIST} objects."
        return
    if component.said.get("allowAddRemove") is False and len(items) != len(began):
        reading.problems[_text(path)] = f"Expected {len(began)} entries: none may be added or removed."
        return
    reading.values.append((path, []))
    around = _look_up(reading.data, scope.path) if scope.path else reading.data
    for index, item in enumerate(items):
        before = began[index] if index < len(began) else {}
        reading.values.append(((*path, index), {}))
        inside = Scope(before, item, (*path, index), around, (*scope.numbers, index + 1))
        for inner in component.components:
            _component(reading, inner, inside, is_hidden=False)


def _repetitions(component: Component) -> int:
    count = component.said.get("defaultRepetitions", 1)
    return min(int(str(count)), LARGEST_LIST) if str(count).isdecimal() else 1


def options_of(component: Component, data: Mapping[str, object]) -> Iterator[tuple[object, str]]:
    """The values that may be chosen, each with its label: fixed, from the data, or by an expression."""
    found: object = component.said.get("values")
    if isinstance(key := component.said.get("valuesKey"), str) and key:
        found = _look_up(data, tuple(key.split(".")))
    elif isinstance(expression := component.said.get("valuesExpression"), str) and expression:
        found = evaluated(expression, data)
    for option in found if isinstance(found, list) else []:
        if isinstance(option, Mapping):
            if option.get("value") is not None:
                yield option["value"], str(option.get("label") or option["value"])
        elif option is not None and not isinstance(option, list):
            yield option, option if isinstance(option, str) else feel.json_dumps(option)


def evaluated(said: object, context: Mapping[str, object]) -> object:
    """A property of the schema: the value of its expression where it is one ("=…"), else itself."""
    if not isinstance(said, str) or not said.startswith("="):
        return said
    try:
        return feel.evaluate(said[1:], context)
    except feel.FeelSyntaxError:
        return None


def _evaluate(reading: _Reading, said: object, scope: Scope) -> object:
    if not isinstance(said, str) or not said.startswith("="):
        return said
    this = _look_up(reading.data, scope.path) if scope.path else reading.data
    special = {"this": this, "parent": scope.parent, "i": list(scope.numbers)}
    return evaluated(said, {**special, **reading.data, **{f"_{name}_": value for name, value in special.items()}})


def merged(known: Mapping[str, object], given: Mapping[str, object]) -> dict[str, object]:
    """The data with what was given laid over it, objects member by member."""
    whole = dict(known)
    for name, value in given.items():
        before = whole.get(name)
        whole[name] = merged(before, value) if isinstance(value, Mapping) and isinstance(before, Mapping) else value
    return whole


def _look_up(data: object, path: Path) -> object:
    for step in path:
        if isinstance(data, Mapping):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return None
    return data


def _has(data: object, path: tuple[str, ...]) -> bool:
    for step in path:
        if not isinstance(data, Mapping) or step not in data:
            return False
        data = data[step]
    return True


def _put(data: dict[str, object], path: Path, value: object) -> None:
    """Set a value, copying what is passed on the way: the task's own data is not ours to change."""
    here: object = data
    for step, following in zip(path, (*path[1:], None), strict=True):
        inner: object = value
        if following is not None:
            inner = _copy(_look_up(here, (step,)))
        if isinstance(here, list) and isinstance(step, int):
            here[step:] = [inner, *here[step + 1 :]]
        elif isinstance(here, dict):
            here[step] = inner
        here = inner


def _copy(found: object) -> object:
    if isinstance(found, list):
        return list(found)
    return dict(found) if isinstance(found, Mapping) else {}


def _remove(data: dict[str, object], path: Path) -> None:
    if _look_up(data, path) is not None:
        _put(data, path, None)


def _text(path: Path) -> str:
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text

"""A form before it is deployed: everything that it uses must be known, or its fields would vanish in silence."""

from collections.abc import Iterator, Mapping

import regex

from app import feel
from app.errors import Diagnostic
from app.forms.schema import KEYED, ONE_OF, PATHED, SOME_OF, TEXTS, Kind

_EVERY = {"id", "type", "layout", "conditional", "properties"}
_FIELD = {"key", "label", "description", "readonly", "disabled", "validate", "defaultValue"}
_ADORNED = {"appearance"}
_CHOICE = _FIELD | {"values", "valuesKey", "valuesExpression"}
_FRAME = {"label", "path", "components", "showOutline", "verticalAlignment"}
PROPERTIES: Mapping[Kind, set[str]] = {
    Kind.TEXTFIELD: _FIELD | _ADORNED,
    Kind.TEXTAREA: _FIELD,
    Kind.NUMBER: _FIELD | _ADORNED | {"decimalDigits", "increment", "serializeToString"},
    Kind.DATETIME: _FIELD
    | {
        "subtype",
        "dateLabel",
        "timeLabel",
        "timeInterval",
        "timeSerializingFormat",
        "use24h",
        "disallowPassedDates",
    },
    Kind.CHECKBOX: _FIELD,
    Kind.CHECKLIST: _CHOICE,
    Kind.RADIO: _CHOICE,
    Kind.SELECT: _CHOICE | {"searchable"},
    Kind.TAGLIST: _CHOICE,
    Kind.EXPRESSION: {"key", "expression", "computeOn"},
    Kind.GROUP: _FRAME,
    Kind.DYNAMIC_LIST: _FRAME
    | {"isRepeating", "allowAddRemove", "defaultRepetitions", "nonCollapsedItems", "disableCollapse", "readonly"},
    Kind.TABLE: {"label", "dataSource", "columns", "columnsExpression", "rowCount"},
    Kind.TEXT: {"text", "strict", "label"},
    Kind.HTML: {"content", "strict", "label"},
    Kind.IMAGE: {"source", "alt", "label"},
    Kind.BUTTON: {"label", "action", "key", "disabled"},
    Kind.SEPARATOR: set(),
    Kind.SPACER: {"height"},
}
UNABLE: Mapping[Kind, str] = {
    Kind.FILEPICKER: "files cannot be kept yet",
    Kind.DOCUMENT_PREVIEW: "documents cannot be kept yet",
    Kind.IFRAME: "no page of another site is shown inside ours",
}
RULES = {"required", "min", "max", "minLength", "maxLength", "pattern", "patternErrorMessage", "validationType"}
EXPRESSIONS = ("valuesExpression", "expression", "dataSource", "columnsExpression", "readonly", "source")
NUMERIC_RULES = ("min", "max", "minLength", "maxLength")


def check(form: Mapping[str, object], file: str) -> list[Diagnostic]:
    """Every problem of the form, each with its component."""
    return list(_components(form.get("components"), file, {f"#{form.get('id')}"}, ""))


def _components(found: object, file: str, taken: set[str], base: str) -> Iterator[Diagnostic]:
    for entry in found if isinstance(found, list) else []:
        if isinstance(entry, Mapping):
            yield from _component(entry, file, taken, base)
        else:
            yield _problem(file, None, "component", "Expected a component, but found no object.", "Remove it.")


def _component(entry: Mapping[str, object], file: str, taken: set[str], base: str) -> Iterator[Diagnostic]:
    named = str(entry.get("id") or entry.get("key") or entry.get("type"))
    if entry.get("type") not in set(Kind):
        message = f'Expected a component of the form schema, but found the type "{entry.get("type")}".'
        yield _problem(file, named, "unknown-component", message, f"Use one of {', '.join(sorted(PROPERTIES))}.")
        return
    if f"#{entry.get('id')}" in taken and "id" in entry:
        message = f'Expected an id of its own, but the form or another component has "{named}", too.'
        yield _problem(file, named, "twice-the-same-id", message, "Give one of them another id.")
    taken.add(f"#{entry.get('id')}")
    kind = Kind(str(entry["type"]))
    if kind in UNABLE:
        message = f"Expected a component that can be shown, but found a {kind}: {UNABLE[kind]}."
        yield _problem(file, named, "unsupported-component", message, "Leave it out.")
        return
    for name in sorted(entry.keys() - PROPERTIES[kind] - _EVERY):
        message = f'Expected what a {kind} has, but found "{name}".'
        yield _problem(file, named, "unknown-property", message, "Remove it, or correct its spelling.")
    yield from _rules(entry, kind, file, named)
    yield from _expressions(entry, file, named)
    if kind in KEYED:
        key = f"{base}{entry.get('key') or entry.get('id') or ''}"
        if key in taken:
            message = f'Expected a key of its own, but another field has "{key}", too.'
            yield _problem(file, named, "twice-the-same-key", message, "Give one of them another key.")
        taken.add(key)
    if kind in ONE_OF | SOME_OF and not any(entry.get(name) for name in ("values", "valuesKey", "valuesExpression")):
        message = "Expected values to choose from, but found none."
        yield _problem(file, named, "no-values", message, "Give it values, valuesKey or valuesExpression.")
    inner = f"{base}{entry['path']}." if kind in PATHED and entry.get("path") else base
    yield from _components(entry.get("components"), file, taken, inner)


def _rules(entry: Mapping[str, object], kind: Kind, file: str, named: str) -> Iterator[Diagnostic]:
    rules = entry.get("validate")
    if not isinstance(rules, Mapping):
        return
    for name in sorted(rules.keys() - RULES):
        message = f'Expected a rule of the form schema, but found "{name}".'
        yield _problem(file, named, "unknown-rule", message, f"Use one of {', '.join(sorted(RULES))}.")
    pattern = rules.get("pattern")
    if isinstance(pattern, str) and kind in TEXTS:
        try:
            regex.compile(pattern)
        except regex.error as problem:
            message = f'Expected a regular expression, but "{pattern}" is none: {problem}.'
            yield _problem(file, named, "unreadable-pattern", message, "Correct it.")
    if rules.get("validationType") not in (None, "", "custom", "email", "phone"):
        message = f'Expected the kind email or phone, but found "{rules["validationType"]}".'
        yield _problem(file, named, "unknown-rule", message, "Use one of them, or a pattern.")


def _expressions(entry: Mapping[str, object], file: str, named: str) -> Iterator[Diagnostic]:
    conditional, rules = entry.get("conditional"), entry.get("validate")
    texts = {name: entry.get(name) for name in EXPRESSIONS}
    if isinstance(conditional, Mapping):
        texts["conditional.hide"] = conditional.get("hide")
    if isinstance(rules, Mapping):
        texts |= {f"validate.{name}": rules.get(name) for name in NUMERIC_RULES}
    for where, text in texts.items():
        if not isinstance(text, str) or not text.startswith("="):
            continue
        try:
            feel.compile(text[1:])
        except feel.FeelSyntaxError as problem:
            message = f'Expected a FEEL expression as {where}, but "{text}" is none: {problem}'
            yield _problem(file, named, "unreadable-expression", message, "Correct it.")


def _problem(file: str, element: str | None, code: str, message: str, remedy: str) -> Diagnostic:
    return Diagnostic(f"form.{code}", message, remedy, file=file, element_id=element)

"""A form's JSON as a tree of components, each with its place among the data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The component types of the schema."""

    TEXTFIELD = "textfield"
    TEXTAREA = "textarea"
    NUMBER = "number"
    DATETIME = "datetime"
    CHECKBOX = "checkbox"
    CHECKLIST = "checklist"
    RADIO = "radio"
    SELECT = "select"
    TAGLIST = "taglist"
    EXPRESSION = "expression"
    FILEPICKER = "filepicker"
    GROUP = "group"
    DYNAMIC_LIST = "dynamiclist"
    TABLE = "table"
    TEXT = "text"
    HTML = "html"
    IMAGE = "image"
    IFRAME = "iframe"
    DOCUMENT_PREVIEW = "documentPreview"
    BUTTON = "button"
    SEPARATOR = "separator"
    SPACER = "spacer"


TEXTS = frozenset({Kind.TEXTFIELD, Kind.TEXTAREA})
ONE_OF = frozenset({Kind.RADIO, Kind.SELECT})
SOME_OF = frozenset({Kind.CHECKLIST, Kind.TAGLIST})
KEYED = TEXTS | ONE_OF | SOME_OF | {Kind.NUMBER, Kind.DATETIME, Kind.CHECKBOX, Kind.EXPRESSION, Kind.FILEPICKER}
PATHED = frozenset({Kind.GROUP, Kind.DYNAMIC_LIST})


@dataclass(frozen=True, slots=True)
class Component:
    """`path` leads from the surrounding scope (the form, or an item of a dynamic list) to the value."""

    kind: Kind
    id: str
    path: tuple[str, ...]
    label: str
    said: Mapping[str, object]  # everything that the schema says of it
    rules: Mapping[str, object]  # its `validate`
    components: "tuple[Component, ...]"

    @property
    def is_keyed(self) -> bool:
        return self.kind in KEYED

    @property
    def is_locked(self) -> bool:
        """Whether the person cannot change it. A read-only by expression is locked where it is evaluated."""
        return self.said.get("disabled") is True or self.said.get("readonly") is True


@dataclass(frozen=True, slots=True)
class Form:
    components: tuple[Component, ...]

    def at_the_root(self) -> Iterator[Component]:
        """Every component that is not inside a dynamic list, outer before inner."""
        waiting = list(reversed(self.components))
        while waiting:
            component = waiting.pop()
            yield component
            if component.kind is not Kind.DYNAMIC_LIST:
                waiting.extend(reversed(component.components))

    def variables(self) -> frozenset[str]:
        """The variables that the form asks for."""
        asked = (each for each in self.at_the_root() if each.is_keyed or each.kind is Kind.DYNAMIC_LIST)
        return frozenset(each.path[0] for each in asked if each.path)


def read(form: Mapping[str, object] | None) -> Form:
    """The tree. What is no component of the schema is left out here; `check` has refused it at deployment."""
    return Form(_components(form.get("components") if form else None, ()))


def _components(found: object, base: tuple[str, ...]) -> tuple[Component, ...]:
    entries = found if isinstance(found, list) else []
    return tuple(
        _component(entry, base) for entry in entries if isinstance(entry, Mapping) and entry.get("type") in set(Kind)
    )


def _component(entry: Mapping[str, object], base: tuple[str, ...]) -> Component:
    kind = Kind(str(entry["type"]))
    named = entry.get("path") if kind in PATHED else entry.get("key") or entry.get("id")
    own = tuple(part for part in str(named or "").split(".") if part)
    path = (*base, *own)
    rules = entry.get("validate")
    return Component(
        kind=kind,
        id=str(entry.get("id") or named or ""),
        path=path,
        label=str(entry.get("label") or entry.get("dateLabel") or entry.get("timeLabel") or named or ""),
        said=entry,
        rules=rules if isinstance(rules, Mapping) else {},
        components=_components(entry.get("components"), () if kind is Kind.DYNAMIC_LIST else path),
    )

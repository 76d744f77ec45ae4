"""What the extension elements of Camunda 8 must say, at most once, and in which form.

An input mapping without a source makes the variable null (since Camunda 8.8).

FEEL expressions are computed at run time; literal texts are looked at here.
"""

import re
from collections.abc import Iterator
from datetime import datetime

from app.bpmn.rules.subject import Finding, Subject
from app.bpmn.source import ZEEBE, SourceElement

_PREFIX = f"{{{ZEEBE}}}"
_REQUIRED = {
    "script": ("expression", "resultVariable"),
    "calledDecision": ("decisionId", "resultVariable"),
    "output": ("source",),
    "executionListener": ("type",),
    "taskListener": ("type",),
}
_ONCE = (
    *("taskDefinition", "calledDecision", "calledElement", "script", "ioMapping", "userTask", "assignmentDefinition"),
    *("taskSchedule", "priorityDefinition", "formDefinition", "loopCharacteristics", "subscription", "publishMessage"),
    *("adHoc", "conditionalFilter", "taskHeaders"),
)
_ALTERNATIVES = ("taskDefinition", "calledDecision", "script")
_TOGETHER = ("outputCollection", "outputElement")

_WHOLE_NUMBER = re.compile(r"\d+")
_DURATION = re.compile(r"P(?=.)(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?)")
_CHANGES = re.compile(r"\s*(create|update)(\s*,\s*(create|update))*\s*")


def zeebe_values(subject: Subject) -> Iterator[Finding]:
    for extensions in subject.document.of_kind("extensionElements"):
        owner = subject.document.parent(extensions) or extensions
        place = next((found for found in (owner, *subject.document.ancestors(owner)) if found.id), owner)
        for expected, found, remedy in (*_counted(extensions), *_said(extensions)):
            yield Finding(place, f"Expected {expected}, but found {found}.", remedy)


def _counted(extensions: SourceElement) -> Iterator[tuple[str, str, str]]:
    kinds = [child.kind.removeprefix(_PREFIX) for child in extensions.children if child.kind.startswith(_PREFIX)]
    for kind in _ONCE:
        if kinds.count(kind) > 1:
            yield f"one zeebe:{kind}", str(kinds.count(kind)), "Keep one of them."
    together = [kind for kind in _ALTERNATIVES if kind in kinds]
    if len(together) > 1:
        yield "one implementation", f"zeebe:{' and zeebe:'.join(together)}", "Keep one of them."


def _said(extensions: SourceElement) -> Iterator[tuple[str, str, str]]:
    for element in extensions.walk():
        kind = element.kind.removeprefix(_PREFIX)
        if kind == element.kind:
            continue
        for attribute in _REQUIRED.get(kind, ()):
            if not element.get(attribute).removeprefix("=").strip():
                yield f"{attribute} on zeebe:{kind}", "none", f"Write {attribute}, or remove the element."
        for attribute, text in element.attributes.items():
            wanted = _wanted(kind, attribute, text.strip())
            if wanted is not None:
                yield f"{wanted} as {attribute} of zeebe:{kind}", repr(text), "Correct the text, or write FEEL."
        if element.get("bindingType") == "versionTag" and not element.get("versionTag").strip():
            yield f"a versionTag on zeebe:{kind} with this bindingType", "none", "Name the tag of the version."
        if kind == "loopCharacteristics" and sum(bool(element.get(attribute)) for attribute in _TOGETHER) == 1:
            yield "outputCollection and outputElement together", "one of them", "Add the other, or remove it."


def _wanted(kind: str, attribute: str, text: str) -> str | None:  # noqa: PLR0911 - one case for each kind of value
    """What the literal should have been; None: it is right, or computed at run time."""
    if not text or text.startswith("="):
        return None
    match kind, attribute:
        case _, "retries":
            return None if _WHOLE_NUMBER.fullmatch(text) else "a number of retries"
        case "priorityDefinition", "priority":
            return None if _WHOLE_NUMBER.fullmatch(text) and int(text) <= 100 else "a priority of 0 to 100"
        case "taskSchedule", "dueDate" | "followUpDate":
            return None if _is_date(text) else "a date and time such as 2027-01-31T09:00:00Z"
        case "publishMessage", "timeToLive":
            return None if _DURATION.fullmatch(text) else "a duration such as PT1H"
        case "conditionalFilter", "variableEvents":
            return None if _CHANGES.fullmatch(text) else "create, update or both"
    return None


def _is_date(text: str) -> bool:
    try:
        datetime.fromisoformat(re.sub(r"\[[^\]]*\]$", "", text))
    except ValueError:
        return False
    return True

"""The timeline of an instance as pages draw it: the lines that inbox and operation make of the runtime's history."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.runtime.views import HistoryEntry

ICONS = {
    "element": "dot",
    "variables": "variable",
    "decision": "scale",
    "message": "message",
    "signal": "flag",
    "error": "alert",
    "incident": "alert",
    "action": "bolt",
    "job": "bolt",
    "approval": "hand",
    "escalation": "up",
    "timer": "clock",
    "comment": "comment",
    "task": "user",
    "instance": "play",
    "correction": "pen",
}
ELEMENT_ICONS = {
    "userTask": "user",
    "serviceTask": "gear",
    "sendTask": "message",
    "receiveTask": "message",
    "businessRuleTask": "scale",
    "scriptTask": "doc",
    "callActivity": "external",
    "subProcess": "table",
}


@dataclass(frozen=True, slots=True)
class Scene:
    """One line of the timeline as it is drawn. `mood`: good, bad, now, quiet or nothing."""

    entry: HistoryEntry
    icon: str
    title: str
    mood: str
    lasted: float | None  # seconds

    @property
    def at(self) -> datetime:
        return self.entry.at


def scenes(history: Iterable[HistoryEntry]) -> tuple[Scene, ...]:
    return tuple(_scene(entry) for entry in history)


def _scene(entry: HistoryEntry) -> Scene:
    if entry.kind == "element":
        icon = ELEMENT_ICONS.get(entry.element_type or "", "dot")
        mood = {"completed": "good", "cancelled": "", None: "now"}.get(entry.outcome, "")
        lasted = (entry.ended_at - entry.at).total_seconds() if entry.ended_at else None
        return Scene(entry, icon, entry.element_name or entry.element_id or "", mood, lasted)
    mood = {"incident": "bad", "error": "bad", "variables": "quiet"}.get(entry.kind, "")
    if entry.actor and entry.element_name and entry.kind != "variables":  # what a person did
        mood = {"granted": "good", "rejected": "bad"}.get(entry.outcome or "", "")
        return Scene(entry, ICONS.get(entry.kind, "dot"), entry.element_name, mood, None)
    return Scene(entry, ICONS.get(entry.kind, "dot"), _title(entry), mood, None)


def _title(entry: HistoryEntry) -> str:
    """What a line says that is not about an element's coming and going."""
    detail = entry.detail
    variables = detail.get("variables")
    if entry.kind == "variables" and isinstance(variables, Mapping):
        return ", ".join(variables)
    for name in ("decision", "action", "message", "name", "code"):
        if isinstance(detail.get(name), str):
            return str(detail[name])
    return entry.element_name or entry.element_id or entry.kind

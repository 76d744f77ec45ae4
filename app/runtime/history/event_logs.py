"""Histories as event logs: XES (IEEE 1849-2016) and OCEL 2.0 in its JSON form. Pure; pieces of text in order.

XES: a trace is an instance; a visit to an element is an event "start" and, once it has ended, an event "complete" or
"pi_abort". OCEL: a visit that has ended is one event of its instance, which is an object of the type of its process;
a business key is an object that several instances may share; a called instance is related to its caller.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import quoteattr

BUSINESS_KEY = "business key"  # the type of objects; process ids are XML names, which have no spaces
XES_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<classifier name="Element" keys="concept:name"/>
"""


@dataclass(frozen=True, slots=True)
class Visit:
    """A token's visit to an element."""

    position: int
    element_id: str
    name: str
    element_type: str
    at: datetime
    ended_at: datetime | None
    outcome: str | None  # completed or cancelled; None while the token is there


@dataclass(frozen=True, slots=True)
class Trace:
    """`visits` can be read once."""

    id: str
    process_id: str
    version: int
    status: str
    started_at: datetime
    business_key: str | None
    parent_id: str | None
    visits: Iterable[Visit]


Traces = Callable[[], Iterator[Trace]]  # from the first, every time


def xes(traces: Traces) -> Iterator[str]:
    """A log of all traces; events are in the order of their moments."""
    yield XES_HEAD
    for trace in traces():
        yield "<trace>\n" + _text("concept:name", trace.id) + _text("process", trace.process_id)
        yield f'<int key="version" value="{trace.version}"/>\n' + _text("status", trace.status)
        if trace.business_key:
            yield _text("business_key", trace.business_key)
        if trace.parent_id:
            yield _text("parent", trace.parent_id)
        yield from _xes_events(trace.visits)
        yield "</trace>\n"
    yield "</log>\n"


def ocel(traces: Traces) -> Iterator[str]:
    """Objects first, then events, and at last the types that were met; the order of members means nothing in JSON."""
    objects: set[str] = set()
    keys: set[str] = set()  # business keys; all that is remembered grows with the number of types and keys only
    events: set[str] = set()
    yield '{"objects": ['
    separator = "\n"
    for trace in traces():
        objects.add(trace.process_id)
        for each in _objects(trace, keys):
            yield separator + json.dumps(each, ensure_ascii=False)
            separator = ",\n"
    yield '\n], "events": ['
    separator = "\n"
    for trace in traces():
        for visit in trace.visits:
            if visit.ended_at is not None:
                events.add(visit.name)
                yield separator + json.dumps(_event(trace, visit, visit.ended_at), ensure_ascii=False)
                separator = ",\n"
    yield '\n], "objectTypes": ' + json.dumps(_object_types(sorted(objects), with_keys=bool(keys)), ensure_ascii=False)
    yield ', "eventTypes": ' + json.dumps([_event_type(name) for name in sorted(events)], ensure_ascii=False) + "}\n"


def _xes_events(visits: Iterable[Visit]) -> Iterator[str]:
    happened: list[tuple[datetime, int, str, Visit]] = []
    for visit in visits:
        happened.append((visit.at, visit.position, "start", visit))
        if visit.ended_at is not None:
            end = "complete" if visit.outcome == "completed" else "pi_abort"
            happened.append((visit.ended_at, visit.position, end, visit))
    for at, _, transition, visit in sorted(happened, key=lambda each: each[:2]):
        yield "<event>\n" + _text("concept:name", visit.name)
        yield f'<date key="time:timestamp" value="{at.isoformat(timespec="milliseconds")}"/>\n'
        yield _text("lifecycle:transition", transition) + _text("element", visit.element_id)
        yield _text("element_type", visit.element_type) + "</event>\n"


def _text(key: str, value: str) -> str:
    return f"<string key={quoteattr(key)} value={quoteattr(_printable(value))}/>\n"


def _printable(value: str) -> str:
    """XML 1.0 has no control characters but tab and line ends."""
    return "".join(each for each in value if each >= " " or each in "\t\n\r")


def _objects(trace: Trace, keys: set[str]) -> Iterator[dict[str, object]]:
    related = []
    if trace.parent_id:
        related.append({"objectId": trace.parent_id, "qualifier": "called by"})
    if trace.business_key:
        related.append({"objectId": _key_id(trace.business_key), "qualifier": BUSINESS_KEY})
        if trace.business_key not in keys:
            keys.add(trace.business_key)
            yield {"id": _key_id(trace.business_key), "type": BUSINESS_KEY, "attributes": [], "relationships": []}
    started = trace.started_at.isoformat()
    yield {
        "id": trace.id,
        "type": trace.process_id,
        "attributes": [
            {"name": "version", "time": started, "value": trace.version},
            {"name": "status", "time": started, "value": str(trace.status)},
        ],
        "relationships": related,
    }


def _event(trace: Trace, visit: Visit, ended_at: datetime) -> dict[str, object]:
    related = [{"objectId": trace.id, "qualifier": "instance"}]
    if trace.business_key:
        related.append({"objectId": _key_id(trace.business_key), "qualifier": BUSINESS_KEY})
    return {
        "id": f"{trace.id}:{visit.position}",
        "type": visit.name,
        "time": ended_at.isoformat(),
        "attributes": [
            {"name": "element", "value": visit.element_id},
            {"name": "element_type", "value": visit.element_type},
            {"name": "outcome", "value": visit.outcome or ""},
            {"name": "started", "value": visit.at.isoformat()},
        ],
        "relationships": related,
    }


def _key_id(business_key: str) -> str:
    return f"{BUSINESS_KEY} {business_key}"


def _object_types(process_ids: list[str], *, with_keys: bool) -> list[dict[str, object]]:
    attributes = [{"name": "version", "type": "integer"}, {"name": "status", "type": "string"}]
    types: list[dict[str, object]] = [{"name": each, "attributes": attributes} for each in process_ids]
    return [*types, {"name": BUSINESS_KEY, "attributes": []}] if with_keys else types


def _event_type(name: str) -> dict[str, object]:
    kinds = {"element": "string", "element_type": "string", "outcome": "string", "started": "time"}
    return {"name": name, "attributes": [{"name": each, "type": kind} for each, kind in kinds.items()]}

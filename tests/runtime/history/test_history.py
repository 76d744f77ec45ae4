"""History: purged by age in batches, exported as XES and OCEL 2.0."""

import json
from datetime import timedelta

import jsonschema
import pytest
from lxml import etree

from app.errors import Forbidden, Invalid
from app.runtime import SYSTEM, Actor
from app.runtime.views import ExportFormat, InstanceFilter
from app.testing import Platform
from tests.runtime.diagrams import END, START, call, diagram, user_task

NAMED = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["name", "attributes"],
        "properties": {
            "name": {"type": "string"},
            "attributes": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["name", "type"],
                    "properties": {"type": {"enum": ["string", "time", "integer", "float", "boolean"]}},
                },
            },
        },
    },
}
RELATIONSHIPS = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["objectId", "qualifier"],
        "properties": {"objectId": {"type": "string"}, "qualifier": {"type": "string"}},
    },
}


def _attributes(*required: str) -> dict[str, object]:
    return {"type": "array", "items": {"type": "object", "required": list(required)}}


OCEL_SCHEMA = {  # OCEL 2.0, section 7: the JSON form
    "type": "object",
    "required": ["eventTypes", "objectTypes", "events", "objects"],
    "properties": {
        "eventTypes": NAMED,
        "objectTypes": NAMED,
        "events": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "type", "time"],
                "properties": {
                    "id": {"type": "string"},
                    "type": {"type": "string"},
                    "time": {"type": "string", "format": "date-time"},
                    "attributes": _attributes("name", "value"),
                    "relationships": RELATIONSHIPS,
                },
            },
        },
        "objects": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "type"],
                "properties": {"attributes": _attributes("name", "value", "time"), "relationships": RELATIONSHIPS},
            },
        },
    },
}


def deploy(platform: Platform) -> None:
    outer = diagram("outer", START, call("inner"), END)
    inner = diagram("inner", START, user_task(), END)
    platform.runtime.deployments.deploy(SYSTEM, {"outer.bpmn": outer, "inner.bpmn": inner})


def run_one(platform: Platform, key: str | None = None) -> str:
    case = platform.runtime.instances.start(SYSTEM, "outer", {"secret": "s3cret"}, business_key=key)
    (item,) = platform.inbox("anna")
    platform.advance(minutes=10)
    platform.complete("anna", item.id)
    return case


def exported(platform: Platform, kind: ExportFormat, wanted: InstanceFilter | None = None) -> str:
    return "".join(platform.runtime.history.export(SYSTEM, kind, wanted))


def test_xes_has_a_trace_for_each_instance_and_its_events_in_time_order(platform: Platform) -> None:
    """A visit starts and completes; what still runs has started only. Variables stay at home."""
    deploy(platform)
    done = run_one(platform, "A & <1>")
    waiting = platform.start("inner")
    text = exported(platform, ExportFormat.XES)
    log = etree.fromstring(text.encode())
    space = {"x": "http://www.xes-standard.org/"}
    names = log.xpath("x:trace/x:string[@key='concept:name']/@value", namespaces=space)
    traces = dict(zip(names, log.findall("x:trace", space), strict=True))
    events = traces[waiting].findall("x:event", space)
    last = [(each.get("key"), each.get("value")) for each in events[-1]]
    assert ("concept:name", "Decide") in last
    assert ("lifecycle:transition", "start") in last
    moments = [each.get("value") for each in traces[done].findall("x:event/x:date", space)]
    assert len(moments) == 6
    assert moments == sorted(moments)
    assert "s3cret" not in text


def test_ocel_relates_instances_calls_and_business_keys(platform: Platform) -> None:
    """It has the form that OCEL 2.0 prescribes, every type that is used is declared, every relation leads somewhere."""
    deploy(platform)
    case = run_one(platform, "A-1")
    found = json.loads(exported(platform, ExportFormat.OCEL))
    jsonschema.validate(found, OCEL_SCHEMA)
    objects = {each["id"]: each for each in found["objects"]}
    assert {each["type"] for each in found["objects"]} == {each["name"] for each in found["objectTypes"]}
    assert {each["type"] for each in found["events"]} == {each["name"] for each in found["eventTypes"]}
    related = [each for one in (*found["objects"], *found["events"]) for each in one["relationships"]]
    assert {each["objectId"] for each in related} <= set(objects)
    (called,) = [each for each in found["objects"] if each["type"] == "inner"]
    assert {"objectId": case, "qualifier": "called by"} in called["relationships"]
    assert len(found["events"]) == 6


def test_an_export_can_be_narrowed(platform: Platform) -> None:
    """By the filter of the instance list; nothing found is an empty log."""
    deploy(platform)
    run_one(platform)
    assert exported(platform, ExportFormat.XES, InstanceFilter(process_id="inner")).count("<trace>") == 1
    empty = json.loads(exported(platform, ExportFormat.OCEL, InstanceFilter(process_id="none")))
    jsonschema.validate(empty, OCEL_SCHEMA)


def test_a_purge_takes_what_is_old_in_batches(platform: Platform, admin: Actor) -> None:
    """What ended later, what runs, and what an audit needs stays."""
    deploy(platform)
    old = [run_one(platform) for _ in range(3)]
    platform.advance(hours=1)
    running = platform.start("inner")
    before = platform.clock.now() - timedelta(minutes=30)
    young = run_one_more(platform, running)
    batches, after = 0, None
    total = 0
    while True:
        report = platform.runtime.history.purge(admin, before, after, limit=4)
        batches, total = batches + 1, total + report.lines
        if report.next is None:
            break
        after = report.next
    assert batches > 3
    assert total > 0
    for case in old:
        assert platform.runtime.instances.history(SYSTEM, case).items == ()
        assert platform.case(case).view.status == "completed"
    for case in (running, young):
        assert platform.runtime.instances.history(SYSTEM, case).items
    assert platform.runtime.history.purge(admin, before).lines == 0
    assert platform.runtime.audit.verify().ok


def run_one_more(platform: Platform, but: str) -> str:
    """A whole instance, while `but` goes on waiting."""
    case = platform.start("outer")
    (child,) = platform.case(case).children
    (item,) = [each for each in platform.inbox("anna") if each.instance_id == child.id != but]
    platform.complete("anna", item.id)
    return case


def test_only_administrators_purge(platform: Platform, admin: Actor) -> None:
    """And nobody purges what has not happened yet, or without bound."""
    history, now = platform.runtime.history, platform.clock.now()
    with pytest.raises(Forbidden):
        history.purge(platform.actor("anna"), now)
    with pytest.raises(Invalid):
        history.purge(admin, now + timedelta(days=1))
    with pytest.raises(Invalid):
        history.purge(admin, now, limit=0)
    with pytest.raises(Forbidden):
        history.export(platform.actor("anna"), ExportFormat.XES)

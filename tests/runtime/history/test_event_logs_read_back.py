"""What process miners read with understands our event logs: pm4py reads both formats back."""

from pathlib import Path

import pm4py
import pytest

from app.runtime import SYSTEM
from app.runtime.views import ExportFormat
from app.testing import Platform
from tests.runtime.diagrams import END, START, call, diagram, user_task

pytestmark = pytest.mark.filterwarnings("ignore:Install the optional requirement")  # pm4py praises a faster reader


@pytest.fixture
def cases(platform: Platform) -> list[str]:
    """Two instances that are done, each called by one that is done, and one that waits."""
    inner = diagram("inner", START, user_task(groups="clerks"), END)
    platform.runtime.deployments.deploy(
        SYSTEM, {"inner.bpmn": inner, "outer.bpmn": diagram("outer", START, call("inner"), END)}
    )
    done = [platform.start("outer") for _ in range(2)]
    for item in platform.inbox("anna"):
        platform.complete("anna", item.id)
    return [*done, platform.start("inner")]


def exported(platform: Platform, kind: ExportFormat, file: Path) -> str:
    file.write_text("".join(platform.runtime.history.export(SYSTEM, kind)), encoding="utf-8")
    return str(file)


def test_pm4py_reads_xes(platform: Platform, cases: list[str], tmp_path: Path) -> None:
    """Every instance is a trace, and its visits are there in their order with their moments."""
    log = pm4py.read_xes(exported(platform, ExportFormat.XES, tmp_path / "log.xes"))
    assert set(cases) < set(log["case:concept:name"])
    assert log["case:concept:name"].nunique() == 5
    ended = log[log["lifecycle:transition"] == "complete"]
    of_outer = ended[ended["case:concept:name"] == cases[0]]
    assert list(of_outer["concept:name"]) == ["start", "call", "end"]
    assert list(of_outer["time:timestamp"]) == sorted(of_outer["time:timestamp"])
    waiting = log[log["case:concept:name"] == cases[-1]]
    assert list(waiting["lifecycle:transition"]) == ["start", "complete", "start"]


def test_pm4py_reads_ocel(platform: Platform, cases: list[str], tmp_path: Path) -> None:
    """Instances are objects of the type of their process, related to their callers, and visits are their events."""
    log = pm4py.read_ocel2_json(exported(platform, ExportFormat.OCEL, tmp_path / "log.jsonocel"))
    types = log.objects.groupby("ocel:type").size().to_dict()
    assert types == {"inner": 3, "outer": 2}
    called = log.o2o[log.o2o["ocel:qualifier"] == "called by"]
    assert set(called["ocel:oid_2"]) == set(cases[:2])
    of_first = log.relations[log.relations["ocel:oid"] == cases[0]]
    assert sorted(of_first["ocel:activity"]) == ["call", "end", "start"]

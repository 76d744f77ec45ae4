"""The look-out: due work is found in the table, with no hint at all; and who serves which jobs."""

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import BaseModel

from app.errors import NotFound
from app.handlers import ActionContext, action
from app.roles import Ungoverned
from app.runtime.views import JobState, ProcessKind
from app.testing import Platform
from app.worker.calls import Calls
from app.worker.execution import Execution
from app.worker.gathering import Gathering
from app.worker.lookout import Lookout, Slots
from app.worker.pulse import Pulse
from tests.acceptance.installation import PATIENCE_SECONDS, until
from tests.runtime.diagrams import END, START, diagram, service_task
from tests.worker.installed import installed


class Asked(BaseModel):
    pass


@action("test.here", system="test", effect="draft")
def here(request: Asked, context: ActionContext) -> Asked:
    return Asked()


@action("test.there", system="test", effect="draft")
def there(request: Asked, context: ActionContext) -> Asked:
    return Asked()


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    for name in ("here", "there"):
        (tmp_path / f"{name}.bpmn").write_bytes(diagram(name, START, service_task(f"test.{name}"), END))
    with Platform(
        [tmp_path / "here.bpmn", tmp_path / "there.bpmn"], [here, there], ungoverned=Ungoverned.ALLOW
    ) as platform:
        yield platform


def lookout(platform: Platform, *types: str, slots: int = 2) -> Lookout:
    runtime = platform.runtime
    execution = Execution(
        runtime=runtime,
        registry=platform.registry.only(types) if types else platform.registry,
        clock=platform.clock,
        config={},
        calls=Calls(),
        lease=runtime.core.settings.lease,
        answers=Gathering(runtime.jobs.finish_many),
        worker_id="looking",
    )
    pulse = Pulse(runtime, ProcessKind.WORKER, "looking", execution.registry)
    return Lookout(runtime, execution, Slots(slots), pulse)


def look(worker: Lookout) -> int:
    """One look, and what it begins done to its end."""
    with ThreadPoolExecutor(worker.slots.number) as pool:
        return worker.look(pool)


def test_due_jobs_are_found_without_a_hint(platform: Platform) -> None:
    """As many as there are slots, and not before a hint had its moment; afterwards every slot is free again."""
    cases = [platform.start("here") for _ in range(3)]
    worker = lookout(platform)
    assert look(worker) == 0
    platform.clock.advance(timedelta(seconds=1))
    assert [look(worker), look(worker), look(worker)] == [2, 1, 0]
    assert {platform.case(case).view.status.value for case in cases} == {"completed"}


def test_who_is_busy_takes_nothing(platform: Platform) -> None:
    """What hints have begun holds the same slots."""
    platform.start("here")
    platform.clock.advance(timedelta(seconds=1))
    worker = lookout(platform, slots=1)
    during: list[int] = []
    worker.slots.during(lambda _: during.append(look(worker)))("a hint")
    assert during == [0]
    assert look(worker) == 1


def test_a_worker_serves_the_types_that_it_was_told(platform: Platform) -> None:
    """Neither a look nor a hint makes it touch others, which cost no attempt and go to a worker that has them."""
    case = platform.start("there")
    (job,) = platform.case(case).jobs
    platform.clock.advance(timedelta(seconds=1))
    specialist = lookout(platform, "test.h*")
    assert look(specialist) == 0
    specialist.execution.run_announced(job.id)
    (job,) = platform.case(case).jobs
    assert (job.state, job.attempt) == (JobState.AVAILABLE, 0)
    assert look(lookout(platform)) == 1
    assert platform.case(case).view.status == "completed"


def test_a_pattern_that_matches_nothing_is_a_mistake(platform: Platform) -> None:
    """The text names what there is."""
    with pytest.raises(NotFound, match=r"billing\.\*, but found only test.here, test.there"):
        platform.registry.only(["billing.*"])


def test_a_job_that_nobody_serves_waits_for_ten_minutes(platform: Platform) -> None:
    """While no worker lives it waits on; with workers that lack its handler it becomes an incident, no retry spent."""
    case = platform.start("there")
    platform.clock.advance(timedelta(hours=1))
    platform.runtime.tick()
    assert not platform.case(case).incidents
    other = platform.start("there")
    specialist = lookout(platform, "test.here")
    specialist.pulse.beat_if_due()
    platform.runtime.tick()
    (incident,) = platform.case(case).incidents
    assert 'a task handler "test.there", but found none in any worker for 10 minutes' in incident.message
    assert not platform.case(other).incidents
    platform.clock.advance(timedelta(minutes=10))
    replace(specialist, pulse=Pulse(platform.runtime, ProcessKind.WORKER, "new", platform.registry)).pulse.beat_if_due()
    platform.runtime.tick()
    assert not platform.case(other).incidents
    platform.run()
    assert platform.case(other).view.status == "completed"


def test_a_heartbeat_ends_with_its_process(platform: Platform) -> None:
    """The row says who lives and what it serves; a farewell takes it away."""
    worker = lookout(platform, "test.here")
    worker.pulse.beat_if_due()
    (row,) = platform.runtime.heartbeats.list(ProcessKind.WORKER)
    assert (row.id, row.types, row.is_alive) == ("looking", ("test.here",), True)
    worker.pulse.end()
    assert platform.runtime.heartbeats.list() == ()


def test_a_worker_process_needs_no_broker(tmp_path: Path) -> None:
    """Redis is nowhere: the case completes all the same, the heartbeat shows the worker, and SIGTERM ends it."""
    with installed(tmp_path, f"sqlite:///{tmp_path / 'test.sqlite'}", "redis://127.0.0.1:1/0") as installation:
        installation.request_refund(20)
        worker = installation.start_worker()
        until(installation._ticked, "the case completes without a broker")
        (row,) = installation.runtime.heartbeats.list(ProcessKind.WORKER)
        assert (row.process_number, row.is_alive) == (worker.pid, True)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE_SECONDS) == 0
        assert installation.runtime.heartbeats.list(ProcessKind.WORKER) == ()

"""Running instances move to another version of their process."""

from pathlib import Path

import pytest

from app.errors import Conflict, NotFound
from app.runtime import SYSTEM, Actor
from app.runtime.views import InstanceFilter, MigrateAll
from app.testing import Platform
from tests.runtime.diagrams import END, START, diagram, service_task, timer_catch, user_task
from tests.runtime.ledger import Ledger


def deploy(platform: Platform, *elements: str) -> None:
    platform.runtime.deployments.deploy(SYSTEM, {"order.bpmn": diagram("order", *elements)})


def test_a_task_goes_on_in_the_new_version(platform: Platform, admin: Actor) -> None:
    """The same task, at the element that the mapping names; afterwards the new version's elements follow."""
    deploy(platform, START, user_task("decide"), END)
    case = platform.start("order")
    deploy(platform, START, user_task("judge"), user_task("confirm"), END)
    (before,) = platform.inbox("anna")
    report = platform.runtime.migrating.migrate(admin, case, 2, {"decide": "judge"})
    assert (report.migrated, report.problems, report.source_version, report.target_version) == (True, (), 1, 2)
    assert [(move.source, move.target) for move in report.moves] == [("decide", "judge")]
    assert (platform.case(case).view.version, platform.case(case).active) == (2, {"judge": 1})
    (item,) = platform.inbox("anna")
    assert item.id == before.id
    platform.complete("anna", item.id)
    assert platform.case(case).active == {"confirm": 1}
    (record,) = platform.runtime.audit.list(SYSTEM, stream=case, action="instance.migrated").items
    assert record.detail["old"]["version"] == 1  # type: ignore[index]
    assert record.detail["new"]["version"] == 2  # type: ignore[index]
    assert platform.runtime.audit.verify().ok


def test_a_dry_run_reports_and_changes_nothing(platform: Platform, admin: Actor) -> None:
    """The same report as the migration itself."""
    deploy(platform, START, user_task("decide"), END)
    case = platform.start("order")
    deploy(platform, START, user_task("judge"), END)
    report = platform.runtime.migrating.migrate(admin, case, 2, {"decide": "judge"}, dry_run=True)
    assert (report.dry_run, report.migrated, len(report.moves)) == (True, False, 1)
    assert (platform.case(case).view.version, platform.case(case).active) == (1, {"decide": 1})
    assert platform.runtime.audit.list(SYSTEM, stream=case, action="instance.migrated").items == ()


def test_what_cannot_move_is_reported_and_nothing_changes(platform: Platform, admin: Actor) -> None:
    """An element that is missing in the other version needs a mapping."""
    deploy(platform, START, user_task("decide"), END)
    case = platform.start("order")
    deploy(platform, START, user_task("judge"), END)
    report = platform.runtime.migrating.migrate(admin, case, 2)
    assert not report.migrated
    assert [problem.element_id for problem in report.problems] == ["decide"]
    assert platform.case(case).view.version == 1


def test_a_job_and_a_timer_survive_the_migration(platform: Platform, admin: Actor, ledger: Ledger) -> None:
    """The job that was requested before is done once, and the timer fires in the new version."""
    deploy(platform, START, service_task("ledger.book"), timer_catch("PT1H"), END)
    with_job = platform.start("order", {"amount": 1})
    with_timer = platform.start("order", {"amount": 1})
    platform.runtime.modifying.move(admin, with_timer, "act", "pause")
    deploy(platform, START, service_task("ledger.book", "book"), timer_catch("PT1H", "rest"), user_task(), END)
    mapping = {"act": "book", "pause": "rest"}
    report = platform.runtime.bulk.run(admin, MigrateAll(2, mapping), InstanceFilter(process_id="order", version=1))
    assert (set(report.done), report.failed) == ({with_job, with_timer}, {})
    platform.advance(hours=1)
    assert ledger.attempts == 1
    platform.advance(hours=1)
    assert platform.case(with_job).active == platform.case(with_timer).active == {"decide": 1}


def test_many_are_tried_before_they_are_migrated(platform: Platform, admin: Actor) -> None:
    """A dry run in bulk says which would fail, and why."""
    deploy(platform, START, user_task("first"), user_task("second"), END)
    stays, goes = platform.start("order"), platform.start("order")
    platform.runtime.modifying.move(admin, goes, "first", "second")
    deploy(platform, START, user_task("second"), END)
    wanted = InstanceFilter(process_id="order")
    report = platform.runtime.bulk.run(admin, MigrateAll(2), wanted, dry_run=True)
    assert (report.done, list(report.failed)) == ((goes,), [stays])
    assert "first" in report.failed[stays]
    assert platform.case(goes).view.version == 1


def test_a_version_must_exist_and_be_another(platform: Platform, admin: Actor) -> None:
    """What cannot be meant is said."""
    deploy(platform, START, user_task("decide"), END)
    case = platform.start("order")
    with pytest.raises(NotFound):
        platform.runtime.migrating.migrate(admin, case, 9)
    with pytest.raises(Conflict):
        platform.runtime.migrating.migrate(admin, case, 1)


def test_a_version_under_another_role_is_refused(platform: Platform, admin: Actor) -> None:
    """Nobody leaves or enters a mandate by migrating."""
    roles = {f"roles/{file.name}": file.read_bytes() for file in (Path(__file__).parents[1] / "roles").iterdir()}
    deploy(platform, START, user_task("decide"), END)
    case = platform.start("order")
    governed = diagram("order", START, user_task("decide"), END, bailiwick_role="bookings")
    platform.runtime.deployments.deploy(SYSTEM, {"order.bpmn": governed, **roles})
    report = platform.runtime.migrating.migrate(admin, case, 2)
    assert [problem.code for problem in report.problems] == ["runtime.migration-role"]
    assert platform.case(case).view.version == 1

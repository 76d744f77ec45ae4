"""Many at once: nothing is lost, nothing happens twice, every chain holds."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

from app.errors import Conflict
from app.runtime import SYSTEM
from app.testing import Platform
from tests.runtime.diagrams import END, START, diagram, service_task, timer_catch, user_task
from tests.runtime.ledger import Ledger

MANY = 8
EACH = (
    '<bpmn:userTask id="decide" name="Decide"><bpmn:extensionElements><zeebe:userTask />'
    '<zeebe:assignmentDefinition candidateGroups="clerks" /></bpmn:extensionElements>{flows}'
    '<bpmn:multiInstanceLoopCharacteristics id="each"><bpmn:extensionElements>'
    '<zeebe:loopCharacteristics inputCollection="=things" inputElement="thing" />'
    "</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"
)


def test_tasks_of_one_instance_are_completed_at_once(platform: Platform) -> None:
    """Each advance waits for the other; the instance ends when the last is done."""
    platform.runtime.deployments.deploy(SYSTEM, {"each.bpmn": diagram("each-thing", START, EACH, END)})
    case = platform.start("each-thing", {"things": [Decimal(number) for number in range(MANY)]})
    anna = platform.actor("anna")
    tasks = [item.id for item in platform.inbox("anna")]
    assert len(tasks) == MANY
    with ThreadPoolExecutor(MANY) as threads:
        list(threads.map(lambda task: platform.runtime.inbox.complete(anna, task, {}), tasks))
    assert platform.case(case).view.status == "completed"
    assert platform.runtime.audit.verify().ok


def test_one_task_is_completed_by_one_of_many(platform: Platform) -> None:
    """The others are told that they came too late."""
    platform.runtime.deployments.deploy(SYSTEM, {"order.bpmn": diagram("order", START, user_task(), END)})
    platform.start("order")
    (item,) = platform.inbox("anna")

    def complete(_: int) -> bool:
        try:
            platform.runtime.inbox.complete(platform.actor("anna"), item.id, {})
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(MANY) as threads:
        assert sum(threads.map(complete, range(MANY))) == 1


def test_many_workers_share_the_jobs(platform: Platform, ledger: Ledger) -> None:
    """Every job is leased by one of them."""
    platform.runtime.deployments.deploy(SYSTEM, {"pay.bpmn": diagram("pay", START, service_task("ledger.book"), END)})
    for _ in range(MANY):
        platform.start("pay", {"amount": Decimal(1)})
    with ThreadPoolExecutor(MANY) as threads:
        leased = list(threads.map(lambda n: platform.runtime.jobs.lease(f"worker-{n}", 3), range(MANY)))
    found = [job for jobs in leased for job in jobs]
    assert len(found) == len(set(found)) == MANY


def test_several_clocks_fire_a_timer_once(platform: Platform) -> None:
    """Whoever comes second finds it gone."""
    platform.runtime.deployments.deploy(SYSTEM, {"nap.bpmn": diagram("nap", START, timer_catch("PT1S"), END)})
    cases = [platform.start("nap") for _ in range(3)]
    platform.clock.advance(platform.runtime.core.settings.lease)
    with ThreadPoolExecutor(MANY) as threads:
        fired = sum(threads.map(lambda _: platform.runtime.tick().done["timers"], range(MANY)))
    assert fired == len(cases)
    assert [platform.case(case).view.status for case in cases] == ["completed"] * len(cases)

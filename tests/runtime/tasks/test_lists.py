"""Lists of the inbox: what is offered is on record exactly while a task is open and nobody has it."""

import random
from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.errors import Invalid
from app.runtime import MOST_COUNTED, SYSTEM, Actor, InboxList
from app.runtime.people import offered_names
from app.runtime.transaction import texts
from app.store.states import TaskState
from app.store.tables import TaskCandidateRow, TaskRow
from app.testing import Platform
from tests.runtime.diagrams import END, START, diagram, user_task

DESK = diagram("desk", START, user_task("sort", groups="clerks, leads"), END)
ANYBODYS = diagram("anybodys", START, user_task("look", groups=""), END)


def offers(platform: Platform) -> set[tuple[str, str, int]]:
    with platform.runtime.core.store.read() as session:
        rows = session.scalars(select(TaskCandidateRow)).all()
        return {(row.task_id, row.name, row.priority) for row in rows}


def offers_of_tasks(platform: Platform) -> set[tuple[str, str, int]]:
    """What the offers must be, by the tasks themselves."""
    with platform.runtime.core.store.read() as session:
        free = select(TaskRow).where(TaskRow.state == TaskState.OPEN, TaskRow.assignee.is_(None))
        return {
            (task.id, name, task.priority)
            for task in session.scalars(free)
            for name in offered_names(texts(task.candidate_users), texts(task.candidate_groups))
        }


def test_offers_follow_whatever_happens_to_tasks(platform: Platform, admin: Actor) -> None:
    """Claim, release, assignment, changes of priority and candidates, completion, cancelling: in any order."""
    platform.runtime.deployments.deploy(SYSTEM, {"desk.bpmn": DESK, "anybodys.bpmn": ANYBODYS})
    chance, inbox, anna = random.Random(7), platform.runtime.inbox, platform.actor("anna")  # noqa: S311
    cases = [platform.start(chance.choice(["desk", "anybodys"])) for _ in range(6)]
    steps: tuple[Callable[[str], object], ...] = (
        lambda task: inbox.assign(admin, task, "anna"),
        lambda task: inbox.update(admin, task, {"assignee": None}),
        lambda task: inbox.update(admin, task, {"assignee": "ben", "priority": chance.randint(1, 99)}),
        lambda task: inbox.update(admin, task, {"priority": chance.randint(1, 99)}),
        lambda task: inbox.update(admin, task, {"candidate_groups": chance.sample(["clerks", "leads", "others"], 2)}),
        lambda task: inbox.update(admin, task, {"candidate_groups": [], "candidate_users": []}),
        lambda task: inbox.update(admin, task, {"candidate_users": ["femi"]}),
    )
    for _ in range(40):
        chance.choice(steps)(chance.choice(inbox.list(SYSTEM, InboxList.ALL).items).id)
        assert offers(platform) == offers_of_tasks(platform)
    platform.runtime.instances.cancel(SYSTEM, cases[0], "not needed")
    for item in inbox.list(anna, InboxList.MINE).items:
        inbox.release(anna, item.id)
        inbox.claim(anna, item.id)
        inbox.complete(anna, item.id, {})
    assert offers(platform) == offers_of_tasks(platform)
    for item in inbox.list(SYSTEM, InboxList.ALL).items:
        inbox.complete(SYSTEM, item.id, {})
    assert offers(platform) == set()


def test_pages_of_what_is_offered_hold_each_task_once(platform: Platform) -> None:
    """Also where it is offered by several names: by priority, then in the order of their making, without a gap."""
    platform.runtime.deployments.deploy(SYSTEM, {"desk.bpmn": DESK, "anybodys.bpmn": ANYBODYS})
    for position in range(9):
        platform.start("anybodys" if position % 3 == 2 else "desk")
    inbox, member = platform.runtime.inbox, Actor("x", "x", platform.actor("anna").permissions, frozenset({"clerks"}))
    both = Actor("y", "y", member.permissions, frozenset({"clerks", "leads"}))
    everything = [item.id for item in inbox.list(SYSTEM, InboxList.ALL).items]
    inbox.update(SYSTEM, everything[4], {"priority": 90})
    for actor in (member, both):
        found, after = [], None
        while True:
            page = inbox.list(actor, InboxList.AVAILABLE, after, limit=2)
            found += [item.id for item in page.items]
            after = page.next
            if after is None:
                break
        assert found == [everything[4], *everything[:4], *everything[5:]]
        assert inbox.counts(actor) == {InboxList.MINE: 0, InboxList.AVAILABLE: 9}


def test_counts_stop_at_a_hundred(platform: Platform) -> None:
    """However many there are, no more are looked at."""
    platform.runtime.deployments.deploy(SYSTEM, {"desk.bpmn": DESK})
    for _ in range(MOST_COUNTED + 3):
        platform.start("desk")
    assert platform.runtime.inbox.counts(platform.actor("anna")) == {
        InboxList.MINE: 0,
        InboxList.AVAILABLE: MOST_COUNTED,
    }
    assert platform.runtime.inbox.counts(SYSTEM, (InboxList.ALL,)) == {InboxList.ALL: MOST_COUNTED}


def test_a_cursor_that_no_list_has_given_is_refused(platform: Platform) -> None:
    """Rather than taken for the beginning."""
    with pytest.raises(Invalid, match="cursor"):
        platform.runtime.inbox.list(platform.actor("anna"), InboxList.AVAILABLE, "abc")

"""Tasks that listeners hold up, deny or correct: in the inbox's pages, and through the API."""

import pytest

from app.handlers import Corrections, TaskListenerResult
from app.runtime import SYSTEM
from tests.web.checks import install_check, task_of
from tests.web.program import program
from tests.web.site import Site

DENIED = "A second signature is missing."


@pytest.fixture
def answers(site: Site) -> list[TaskListenerResult]:
    return install_check(site)


def test_a_held_up_task_says_so_and_offers_nothing(site: Site, answers: list[TaskListenerResult]) -> None:
    """In the list and on its page, with a link to look again for whoever runs no script; no button is left."""
    task_id = task_of(site, "completing")
    ben = site.visitor("ben")
    sent = ben.post(f"/inbox/{task_id}/complete", view="mine")
    assert "The process checks this first." in ben.get(sent.location).text
    page = ben.get(f"/inbox/{task_id}?view=mine").text
    assert "Held up: the completion is being checked." in page
    assert "Asked for by ben." in page
    assert ">Look again</a>" in page
    assert "being checked</span>" in page
    for command in ("claim", "release", "complete"):
        assert f'action="/inbox/{task_id}/{command}"' not in page
    assert f'action="/inbox/{task_id}/assign"' not in site.visitor("carla").get(f"/inbox/{task_id}").text
    again = ben.post(f"/inbox/{task_id}/complete")
    assert "at rest, but ben has asked for it and it is completing" in ben.get(again.location).text
    site.work()
    assert "being checked" not in ben.get(f"/inbox/{task_id}").text
    assert not answers


def test_a_denial_is_shown_with_its_reason(site: Site, answers: list[TaskListenerResult]) -> None:
    """The task can be completed again, and the reason is gone then."""
    answers.append(TaskListenerResult(denied=True, reason=DENIED))
    task_id = task_of(site, "completing")
    ben = site.visitor("ben")
    ben.post(f"/inbox/{task_id}/complete")
    site.work()
    page = ben.get(f"/inbox/{task_id}").text
    assert "The completion was denied." in page
    assert DENIED in page
    assert "completing denied</span>" in page
    assert f'action="/inbox/{task_id}/complete"' in page
    assert DENIED in ben.get(f"/inbox/{task_id}?tab=history").text
    ben.post(f"/inbox/{task_id}/complete")
    assert "was denied" not in ben.get(f"/inbox/{task_id}").text


def test_the_page_asks_again_until_the_check_has_ended(site: Site, answers: list[TaskListenerResult]) -> None:
    """Nothing new is 204, so that a half-written comment stays; then the task comes back as it is."""
    task_id = task_of(site, "assigning")
    ben = site.visitor("ben")
    ben.post(f"/inbox/{task_id}/claim")
    page = ben.get(f"/inbox/{task_id}").text
    assert "Held up: the assignment is being checked." in page
    address = page.partition('role="status" hx-get="')[2].partition('"')[0].replace("&amp;", "&")
    asking = {"HX-Request": "true", "HX-Target": "task"}
    assert ben.get(address, **asking).status_code == 204
    site.work()
    answered = ben.get(address, **asking)
    assert answered.status_code == 200
    assert f'action="/inbox/{task_id}/release"' in answered.text
    assert "<html" not in answered.text
    assert not answers


def test_a_check_that_has_stopped_is_told(site: Site, answers: list[TaskListenerResult]) -> None:
    """Whoever waits learns that an operator has to help."""
    answers.append(TaskListenerResult(denied=True, corrections=Corrections(priority=1)))
    task_id = task_of(site, "updating")
    site.runtime.inbox.update(site.actor("carla"), task_id, {"priority": 70})
    site.work()
    page = site.visitor("ben").get(f"/inbox/{task_id}").text
    assert "The check has stopped with a problem." in page


def test_programs_are_told_that_a_check_comes_first(site: Site, answers: list[TaskListenerResult]) -> None:
    """202 in place of 204; what the check said stands in the task."""
    answers.append(TaskListenerResult(denied=True, reason=DENIED))
    task_id = task_of(site, "assigning")
    ben = program(site, "ben")
    assert ben.call("POST", f"/tasks/{task_id}/claim").status_code == 202
    refused = ben.call("POST", f"/tasks/{task_id}/claim")
    assert (refused.status_code, refused.mimetype) == (409, "application/problem+json")
    site.work()
    item = (ben.call("GET", f"/tasks/{task_id}").json or {})["item"]
    assert (item["held_up"], item["denied"], item["denied_because"]) == (None, "assigning", DENIED)


def test_a_task_is_changed_by_patch(site: Site) -> None:
    """Only what was sent changes, null takes away; what does not fit is named, and others may not."""
    task_id = task_of(site)
    carla, ben = program(site, "carla"), program(site, "ben")
    change = {"due_date": "2030-01-01T10:00:00+01:00", "priority": 80, "assignee": "ben", "candidate_users": ["gina"]}
    assert carla.call("PATCH", f"/tasks/{task_id}", change).status_code == 204
    assert carla.call("PATCH", f"/tasks/{task_id}", {"candidate_users": []}).status_code == 204
    item = (carla.call("GET", f"/tasks/{task_id}").json or {})["item"]
    assert (item["due_at"], item["priority"], item["assignee"]) == ("2030-01-01T09:00:00+00:00", 80, "ben")
    assert (item["candidate_users"], item["candidate_groups"]) == ([], ["support-agents"])
    assert ben.call("PATCH", f"/tasks/{task_id}", {"follow_up_date": "2030-01-01T09:00:00Z"}).status_code == 204
    assert ben.call("PATCH", f"/tasks/{task_id}", {"due_date": None}).status_code == 403
    for body, where in (
        ({"priority": 101}, "$.priority"),
        ({"due_date": "2030-01-01T09:00:00"}, "$.due_date"),
        ({"color": "red"}, "$.color"),
        ({"assignee": "nobody"}, "$.assignee"),
        ({}, "$"),
    ):
        refused = carla.call("PATCH", f"/tasks/{task_id}", body)
        assert refused.status_code == 422
        assert set((refused.json or {})["problems"]) == {where}
    assert program(site, "emil").call("PATCH", f"/tasks/{task_id}", {"priority": 1}).status_code == 403


def test_an_approval_cannot_be_changed(site: Site) -> None:
    """Who decides it, and by when, follows from the role's gate."""
    site.request_refund(80)
    task = site.task_for("femi")
    refused = program(site, "carla").call("PATCH", f"/tasks/{task.id}", {"candidate_groups": ["support-agents"]})
    assert refused.status_code == 409
    assert "this is an approval" in refused.text


def test_an_instance_whose_listeners_are_called_first_is_not_over_yet(
    site: Site, answers: list[TaskListenerResult]
) -> None:
    """202 for programs, a sentence for people; whoever asked is in the audit log."""
    task_id = task_of(site, "canceling")
    instance_id = site.runtime.inbox.get(SYSTEM, task_id).item.instance_id
    assert program(site, "carla").call("POST", f"/instances/{instance_id}/cancel", {}).status_code == 202
    page = site.visitor("carla").get(f"/operate/instances/{instance_id}").text
    assert "is being checked (canceling), asked for by carla" in page
    site.work()
    assert site.runtime.instances.get(SYSTEM, instance_id).view.status == "cancelled"
    asked = site.runtime.audit.list(SYSTEM, stream=instance_id, action="instance.cancelling").items
    assert [each.actor for each in asked] == ["carla"]
    assert not answers

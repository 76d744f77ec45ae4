"""Accounts, platform roles, groups, and what each may do."""

from datetime import timedelta

import pytest

from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.runtime import SYSTEM, Actor, Permission, PlatformRole
from app.runtime.people.sessions import SessionKind
from app.testing import Platform
from tests.runtime.diagrams import END, START, diagram, user_task

PASSWORD = "correct horse battery"


def test_a_person_signs_in_with_the_right_password_only(platform: Platform) -> None:
    """And an unknown name is not told apart from a wrong password; the log keeps both."""
    people = platform.runtime.people
    people.create(SYSTEM, "gita", PASSWORD, roles=[PlatformRole.APPROVER], groups=["leads"])
    actor = people.authenticate("gita", PASSWORD)
    assert actor is not None
    assert (actor.name, actor.groups) == ("gita", frozenset({"leads"}))
    assert people.authenticate("gita", "wrong") is None
    assert people.authenticate("nobody", PASSWORD) is None
    assert people.authenticate("anna", "") is None  # has no password at all
    actions = [record.action for record in platform.runtime.audit.list(SYSTEM, action="sign-in").items]
    assert sorted(actions) == ["sign-in.accepted", *["sign-in.refused"] * 3]


def test_a_deactivated_account_is_of_no_use(platform: Platform, admin: Actor) -> None:
    """Neither to sign in, nor with an old session."""
    people = platform.runtime.people
    person = people.create(admin, "gita", PASSWORD)
    people.deactivate(admin, person)
    assert people.authenticate("gita", PASSWORD) is None
    with pytest.raises(NotFound):
        people.actor(person)


def test_names_are_taken_once_and_passwords_are_long(platform: Platform, admin: Actor) -> None:
    """Each refusal says what was expected."""
    with pytest.raises(Conflict):
        platform.runtime.people.create(admin, "anna", PASSWORD)
    with pytest.raises(Invalid):
        platform.runtime.people.create(admin, "gita", "short")
    with pytest.raises(Invalid):
        platform.runtime.people.create(admin, "Robert'); DROP", PASSWORD)


def test_rights_come_from_the_platform_role(platform: Platform) -> None:
    """An approver works on tasks; looking at instances, deploying and managing people is for others."""
    anna = platform.actor("anna")
    assert anna.permissions == {Permission.TASKS_WORK}
    runtime = platform.runtime
    for forbidden in (
        lambda: runtime.instances.list(anna),
        lambda: runtime.deployments.deploy(anna, {}),
        lambda: runtime.people.create(anna, "x", None),
        lambda: runtime.audit.list(anna),
        lambda: runtime.jobs.list(anna),
        lambda: runtime.incidents.list(anna),
        lambda: runtime.inbox.list(anna, "all"),
        lambda: runtime.messages.publish(anna, "m", "", {}),
    ):
        with pytest.raises(Forbidden):
            forbidden()


def test_a_task_is_for_those_whom_it_is_offered_to(platform: Platform) -> None:
    """Nobody else sees it in a list, by its id, or through its instance; and what they cannot see is not found."""
    platform.runtime.deployments.deploy(SYSTEM, {"order.bpmn": diagram("order", START, user_task(), END)})
    case = platform.start("order")
    (item,) = platform.inbox("anna")
    assert platform.inbox("femi") == ()
    runtime, femi = platform.runtime, platform.actor("femi")
    for hidden in (
        lambda: runtime.inbox.get(femi, item.id),
        lambda: runtime.inbox.claim(femi, item.id),
        lambda: runtime.inbox.complete(femi, item.id, {}),
        lambda: runtime.instances.get(femi, case),
    ):
        with pytest.raises(NotFound):
            hidden()


def test_a_claimed_task_is_nobody_elses(platform: Platform, admin: Actor) -> None:
    """Claim, release, delegate: each is seen at once by everybody."""
    platform.runtime.deployments.deploy(SYSTEM, {"order.bpmn": diagram("order", START, user_task(), END)})
    platform.start("order")
    (item,) = platform.inbox("anna")
    inbox, anna, ben = platform.runtime.inbox, platform.actor("anna"), platform.actor("ben")
    inbox.claim(anna, item.id)
    assert platform.inbox("ben") == ()
    with pytest.raises(Conflict):
        inbox.claim(ben, item.id)
    with pytest.raises(Conflict):
        inbox.complete(ben, item.id, {})
    with pytest.raises(Forbidden):
        inbox.release(ben, item.id)
    inbox.release(anna, item.id)
    inbox.assign(admin, item.id, "ben")
    assert [each.assignee for each in platform.inbox("ben")] == ["ben"]
    assert inbox.counts(anna) == {"mine": 0, "available": 0}
    with pytest.raises(Invalid):
        inbox.assign(ben, item.id, "nobody")


def test_a_new_password_ends_what_the_old_one_opened(platform: Platform, admin: Actor) -> None:
    """Pages and tokens alike, whether an administrator or the person sets it; so does closing the account."""
    people, sessions = platform.runtime.people, platform.runtime.sessions
    kim = people.create(SYSTEM, "kim", "correct horse battery")

    def opened() -> list[str]:
        return [sessions.open(people.actor(kim), kind, timedelta(hours=1)) for kind in SessionKind]

    def alive(secrets: list[str]) -> list[bool]:
        return [sessions.actor(secret, kind) is not None for secret, kind in zip(secrets, SessionKind, strict=True)]

    by_admin = opened()
    people.set_password(admin, kim, "another horse battery")
    assert alive(by_admin) == [False, False]
    by_kim = opened()
    people.change_password(people.actor(kim), "another horse battery", "a third horse battery")
    assert alive(by_kim) == [False, False]
    before_closing = opened()
    people.deactivate(admin, kim)
    people.activate(admin, kim)
    assert alive(before_closing) == [False, False]
    assert people.authenticate("kim", "a third horse battery") is not None


def test_ones_own_password_needs_the_old_one(platform: Platform, admin: Actor) -> None:
    """An unattended browser is no account: also an administrator's own password is changed with the old one only."""
    people = platform.runtime.people
    kim = people.create(SYSTEM, "kim", "correct horse battery")
    for actor in (admin, people.actor(kim)):
        with pytest.raises(Forbidden):
            people.set_password(actor, actor.person_id, "another horse battery")
    with pytest.raises(Invalid, match="old password"):
        people.change_password(people.actor(kim), "wrong", "another horse battery")
    assert people.authenticate("kim", "correct horse battery") is not None


@pytest.mark.parametrize("password", ["aaaaaaaaaaaa", "ab" * 8, "kim-possible1", "1kim-possible"])
def test_a_password_is_more_than_a_name(platform: Platform, password: str) -> None:
    """Few characters over and over, and the account's name with a digit behind it, are refused with the reason."""
    with pytest.raises(Invalid, match="Expected"):
        platform.runtime.people.create(SYSTEM, "kim-possible", password)

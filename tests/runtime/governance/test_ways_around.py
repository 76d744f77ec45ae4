"""The ways around governance that people tried who may approve nothing; each is closed on every diagram."""

from decimal import Decimal
from pathlib import Path

import pytest

from app.errors import Conflict, Forbidden, Invalid, ModelError, NotFound, Severity
from app.runtime import SYSTEM, Actor, PlatformRole
from app.runtime.views import JobState, SwitchScope, TaskKind, UndoState
from app.testing import Platform
from tests.runtime.diagrams import END, START, call, diagram, service_task, user_task
from tests.runtime.ledger import Ledger

ROLES = {f"roles/{file.name}": file.read_bytes() for file in (Path(__file__).parents[1] / "roles").iterdir()}
REVIEWED = {**ROLES, "roles/company.yaml": ROLES["roles/company.yaml"].replace(b"ungoverned: allow\n", b"")}
UNDER_ROLE = {"bailiwick_role": "bookings", "bailiwick_requester": "=requested_by"}
BOOK = diagram(
    "book",
    START,
    service_task("ledger.book"),
    END,
    **UNDER_ROLE,
)
BARE = diagram("bare", START, service_task("ledger.book"), END)


def person(platform: Platform, name: str, *groups: str, role: PlatformRole = PlatformRole.APPROVER) -> Actor:
    people = platform.runtime.people
    return people.actor(people.create(SYSTEM, name, None, roles=[role], groups=groups))


def deploy(platform: Platform, **files: bytes) -> None:
    platform.runtime.deployments.deploy(SYSTEM, {f"{name}.bpmn": content for name, content in files.items()})


def refusals(platform: Platform, files: dict[str, bytes]) -> list[str]:
    with pytest.raises(ModelError) as refused:
        platform.runtime.deployments.deploy(SYSTEM, files)
    return [each.code for each in refused.value.diagnostics if each.severity is Severity.ERROR]


def start(platform: Platform, process: str, amount: int, by: Actor = SYSTEM, **more: object) -> str:
    variables = {"amount": Decimal(amount), "requested_by": "olaf", **more}
    case = platform.runtime.instances.start(by, process, variables)
    platform.run()
    return case


def job_states(platform: Platform, case: str) -> list[JobState]:
    return [job.state for job in platform.case(case).jobs]


def output(name: str) -> str:
    return f'<zeebe:ioMapping><zeebe:output source="={name}" target="{name}" /></zeebe:ioMapping>'


# --- no action without a mandate ---


def test_a_process_without_a_role_is_reviewed(platform: Platform, ledger: Ledger) -> None:
    """The property deleted from the drawing: what it writes waits for operators, also where no profile says so; and
    the evidence says for ever that no role governed it.
    """
    deployed = platform.runtime.deployments.deploy(SYSTEM, {**REVIEWED, "bare.bpmn": BARE, "book.bpmn": BOOK})
    assert [each.element_id for each in deployed.warnings if each.code == "deployment.no-role"] == ["bare"]
    case = start(platform, "bare", 9000)
    assert (job_states(platform, case), ledger.attempts) == ([JobState.AWAITING_APPROVAL], 0)
    (task,) = platform.case(case).tasks
    assert (task.kind, task.candidate_groups) == (TaskKind.APPROVAL, ("operators",))
    pack = platform.runtime.evidence.pack(SYSTEM, case)
    assert (pack["case"]["job_role"], pack["case"]["ungoverned"]) == (None, "review")


def test_a_company_may_refuse_ungoverned_writes(platform: Platform, ledger: Ledger) -> None:
    """`ungoverned: refuse`: an exception of the class policy, which nobody can approve away."""
    refusing = ROLES["roles/company.yaml"].replace(b"ungoverned: allow", b"ungoverned: refuse")
    platform.runtime.deployments.deploy(SYSTEM, {**ROLES, "roles/company.yaml": refusing, "bare.bpmn": BARE})
    case = start(platform, "bare", 1)
    (incident,) = platform.case(case).incidents
    assert (incident.exception_class, ledger.attempts) == ("policy", 0)


def test_a_new_version_cannot_leave_its_role(platform: Platform) -> None:
    """Neither without the property nor with another; a file under another id is another process, without a role."""
    platform.runtime.deployments.deploy(SYSTEM, {**REVIEWED, "book.bpmn": BOOK})
    bare = diagram("book", START, service_task("ledger.book"), END)
    assert refusals(platform, {"book.bpmn": bare}) == ["deployment.role-left"]
    assert refusals(platform, {"other.bpmn": bare.replace(b'"bare"', b'"book"')}) == ["deployment.role-left"]
    moved = ROLES["roles/job.yaml"].replace(b"id: bookings", b"id: other-bookings")
    changed = {"roles/job.yaml": moved, "book.bpmn": BOOK.replace(b'"bookings"', b'"other-bookings"')}
    platform.runtime.deployments.deploy(SYSTEM, changed)  # the role itself was replaced: its owner did that


def test_a_document_names_processes_that_no_label_names(platform: Platform, ledger: Ledger) -> None:
    """By pattern: gates and limits hold for a diagram that was imported from elsewhere; a contradiction is refused."""
    named = ROLES["roles/job.yaml"].replace(b"risk_tier: 2\n", b"risk_tier: 2\nprocesses: [bar*]\n", 1)
    platform.runtime.deployments.deploy(SYSTEM, {**ROLES, "roles/job.yaml": named, "bare.bpmn": BARE})
    case = start(platform, "bare", 80)
    assert platform.case(case).view.job_role == "bookings"
    assert platform.inbox("femi")[0].summary == "ledger.book 80 EUR"
    other = named.replace(b"id: bookings", b"id: twins")
    assert "deployment.role-unclear" in refusals(platform, {"roles/twin.yaml": other})


def test_a_called_process_keeps_the_mandate_of_its_caller(platform: Platform, ledger: Ledger) -> None:
    """8,800 in a process that no role names, called by one under a role: its ceiling, its gates and its windows."""
    parent = diagram("parent", START, call("bare"), END, **UNDER_ROLE)
    platform.runtime.deployments.deploy(SYSTEM, {**ROLES, "bare.bpmn": BARE, "parent.bpmn": parent})
    start(platform, "parent", 8800)
    assert ledger.attempts == 0
    start(platform, "parent", 80)
    assert "ledger.book 80 EUR" in [each.summary for each in platform.inbox("femi")]
    for _ in range(5):
        start(platform, "parent", 10)
    assert len(ledger.entries) == 4


def test_a_called_process_under_another_role_is_held_to_both(platform: Platform, ledger: Ledger) -> None:
    """A laxer role of the called process does not widen its caller's."""
    lax = (
        ROLES["roles/job.yaml"]
        .replace(b"id: bookings", b"id: lax")
        .replace(b"company.thresholds.booking.fast_track_up_to", b"400")
        .replace(b"company.thresholds.booking.instant_up_to", b"300")
    )
    child = diagram("child", START, service_task("ledger.book"), END, bailiwick_role="lax")
    parent = diagram("parent", START, call("child"), END, bailiwick_role="bookings")
    files = {**ROLES, "roles/lax.yaml": lax, "child.bpmn": child, "parent.bpmn": parent}
    platform.runtime.deployments.deploy(SYSTEM, files)
    start(platform, "child", 200)
    assert len(ledger.entries) == 1
    start(platform, "parent", 200)
    assert len(ledger.entries) == 1
    assert platform.inbox("femi")[0].summary == "ledger.book 200 EUR"


# --- whoever approves is a member of the approving role ---


def test_an_assignment_gives_nobody_the_right_to_approve(platform: Platform, ledger: Ledger) -> None:
    """An operator, the requester, an administrator for herself, a lead who delegates: nobody gets it this way."""
    platform.runtime.deployments.deploy(SYSTEM, {**ROLES, "book.bpmn": BOOK})
    case = start(platform, "book", 80)
    (item,) = platform.inbox("femi")
    opal = person(platform, "opal", role=PlatformRole.OPERATOR)
    root = person(platform, "root", role=PlatformRole.ADMIN)
    for name in ("opal", "root", "olaf", "anna"):
        with pytest.raises(Forbidden, match="Expected a member of leads"):
            platform.runtime.inbox.assign(root, item.id, name)
    with pytest.raises(Forbidden, match="Expected a member of leads"):
        platform.runtime.inbox.claim(opal, item.id)
    with pytest.raises(Forbidden):
        platform.runtime.inbox.approve(root, item.id)
    platform.runtime.inbox.claim(platform.actor("femi"), item.id)
    with pytest.raises(Forbidden):
        platform.runtime.inbox.assign(platform.actor("femi"), item.id, "anna")
    assert job_states(platform, case) == [JobState.AWAITING_APPROVAL]


def test_membership_counts_when_the_vote_is_cast(platform: Platform) -> None:
    """Who has the task and was taken out of the group since approves nothing."""
    platform.runtime.deployments.deploy(SYSTEM, {**ROLES, "book.bpmn": BOOK})
    start(platform, "book", 80)
    gita = person(platform, "gita", "leads")
    (item,) = platform.runtime.inbox.list(gita, "available").items
    platform.runtime.inbox.claim(gita, item.id)
    platform.runtime.people.set_roles(SYSTEM, gita.person_id, [PlatformRole.APPROVER], ["clerks"])
    with pytest.raises(Forbidden, match="Expected a member of leads"):
        platform.runtime.inbox.approve(platform.runtime.people.actor(gita.person_id), item.id)


def test_an_overdue_approval_stays_among_those_who_may_decide(platform: Platform) -> None:
    """However often it escalates, and whomever the routing names."""
    platform.runtime.deployments.deploy(SYSTEM, {**ROLES, "book.bpmn": BOOK})
    case = start(platform, "book", 80)
    opal = person(platform, "opal", role=PlatformRole.OPERATOR)
    for _ in range(5):
        platform.advance(hours=4)
    (task,) = platform.case(case).tasks
    assert (task.candidate_groups, task.level) == (("leads",), 4)
    with pytest.raises((Forbidden, NotFound)):
        platform.runtime.inbox.approve(opal, task.id)


def test_where_nobody_may_decide_the_last_resort_does(platform: Platform) -> None:
    """The only lead asked for it herself and is accountable too: it goes to the company's last resort, on record."""
    company = ROLES["roles/company.yaml"] + b"last_resort: clerks\n"
    platform.runtime.deployments.deploy(SYSTEM, {**ROLES, "roles/company.yaml": company, "book.bpmn": BOOK})
    case = start(platform, "book", 80, requested_by="femi")
    platform.advance(hours=5)
    (task,) = platform.case(case).tasks
    assert task.candidate_groups == ("clerks",)
    assert len(platform.runtime.audit.list(SYSTEM, stream=case, action="approval.moved").items) == 1
    platform.approve("anna", task.id)
    assert platform.case(case).view.status == "completed"


# --- the requester is known or nobody is ---


def starter(platform: Platform, name: str, *groups: str) -> Actor:
    people = platform.runtime.people
    roles = [PlatformRole.OPERATOR, PlatformRole.APPROVER]
    return people.actor(people.create(SYSTEM, name, None, roles=roles, groups=groups))


def test_whoever_starts_is_the_requester(platform: Platform) -> None:
    """A lead starts, signed in, and names ben, or nobody, or changes it on the way: she stays the requester."""
    middle = user_task(
        "change",
        more=output("requested_by"),
    )
    process = BOOK.replace(b'id="book"', b'id="plain"', 1)
    changed = diagram(
        "changed",
        START,
        middle,
        service_task("ledger.book"),
        END,
        **UNDER_ROLE,
    )
    platform.runtime.deployments.deploy(SYSTEM, {**ROLES, "plain.bpmn": process, "change.bpmn": changed})
    gita = starter(platform, "gita", "leads")
    for variables in ({"requested_by": "ben"}, {"requested_by": None}, {"requested_by": "Gita "}):
        case = start(platform, "plain", 80, gita, **variables)
        (task,) = platform.case(case).tasks
        with pytest.raises(Forbidden, match="somebody else than the requester"):
            platform.runtime.inbox.approve(gita, task.id)
    case = start(platform, "changed", 80, gita)
    (item,) = platform.inbox("anna")
    platform.complete("anna", item.id, {"requested_by": "ben"})
    (task,) = platform.case(case).tasks
    with pytest.raises(Forbidden, match="somebody else than the requester"):
        platform.runtime.inbox.approve(gita, task.id)
    platform.approve("femi", task.id)
    assert platform.case(case).view.status == "completed"


def test_an_unknown_requester_needs_one_more(platform: Platform) -> None:
    """A name that is no account makes four eyes stricter: two leads instead of one, a person instead of the clock."""
    platform.runtime.deployments.deploy(SYSTEM, {**ROLES, "book.bpmn": BOOK})
    gita = person(platform, "gita", "leads")
    case = start(platform, "book", 80, requested_by="nobody-here")
    (item,) = platform.inbox("femi")
    platform.approve("femi", item.id)
    assert job_states(platform, case) == [JobState.AWAITING_APPROVAL]
    platform.runtime.inbox.approve(gita, item.id)
    platform.run()
    assert platform.case(case).view.status == "completed"
    quick = start(platform, "book", 35, requested_by=None)
    platform.advance(hours=1)
    assert job_states(platform, quick) == [JobState.AWAITING_APPROVAL]
    (item,) = platform.inbox("anna")
    platform.approve("anna", item.id)
    assert platform.case(quick).view.status == "completed"


def test_whoever_wrote_the_amount_does_not_approve_it(platform: Platform) -> None:
    """The author of the draft and of the amount: by a user task, or by setting variables."""
    process = diagram(
        "drafted",
        START,
        user_task(
            "draft",
            groups="leads",
            more=output("amount"),
        ),
        service_task("ledger.book"),
        END,
        **UNDER_ROLE,
    )
    platform.runtime.deployments.deploy(SYSTEM, {**ROLES, "drafted.bpmn": process, "book.bpmn": BOOK})
    start(platform, "drafted", 1)
    (item,) = platform.inbox("femi")
    platform.complete("femi", item.id, {"amount": Decimal(80)})
    (item,) = platform.inbox("femi")
    with pytest.raises(Forbidden, match="whoever wrote what it acts on"):
        platform.approve("femi", item.id)
    gita = starter(platform, "gita", "leads")
    case = start(platform, "book", 80)
    platform.runtime.instances.set_variables(gita, case, {"amount": Decimal(90)})
    (task,) = platform.case(case).tasks
    with pytest.raises(Forbidden, match="whoever wrote what it acts on"):
        platform.runtime.inbox.approve(gita, task.id)


def test_whoever_asks_for_an_undo_does_not_approve_it(platform: Platform, ledger: Ledger) -> None:
    """The asker of the undo is its requester, not whoever asked for the booking."""
    platform.runtime.deployments.deploy(SYSTEM, {**ROLES, "book.bpmn": BOOK})
    case = start(platform, "book", 80)
    (item,) = platform.inbox("femi")
    platform.approve("femi", item.id)
    gita = starter(platform, "gita", "leads")
    platform.runtime.undo(gita, platform.case(case).jobs[0].id, "a mistake")
    platform.run()
    (task,) = platform.case(case).tasks
    with pytest.raises(Forbidden, match="somebody else than the requester"):
        platform.runtime.inbox.approve(gita, task.id)
    platform.approve("femi", task.id)
    assert ledger.entries == {}


# --- floors add up, and what was undone is given back ---


def test_two_roles_share_the_window_of_their_work_role(platform: Platform, ledger: Ledger) -> None:
    """Four bookings a day over all JobRoles, not four each; an undo gives one back and takes none."""
    second = ROLES["roles/job.yaml"].replace(b"id: bookings", b"id: more-bookings")
    other = diagram("other", START, service_task("ledger.book"), END, bailiwick_role="more-bookings")
    files = {**ROLES, "roles/second.yaml": second, "book.bpmn": BOOK, "other.bpmn": other}
    platform.runtime.deployments.deploy(SYSTEM, files)
    cases = [start(platform, process, 10) for process in ("book", "other", "book", "other")]
    last = start(platform, "other", 10)
    assert (len(ledger.entries), job_states(platform, last)) == (4, [JobState.HELD])
    root = person(platform, "root", role=PlatformRole.ADMIN)
    platform.runtime.undo(root, platform.case(cases[0]).jobs[0].id, "a mistake")
    platform.advance(minutes=2)
    assert (len(ledger.entries), job_states(platform, last)) == (4, [JobState.DONE])
    assert job_states(platform, start(platform, "book", 10)) == [JobState.HELD]


# --- operators act under the same gates ---


def test_what_an_operator_begins_again_is_reviewed(platform: Platform, ledger: Ledger) -> None:
    """A restart at the payment, and tokens moved there: both wait for somebody else, though the amount needs nobody."""
    process = diagram(
        "book",
        START,
        user_task("look"),
        service_task("ledger.book"),
        END,
        **UNDER_ROLE,
    )
    platform.runtime.deployments.deploy(SYSTEM, {**ROLES, "book.bpmn": process})
    case = start(platform, "book", 10)
    gita = starter(platform, "gita", "leads")
    platform.runtime.modifying.move(gita, case, "look", "act")
    platform.run()
    assert ledger.attempts == 0
    (task,) = platform.case(case).tasks
    with pytest.raises(Forbidden, match="whoever moved its tokens"):
        platform.runtime.inbox.approve(gita, task.id)
    platform.approve("femi", task.id)
    assert len(ledger.entries) == 1
    again = platform.runtime.modifying.restart(gita, case, "act")
    platform.run()
    assert (job_states(platform, again), len(ledger.entries)) == ([JobState.AWAITING_APPROVAL], 1)
    assert platform.case(again).view.job_role == "bookings"


# --- switches and undos are what they say ---


@pytest.mark.parametrize(
    ("scope", "key", "meant"),
    [
        (SwitchScope.ROLE, "bookigns", "bookings"),
        (SwitchScope.PROCESS, "boook", None),
        (SwitchScope.ACTION, "ledger.bok", "ledger.book"),
        (SwitchScope.ELEMENT, "boook/act", None),
        (SwitchScope.INSTANCE, "no-such-case", None),
    ],
)
def test_a_misspelt_switch_is_refused(
    platform: Platform, admin: Actor, scope: SwitchScope, key: str, meant: str | None
) -> None:
    """It would stop nothing and look as if it did."""
    platform.runtime.deployments.deploy(SYSTEM, {**ROLES, "book.bpmn": BOOK})
    with pytest.raises(Invalid, match=f"Did you mean .*{meant}" if meant else "Expected the"):
        platform.runtime.switches.set(admin, scope, key, "an audit")
    assert platform.runtime.switches.list() == []


def test_an_undo_is_what_happened(platform: Platform, ledger: Ledger, admin: Actor) -> None:
    """Waiting, refused, asked for again, done: a booking that is still there is never shown as undone."""
    platform.runtime.deployments.deploy(SYSTEM, {**ROLES, "book.bpmn": BOOK})
    case = start(platform, "book", 80)
    (item,) = platform.inbox("femi")
    platform.approve("femi", item.id)
    job_id = platform.case(case).jobs[0].id

    def undo() -> tuple[UndoState | None, bool]:
        job = platform.case(case).jobs[0]
        return job.undo, job.reversible

    assert undo() == (None, True)
    platform.runtime.undo(admin, job_id, "a mistake")
    assert undo() == (UndoState.ASKED, False)
    platform.run()
    assert undo() == (UndoState.WAITING, False)
    (item,) = platform.inbox("femi")
    platform.reject("femi", item.id, "it is right")
    assert (undo(), len(ledger.entries)) == ((UndoState.REFUSED, True), 1)
    platform.runtime.undo(admin, job_id, "a mistake all the same")
    platform.run()
    (item,) = platform.inbox("femi")
    platform.approve("femi", item.id)
    assert (undo(), ledger.entries) == ((UndoState.DONE, False), {})
    with pytest.raises(Conflict, match="was not undone"):
        platform.runtime.undo(admin, job_id, "once more")

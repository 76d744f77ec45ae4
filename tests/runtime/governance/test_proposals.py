"""Rules change by two people: what changes what anybody may do is a proposal that somebody else decides."""

from pathlib import Path

import pytest

from app.errors import Conflict, Forbidden, Invalid
from app.runtime import SYSTEM, Actor, PlatformRole
from app.runtime.views import ModelKind, ProposalState
from app.testing import Platform
from tests.runtime.diagrams import END, START, diagram, service_task, user_task

ROLES = {f"roles/{file.name}": file.read_bytes() for file in (Path(__file__).parents[1] / "roles").iterdir()}
COMPANY = "roles/company.yaml"
WIDER = ROLES[COMPANY].replace(b"instant_up_to: 20", b"instant_up_to: 45")
SENTENCE = (
    "bookings: may now do ledger.book up to 45 instead of 20 (request.amount) without fast track at fast-track (wider)"
)
BOOK = diagram("book", START, service_task("ledger.book"), END, bailiwick_role="bookings")


@pytest.fixture(autouse=True)
def deployed(platform: Platform) -> None:
    platform.runtime.deployments.deploy(SYSTEM, {"book.bpmn": BOOK, **ROLES})


@pytest.fixture
def dora(platform: Platform) -> Actor:
    """An analyst, who may deploy."""
    people = platform.runtime.people
    return people.actor(people.create(SYSTEM, "dora", None, roles=[PlatformRole.ANALYST]))


def propose(platform: Platform, by: Actor, content: bytes = WIDER) -> str:
    done = platform.runtime.deployments.deploy(by, {COMPANY: content}, "more at once")
    assert done.proposal is not None
    return done.proposal


def threshold(platform: Platform) -> object:
    document = platform.runtime.deployments.mandate("bookings").document
    company = document["company"]
    return company["thresholds"]["booking.instant_up_to"] if isinstance(company, dict) else None


def test_one_analyst_changes_no_rule(platform: Platform, dora: Actor, admin: Actor) -> None:
    """What she deploys waits, in words that say what anybody may do then; she cannot accept it, somebody else can."""
    done = platform.runtime.deployments.deploy(dora, {COMPANY: WIDER}, "more at once")
    assert (done.changes, done.changed, threshold(platform)) == ((SENTENCE,), (), "20")
    assert done.proposal is not None
    with pytest.raises(Forbidden):
        platform.runtime.proposals.accept(dora, done.proposal)
    accepted = platform.runtime.proposals.accept(admin, done.proposal)
    assert (accepted.deployed_by, threshold(platform)) == ("dora", "45")
    (record,) = platform.runtime.audit.list(SYSTEM, action="rules.changed", limit=1).items
    assert (record.detail["author"], record.detail["accepted_by"], record.detail["people"]) == ("dora", "carla", 2)
    with pytest.raises(Conflict, match="has decided"):
        platform.runtime.proposals.accept(admin, done.proposal)


def test_an_administrator_alone_is_one_person_too(platform: Platform, admin: Actor) -> None:
    """Who may accept the proposals of others accepts none of their own, and cannot send them back either."""
    proposal = propose(platform, admin)
    for decide in (
        lambda: platform.runtime.proposals.accept(admin, proposal),
        lambda: platform.runtime.proposals.send_back(admin, proposal, "no"),
    ):
        with pytest.raises(Forbidden, match="two people"):
            decide()
    platform.runtime.proposals.withdraw(admin, proposal)
    (shown,) = platform.runtime.proposals.list(admin)
    assert (shown.state, threshold(platform)) == (ProposalState.WITHDRAWN, "20")


def test_a_proposal_is_sent_back_with_a_comment(platform: Platform, dora: Actor, admin: Actor) -> None:
    """Nothing has changed then, and its author reads why."""
    proposal = propose(platform, dora)
    with pytest.raises(Invalid):
        platform.runtime.proposals.send_back(admin, proposal, " ")
    with pytest.raises(Forbidden, match="its author"):
        platform.runtime.proposals.withdraw(admin, proposal)
    platform.runtime.proposals.send_back(admin, proposal, "too much")
    (shown,) = platform.runtime.proposals.list(dora)
    assert (shown.state, shown.comment, threshold(platform)) == (ProposalState.SENT_BACK, "too much", "20")


def test_what_changes_no_rule_is_deployed_at_once(platform: Platform, dora: Actor) -> None:
    """A diagram, another explanation, the same documents again."""
    other = BOOK.replace(b'name="book"', b'name="Book it"')
    described = ROLES["roles/job.yaml"].replace(b"description: Amounts", b"description: All amounts")
    for files in ({"book.bpmn": other}, {"roles/job.yaml": described}, ROLES):
        done = platform.runtime.deployments.deploy(dora, files)
        assert (done.proposal, done.changes) == (None, ())
    assert platform.runtime.deployments.model(ModelKind.BPMN, "book").version == 2


@pytest.mark.parametrize(
    ("path", "change", "word"),
    [
        (COMPANY, (b"ungoverned: allow", b"ungoverned: review"), "processes without a role: review instead of allow"),
        (COMPANY, (b"currency: EUR", b"currency: EUR\nchanges: one_person"), "rules change by one person"),
        (COMPANY, (b"substitutes: [ben]", b"substitutes: []"), "change in what no sentence sums up"),
        ("roles/integrations.yaml", (b"booking.ceiling}", b"booking.ceiling * 9}"), "no longer checks booking-ceiling"),
        ("roles/job.yaml", (b"risk_tier: 2\n", b"risk_tier: 2\nprocesses: [plain]\n"), "plain runs under bookings"),
        ("roles/work.yaml", (b"count: 4", b"count: 400"), "400 times"),
    ],
)
def test_every_document_that_rules_is_held_to_it(
    platform: Platform, dora: Actor, path: str, change: tuple[bytes, bytes], word: str
) -> None:
    """Company, kit, WorkRole and JobRole, and which processes they name."""
    platform.runtime.deployments.deploy(SYSTEM, {"plain.bpmn": diagram("plain", START, user_task(), END)})
    old, new = change
    assert old in ROLES[path]
    done = platform.runtime.deployments.deploy(dora, {path: ROLES[path].replace(old, new, 1)})
    assert done.proposal is not None
    assert any(word in change for change in done.changes), done.changes


def test_a_proposal_that_has_become_another_is_shown_anew(platform: Platform, dora: Actor, admin: Actor) -> None:
    """What was shown is what is decided: nobody accepts a difference that nobody saw."""
    proposal = propose(platform, dora)
    between = ROLES[COMPANY].replace(b"instant_up_to: 20", b"instant_up_to: 30")
    platform.runtime.deployments.deploy(SYSTEM, {COMPANY: between})
    with pytest.raises(Conflict, match="Look at them first"):
        platform.runtime.proposals.accept(admin, proposal)
    (shown,) = platform.runtime.proposals.list(admin)
    assert "up to 45 instead of 30" in shown.changes[0]
    platform.runtime.proposals.accept(admin, proposal)
    assert threshold(platform) == "45"


def test_a_company_may_say_that_one_person_is_enough(platform: Platform, dora: Actor) -> None:
    """A development installation; the audit log says of each change how many people made it."""
    alone = ROLES[COMPANY].replace(b"ungoverned: allow", b"ungoverned: allow\nchanges: one_person")
    platform.runtime.deployments.deploy(SYSTEM, {COMPANY: alone})
    wider = alone.replace(b"instant_up_to: 20", b"instant_up_to: 45")
    assert platform.runtime.deployments.deploy(dora, {COMPANY: wider}).proposal is None
    assert threshold(platform) == "45"
    (record,) = platform.runtime.audit.list(SYSTEM, action="rules.changed", limit=1).items
    assert (record.detail["author"], record.detail["people"]) == ("dora", 1)

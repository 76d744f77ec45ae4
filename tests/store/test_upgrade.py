"""The database that release 0.1.0 left in the middle of its work is upgraded, and every case is carried to its end."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from app.handlers import HandlerRegistry
from app.runtime import Actor, InboxList
from app.runtime.people.sessions import SessionKind
from app.runtime.views import InboxItem, InstanceDetail, InstanceStatus, JobState, JobView
from app.store.migrations import is_current
from app.testing import Platform
from sandbox import running_company
from tests.store import releases
from tests.store.databases import KINDS, fresh_database

SYSTEMS = ("crm", "billing", "helpdesk", "mail")
PASSWORD = "of release 0.1.0"
SESSIONS = {  # Carla's browser, which stays signed in
    "sqlite": "-HS7ZjTmHBP9fbElpuS84Lr8Tt0cyI4W_vpFok7OFPw",
    "postgresql": "fmx3Y_T69rNFWry21QMxcUa7S_yp4N3wHBvfunJtxIk",
}
ENDED = {"T-done", "T-rejected"}
RUNNING = {
    "T-fast-track",
    "T-by-hand",
    "T-review",
    "T-incident",
    "T-complaint",
    "T-billing-away",
    "T-held",
    "T-new",
}
AUDIT_RECORDS = 95


ENDED_JOBS = {JobState.DONE, JobState.CANCELLED}


def is_open(job: JobView) -> bool:
    return job.state not in ENDED_JOBS


@dataclass
class Upgraded:
    kind: str
    platform: Platform
    company: httpx.Client

    def person(self, name: str) -> Actor:
        found = self.platform.runtime.people.authenticate(name, PASSWORD)
        assert found is not None
        return found

    def case(self, ticket_id: str) -> InstanceDetail:
        (found,) = (case for case in self.platform.cases() if case.view.business_key == ticket_id)
        return found

    def task(self, person: str, ticket_id: str, view: InboxList = InboxList.AVAILABLE) -> InboxItem:
        found = self.platform.runtime.inbox.list(self.person(person), view).items
        (task,) = (item for item in found if item.business_key == ticket_id)
        return task

    def effects(self) -> Counter[str]:
        return Counter(effect["operation"] for effect in self.company.get("/effects").json()["effects"])


@pytest.fixture(params=KINDS)
def upgraded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Upgraded]:
    """The stored database after the upgrade, and a company whose books are empty: what happens from here is in them."""
    registry = HandlerRegistry()
    registry.load_modules(["tasks"])
    with ExitStack() as stack:
        address = stack.enter_context(fresh_database(request.param, tmp_path))
        releases.load("0.1.0", address)
        company_address = stack.enter_context(running_company(tmp_path / "company.sqlite"))
        company = stack.enter_context(httpx.Client(base_url=company_address, trust_env=False))
        config = {f"{system}.base_url": f"{company_address}/{system}" for system in SYSTEMS}
        platform = stack.enter_context(Platform([], registry.values(), config=config, database=address))
        yield Upgraded(request.param, platform, company)


def test_all_is_still_there(upgraded: Upgraded) -> None:
    """Cases and their state, the audit log, passwords, and whoever was signed in."""
    runtime = upgraded.platform.runtime
    assert is_current(runtime.core.store.engine)
    status = {case.view.business_key: case.view.status for case in upgraded.platform.cases()}
    assert status == dict.fromkeys(ENDED, InstanceStatus.COMPLETED) | dict.fromkeys(RUNNING, InstanceStatus.RUNNING)
    verdict = runtime.audit.verify()
    assert (verdict.ok, verdict.checked) == (True, AUDIT_RECORDS)
    signed_in = runtime.sessions.actor(SESSIONS[upgraded.kind], SessionKind.PAGE)
    assert signed_in == upgraded.person("carla")
    assert runtime.people.authenticate("carla", "another") is None
    assert upgraded.task("femi", "T-complaint", InboxList.MINE).name == "Check the reply"


def test_every_case_comes_to_its_end(upgraded: Upgraded) -> None:
    """By itself, by the clock, by people and by operators; each effect once, and the audit log is intact."""
    platform, runtime, carla = upgraded.platform, upgraded.platform.runtime, upgraded.person("carla")
    platform.run()
    (mail_is_held,) = runtime.switches.list()
    assert {job.type for job in upgraded.case("T-new").jobs if job.state is JobState.HELD} == {"mail.send-reply"}
    runtime.switches.clear(carla, mail_is_held.id)
    platform.run()
    assert upgraded.case("T-new").view.status is InstanceStatus.COMPLETED
    runtime.inbox.approve(upgraded.person("gita"), upgraded.task("gita", "T-review").id, "receipt seen")
    reply = {"subject": "Your refund", "body": "We are sorry."}
    runtime.inbox.complete(upgraded.person("femi"), upgraded.task("femi", "T-complaint", InboxList.MINE).id, reply)
    decision = {"outcome": "approve", "decision_note": "a good customer"}
    runtime.inbox.complete(upgraded.person("anna"), upgraded.task("anna", "T-by-hand").id, decision)
    platform.run()
    for lead in ("femi", "gita"):  # nobody knows who asked, so that two have to agree
        runtime.inbox.approve(upgraded.person(lead), upgraded.task(lead, "T-by-hand").id, "as Anna decided")
    stopped = upgraded.case("T-incident")
    runtime.incidents.retry(carla, stopped.incidents[0].id)  # the systems still disagree
    platform.advance(hours=2)
    assert [incident.exception_class for incident in upgraded.case("T-incident").incidents] == ["data", "data"]
    runtime.instances.cancel(carla, stopped.view.id, "asked again with another customer number")
    platform.run()
    ends = {case.view.business_key: case.view.status for case in platform.cases()}
    assert ends == dict.fromkeys(ENDED | RUNNING, InstanceStatus.COMPLETED) | {"T-incident": InstanceStatus.CANCELLED}
    assert upgraded.effects() == {"book-refund": 5, "write-draft": 5, "send-message": 7}
    assert [case.view.business_key for case in platform.cases() if any(map(is_open, case.jobs))] == []
    assert runtime.audit.verify().ok

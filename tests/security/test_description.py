"""The API does what its description says, whoever asks, over data in every state: schemathesis asks.

Deterministic: the examples are derived from the description, none is drawn anew. `make fuzz` asks for more of them.
"""

import os
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, CheckFunction
from werkzeug.test import Client

from app.runtime import SYSTEM
from app.runtime.people.sessions import SessionKind
from app.runtime.views import DueKind, SwitchScope
from app.settings import Settings
from tests.runtime.starts.test_combined import BIG, ORDER, together
from tests.web.conftest import SYSTEMS, open_site
from tests.web.roles.test_proposals import COMPANY
from tests.web.site import Site, copy_of

EXAMPLES = int(os.environ.get("BAILIWICK_FUZZ_EXAMPLES", "2"))  # of each operation, for each person and each mode
KINDS = {
    "stranger": None,
    "approver": "femi",
    "analyst": "dora",
    "operator": "olga",
    "auditor": "emil",
    "admin": "carla",
}
LEFT_OUT = {
    "positive_data_acceptance": "what fits the description may still not fit the state or the rights of who asks",
    "negative_data_rejection": "whoever has no right hears 403, and an unknown id is 404, before the body is looked at",
    "ensure_resource_availability": "several people change the same data: what was made may be gone at the next look",
    "use_after_free": "as before",
    "ignored_auth": "the stranger asks for every operation, in a test of its own",
    "object_level_authorization": "who sees what is a table of its own, in tests/web/test_rights.py",
}
LISTS = {
    "task_id": "/tasks?view=all",
    "job_id": "/jobs",
    "incident_id": "/incidents?state=all",
    "instance_id": "/instances",
    "proposal_id": "/proposals",
    "switch_id": "/switches",
    "occurrence_id": "/start-occurrences",
}


@pytest.fixture
def seeded(prepared: Path, company: httpx.Client, tmp_path: Path) -> Site:
    """Refunds that are made, wait for somebody, and failed; a proposal, a switch, a setback, a start that waits."""
    copy_of(prepared, tmp_path / "var")
    tasks = {system: {"base_url": str(company.base_url.join(system))} for system in SYSTEMS}
    site = open_site(
        Settings(
            demo=True,
            data_folder=tmp_path / "var",
            task_modules=("tasks",),
            tasks=tasks,
            sign_in_attempts_per_minute=100_000,
        )
    )
    for amount in (5, 20, 80, 450):
        site.request_refund(amount)
    site.request_refund(30, charge_id="CH-9999")
    site.runtime.deployments.deploy(SYSTEM, {"ship.bpmn": together(ORDER, BIG)})
    site.runtime.conditions.evaluate(SYSTEM, {"stock": 9}, None)
    wider = COMPANY.read_text().replace("instant_up_to: 20 ", "instant_up_to: 49 ")
    site.runtime.deployments.deploy(site.actor("dora"), {"roles/company.yaml": wider.encode()}, "more at once")
    site.runtime.switches.set(SYSTEM, SwitchScope.ACTION, "billing.refund", "a test")
    site.runtime.setbacks.count(SYSTEM, DueKind.FOLLOW_UP, "some-id", ValueError("nobody foresaw this"))
    return site


def known_ids(site: Site) -> dict[str, list[str]]:
    """What there is, by the name that the description gives to its id."""
    found = {}
    for name, address in LISTS.items():
        listed = site.visitor("carla").get(f"/api/v1{address}").json
        assert listed is not None
        assert listed["items"], f"nothing is seeded for {name}"
        found[name] = [str(each["id"]) for each in listed["items"]]
    return found | {"process_id": ["support-refund"], "kind": ["follow-up"], "subject": ["some-id"]}


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_answer_is_one_that_the_description_names(kind: str, seeded: Site) -> None:
    """No 500, no status, body or header beside the description; what a stranger asks for is 401, whatever is sent."""
    ids, name = known_ids(seeded), KINDS[kind]
    statuses: Counter[int] = Counter()
    description = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", seeded.app)
    operations = [each.ok() for each in description.get_all_operations()]
    left_out = [CHECKS.get_one(each) for each in LEFT_OUT]
    for operation in operations:
        headers = {"Accept-Encoding": "identity", **token(seeded, name)}
        ask = asking(headers, ids, left_out, statuses)
        for mode in schemathesis.GenerationMode:
            strategy = operation.as_strategy(generation_mode=mode)
            quietly = settings(
                derandomize=True,
                max_examples=EXAMPLES,
                database=None,
                deadline=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            quietly(given(strategy, st.integers(0, 99))(ask))()
    seeded.runtime.core.store.engine.dispose()
    assert len(operations) > 50
    if name is None:
        assert set(statuses) <= {200, 400, 401, 404, 405, 422}
        assert statuses[401] > len(operations)
    else:
        assert statuses[200] > EXAMPLES


def asking(
    headers: Mapping[str, str], ids: Mapping[str, list[str]], left_out: list[CheckFunction], statuses: Counter[int]
) -> Callable[[schemathesis.Case, int], None]:
    """Send a case with these headers, judge the answer, and count its status."""

    def ask(case: schemathesis.Case, pick: int) -> None:
        for argument in case.path_parameters:
            if pick % 4 and ids.get(argument):  # three of four ask for what there is
                case.path_parameters[argument] = ids[argument][pick % len(ids[argument])]
        case.headers = {key: text for key, text in case.headers.items() if key.lower() != "authorization"}
        response = case.call(headers=dict(headers))
        statuses[response.status_code] += 1
        case.validate_response(response, excluded_checks=left_out)

    return ask


def token(site: Site, name: str | None) -> dict[str, str]:
    """A session of its own for each operation: one of them ends it."""
    if name is None:
        return {}
    secret = site.runtime.sessions.open(site.actor(name), SessionKind.TOKEN, site.settings.session_lifetime)
    return {"Authorization": f"Bearer {secret}"}


def test_other_methods_are_refused_with_those_that_there_are(site: Site) -> None:
    """405 with Allow, in the form of every other problem."""
    answer = Client(site.app).open("/api/v1/openapi.json", method="DELETE")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]

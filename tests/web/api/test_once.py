"""Commands under an ``Idempotency-Key``: carried out once, whatever is repeated."""

from app.runtime import SYSTEM
from app.runtime.messages.commands import KEPT_FOR
from tests.runtime.diagrams import END, START, diagram, user_task
from tests.web.program import Program, program
from tests.web.site import Site

BY_HAND = diagram("by-hand", START, user_task(), END)


def started(site: Site) -> int:
    return len(site.runtime.instances.list(SYSTEM).items)


def carla(site: Site) -> Program:
    return program(site, "carla")


def message(number: int) -> dict[str, object]:
    return {"name": "something", "correlation_key": str(number), "variables": {"n": number}}


def test_the_same_key_and_body_get_the_first_answer(site: Site) -> None:
    """Published once; the second answer is the first one, and says so."""
    asks = carla(site)
    first = asks.call("POST", "/messages", message(1), key="k-1")
    again = asks.call("POST", "/messages", message(1), key="k-1")
    other = asks.call("POST", "/messages", message(1), key="k-2")
    assert first.status_code == again.status_code == other.status_code
    assert (first.json, again.json) == (again.json, first.json)
    assert first.json != other.json
    assert ("Idempotency-Replayed" in first.headers, again.headers["Idempotency-Replayed"]) == (False, "true")


def test_the_same_key_with_another_body_is_refused(site: Site) -> None:
    """409, and it is not carried out; also where the other command is at another address."""
    asks = carla(site)
    asks.call("POST", "/messages", message(1), key="k-1")
    for path, body in (("/messages", message(2)), ("/signals", {"name": "something"})):
        answer = asks.call("POST", path, body, key="k-1")
        assert answer.status_code == 409
        assert "another command" in answer.text


def test_a_key_belongs_to_whoever_sends_it(site: Site) -> None:
    """Two programs may draw the same one."""
    first = carla(site).call("POST", "/messages", message(1), key="k-1")
    other = program(site, "olga").call("POST", "/messages", message(1), key="k-1")
    assert "Idempotency-Replayed" not in other.headers
    assert first.status_code == other.status_code


def test_what_was_refused_may_be_sent_again(site: Site) -> None:
    """A command that does not fit has no receipt: corrected, it may keep its key."""
    asks = carla(site)
    assert asks.call("POST", "/messages", {"nonsense": 1}, key="k-1").status_code == 422
    assert asks.call("POST", "/messages", message(1), key="k-1").status_code < 300


def test_a_key_has_a_bound(site: Site) -> None:
    """422 names the header."""
    answer = carla(site).call("POST", "/messages", message(1), key="k" * 201)
    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.text


def test_starts_happen_once_and_name_their_jobs(site: Site) -> None:
    """A start under a key that is repeated starts one instance; a batch all of its instances, once."""
    asks = carla(site)
    for _ in range(2):
        answer = asks.call("POST", "/instances", start(site), key="one")
        assert answer.status_code == 201, answer.text
    batch = {"process_id": start(site)["process_id"], "instances": [{}, {}]}
    for _ in range(2):
        assert asks.call("POST", "/instances/batch", batch, key="two").status_code == 201
    assert started(site) == 3


def start(site: Site) -> dict[str, object]:
    site.runtime.deployments.deploy(SYSTEM, {"by-hand.bpmn": BY_HAND})
    return {"process_id": "by-hand", "variables": {"amount": 1}}


def test_receipts_are_forgotten_after_a_week(site: Site) -> None:
    """Then a key is new again."""
    asks = carla(site)
    first = asks.call("POST", "/messages", message(1), key="k-1")
    site.skip(seconds=KEPT_FOR.total_seconds())
    site.runtime.tick()
    again = carla(site).call("POST", "/messages", message(1), key="k-1")
    assert again.json != first.json

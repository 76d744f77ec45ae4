"""Hooks: what is accepted is stored before it is answered, and processed exactly once; the rest leaves no trace."""

import hashlib
import hmac
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.runtime import SYSTEM, RuntimeSettings
from app.testing import Platform
from tests.runtime.diagrams import END, diagram, start_by, user_task
from tests.store.databases import KINDS, fresh_database

SECRET = "a secret of the other side"
HOOK = b"""
name: ordered
message: ordered
secret: ordered
correlation_key: =order_id
max_bytes: 200
schema:
  type: object
  additionalProperties: false
  required: [order_id, amount]
  properties:
    order_id: {type: string}
    amount: {type: number, exclusiveMinimum: 0}
"""
BODY = b'{"order_id": "1", "amount": 12.30}'
NUL = BODY.replace(b'"1"', b'"\\u0000"')


@pytest.fixture(params=KINDS)
def platform(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Platform]:
    settings = RuntimeSettings(hook_secrets={"ordered": SECRET})
    with (
        fresh_database(request.param, tmp_path) as address,
        Platform([], settings=settings, database=address) as platform,
    ):
        process = diagram(
            "order", start_by("message", "m"), user_task(), END, roots='<bpmn:message id="m" name="ordered" />'
        )
        platform.runtime.deployments.deploy(SYSTEM, {"order.bpmn": process, "hooks/ordered.yaml": HOOK})
        yield platform


def sign(body: bytes, secret: str = SECRET) -> str:
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def test_a_call_is_stored_and_starts_an_instance_once(platform: Platform) -> None:
    """However often it is processed; the trace id leads from the call to the instance."""
    receipt = platform.runtime.hooks.accept("ordered", BODY, sign(BODY), "k-1")
    assert (receipt.status_code, receipt.first) == (202, True)
    assert platform.cases() == ()
    assert receipt.delivery_id is not None
    platform.runtime.hooks.process(receipt.delivery_id)
    platform.runtime.hooks.process(receipt.delivery_id)
    (case,) = platform.cases()
    assert (case.view.business_key, case.view.trace_id) == ("1", receipt.trace_id)
    assert str(case.variables["amount"]) == "12.30"


def test_a_repeated_key_gets_the_first_answer(platform: Platform) -> None:
    """With its body again. Another body under the key of an accepted call is refused, and nothing of it is stored."""
    first = platform.runtime.hooks.accept("ordered", BODY, sign(BODY), "k-1")
    again = platform.runtime.hooks.accept("ordered", BODY, sign(BODY), "k-1")
    assert (again.status_code, again.delivery_id, again.first) == (202, first.delivery_id, False)
    other = BODY.replace(b"12.30", b"99")
    refused = platform.runtime.hooks.accept("ordered", other, sign(other), "k-1")
    assert (refused.status_code, list(refused.problems), refused.delivery_id) == (409, ["Idempotency-Key"], None)


@pytest.mark.parametrize(
    ("call", "status_code", "where"),
    [
        ((BODY, sign(BODY, "wrong"), "k"), 401, "$"),
        ((BODY, None, "k"), 401, "$"),
        ((BODY, "sha256=\u00e9", "k"), 401, "$"),
        ((BODY, sign(BODY), None), 400, "Idempotency-Key"),
        ((b"{", sign(b"{"), "k"), 400, "$"),
        ((b"[1]", sign(b"[1]"), "k"), 400, "$"),
        ((b'{"order_id": "1"}', sign(b'{"order_id": "1"}'), "k"), 400, "$"),
        ((BODY.replace(b"12.30", b"-1"), sign(BODY.replace(b"12.30", b"-1")), "k"), 400, "$.amount"),
        ((BODY.replace(b"12.30", b'"x"'), sign(BODY.replace(b"12.30", b'"x"')), "k"), 400, "$.amount"),
        ((NUL, sign(NUL), "k"), 400, "$"),
        ((BODY + b" " * 200, sign(BODY + b" " * 200), "k"), 413, "$"),
    ],
)
def test_a_refused_call_leaves_nothing_behind(
    platform: Platform, call: tuple[bytes, str | None, str | None], status_code: int, where: str
) -> None:
    """The field and the reason are named; the same key may be used for the corrected call."""
    receipt = platform.runtime.hooks.accept("ordered", *call)
    assert (receipt.status_code, list(receipt.problems), receipt.delivery_id) == (status_code, [where], None)
    assert platform.runtime.hooks.accept("ordered", BODY, sign(BODY), "k").first


def test_an_unknown_hook_is_not_found(platform: Platform) -> None:
    """Whatever is sent to it."""
    assert platform.runtime.hooks.accept("nothing", BODY, sign(BODY), "k").status_code == 404


def test_a_delivery_whose_announcement_was_lost_is_announced_again(platform: Platform) -> None:
    """The clock finds what was stored and never processed."""
    platform.runtime.hooks.accept("ordered", BODY, sign(BODY), "k-1")
    assert platform.runtime.tick().done["deliveries"] == 0
    platform.clock.advance(timedelta(seconds=15))
    assert platform.runtime.tick().done["deliveries"] == 1

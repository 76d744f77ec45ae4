"""The answers of POST /hooks/<name>."""

from app.runtime import SYSTEM
from tests.web.site import Site, refund_request


def test_a_signed_call_is_stored_and_accepted(site: Site) -> None:
    """202 with the delivery's id; the process starts when the queue is worked on."""
    answer = site.call_hook(refund_request(10))
    assert answer.status_code == 202
    assert answer.json is not None
    assert "Idempotency-Replayed" not in answer.headers
    assert answer.headers["X-Trace-Id"] == answer.json["trace_id"]
    assert not site.runtime.instances.list(SYSTEM).items
    site.work()
    (instance,) = site.runtime.instances.list(SYSTEM).items
    assert instance.trace_id == answer.json["trace_id"]


def test_a_wrong_signature_is_refused(site: Site) -> None:
    """401, and nothing is stored."""
    for signature in ("sha256=" + "0" * 64, "sha256=", "nonsense", "md5=abc"):
        assert site.call_hook(refund_request(10), signature=signature).status_code == 401
    site.work()
    assert not site.runtime.instances.list(SYSTEM).items


def test_a_body_that_does_not_fit_names_its_fields(site: Site) -> None:
    """400 with the field and the reason, and nothing is stored."""
    answer = site.call_hook(refund_request(10) | {"amount": "ten", "surprise": 1})
    assert answer.status_code == 400
    assert answer.json is not None
    assert any("amount" in path for path in answer.json["problems"])
    assert site.call_hook(b"{not json").status_code == 400
    site.work()
    assert not site.runtime.instances.list(SYSTEM).items


def test_a_repeated_key_gets_the_first_answer(site: Site) -> None:
    """The same call starts nothing a second time; another body under its key is refused, and starts nothing either."""
    request = refund_request(10)
    first = site.call_hook(request, key="order-1")
    again = site.call_hook(request, key="order-1")
    assert site.call_hook(refund_request(999), key="order-1").status_code == 409
    assert first.json is not None
    assert again.json is not None
    assert again.status_code == 202
    assert again.json == first.json
    assert again.headers["Idempotency-Replayed"] == "true"
    site.work()
    assert len(site.runtime.instances.list(SYSTEM).items) == 1


def test_a_large_body_is_refused(site: Site) -> None:
    """413 above the hook's own bound, without reading it all."""
    assert site.call_hook(refund_request(10, message="x" * 70_000)).status_code == 413


def test_an_unknown_hook_is_not_found(site: Site) -> None:
    """404, as JSON, and it does not become a label of a metric."""
    answer = site.app.test_client().post("/hooks/made-up", data=b"{}")
    assert answer.status_code == 404
    assert answer.content_type == "application/json"
    assert "made-up" not in site.app.test_client().get("/metrics").text


def test_a_call_without_a_key_is_refused(site: Site) -> None:
    """Without an idempotency key a repetition could not be told from a second request."""
    answer = site.call_hook(refund_request(10), key=" ")
    assert answer.status_code == 400

"""Large models are read two at a time; everything else is answered meanwhile."""

import pytest
from werkzeug.exceptions import ServiceUnavailable

from app.web.frame.large import AT_ONCE, LARGE_BYTES, large_work
from tests.security.test_files import bpmn
from tests.web.program import program
from tests.web.site import Site

LARGE = bpmn(f"<startEvent id='s'/><!--{'x' * LARGE_BYTES}-->")


def test_a_third_large_model_is_asked_to_come_again(site: Site) -> None:
    """503 with the time to wait; small models, hooks and health checks are not held up, and a free slot is used."""
    dora = program(site, "dora")
    with large_work(LARGE_BYTES), large_work(LARGE_BYTES):
        refused = dora.call("POST", "/deployments/check", {"files": {"a.bpmn": LARGE}})
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
        assert dora.call("POST", "/deployments/check", {"files": {"a.bpmn": bpmn("")}}).status_code == 200
        assert site.call_hook({}).status_code == 400
        assert site.visitor().get("/healthz").status_code == 200
    assert dora.call("POST", "/deployments/check", {"files": {"a.bpmn": LARGE}}).status_code == 200


def test_a_slot_is_given_back_whatever_happens() -> None:
    """Work that fails does not use its slot up."""
    for _ in range(2 * AT_ONCE):
        with pytest.raises(RuntimeError), large_work(LARGE_BYTES):
            raise RuntimeError
    with large_work(LARGE_BYTES), large_work(LARGE_BYTES), pytest.raises(ServiceUnavailable), large_work(LARGE_BYTES):
        pass

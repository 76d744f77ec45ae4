"""What handlers raise, sorted into the four exception classes."""

import httpx
import pytest

from app.handlers import (
    ActionProblem,
    DataProblem,
    InfrastructureProblem,
    PolicyProblem,
    TransientProblem,
)
from app.worker.classification import classify

REQUEST = httpx.Request("POST", "http://billing.test/refunds")


def answered(status: int, **headers: str) -> httpx.HTTPStatusError:
    with pytest.raises(httpx.HTTPStatusError) as caught:
        httpx.Response(
            status, request=REQUEST, headers={k.replace("_", "-"): v for k, v in headers.items()}
        ).raise_for_status()
    return caught.value


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (httpx.ConnectError("refused"), InfrastructureProblem),
        (httpx.ConnectTimeout("nobody there"), InfrastructureProblem),
        (httpx.UnsupportedProtocol("ftp"), InfrastructureProblem),
        (httpx.InvalidURL("no host"), InfrastructureProblem),
        (httpx.ReadTimeout("slow"), TransientProblem),
        (httpx.PoolTimeout("busy"), TransientProblem),
        (httpx.RemoteProtocolError("cut"), TransientProblem),
        (httpx.ReadError("reset"), TransientProblem),
        (answered(502), InfrastructureProblem),
        (answered(503), InfrastructureProblem),
        (answered(504), InfrastructureProblem),
        (answered(301, location="https://elsewhere.test/"), InfrastructureProblem),
        (answered(500), TransientProblem),
        (answered(429), TransientProblem),
        (answered(408), TransientProblem),
        (answered(401), PolicyProblem),
        (answered(403), PolicyProblem),
        (answered(400), DataProblem),
        (answered(410), DataProblem),
        (KeyError("amount"), TransientProblem),
        (PolicyProblem("never"), PolicyProblem),
    ],
    ids=str,
)
def test_every_exception_has_a_class(error: Exception, problem: type[ActionProblem]) -> None:
    """httpx's exceptions, the HTTP statuses, the handler's own problems, and what nobody expected."""
    assert type(classify(error, "billing")) is problem


def test_the_system_is_named_and_its_wish_is_kept() -> None:
    """Infrastructure names its system; a Retry-After in seconds is the time to wait at least."""
    down = classify(httpx.ConnectError("refused"), "billing")
    busy = classify(answered(429, Retry_After="7"), "billing")
    assert isinstance(down, InfrastructureProblem)
    assert down.system == "billing"
    assert isinstance(busy, TransientProblem)
    assert busy.retry_after_seconds == 7


def test_a_message_is_bounded() -> None:
    """An exception that carries a whole document does not fill the database."""
    assert len(str(classify(ValueError("x" * 100_000), "billing"))) <= 1000

"""A worker that is killed at the worst moment: what it did is done once, and the case goes on."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.databases import fresh_database
from tests.worker.installed import Installed, installed

REDIS = os.environ.get("BAILIWICK_TEST_REDIS_URL", "")

# The handlers of one case, in their order: customer, charge, refund, draft, reply.
REFUND, REPLY = 3, 5


FILES = "sqlite and files"
SERVICES = pytest.param(
    "postgresql and redis",
    marks=[
        pytest.mark.postgres,
        pytest.mark.redis,
        pytest.mark.skipif(not REDIS, reason="no Redis answers here"),
    ],
)


@pytest.fixture
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installed]:
    kind, _, broker = request.param.partition(" and ")
    with (
        fresh_database(kind, tmp_path) as database_url,
        installed(tmp_path, database_url, REDIS if broker == "redis" else "") as installation,
    ):
        yield installation


@pytest.mark.parametrize(
    ("installation", "fault"),
    [
        (FILES, "after-side-effect"),
        (FILES, "before-commit"),
        pytest.param(*SERVICES.values, "after-side-effect", marks=SERVICES.marks),
    ],
    indirect=["installation"],
)
def test_a_refund_is_booked_once(installation: Installed, fault: str) -> None:
    """Killed after billing has booked and before that is written down: one refund, and the case completes."""
    installation.request_refund(20)
    installation.run_until_killed(f"{fault}:{REFUND}")
    assert installation.effects("billing") == ["book-refund"]
    assert installation.case().view.status == "running"
    case = installation.run_until_completed()
    assert installation.effects("billing") == ["book-refund"]
    assert installation.effects("mail") == ["send-message"]
    assert case.variables["refund"]
    assert case.incidents == ()


@pytest.mark.parametrize("installation", [FILES, SERVICES], indirect=True)
def test_a_reply_is_sent_once(installation: Installed) -> None:
    """Mail cannot be taken back, so it matters most there: killed after sending, one message leaves the house."""
    installation.request_refund(20)
    installation.run_until_killed(f"after-side-effect:{REPLY}")
    installation.run_until_completed()
    assert installation.effects("mail") == ["send-message"]


@pytest.mark.parametrize("installation", [FILES], indirect=True)
def test_what_was_not_begun_is_begun_again(installation: Installed) -> None:
    """Killed between taking the job and asking billing: nothing happened yet, and it happens once."""
    installation.request_refund(20)
    installation.run_until_killed(f"before-handler:{REFUND}")
    assert installation.effects("billing") == []
    installation.run_until_completed()
    assert installation.effects("billing") == ["book-refund"]

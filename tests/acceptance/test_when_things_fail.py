"""What production is made of: systems that are down, answers that are lost, workers that are killed, models that are
broken, records that somebody changed. Whole installations, real processes.
"""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.ids import new_id
from tests.acceptance.installation import Installation, refund_request, until


def booked(installation: Installation, charge_id: str) -> list[str]:
    return [refund["amount"] for refund in installation.refunds(charge_id) if refund["state"] == "booked"]


@pytest.fixture
def healthy(installation: Installation) -> Iterator[Installation]:
    """The module's installation, with every fault switched off afterwards."""
    yield installation
    installation.switch_faults_off()


def test_a_lost_answer_ends_in_one_refund(healthy: Installation) -> None:
    """Billing books the refund and the answer never comes: the next attempt finds it and does not repeat it."""
    healthy.switch_fault_on("billing", "lost-answer", 1)
    ticket = healthy.request_refund(12, "1009")
    until(lambda: booked(healthy, "CH-1009"), "billing books the refund")
    healthy.skip(minutes=2)
    healthy.until_completed(ticket)
    assert booked(healthy, "CH-1009") == ["12.00"]


def test_a_system_that_is_down_opens_its_circuit_and_resumes_by_itself(healthy: Installation) -> None:
    """Billing answers 503: its circuit opens and its actions wait; when it is back, the case goes on untouched."""
    healthy.switch_fault_on("billing", "unavailable")
    ticket = healthy.request_refund(14, "1010")

    def opened() -> bool:
        healthy.skip(seconds=5)  # the pauses between the attempts
        return any(
            circuit["system"] == "billing" and circuit["state"] == "open"
            for circuit in healthy.get("/circuits")["items"]
        )

    until(opened, "the circuit of billing opens")
    assert healthy.case(ticket)["view"]["status"] == "running"
    healthy.switch_faults_off()

    def resumed() -> bool:
        healthy.skip(seconds=30)  # the cool-down
        return healthy.case(ticket)["view"]["status"] == "completed"

    until(resumed, "the case goes on")
    assert booked(healthy, "CH-1010") == ["14.00"]


def test_a_worker_killed_after_the_side_effect_ends_in_one_refund(own_folder: Path) -> None:
    """SIGKILL between billing's commit and ours: the lease ends, the next worker looks first, nothing is doubled."""
    with Installation(own_folder, {"BAILIWICK_FAULT": "after-side-effect:3"}).run() as installation:
        ticket = installation.request_refund(13, "1011")
        log = own_folder / "log" / "worker.log"
        until(lambda: booked(installation, "CH-1011"), "billing books the refund")
        until(lambda: log.read_text().count("worker ready") >= 2, "the killed worker is started again")
        installation.skip(minutes=3)  # the lease of the dead worker
        installation.until_completed(ticket)
        assert booked(installation, "CH-1011") == ["13.00"]
        assert installation.command("audit", "verify").returncode == 0


def test_the_audit_log_names_the_record_that_was_changed(own_folder: Path) -> None:
    """`bailiwick audit verify` accepts the log, and after one byte of one record is changed it names that record."""
    with Installation(own_folder).run() as installation:
        installation.until_completed(installation.request_refund(11, "1012"))
        intact = installation.command("audit", "verify")
        assert intact.returncode == 0, intact.stdout + intact.stderr
        assert intact.stdout.startswith("intact: ")
        with sqlite3.connect(own_folder / "bailiwick.sqlite") as database:
            record, detail = database.execute(
                "SELECT id, detail FROM audit_record WHERE length(detail) > 10 ORDER BY id LIMIT 1 OFFSET 7"
            ).fetchone()
            place = len(detail) // 2
            changed = detail[:place] + ("0" if detail[place] != "0" else "1") + detail[place + 1 :]
            database.execute("DROP TRIGGER audit_record_no_update")
            database.execute("UPDATE audit_record SET detail = ? WHERE id = ?", (changed, record))
        broken = installation.command("audit", "verify")
        assert broken.returncode == 1
        assert record in broken.stdout


def test_a_broken_model_changes_nothing_that_runs(installation: Installation, tmp_path: Path) -> None:
    """All or nothing: the deployment is refused with every reason, versions stay, and the next case runs as before."""
    before = installation.get("/processes")["items"]
    source = (Path(__file__).parents[2] / "models/bpmn/support-refund.bpmn").read_text()
    broken = tmp_path / "models/bpmn/support-refund.bpmn"
    broken.parent.mkdir(parents=True)
    broken.write_text(
        source.replace('targetRef="fetch-charge"', 'targetRef="no-such-element"').replace(
            "</bpmn:process>", '<bpmn:userTask id="twice" /><bpmn:userTask id="twice" /></bpmn:process>'
        )
    )
    refused = installation.command("deploy", str(tmp_path / "models"))
    assert refused.returncode == 1
    assert "no-such-element" in refused.stderr
    assert "<twice>" in refused.stderr
    assert installation.get("/processes")["items"] == before
    assert installation.until_completed(installation.request_refund(5, "1001"))["view"]["version"] == 1


def test_the_webhook_answers_by_what_it_was_sent(installation: Installation) -> None:
    """202 and stored; the same answer for a repeated key; 401, 400 with field and reason, 413, and nothing stored."""
    key = new_id()
    body = json.dumps(refund_request(3, ticket_id="T-repeat")).encode()
    first, again = (installation.call_hook(body, key) for _ in range(2))
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    assert installation.call_hook(body, new_id(), signature="sha256=" + "0" * 64).status_code == 401
    unfit = installation.call_hook(body.replace(b'"amount": 3', b'"amount": "three"'), new_id())
    assert unfit.status_code == 400
    assert "$.amount" in unfit.text
    assert installation.call_hook(b" " * 70_000 + body, new_id()).status_code == 413
    installation.until_completed("T-repeat")
    assert len(installation.get("/instances", business_key="T-repeat")["items"]) == 1


def test_running_again_keeps_the_data_and_a_taken_port_is_one_clear_line(own_folder: Path) -> None:
    """A second run goes on where the first was; a port in use stops the start with one line that says what to do."""
    with Installation(own_folder) as installation:
        installation.run()
        ticket = installation.request_refund(60, "1001")
        installation.task(ticket)
        taken = installation.command("run")
        assert taken.returncode == 1
        assert taken.stderr.count("\n") == 1
        assert "BAILIWICK_PORT" in taken.stderr
        installation.stop()
        with pytest.raises(httpx.TransportError):
            httpx.get(installation.address, timeout=5)
        installation.run()
        assert installation.task(ticket)["name"]

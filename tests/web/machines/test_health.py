"""What machines ask."""

from app.runtime.views import ProcessKind
from tests.web.site import Site, refund_request


def test_alive_and_ready(site: Site) -> None:
    """A process with a migrated database is alive and ready, and both are JSON without a sign-in."""
    client = site.app.test_client()
    assert client.get("/healthz").json == {"status": "alive"}
    assert client.get("/readyz").status_code == 200


def test_not_ready_without_the_database(site: Site) -> None:
    """A process whose database is gone is alive but not ready, so that no traffic is sent to it."""
    engine = site.runtime.core.store.engine
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("ALTER TABLE job RENAME TO job_away")
    client = site.app.test_client()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503


def test_metrics_count_what_there_is(site: Site) -> None:
    """Instances, jobs and tasks by state, and how long requests took."""
    site.request_refund(80)
    text = site.app.test_client().get("/metrics").text
    assert 'bailiwick_process_instances{status="running"} 1.0' in text
    assert 'bailiwick_jobs{state="awaiting approval"} 1.0' in text
    assert 'bailiwick_tasks{state="open"} 1.0' in text
    assert 'bailiwick_incidents{state="open"} 0.0' in text
    assert 'bailiwick_hook_calls_total{hook="refund-requested",status="202"} 1.0' in text
    assert "bailiwick_request_seconds_bucket" in text


def test_metrics_show_who_lives_and_what_waits(site: Site) -> None:
    """Workers by their heartbeats, the job that waits longest, deliveries that nobody has processed."""
    site.runtime.heartbeats.beat("w", ProcessKind.WORKER, "here", 1, ["billing.refund"])
    site.call_hook(refund_request(10))
    text = site.app.test_client().get("/metrics").text
    assert 'bailiwick_processes{kind="worker"} 1.0' in text
    assert 'bailiwick_processes{kind="clock"} 0.0' in text
    assert "bailiwick_stored_deliveries 1.0" in text
    assert "bailiwick_oldest_due_job_seconds 0.0" in text
    assert "bailiwick_unanswered_jobs 0.0" in text
    assert "bailiwick_setbacks 0.0" in text
    assert "bailiwick_clock_offset_seconds" in text

"""The proof of what happened, in the browser's own words."""

import json

from tests.store.tampering import drop_triggers
from tests.web.site import Site, Visitor


def test_the_evidence_has_five_stages(site: Site, carla: Visitor) -> None:
    """The page, the pack and the lines of a finished case."""
    instance_id = site.request_refund(10)
    page = carla.get(f"/evidence/{instance_id}").text
    for stage in ("trigger", "understand", "decide", "act", "verify"):
        assert f'id="stage-{stage}"' in page
    assert "Nothing yet." not in page

    pack = carla.get(f"/evidence/{instance_id}/pack.json")
    assert "attachment" in pack.headers["Content-Disposition"]
    assert set(json.loads(pack.text)["stages"]) == {"trigger", "understand", "decide", "act", "verify"}
    lines = carla.get(f"/evidence/{instance_id}/lines.jsonl").text.splitlines()
    assert lines
    assert all(json.loads(line)["process_id"] for line in lines)


def test_the_log_is_verified_on_the_page(site: Site) -> None:
    """Intact it says so; after one byte it names the record."""
    site.request_refund(10)
    emil = site.visitor("emil")
    emil.get("/audit/")
    assert "The log is intact." in emil.post("/audit/verify").text
    with site.runtime.core.store.engine.begin() as connection:
        first = connection.exec_driver_sql("SELECT min(id) FROM audit_record").scalar_one()
        drop_triggers(connection)
        connection.exec_driver_sql("UPDATE audit_record SET actor = 'nobody' WHERE id = ?", (first,))
    broken = emil.post("/audit/verify").text
    assert "The log was changed." in broken
    assert str(first) in broken

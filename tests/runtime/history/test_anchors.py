"""Anchors: they seal what was verified, whoever keeps them outside gets each, and they find what the chains cannot."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import delete, select, update

from app import anchorage
from app.errors import Forbidden, Invalid
from app.runtime import SYSTEM, Runtime
from app.runtime.history import anchors
from app.runtime.history.anchors import BrokenLog
from app.runtime.views import DueKind
from app.store.audit import Anchor, digest
from app.store.audit.chain import HASHED, ORIGIN
from app.store.tables import AuditAnchorRow, AuditRecordRow, AuditSealRow, AuditStreamRow
from app.testing import Platform
from tests.runtime.diagrams import END, START, diagram, user_task
from tests.store.tampering import drop_triggers


@pytest.fixture
def case(platform: Platform) -> str:
    """A running instance whose stream is anchored, and two more; the database's owner has no scruples."""
    with platform.runtime.core.store.write() as session:
        drop_triggers(session.connection())
    platform.runtime.deployments.deploy(SYSTEM, {"review.bpmn": diagram("review", START, user_task(), END)})
    started = [platform.start("review") for _ in range(3)]
    platform.runtime.anchors.make(SYSTEM)
    return started[0]


def kept(platform: Platform) -> list[tuple[int, str]]:
    return [(anchor.number, anchor.digest) for anchor in platform.runtime.anchors.list(SYSTEM).items]


def rewrite(platform: Platform, stream: str) -> None:
    """All of a chain written anew with another actor, so that every hash of it fits again."""
    with platform.runtime.core.store.write() as session:
        chain = select(AuditRecordRow).where(AuditRecordRow.stream == stream).order_by(AuditRecordRow.position)
        head = ORIGIN
        for row in session.scalars(chain):
            row.actor, row.previous_hash = "nobody", head
            head = row.hash = digest([getattr(row, name) for name in HASHED])
        session.execute(update(AuditStreamRow).where(AuditStreamRow.stream == stream).values(head=head))


def test_a_chain_that_was_written_anew_belies_its_anchor(platform: Platform, case: str) -> None:
    """Every hash fits, and still the anchor knows another end."""
    assert platform.runtime.audit.verify().ok
    rewrite(platform, case)
    verdict = platform.runtime.audit.verify()
    assert not verdict.ok
    assert verdict.broken == "anchor 1"
    assert case in (verdict.why or "")


def test_what_was_kept_outside_must_be_continued(platform: Platform, case: str) -> None:
    """Taken away, or written anew with all its seals: the digest outside is another."""
    old = kept(platform)
    platform.start("review")
    assert platform.runtime.anchors.make(SYSTEM)
    assert platform.runtime.anchors.differences([*old, *kept(platform)]) == ()
    with platform.runtime.core.store.write() as session:
        session.execute(delete(AuditAnchorRow))
        session.execute(delete(AuditSealRow))
        session.execute(update(AuditStreamRow).values(sealed=0, sealed_head=ORIGIN))
    assert "is not in this log" in platform.runtime.anchors.differences(old)[0]
    rewrite(platform, case)
    platform.runtime.anchors.make(SYSTEM)
    assert platform.runtime.audit.verify().ok
    assert "written anew" in platform.runtime.anchors.differences(old)[0]


@pytest.mark.parametrize(
    "tamper",
    [
        lambda: update(AuditSealRow).where(AuditSealRow.place == 0).values(count=AuditSealRow.count + 1),
        lambda: delete(AuditSealRow).where(AuditSealRow.place == 0),
        lambda: update(AuditAnchorRow).values(at="2020-01-01T00:00:00.000000+00:00"),
        lambda: delete(AuditSealRow),
    ],
    ids=["seal", "seal taken out", "time", "all seals"],
)
def test_a_changed_anchor_is_found(platform: Platform, case: str, tamper: Callable[[], object]) -> None:
    assert case
    with platform.runtime.core.store.write() as session:
        session.execute(tamper())  # type: ignore[call-overload]
    assert platform.runtime.audit.verify().broken == "anchor 1"


def test_only_what_is_new_is_read_and_sealed(platform: Platform, case: str) -> None:
    """An anchor names the chains that grew; nothing new, no anchor."""
    assert platform.runtime.anchors.make(SYSTEM) == ()
    assert platform.runtime.audit.verify(unsealed_only=True).checked == 0
    (task,) = [item for item in platform.inbox("anna") if item.instance_id == case]
    platform.complete("anna", task.id)
    platform.run()
    new = platform.runtime.audit.verify(unsealed_only=True)
    assert new.ok
    assert 0 < new.checked < platform.runtime.audit.verify().checked
    made = platform.runtime.anchors.make(SYSTEM)
    assert [anchor.number for anchor in made] == [2]
    assert made[0].records == new.checked
    verdict = platform.runtime.audit.verify()
    assert (verdict.ok, verdict.anchors) == (True, 2)


def test_an_anchor_names_a_bounded_number_of_chains(
    platform: Platform, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is left gets the next one at once, also by the clock."""
    assert case
    monkeypatch.setattr(anchors, "MOST_STREAMS", 2)
    for _ in range(5):
        platform.start("review")
    made = platform.runtime.anchors.make(SYSTEM)
    assert [anchor.streams for anchor in made] == [2, 2, 1]
    for _ in range(3):
        platform.start("review")
    platform.advance(hours=2)
    platform.run()
    assert [anchor.streams for anchor in platform.runtime.anchors.list(SYSTEM).items][:2] == [1, 2]
    assert platform.runtime.audit.verify().ok


def test_a_broken_log_is_not_sealed_and_operators_are_told(platform: Platform, case: str) -> None:
    """The clock tries again with growing pauses, and a setback says why."""
    platform.start("review")
    with platform.runtime.core.store.write() as session:
        newest = select(AuditRecordRow.id).where(AuditRecordRow.stream != case).order_by(AuditRecordRow.id.desc())
        session.execute(
            update(AuditRecordRow).where(AuditRecordRow.id == session.scalar(newest.limit(1))).values(actor="nobody")
        )
    with pytest.raises(BrokenLog, match="does not have the hash"):
        platform.runtime.anchors.make(SYSTEM)
    platform.advance(hours=2)
    platform.run()
    setbacks = platform.runtime.setbacks.list(SYSTEM).items
    assert [setback.kind for setback in setbacks] == [DueKind.ANCHOR]
    assert "does not have the hash" in setbacks[0].message
    assert len(kept(platform)) == 1


def test_the_clock_anchors_by_the_hour(platform: Platform, case: str) -> None:
    """Not before, and not when nothing is new."""
    assert case
    platform.start("review")
    platform.run()
    assert len(kept(platform)) == 1
    platform.advance(minutes=61)
    platform.run()
    assert len(kept(platform)) == 2
    platform.advance(minutes=61)
    platform.run()
    assert len(kept(platform)) == 2


def test_who_keeps_anchors_gets_each_once_they_can_be_had(platform: Platform, case: str, tmp_path: Path) -> None:
    """A folder that does not exist is a setback, with the reason; afterwards the file has all of them, in order."""
    assert case
    file = tmp_path / "elsewhere" / "anchors.jsonl"
    settings = replace(platform.runtime.core.settings, keep_anchor=anchorage.keeper(file, ""))
    keeping = Runtime(replace(platform.runtime.core, settings=settings))
    keeping.tick()
    (setback,) = keeping.setbacks.list(SYSTEM).items
    assert (setback.kind, "anchors.jsonl" in setback.message) == (DueKind.KEPT_ANCHOR, True)
    file.parent.mkdir()
    platform.start("review")
    platform.advance(hours=2)
    for _ in range(3):
        keeping.tick()
    assert list(anchorage.read(file)) == kept(platform)[::-1]
    assert all(anchor.kept_at for anchor in keeping.anchors.list(SYSTEM).items)
    assert keeping.setbacks.list(SYSTEM).items == ()
    assert keeping.anchors.differences(tuple(anchorage.read(file))) == ()


def test_a_file_that_holds_something_else_is_refused_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "anchors.jsonl"
    file.write_text('{"number": 1, "digest": "aa"}\nnot json\n{"number": "x"}\n[]\n' + "1" * 5000)
    with pytest.raises(Invalid) as refused:
        list(anchorage.read(file))
    assert {"line 2", "line 3", "line 4", "line 5"} <= set(refused.value.problems)


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[tuple[str, object]], list[int]]]:
    """An address outside: what it was told (key and body), and the statuses of its answers to come."""
    told: list[tuple[str, object]] = []
    answers: list[int] = []

    class Outside(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.append((self.headers["Idempotency-Key"], json.loads(body)))
            self.send_response(answers.pop(0) if answers else 204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Outside)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/anchors", told, answers
    server.shutdown()
    server.server_close()
    thread.join(10)


def test_an_address_is_told_until_it_takes_it(receiver: tuple[str, list[tuple[str, object]], list[int]]) -> None:
    """A refusal and silence are failures that say so; a repetition carries the same key."""
    address, told, answers = receiver
    anchor = Anchor(3, "2026-01-05T09:00:00.000000+00:00", 2, 9, "aa", "bb" * 32)
    answers.append(503)
    with pytest.raises(anchorage.NotKept, match="answered with 503"):
        anchorage.post(address, anchor)
    anchorage.post(address, anchor)
    assert told[0] == told[1]
    assert told[0][1] == asdict(anchor)
    for wrong in ("http://127.0.0.1:1/", "nonsense"):
        with pytest.raises(anchorage.NotKept):
            anchorage.post(wrong, anchor)


def test_rights(platform: Platform) -> None:
    """A clerk sees no anchors and makes none."""
    anna = platform.actor("anna")
    for ask in (lambda: platform.runtime.anchors.list(anna), lambda: platform.runtime.anchors.make(anna)):
        with pytest.raises(Forbidden):
            ask()


def test_anchors_are_listed_in_pages(platform: Platform, case: str) -> None:
    assert case
    for _ in range(2):
        platform.start("review")
        platform.runtime.anchors.make(SYSTEM)
    first = platform.runtime.anchors.list(SYSTEM, limit=2)
    assert [anchor.number for anchor in first.items] == [3, 2]
    assert first.next is not None
    rest = platform.runtime.anchors.list(SYSTEM, after=int(first.next), limit=2)
    assert ([anchor.number for anchor in rest.items], rest.next) == ([1], None)
    assert isinstance(rest.items[0].at, datetime)
    assert rest.items[0].at - platform.clock.now() < timedelta(days=1)

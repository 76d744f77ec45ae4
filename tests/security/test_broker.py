"""Messages that are not ours, through Redis and through files: dropped, counted, and the worker lives."""

import base64
import json
from pathlib import Path

import pytest
from celery.contrib.testing.worker import start_worker
from redis import Redis

from app.ids import new_id
from app.settings import Settings
from app.worker.messages import RUN_JOB
from app.worker.queue import CeleryAnnouncer, create_queue
from tests.worker.brokers import BROKERS, settings_on
from tests.worker.test_queue import Heard


def message(**changes: object) -> dict[str, object]:
    """A hint as Celery writes it, with some of its parts changed; None takes a part away."""
    headers = {"task": RUN_JOB, "id": "1", "retries": 0, "timelimit": [None, None], "eta": None, "expires": None}
    properties = {"delivery_tag": new_id(), "correlation_id": "1", "delivery_info": {}, "body_encoding": "base64"}
    whole: dict[str, object] = {
        "body": base64.b64encode(json.dumps([["j-0"], {}, {}]).encode()).decode(),
        "content-type": "application/json",
        "content-encoding": "utf-8",
        "headers": headers,
        "properties": properties,
    }
    for name, value in changes.items():
        part = next(each for each in (headers, properties, whole) if name.replace("_", "-") in each or name in each)
        part[name if name in part else name.replace("_", "-")] = value  # type: ignore[index]
    return whole


def body(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


HOSTILE = {
    "text": b"not json",
    "no UTF-8": b"\xff\xfe\x00",
    "a list": b"[1, 2, 3]",
    "a number": b"9" * 5_000,
    "nothing": b"null",
    "an empty object": b"{}",
    "100,000 levels": b"[" * 100_000,
    "a type of kombu's": b'{"__type__": "uuid", "__value__": {"hex": 3}}',
    **{
        name: json.dumps(changed).encode()
        for name, changed in {
            "a body that is no base64": message(body="%%%"),
            "a body that is no JSON": message(body=body("x")),
            "a deep body": message(body=body("[" * 1_000)),
            "a body that is too long": message(body=body(json.dumps([["x" * 5_000], {}, {}]))),
            "no arguments": message(body=body("[[], {}, {}]")),
            "an argument that is no text": message(body=body("[[{}], {}, {}]")),
            "a callback": message(body=body('[["j"], {}, {"callbacks": [{"task": "x"}]}]')),
            "pickle": message(content_type="application/x-python-serialize"),
            "another task": message(task="os.system"),
            "headers that are text": message(headers="x"),
            "properties that are a list": message(properties=[]),
            "a date that is none": message(eta="yesterday"),
            "an id that is none": message(id={}),
            "a limit of time": message(timelimit="soon"),
            "tries without end": message(retries="many"),
        }.items()
    },
}


@pytest.fixture(params=BROKERS)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    return settings_on(request.param, tmp_path)


def put(settings: Settings, content: bytes) -> None:
    """As somebody would who can write where the broker keeps its messages."""
    if settings.broker_url:
        with Redis.from_url(settings.broker_url) as redis:
            redis.lpush(f"{settings.queue_name}:{settings.queue_name}", content)
        return
    folder = settings.data_folder / "queue" / "messages"
    (folder / f"{0:015d}_{new_id()}.{settings.queue_name}.msg").write_bytes(content)


def test_messages_that_are_not_ours_end_no_worker(settings: Settings) -> None:
    """Each is taken out of the queue; the hints before, between and after them arrive, and no other task runs."""
    heard = Heard(len(HOSTILE) + 1)
    queue = create_queue(settings)
    queue.task(heard.hear, name=RUN_JOB, shared=False)
    announcer = CeleryAnnouncer(settings)
    announcer.announce_jobs(("first",))
    for number, content in enumerate(HOSTILE.values()):
        put(settings, content)
        announcer.announce_jobs((f"{number}",))
    with start_worker(queue, pool="threads", concurrency=1, perform_ping_check=False):
        assert sorted(heard.wait()) == sorted(["first", *(str(number) for number in range(len(HOSTILE)))])

"""What comes through the broker and is not ours: dropped and counted before Celery looks at it.

Whoever can write to the broker could otherwise end every worker with one line of text. A hint names one of two tasks
and an id; nothing else is let through, and what a lost hint was about is found by the look-out.
"""

import base64
import json
from collections.abc import Mapping
from itertools import count
from typing import Any, Final

import structlog
from kombu.transport import redis, virtual

RUN_JOB: Final = "bailiwick.run_job"
PROCESS_DELIVERY: Final = "bailiwick.process_delivery"
TASKS = frozenset({RUN_JOB, PROCESS_DELIVERY})
LONGEST_BODY = 2_000  # characters; a hint has about 150
LONGEST_SUBJECT = 200
FORM = ("application/json", "utf-8", "base64")
UNSET = ("eta", "expires", "group", "chord", "compression")  # headers that a hint does not use
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError)

log = structlog.get_logger(__name__)
_numbers = count(1)


def drop(reason: str) -> None:
    """Say that a message was dropped, and how many were since this process began."""
    log.warning("a message that is not ours was dropped", reason=reason, dropped=next(_numbers))


def is_ours(message: object) -> bool:
    """Whether `message`, as it came from the broker, is a hint in every part that Celery reads."""
    try:
        return _is_hint(message)
    except UNREADABLE:
        return False


def _is_hint(message: Any) -> bool:
    headers, properties = message["headers"], message["properties"]
    form = message["content-type"], message["content-encoding"], properties["body_encoding"]
    named = headers["id"], properties["delivery_tag"], properties["correlation_id"]
    return (
        headers["task"] in TASKS
        and all(isinstance(each, str) for each in named)
        and all(headers.get(name) is None for name in UNSET)
        and headers["timelimit"] == [None, None]
        and type(headers["retries"]) is int
        and isinstance(properties["delivery_info"], Mapping)
        and form == FORM
        and len(message["body"]) <= LONGEST_BODY
        and _is_body(json.loads(base64.b64decode(message["body"], validate=True)))
    )


def _is_body(body: Any) -> bool:
    """One id, no named arguments, and nothing that Celery is to do afterwards."""
    (subject,), named, afterwards = body
    return (
        isinstance(subject, str)
        and 0 < len(subject) <= LONGEST_SUBJECT
        and named == {}
        and not any(afterwards.values())
    )


class Doorkeeper(virtual.Transport):
    """A transport that delivers hints only."""

    def _deliver(self, message: Any, queue: str) -> None:
        if is_ours(message):
            super()._deliver(message, queue)  # type: ignore[no-untyped-call]
        else:
            drop("no hint")


class Channel(redis.Channel):
    """Reads one entry of a list at a time; one that is no JSON has been taken from it already."""

    def _brpop_read(self, **options: object) -> object:
        try:
            return super()._brpop_read(**options)  # type: ignore[no-untyped-call]
        except UNREADABLE as problem:
            if not _is_of_reading(problem):
                raise
            drop(type(problem).__name__)
            return True


def _is_of_reading(problem: BaseException) -> bool:
    """Whether the text of the message was the problem, not what was done with the message."""
    place = problem.__traceback__
    while place is not None:
        if place.tb_frame.f_code is Doorkeeper._deliver.__code__:
            return False
        place = place.tb_next
    return True


class Transport(Doorkeeper, redis.Transport):
    Channel = Channel

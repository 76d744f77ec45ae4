"""Where anchors of the audit log are kept outside: lines of a file, calls of somebody's address. And read back.

An anchor proves something only while whoever could rewrite the database cannot rewrite what was kept: a file on another
machine's disk, a ticket system, a notary.
"""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import httpx

from app.errors import BailiwickError, Invalid
from app.store.audit import Anchor

TIMEOUT_SECONDS = 10
LARGEST_LINE = 1000


class NotKept(BailiwickError):
    """An anchor could not be handed over. It will be tried again."""


def keeper(file: Path | None, address: str) -> Callable[[Anchor], None] | None:
    """What hands an anchor to the file and the address that are set. None where neither is."""
    if file is None and not address:
        return None

    def keep(anchor: Anchor) -> None:
        if file is not None:
            append(file, anchor)
        if address:
            post(address, anchor)

    return keep


def line(anchor: Anchor) -> str:
    """The anchor as it is kept: one line of JSON."""
    return json.dumps(asdict(anchor))


def append(file: Path, anchor: Anchor) -> None:
    """Add the anchor's line; it is on the disk when this returns. Raises `NotKept`."""
    try:
        with file.open("a", encoding="utf-8") as lines:
            lines.write(line(anchor) + "\n")
            lines.flush()
            os.fsync(lines.fileno())
    except OSError as error:
        raise NotKept(f"Expected to append anchor {anchor.number} to {file}, but: {error.strerror}.") from error


def post(address: str, anchor: Anchor) -> None:
    """Tell of the anchor; a repeated call carries the same Idempotency-Key. Raises `NotKept`."""
    headers = {"Content-Type": "application/json", "Idempotency-Key": f"anchor-{anchor.number}-{anchor.digest[:16]}"}
    try:
        answer = httpx.post(address, content=line(anchor), headers=headers, timeout=TIMEOUT_SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NotKept(f"Expected an answer to anchor {anchor.number}, but got {type(error).__name__}.") from error
    if not answer.is_success:
        raise NotKept(f"Expected anchor {anchor.number} to be taken, but it was answered with {answer.status_code}.")


def read(file: Path) -> Iterator[tuple[int, str]]:
    """Number and digest of each anchor that the file keeps. Raises `Invalid` with every line that is none."""
    problems: dict[str, str] = {}
    found = []
    with file.open(encoding="utf-8", errors="replace") as lines:
        for position, text in enumerate(iter(lambda: lines.readline(LARGEST_LINE), ""), start=1):
            try:
                anchor = json.loads(text)
                found.append((int(anchor["number"]), str(anchor["digest"])))
            except (ValueError, KeyError, TypeError):
                problems[f"line {position}"] = "Expected an anchor: a JSON object with number and digest."
    if problems:
        raise Invalid(dict(list(problems.items())[:20]))
    yield from found

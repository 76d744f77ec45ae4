"""Celery's transport through files, made safe for several processes.

kombu's own file transport lets a reader see a file that its writer has only opened: with 500 messages sent in a row the
worker stopped with a JSONDecodeError within two seconds. Here a file appears under its name when it is complete, and is
taken by renaming it, so that one reader gets it.
"""

import json
import uuid
from pathlib import Path
from queue import Empty
from time import monotonic
from typing import Any

from kombu.transport import filesystem
from kombu.transport.filesystem import exchange_queue_t

from app.worker.messages import Doorkeeper, drop


class Channel(filesystem.Channel):
    """The folder is the queue: ``<milliseconds>_<id>.<queue>.msg`` is one message, oldest first."""

    def _put(self, queue: str, payload: dict[str, Any], **_: object) -> None:  # type: ignore[override]  # bases disagree
        name = f"{round(monotonic() * 1000):015d}_{uuid.uuid4()}.{queue}.msg"
        _write(Path(self.data_folder_out) / name, payload)

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:  # noqa: ARG002 - never waits
        folder = Path(self.data_folder_in)
        for name in sorted(entry.name for entry in folder.iterdir()):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            taken = folder / f"{name}.taken"
            try:
                (folder / name).rename(taken)
            except FileNotFoundError:
                continue  # somebody else was faster
            content = taken.read_bytes()
            taken.unlink()
            try:
                payload: dict[str, Any] = json.loads(content)
            except (ValueError, RecursionError) as problem:
                drop(type(problem).__name__)
                continue
            return payload
        raise Empty

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        row = exchange_queue_t(routing_key or "", pattern or "", queue or "")
        table = self.get_table(exchange)  # type: ignore[no-untyped-call]
        if row not in table:
            _write(self._exchange_file(exchange), [row, *table])  # type: ignore[no-untyped-call]


class Transport(Doorkeeper, filesystem.Transport):
    Channel = Channel

    @property
    def default_connection_params(self) -> dict[str, object]:
        return {}  # a folder has no host and no port, and kombu need not warn that none was named


def _write(path: Path, content: object) -> None:
    """Write a file that appears complete or not at all."""
    partial = path.with_name(f"{path.name}.{uuid.uuid4()}.partial")
    partial.write_text(json.dumps(content))
    partial.replace(path)

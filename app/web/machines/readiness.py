"""Whether traffic may be sent to this process: it says so itself, before anybody has to notice."""

from dataclasses import dataclass

from flask import Flask

EXTENSION = "bailiwick-readiness"


@dataclass(slots=True)
class Readiness:
    """`is_draining`: it ends when what has begun is finished. `problem`: why its last heartbeat failed."""

    is_draining: bool = False
    problem: str | None = None

    def why_not(self) -> str | None:
        return "draining" if self.is_draining else self.problem


def register(app: Flask) -> None:
    app.extensions[EXTENSION] = Readiness()


def of(app: Flask) -> Readiness:
    found = app.extensions[EXTENSION]
    assert isinstance(found, Readiness)  # noqa: S101 - put there by register
    return found

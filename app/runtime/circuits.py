"""Circuit breakers: one per system, opened by consecutive infrastructure failures, closed by a successful probe."""

from app.runtime.core import Core
from app.runtime.views import CircuitView


class Circuits:
    def __init__(self, core: Core) -> None:
        self._core = core

    def list(self) -> list[CircuitView]:
        """Every system that has been called, by name."""
        raise NotImplementedError

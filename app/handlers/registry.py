"""Which task handlers there are: found in modules, never in a global variable."""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from importlib.metadata import entry_points
from types import ModuleType
from typing import Any

from app.errors import Diagnostic, ModelError, NotFound
from app.handlers.action import Handler

AnyHandler = Handler[Any, Any]  # a registry holds handlers of every request and result


class HandlerRegistry(Mapping[str, AnyHandler]):
    """Handlers by action name, which is also the job type. `get` answers None for an unknown one."""

    def __init__(self, handlers: Iterable[AnyHandler] = ()) -> None:
        self._handlers: dict[str, AnyHandler] = {}
        for handler in handlers:
            self.register(handler)

    def __getitem__(self, name: str) -> AnyHandler:
        return self._handlers[name]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._handlers))

    def __len__(self) -> int:
        return len(self._handlers)

    def only(self, patterns: Iterable[str]) -> "HandlerRegistry":
        """Those whose names match one of the patterns ("billing.*"). Raises `NotFound` for one that matches nothing."""
        chosen: dict[str, AnyHandler] = {}
        for pattern in patterns:
            matching = [name for name in self if fnmatchcase(name, pattern)]
            if not matching:
                raise NotFound(f"Expected a task handler {pattern}, but found only {', '.join(self) or 'none'}.")
            chosen.update((name, self[name]) for name in matching)
        return HandlerRegistry(chosen.values())

    def register(self, handler: AnyHandler) -> None:
        """Add a handler. Raises `ModelError` if another one has its name; the same one twice is no mistake."""
        present = self._handlers.setdefault(handler.name, handler)
        if present is not handler:
            raise ModelError([_two_handlers(present, handler)])

    def load_modules(self, names: Iterable[str]) -> None:
        """Import the modules, and of a package its public modules, and register every handler that they define."""
        for name in names:
            self._load(importlib.import_module(name))

    def load_entry_points(self, group: str = "bailiwick.tasks") -> None:
        """Do the same with the modules that installed distributions name in `group`."""
        self.load_modules(sorted({entry_point.module for entry_point in entry_points(group=group)}))

    def _load(self, module: ModuleType) -> None:
        for value in list(vars(module).values()):
            if isinstance(value, Handler):
                self.register(value)
        for child in pkgutil.iter_modules(getattr(module, "__path__", ())):
            if not child.name.startswith("_"):
                self._load(importlib.import_module(f"{module.__name__}.{child.name}"))


def _two_handlers(first: AnyHandler, second: AnyHandler) -> Diagnostic:
    places = " and ".join(f"{each.function.__module__}.{each.function.__qualname__}" for each in (first, second))
    return Diagnostic(
        code="handlers.action-twice",
        message=f"Expected one handler of the action {first.name}, but found two: {places}.",
        remedy="Rename one of them.",
    )

"""External functions (DMN 1.5, 10.3.2.13.3): an explicit registry, and no other way from a model to the host.

A model names a Java method by class and signature. Nothing is loaded for that name; whoever builds `Decisions` says
which Python function stands for it.
"""

from collections.abc import Callable, Mapping

ExternalFunction = Callable[..., object]
"""Takes FEEL values by position, answers one; raises ValueError, TypeError or ArithmeticError where it cannot."""


class ExternalFunctions:
    """Python functions by the Java class and method signature that models call them by."""

    def __init__(self, functions: Mapping[tuple[str, str], ExternalFunction] | None = None) -> None:
        self._functions: dict[tuple[str, str], ExternalFunction] = {}
        for (class_name, method_signature), function in (functions or {}).items():
            self.register(class_name, method_signature, function)

    def register(self, class_name: str, method_signature: str, function: ExternalFunction) -> None:
        """Let `function` stand for a method such as ("java.lang.Math", "max(double, double)")."""
        self._functions[class_name, _compact(method_signature)] = function

    def find(self, mapping: object) -> ExternalFunction | None:
        """The function that {class, method signature}, perhaps inside {java}, names; None where there is none."""
        if isinstance(mapping, dict) and isinstance(mapping.get("java"), dict):
            mapping = mapping["java"]
        if not isinstance(mapping, dict):
            return None
        class_name, method = mapping.get("class"), mapping.get("method signature")
        if not isinstance(class_name, str) or not isinstance(method, str):
            return None
        return self._functions.get((class_name, _compact(method)))


def _compact(method_signature: str) -> str:
    return "".join(method_signature.split())


NO_EXTERNAL_FUNCTIONS = ExternalFunctions()
